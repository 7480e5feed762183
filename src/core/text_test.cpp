#include "core/text.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/hash.hpp"
#include "core/json.hpp"

namespace threatlas::core {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
  protected:
    void SetUp() override { fs::create_directories(folder_); }
    void TearDown() override {
        fs::permissions(folder_, fs::perms::owner_all);
        fs::remove_all(folder_);
    }
    fs::path folder_ = fs::temp_directory_path() / ("threatlas_core_test_" + std::to_string(getpid()));
};

TEST(Text, NumbersAreWholeAndFinite) {
    EXPECT_EQ(parse_number("1234.5"), 1234.5);
    EXPECT_EQ(parse_number("-3e2"), -300);
    for (const char* text : {"", " 1", "1 ", "1,5", "1.2.3", "nan", "inf", "1e999", "0x10", "12a", "--1"}) EXPECT_FALSE(parse_number(text)) << text;
}

TEST(Text, EncodingsBecomeUtf8OrAnError) {
    EXPECT_EQ(*to_utf8("\xc8\xe6", "windows-1250"), "Čć");
    EXPECT_EQ(*to_utf8("\xd1\xf0\xe1", "windows-1251"), "Срб");
    EXPECT_FALSE(to_utf8("\xff\xfe", "utf-8"));
    EXPECT_FALSE(to_utf8("x", "no-such-encoding"));
    EXPECT_TRUE(is_utf8("Ђурђевак"));
    for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80", "\xe2\x82"}) EXPECT_FALSE(is_utf8(bad));
}

TEST(Text, NamesCompareAcrossAlphabetsAndAccents) {
    EXPECT_EQ(fold_name("Карасовићи"), fold_name("Karasovići"));
    EXPECT_EQ(fold_name("ΑΘΗΝΑ"), fold_name("αθηνα"));
    EXPECT_EQ(fold_name("Łódź Žabljak"), fold_name("lódz žabljak"));
    EXPECT_NE(fold_name("Niš"), fold_name("Nin"));
}

TEST(Text, SplitAndJoinAreInverse) {
    for (const char* text : {"", "a", "a|b", "|", "a||b|"}) EXPECT_EQ(join(split(text, '|'), "|"), text);
    EXPECT_EQ(trim(" \t\u00a0x y\u00a0\n"), "x y");
}

TEST_F(Files, AFileIsWrittenWholeOrNotAtAll) {
    const std::string path = (folder_ / "a.txt").string();
    ASSERT_TRUE(write_file(path, "first"));
    ASSERT_TRUE(write_file(path, "second"));
    EXPECT_EQ(*read_file(path), "second");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}), 1);   // nothing is left beside it
    EXPECT_EQ(read_file((folder_ / "none").string()).error().code, ErrorCode::not_found);
    EXPECT_EQ(write_file((folder_ / "no/such/folder/a").string(), "x").error().code, ErrorCode::unavailable);
}

TEST_F(Files, HashOfAFileIsThatOfItsContent) {
    const std::string path = (folder_ / "b").string();
    ASSERT_TRUE(write_file(path, "abc"));
    // FIPS 180-4 examples.
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(*sha256_file(path), sha256("abc"));
    Sha256 parts;
    parts.add("a"), parts.add("bc");
    EXPECT_EQ(parts.finish(), sha256("abc"));
    EXPECT_FALSE(sha256_file((folder_ / "none").string()));
}

TEST(Json, EqualValuesGiveEqualBytes) {
    const auto a = parse_json(R"({"b":1,"a":[1.50,2e3,null,true,"ž"]})", "a"), b = parse_json(R"({ "a": [1.5, 2000.0, null, true, "\u017e"], "b": 1 })", "b");
    ASSERT_TRUE(a && b);
    EXPECT_EQ(write_json(*a), write_json(*b));
    EXPECT_EQ(write_json(*a), R"({"a":[1.5,2000,null,true,"ž"],"b":1})");
    EXPECT_EQ(write_json(json::object{{"x", json::array{1, 2}}}, 1), "{\n \"x\": [1,2]\n}\n");
}

TEST(Json, NumbersReadBackTheSame) {
    for (const double x : {0.1, 1e22, 1e-300, 123456789.123456789, -0.0, 2.5}) {
        EXPECT_EQ(std::stod(number_text(x)), x);
        EXPECT_NEAR(parse_json(number_text(x), "x")->to_number<double>() / (x == 0 ? 1 : x), x == 0 ? 0 : 1, 3e-16);   // the reader may miss the last bit
    }
    EXPECT_EQ(write_json(json::array{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}), "[null,null]");
}

TEST(Json, MalformedTextIsAnErrorThatNamesItsSource) {
    for (const std::string& text : {std::string(""), std::string("{"), std::string("{\"a\":1,}"), std::string("[1] x"), std::string(100, '['), std::string("\"\xff\"")}) {
        const auto read = parse_json(text, "bundle.json");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().where.source, "bundle.json");
    }
}

}  // namespace
}  // namespace threatlas::core

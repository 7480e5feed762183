#include "core/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
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
    EXPECT_EQ(parse_number("+7"), 7);
    EXPECT_EQ(parse_number(std::string_view("12;34", 2)), 12);   // not past the end of a view
    for (const char* text : {"", " 1", "1 ", "1,5", "1.2.3", "nan", "inf", "1e999", "0x10", "12a", "--1", "+-5", "++5", "+", "-", "1e", "\u0661", "1_000", "-inf", "NaN"}) EXPECT_FALSE(parse_number(text)) << text;
}

TEST(Text, EncodingsBecomeUtf8OrAnError) {
    EXPECT_EQ(*to_utf8("\xc8\xe6", "windows-1250"), "Čć");
    EXPECT_EQ(*to_utf8("\xd1\xf0\xe1", "windows-1251"), "Срб");
    EXPECT_FALSE(to_utf8("\xff\xfe", "utf-8"));
    EXPECT_FALSE(to_utf8("x", "no-such-encoding"));
    EXPECT_TRUE(is_utf8("Ђурђевак"));
    for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80", "\xe2\x82"}) EXPECT_FALSE(is_utf8(bad));
}

TEST(Text, ACutCharacterIsAnError) {
    EXPECT_FALSE(to_utf8("Ni\xc5", "utf-8"));
    EXPECT_FALSE(to_utf8("a\xe2\x82", "utf-8"));
    EXPECT_EQ(*to_utf8("", "windows-1250"), "");
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
    EXPECT_TRUE(is_utf8("\xf4\x8f\xbf\xbf"));     // the last code point
    EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));    // one further
    EXPECT_FALSE(is_utf8("Ni\x9a"));              // windows-1250
    EXPECT_EQ(to_utf8("x", "no-such-encoding").error().message, "no such encoding: 'no-such-encoding'");
}

TEST(Text, NamesFoldToOneFormEach) {
    for (const auto& [a, b] : {std::pair{"Ђаковица", "Đakovica"}, {"Скопје", "Skopje"}, {"Чачак", "Cacak"}, {"Θεσσαλονίκη", "Thessalonike"}, {"ŽIVINICE", "živinice"}, {"Çorovodë", "corovode"}, {"Iași", "iasi"}})
        EXPECT_EQ(fold_name(a), fold_name(b)) << a;
    for (const auto& [a, b] : {std::pair{"Бар", "Бор"}, {"Peja", "Pec"}, {"A1", "A2"}}) EXPECT_NE(fold_name(a), fold_name(b)) << a;
    for (const char* name : {"Карасовићи", "Łódź", "Θεσσαλονίκη", "", "x\xff"}) EXPECT_EQ(fold_name(fold_name(name)), fold_name(name)) << name;
}

RC_GTEST_PROP(Text, EveryFiniteNumberReadsBack, (double x)) {
    RC_PRE(std::isfinite(x));
    RC_ASSERT(parse_number(number_text(x)) == x);
}

TEST(Text, NamesCompareAcrossAlphabetsAndAccents) {
    for (const auto& [cyrillic, latin] : {std::pair{"Кријумчарење", "Krijumčarenje"}, {"Љиг", "Ljig"}, {"ЏЕП", "Džep"}, {"Ђинђић", "Đinđić"}}) EXPECT_EQ(fold_name(cyrillic), fold_name(latin)) << cyrillic;
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

TEST_F(Files, AFolderThatMayNotBeWrittenIsUnavailable) {
    const std::string path = (folder_ / "kept.txt").string();
    ASSERT_TRUE(write_file(path, "kept"));
    fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    const bool root = geteuid() == 0;   // permissions do not bind root: be nobody for a moment
    if (root) { ASSERT_EQ(seteuid(65534), 0); }
    const auto changed = write_file(path, "changed"), fresh = write_file((folder_ / "new.txt").string(), "x");
    if (root) { ASSERT_EQ(seteuid(0), 0); }
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, ErrorCode::unavailable);
    EXPECT_EQ(changed.error().where.source, path);
    EXPECT_NE(changed.error().message.find("Permission denied"), std::string::npos) << changed.error().message;
    EXPECT_FALSE(fresh);
    EXPECT_EQ(*read_file(path), "kept");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}), 1);
}

// A limit on the size of files stands in for a full disk: the write fails half-way.
TEST_F(Files, AFullDiskLeavesTheOldFileWhole) {
    const std::string path = (folder_ / "kept.txt").string();
    ASSERT_TRUE(write_file(path, "kept"));
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 4096;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = write_file(path, std::string(100000, 'x'));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::unavailable);
    EXPECT_EQ(*read_file(path), "kept");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}), 1);
    EXPECT_TRUE(write_file(path, std::string(100000, 'y')));
}

TEST_F(Files, BytesComeBackAsTheyWereAndAFolderIsNoFile) {
    std::string bytes;
    for (int i = 0; i < 300000; ++i) bytes += static_cast<char>(i * 7 + i / 251);
    const std::string path = (folder_ / "bytes").string();
    for (const std::string& content : {bytes, std::string(), std::string("\0\r\n", 3), std::string(65536, 'b')}) {
        ASSERT_TRUE(write_file(path, content));
        EXPECT_TRUE(*read_file(path) == content) << content.size();
        EXPECT_EQ(*sha256_file(path), sha256(content));
    }
    EXPECT_FALSE(read_file(folder_.string())) << "a folder read as an empty file";
    EXPECT_FALSE(sha256_file(folder_.string()));
    EXPECT_FALSE(write_file(folder_.string(), "x"));
}

TEST_F(Files, LongMessagesHashAsFipsSays) {
    EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    Sha256 parts;
    for (int i = 0; i < 1000; ++i) parts.add(std::string(1000, 'a'));
    EXPECT_EQ(parts.finish(), sha256(std::string(1000000, 'a')));
    EXPECT_NE(sha256(std::string_view("a\0", 2)), sha256("a"));
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

// What is ASCII does not take the way of everything else: a letter behind it makes it.
TEST(Text, AsciiFoldsAsItWouldAmongOtherLetters) {
    std::string all;
    for (int a = 0; a < 128; ++a)
        for (int b = 0; b < 128; ++b) {
            const std::string pair{static_cast<char>(a), static_cast<char>(b)};
            ASSERT_EQ(fold_name(pair) + " z", fold_name(pair + " ž")) << a << ' ' << b;
            all += pair;
        }
    EXPECT_EQ(fold_name(all) + " z", fold_name(all + " ž"));
}

TEST(Json, NumbersReadBackTheSame) {
    for (const double x : {0.1, 1e22, 1e-300, 123456789.123456789, -0.0, 2.5}) {
        EXPECT_EQ(std::stod(number_text(x)), x);
        EXPECT_EQ(parse_json(number_text(x), "x")->to_number<double>(), x);
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

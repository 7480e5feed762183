#include "core/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>

namespace threatlas::core {
namespace {

json::value parse(const std::string& text) {
    auto read = parse_json(text, "t");
    EXPECT_TRUE(read) << text << ": " << describe(read.error());
    return read ? *std::move(read) : json::value{};
}

TEST(JsonText, AnErrorNamesTheLine) {
    const auto line = [](const std::string& text) {
        const auto read = parse_json(text, "assessment.json");
        EXPECT_FALSE(read) << text;
        return read ? 0 : read.error().where.row;
    };
    EXPECT_EQ(line(""), 1U);
    EXPECT_EQ(line("{\"a\": 1,\n \"b\": tru }"), 2U);
    EXPECT_EQ(line("[1,\n2,\n3\n"), 4U);           // cut off
    EXPECT_EQ(line("{}\n\n{}"), 3U);               // a second value
    EXPECT_EQ(line("{\n\"a\": 01}"), 2U);
    EXPECT_EQ(describe(parse_json("{\n]", "a.json").error()).substr(0, 9), "a.json:2:");
}

TEST(JsonText, AKeyGivenTwiceIsRefusedWithItsNameAndLine) {
    const auto read = parse_json("{\"a\": {\"n\": 1},\n \"b\": {\"n\": 1, \"n\\u0061\": 2,\n\"na\": 3}}", "a.json");
    ASSERT_FALSE(read);
    EXPECT_EQ(describe(read.error()).substr(0, 9), "a.json:3:");
    EXPECT_NE(read.error().message.find("'na' occurs twice"), std::string::npos) << read.error().message;
    EXPECT_TRUE(parse_json(R"([{"a": 1}, {"a": {"a": [{"a": 1}]}}])", "t"));
}

TEST(JsonText, DepthIsLimitedTo64) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(parse_json(nested(64), "t"));
    EXPECT_FALSE(parse_json(nested(65), "t"));
    EXPECT_FALSE(parse_json(nested(100000), "t"));   // no stack is lost over it
}

TEST(JsonText, NoNumberIsNull) {
    const json::value value = json::object{{"a", std::numeric_limits<double>::quiet_NaN()}, {"b", -std::numeric_limits<double>::infinity()}};
    EXPECT_EQ(write_json(value), R"({"a":null,"b":null})");
    for (const char* text : {"NaN", "Infinity", "-Infinity", "[nan]", "1e400", "[-1e999]", ".5", "+1", "1.", "0x10"}) EXPECT_FALSE(parse_json(text, "t")) << text;
    EXPECT_EQ(write_json(parse("[1e-400]")), "[0]");
}

TEST(JsonText, IntegersKeepAllTheirDigits) {
    for (const char* text : {"9223372036854775807", "-9223372036854775808", "18446744073709551615", "9007199254740993"}) EXPECT_EQ(write_json(parse(text)), text);
}

TEST(JsonText, KeysAreSortedByTheirBytes) {
    EXPECT_EQ(write_json(parse(R"({"b":0,"aa":0,"a":0,"Z":0,"ž":0,"":0})")), R"({"":0,"Z":0,"a":0,"aa":0,"b":0,"ž":0})");
    EXPECT_EQ(write_json(json::object{}, 2), "{}\n");
    EXPECT_EQ(write_json(json::object{{"a", json::object{{"b", json::array{}}}}}, 2), "{\n  \"a\": {\n    \"b\": []\n  }\n}\n");
}

// 5.06e-321 and the like are where a parser that multiplies by powers of ten goes wrong.
TEST(JsonText, HardNumbersComeBackToTheLastBit) {
    for (const double x : {0.1, 1e22, 1e23, 8.41e21, 9007199254740993.0, 5e-324, 5.06e-321, 2.2250738585072014e-308, 1.7976931348623157e308, 123456789.123456789, 0.30000000000000004, 1.0 / 3})
        for (const double signed_x : {x, -x}) EXPECT_EQ(parse("[" + number_text(signed_x) + "]").at(0).to_number<double>(), signed_x) << number_text(signed_x);
}

RC_GTEST_PROP(JsonText, EveryDoubleComesBackToTheLastBit, (std::uint64_t bits)) {
    // Spread over exponents: a property run starts with small integers, whose bit patterns are all denormal.
    const double x = std::bit_cast<double>(bits * 0x9E3779B97F4A7C15ULL);
    RC_PRE(std::isfinite(x));
    const json::value back = parse("{\"x\":" + number_text(x) + "}");
    RC_ASSERT(back.at("x").to_number<double>() == x);
}

RC_GTEST_PROP(JsonText, TheOrderOfInsertionDoesNotShow, (const std::map<std::string, int>& items)) {
    json::object forth, back;
    for (auto it = items.begin(); it != items.end(); ++it) forth[it->first] = it->second;
    for (auto it = items.rbegin(); it != items.rend(); ++it) back[it->first] = it->second;
    RC_ASSERT(write_json(forth) == write_json(back));
    RC_ASSERT(write_json(forth, 2) == write_json(back, 2));
}

// Negative control: other content never gives the same bytes.
TEST(JsonText, UnequalValuesGiveUnequalBytes) {
    EXPECT_NE(write_json(parse(R"({"a":1})")), write_json(parse(R"({"a":"1"})")));
    EXPECT_NE(write_json(parse("[1,2]")), write_json(parse("[2,1]")));
    EXPECT_NE(write_json(parse("[0.1]")), write_json(parse("[0.10000000000000002]")));
}

TEST(JsonText, TextIsEscapedAndComesBack) {
    const std::string odd = "\"\\/\b\f\n\r\t\x01 Ђž€\U0001F600";
    const json::value back = parse(write_json(json::value(odd)));
    EXPECT_EQ(std::string_view(back.get_string()), odd);
    for (const char* text : {"\"\n\"", "\"\\x\"", "\"\\ud800\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "'a'", "{a:1}", "[1,]", "// x\n1"}) EXPECT_FALSE(parse_json(text, "t")) << text;
}

}  // namespace
}  // namespace threatlas::core

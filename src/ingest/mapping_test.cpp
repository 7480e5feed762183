#include "ingest/mapping.hpp"

#include <gtest/gtest.h>

#include "ingest/test_region.hpp"

namespace threatlas::ingest {
namespace {

using testing::must;

TEST(MappedNumber, ReadsBothHabits) {
    const NumberRule english{'.', ","}, balkan{',', "."}, spaced{',', " "}, bare{'.', ""};
    EXPECT_EQ(must(mapped_number("1,234.5", english)), 1234.5);
    EXPECT_EQ(must(mapped_number("1.234,5", balkan)), 1234.5);
    EXPECT_EQ(must(mapped_number("1 234\xC2\xA0" "567,25", spaced)), 1234567.25);
    EXPECT_EQ(must(mapped_number(" 42 ", bare)), 42);
    EXPECT_EQ(must(mapped_number("-0.5", bare)), -0.5);
    EXPECT_EQ(must(mapped_number("12345678901234567", bare)), 12345678901234567.0);
}

TEST(MappedNumber, RefusesSwappedSeparatorsWithTheReason) {
    const NumberRule english{'.', ","}, balkan{',', "."}, bare{',', ""};
    for (const auto& [text, rule] : {std::pair{"1.234,5", english}, {"1,234.5", balkan}, {"12.5", balkan}, {"12,5", english}, {"1.234", bare}}) {
        const auto result = mapped_number(text, rule);
        ASSERT_FALSE(result) << text;
        EXPECT_NE(result.error().message.find("swapped"), std::string::npos) << result.error().message;
    }
    for (const char* text : {"", "-", "1e5", "12%", "1,,2", ",1", "1.", "0x10", "nan", "inf", "1 2"}) EXPECT_FALSE(mapped_number(text, english)) << text;
}

TEST(FormattedDate, FollowsItsFormat) {
    const auto day = must(formatted_date("31.12.2023.", "dd.mm.yyyy"));
    EXPECT_EQ(day.year, 2023);
    EXPECT_EQ(day.day, 31);
    EXPECT_EQ(must(formatted_date("3/2023", "m/yyyy")).month, 3);
    EXPECT_FALSE(formatted_date("2023-12-31", "dd.mm.yyyy"));
    EXPECT_FALSE(formatted_date("1.2.23", "d.m.yyyy"));
    EXPECT_NE(formatted_date("31/12/2023", "dd.mm.yyyy").error().message.find("'dd.mm.yyyy'"), std::string::npos);   // whole, not what was left of it
}

std::string problem(const std::string& yaml) {
    const auto result = parse_mapping(yaml, "m.yaml");
    return result ? "" : core::describe(result.error());
}

TEST(Mapping, SaysWhatIsWrongAndWhere) {
    const std::string good = "mapping: 1\nid: a\nsource: s\ncolumns:\n  what: w\n  place: RS\n  period: 2020\n  value: {column: n}\n  unit: count\n";
    EXPECT_EQ(problem(good), "");
    EXPECT_NE(problem(good + "colums: {}\n").find("m.yaml:10: a mapping has no 'colums'"), std::string::npos) << problem(good + "colums: {}\n");
    EXPECT_NE(problem("mapping: 1\nid: a\nsource: s\ncolumns:\n  what: w\n  place: RS\n  period: 2020\n  value: {column: n}\n").find("never guessed"), std::string::npos);
    EXPECT_NE(problem(good + "absent: ['-']\nzero: ['-']\n").find("m.yaml:11: the word '-' is given twice, as 'absent' and as 'zero'"), std::string::npos) << problem(good + "absent: ['-']\nzero: ['-']\n");
    EXPECT_NE(problem(good + "format: {encoding: windows-9999}\n").find("m.yaml:10: 'windows-9999'"), std::string::npos);
    EXPECT_NE(problem("mapping: 1\nid: a\nsource: s\ncolumns:\n  what: w\n  place: {column: a, column: b}\n  period: 2020\n  value: {column: n}\n  unit: count\n").find("m.yaml:6: 'column' is given twice"), std::string::npos);
    EXPECT_NE(problem("mapping: 1\nid: a\nsource: s\ncolumns:\n  what: {column: a, unknown: }\n  place: RS\n  period: 2020\n  value: {column: n}\n  unit: count\n").find("'unknown' says nothing"), std::string::npos);
    EXPECT_NE(problem(good + "id: b\n").find("twice"), std::string::npos);
    EXPECT_NE(problem("a: [").find("not YAML"), std::string::npos);
    EXPECT_NE(problem(good + "---\nid: b\n").find("m.yaml:10: more than one mapping"), std::string::npos) << problem(good + "---\nid: b\n");
    EXPECT_NE(problem("a: " + std::string(5000, '[')).find("nested deeper"), std::string::npos);
    EXPECT_NE(problem("").find("table of names"), std::string::npos);
    EXPECT_NE(problem(good + "numbers: {decimal: ',', thousands: ','}\n").find("same"), std::string::npos);
    EXPECT_NE(problem(good + "censored: {'<5': [4, 1]}\n").find("lower first"), std::string::npos);
}

}  // namespace
}  // namespace threatlas::ingest

#include "core/calendar.hpp"

#include <gtest/gtest.h>

namespace threatlas::core {
namespace {

Interval interval(const char* text) {
    const auto parsed = parse_interval(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : Interval{};
}

TEST(Calendar, DaysThatDoNotExistAreRefused) {
    for (const auto& [y, m, d] : {std::array{2023, 2, 31}, {2023, 2, 29}, {1900, 2, 29}, {2023, 13, 1}, {2023, 0, 1}, {2023, 4, 31}, {2023, 1, 0}}) EXPECT_FALSE(make_day(y, m, d)) << y << '-' << m << '-' << d;
    EXPECT_TRUE(make_day(2024, 2, 29));
    EXPECT_TRUE(make_day(2000, 2, 29));
}

TEST(Calendar, DaysAreCountedFrom1970) {
    EXPECT_EQ(make_day(1970, 1, 1)->number, 0);
    EXPECT_EQ(make_day(2000, 3, 1)->number, 11017);
    EXPECT_EQ(make_day(1969, 12, 31)->number, -1);
    for (int number = -25567; number < 80000; number += 37) {   // 1900 to 2189
        const YearMonthDay d = split(Day{number});
        ASSERT_EQ(make_day(d.year, d.month, d.day)->number, number);
    }
}

TEST(Calendar, ReadsOnlyWholeDates) {
    EXPECT_EQ(iso(*parse_day("2023-12-31")), "2023-12-31");
    for (const char* text : {"", "2023", "2023-1-1", "31.12.2023", "2023-12-31T00:00", "2023-12-32", "20231231", "2023-12-3x", " 2023-12-31"}) EXPECT_FALSE(parse_day(text)) << text;
}

TEST(Calendar, IntervalsAreHalfOpenAndPrintShortest) {
    EXPECT_EQ(interval("2020").days(), 366);
    EXPECT_EQ(interval("2023-02").days(), 28);
    EXPECT_EQ(interval("2023-Q2").days(), 91);
    EXPECT_EQ(interval("2020-W53").days(), 7);
    EXPECT_EQ(iso(interval("2020-W53").begin), "2020-12-28");
    EXPECT_EQ(interval("2019-03-14/2019-04-02").days(), 19);
    for (const char* text : {"2019", "2019-03", "2019-03-14", "2019-03-14/2019-04-02"}) EXPECT_EQ(iso(interval(text)), text);
    for (const char* text : {"", "2019-13", "2019-Q5", "2019-W54", "2021-W53", "2019-04-02/2019-03-14", "last year", "2019/"}) EXPECT_FALSE(parse_interval(text)) << text;
}

}  // namespace
}  // namespace threatlas::core

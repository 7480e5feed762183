#include "core/calendar.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace threatlas::core {
namespace {

Interval interval(const char* text) {
    const auto parsed = parse_interval(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : Interval{};
}

TEST(Calendar, DaysThatDoNotExistAreRefused) {
    for (const auto& [y, m, d] : {std::array{2023, 2, 31}, {2023, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {0, 1, 1}, {10000, 1, 1}, {-4, 1, 1}, {2023, 13, 1}, {2023, 257, 1}, {2023, 1, 257}, {2023, 1, -255}, {2023, 0, 1}, {2023, 4, 31}, {2023, 1, 0}}) EXPECT_FALSE(make_day(y, m, d)) << y << '-' << m << '-' << d;
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

TEST(Calendar, MonthsHaveTheirLengths) {
    constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (const int year : {1900, 1999, 2000, 2023, 2024, 2100}) {
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        int total = 0;
        for (int month = 1; month <= 12; ++month) {
            const int days = kDays[month - 1] + (month == 2 && leap ? 1 : 0);
            ASSERT_EQ(month_interval(year, month)->days(), days) << year << '-' << month;
            ASSERT_TRUE(make_day(year, month, days));
            ASSERT_FALSE(make_day(year, month, days + 1));
            total += days;
        }
        EXPECT_EQ(year_interval(year).days(), total);
    }
    EXPECT_FALSE(month_interval(2023, 0));
    EXPECT_FALSE(month_interval(2023, 13));
}

// ISO 8601: week 1 holds the first Thursday; the Mondays below are printed calendars'.
TEST(Calendar, WeeksFollowIso8601) {
    for (const auto& [week, monday] : {std::pair{"2018-W01", "2018-01-01"}, {"2019-W01", "2018-12-31"}, {"2020-W01", "2019-12-30"}, {"2021-W01", "2021-01-04"}, {"2015-W53", "2015-12-28"}, {"2019-W07", "2019-02-11"}}) {
        EXPECT_EQ(iso(interval(week).begin), monday) << week;
        EXPECT_EQ(interval(week).days(), 7) << week;
    }
    // Weeks without a gap through a year of 53.
    Interval before = interval("2020-W01");
    for (int week = 2; week <= 53; ++week) {
        const std::string text = (week < 10 ? "2020-W0" : "2020-W") + std::to_string(week);
        const Interval next = interval(text.c_str());
        ASSERT_EQ(next.begin, before.end) << text;
        before = next;
    }
    EXPECT_EQ(interval("2021-W01").begin, before.end);
    for (const char* text : {"2020-W00", "2020-W54", "2020-W1", "2020-W7x"}) EXPECT_FALSE(parse_interval(text)) << text;
}

TEST(Calendar, QuartersMakeTheYear) {
    Day at = year_interval(2024).begin;
    for (const char* text : {"2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"}) {
        EXPECT_EQ(interval(text).begin, at) << text;
        at = interval(text).end;
    }
    EXPECT_EQ(at, year_interval(2024).end);
    EXPECT_FALSE(parse_interval("2024-Q0"));
}

RC_GTEST_PROP(Calendar, DaysAndIntervalsComeBackFromTheirText, ()) {
    const Day begin{*rc::gen::inRange(-700000, 2900000)};   // years 53 to 9909
    RC_ASSERT(*parse_day(iso(begin)) == begin);
    const Interval whole{begin, Day{begin.number + *rc::gen::inRange(1, 800)}};
    RC_ASSERT(*parse_interval(iso(whole)) == whole);
}

TEST(Calendar, ErrorsSayWhatWasRead) {
    EXPECT_NE(parse_day("2023-02-31").error().message.find("2023-02-31 does not exist"), std::string::npos);
    EXPECT_EQ(parse_day("31.12.2023").error().code, ErrorCode::bad_input);
    EXPECT_NE(parse_interval("2019-04-02/2019-03-14").error().message.find("ends before it begins"), std::string::npos);
    EXPECT_FALSE(parse_interval("2019-04-02/2019-04-02"));   // no days at all
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

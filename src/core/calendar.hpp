// Days and half-open intervals of days. No clock: 'today' comes from the caller.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::core {

// A day, counted from 1970-01-01 in the proleptic Gregorian calendar.
struct Day {
    std::int32_t number = 0;
    auto operator<=>(const Day&) const = default;
};

struct YearMonthDay {
    int year = 1970, month = 1, day = 1;
};

// bad_input when the date does not exist (31 February).
Result<Day> make_day(int year, int month, int day);
YearMonthDay split(Day day);
std::string iso(Day day);             // 2023-12-31
Result<Day> parse_day(std::string_view text);  // YYYY-MM-DD only

// Half-open [begin, end): a year is [1 Jan, 1 Jan of the next year).
struct Interval {
    Day begin{}, end{};
    auto operator<=>(const Interval&) const = default;
    std::int32_t days() const { return end.number - begin.number; }
};

Interval year_interval(int year);
Result<Interval> month_interval(int year, int month);
// Accepts 2019, 2019-03, 2019-W07, 2019-Q2, 2019-03-14 and 'begin/end' (end exclusive).
Result<Interval> parse_interval(std::string_view text);
// A year, a month, a day, or begin/end: the shortest that names the interval exactly.
std::string iso(const Interval& interval);

}  // namespace threatlas::core

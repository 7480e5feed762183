#include "core/calendar.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace threatlas::core {
namespace {

namespace ch = std::chrono;

Result<int> digits(std::string_view text, std::size_t at, std::size_t count, std::string_view whole) {
    int value = 0;
    if (at + count > text.size()) return fail(ErrorCode::bad_input, "'" + std::string(whole) + "' is not a date or period");
    const char* end = text.data() + at + count;
    for (const char* c = text.data() + at; c != end; ++c) {
        if (*c < '0' || *c > '9') return fail(ErrorCode::bad_input, "'" + std::string(whole) + "' is not a date or period");
        value = value * 10 + (*c - '0');
    }
    return value;
}

Interval from_months(int year, int month, int months) {
    const ch::year_month start{ch::year{year}, ch::month{static_cast<unsigned>(month)}};
    const ch::year_month stop = start + ch::months{months};
    const auto number = [](ch::year_month ym) {
        return static_cast<std::int32_t>(ch::sys_days{ym / 1}.time_since_epoch().count());
    };
    return {{number(start)}, {number(stop)}};
}

}  // namespace

Result<Day> make_day(int year, int month, int day) {
    const ch::year_month_day ymd{ch::year{year}, ch::month{static_cast<unsigned>(month)},
                                 ch::day{static_cast<unsigned>(day)}};
    // chrono keeps months and days in a byte: 257 would pass for 1.
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || !ymd.ok()) {
        char text[48];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        return fail(ErrorCode::bad_input, std::string("the date ") + text + " does not exist");
    }
    return Day{static_cast<std::int32_t>(ch::sys_days{ymd}.time_since_epoch().count())};
}

YearMonthDay split(Day day) {
    const ch::year_month_day ymd{ch::sys_days{ch::days{day.number}}};
    return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
            static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::string iso(Day day) {
    const YearMonthDay ymd = split(day);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
    return text;
}

Result<Day> parse_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return fail(ErrorCode::bad_input, "'" + std::string(text) + "' is not a date (YYYY-MM-DD)");
    THREATLAS_TRY(const int year, digits(text, 0, 4, text));
    THREATLAS_TRY(const int month, digits(text, 5, 2, text));
    THREATLAS_TRY(const int day, digits(text, 8, 2, text));
    return make_day(year, month, day);
}

Interval year_interval(int year) { return from_months(year, 1, 12); }

Result<Interval> month_interval(int year, int month) {
    if (month < 1 || month > 12)
        return fail(ErrorCode::bad_input, "month " + std::to_string(month) + " does not exist");
    return from_months(year, month, 1);
}

Result<Interval> parse_interval(std::string_view text) {
    if (const auto slash = text.find('/'); slash != std::string_view::npos) {
        THREATLAS_TRY(const Day begin, parse_day(text.substr(0, slash)));
        THREATLAS_TRY(const Day end, parse_day(text.substr(slash + 1)));
        if (end <= begin) return fail(ErrorCode::bad_input, "the period '" + std::string(text) + "' ends before it begins");
        return Interval{begin, end};
    }
    THREATLAS_TRY(const int year, digits(text, 0, 4, text));
    if (year < 1) return fail(ErrorCode::bad_input, "year 0 does not exist");
    if (text.size() == 4) return year_interval(year);
    if (text.size() == 7 && text[4] == '-' && text[5] == 'Q') {
        THREATLAS_TRY(const int quarter, digits(text, 6, 1, text));
        if (quarter < 1 || quarter > 4) return fail(ErrorCode::bad_input, "'" + std::string(text) + "' is not a quarter");
        return from_months(year, 3 * quarter - 2, 3);
    }
    if (text.size() == 8 && text[4] == '-' && text[5] == 'W') {
        THREATLAS_TRY(const int week, digits(text, 6, 2, text));
        const ch::sys_days fourth{ch::year{year} / 1 / 4};  // always in ISO week 1
        const auto weekday = ch::weekday{fourth}.iso_encoding();
        const ch::sys_days monday = fourth - ch::days{weekday - 1} + ch::weeks{week - 1};
        const ch::year_month_day thursday{monday + ch::days{3}};
        if (week < 1 || static_cast<int>(thursday.year()) != year)
            return fail(ErrorCode::bad_input, "'" + std::string(text) + "' is not an ISO week");
        const auto number = static_cast<std::int32_t>(monday.time_since_epoch().count());
        return Interval{{number}, {number + 7}};
    }
    if (text.size() == 7 && text[4] == '-') {
        THREATLAS_TRY(const int month, digits(text, 5, 2, text));
        return month_interval(year, month);
    }
    THREATLAS_TRY(const Day day, parse_day(text));
    return Interval{day, {day.number + 1}};
}

std::string iso(const Interval& interval) {
    const YearMonthDay begin = split(interval.begin);
    if (interval.days() == 1) return iso(interval.begin);
    if (begin.day == 1 && begin.month == 1 && interval == year_interval(begin.year))
        return iso(interval.begin).substr(0, 4);
    if (begin.day == 1 && interval == from_months(begin.year, begin.month, 1))
        return iso(interval.begin).substr(0, 7);
    return iso(interval.begin) + "/" + iso(interval.end);
}

}  // namespace threatlas::core

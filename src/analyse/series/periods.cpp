#include "analyse/series/periods.hpp"

#include <fmt/format.h>

namespace threatlas::analyse::series {
namespace {

constexpr std::int32_t kMonday = 4;   // 1970-01-05, counted from 1970-01-01

std::int32_t floor_divide(std::int32_t a, std::int32_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

int periods_per_year(Step step) { return step == Step::week ? 52 : 12; }

std::int32_t period_of(Step step, core::Day day) {
    if (step == Step::week) return floor_divide(day.number - kMonday, 7);
    const core::YearMonthDay date = core::split(day);
    return (date.year - 1970) * 12 + date.month - 1;
}

core::Interval interval_of(Step step, std::int32_t period) {
    if (step == Step::week) return {{kMonday + 7 * period}, {kMonday + 7 * period + 7}};
    const std::int32_t year = 1970 + floor_divide(period, 12);
    return core::month_interval(year, period - (year - 1970) * 12 + 1).value();
}

std::string label(Step step, std::int32_t period) {
    const core::Interval interval = interval_of(step, period);
    if (step == Step::month) return core::iso(interval);
    const int year = core::split({interval.begin.number + 3}).year;   // a week belongs to the year of its Thursday
    const std::int32_t first = period_of(Step::week, {core::year_interval(year).begin.number + 3});   // the week of 4 January
    return fmt::format("{:04}-W{:02}", year, period - first + 1);
}

const char* name(Step step) { return step == Step::week ? "week" : "month"; }

}  // namespace threatlas::analyse::series

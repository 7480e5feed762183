// Weeks (Monday to Sunday) and months, numbered without gaps: the calendar series are completed to.
#pragma once

#include <cstdint>
#include <string>

#include "core/calendar.hpp"

namespace threatlas::analyse::series {

enum class Step : std::uint8_t { week, month };

int periods_per_year(Step step);                      // 52 or 12
std::int32_t period_of(Step step, core::Day day);     // weeks since 1970-01-05's, months since 1970-01
core::Interval interval_of(Step step, std::int32_t period);
std::string label(Step step, std::int32_t period);    // 2024-W07 (ISO 8601) or 2024-02
const char* name(Step step);                          // week, month

}  // namespace threatlas::analyse::series

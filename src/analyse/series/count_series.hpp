// Equidistant counts: what detectors and forecasts read.
#pragma once

#include <span>

#include "core/calendar.hpp"

namespace threatlas::analyse {

// Oldest first. NaN is a missing period, never a zero.
struct CountSeries {
    std::span<const double> counts;
    int periods_per_year = 52;                  // 52 weeks or 12 months
    std::span<const double> population = {};    // empty, or one positive number a period
    std::span<const core::Day> dates = {};      // empty, or the first day of each period
};

}  // namespace threatlas::analyse

// Which past periods speak for the present one: the reference windows of Farrington et al. (1996) with
// the seasonal blocks of Noufaily et al. (2013).
#pragma once

#include <cstdint>
#include <vector>

#include "analyse/series/count_series.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct BaselineOptions {
    int years_back = 5;          // b
    int half_window = 3;         // w: periods either side of the same period of an earlier year
    int blocks = 10;             // seasonal blocks a year, the window among them; 1: windows only
    int recent_left_out = 26;    // periods before the present one that never enter
};

// Periods used, ascending, each with the label of its seasonal block in 0..blocks-1. The present
// period belongs to the last block.
struct Baseline {
    std::vector<std::uint32_t> periods;
    std::vector<std::uint8_t> block;
    std::size_t size() const { return periods.size(); }
};

// The layout for period `now` (index from 0), missing counts included. With dates, a year back is a
// calendar year, moved to the nearest day of the same weekday; otherwise periods_per_year periods.
// not_enough_data when the history does not reach back far enough; bad_usage for options that do not
// fit each other. Cost: linear in the periods covered.
core::Result<Baseline> lay_out(const CountSeries& series, std::size_t now, const BaselineOptions& options);

}  // namespace threatlas::analyse::early_warning

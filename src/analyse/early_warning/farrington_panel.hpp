// The corrected Farrington detector for many series of one calendar at once: eight side by side, the
// maximum-likelihood fit in closed form but for one number (the slope), found by Newton's method.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "analyse/early_warning/farrington.hpp"

namespace threatlas::analyse::early_warning {

// Counts of many series over one calendar, period by period: at[period * series + s]. -1: missing.
struct CountPanel {
    std::size_t periods = 0, series = 0;
    int periods_per_year = 52;
    std::vector<std::int32_t> at;
    static constexpr std::int32_t kMissing = -1;
};

// Which instructions to use. The verdicts are the same, bit for bit.
enum class Instructions { best, portable, avx2, avx512 };
std::string_view name(Instructions instructions);
Instructions best_instructions();            // of the machine we run on

// One verdict a series for period `now`; the slope and the trend as in farrington() with
// Mode::corrected, to about 1e-9. not_enough_data when the calendar is too short for the baseline.
// Cost: about half a microsecond a series for five years of weeks, on one core; linear in the series.
core::Result<std::vector<FarringtonVerdict>> farrington_panel(const CountPanel& panel, std::size_t now, const FarringtonOptions& options, Instructions instructions = Instructions::best);

}  // namespace threatlas::analyse::early_warning

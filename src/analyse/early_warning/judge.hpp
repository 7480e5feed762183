// The verdict on one period of one series: the detector its history allows, the p-values of a rise, a fall and
// a slow drift, and what they are measured against.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyse/early_warning/farrington.hpp"
#include "analyse/early_warning/regime.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct JudgeOptions {
    RegimeOptions regime{};
    int fewest_for_bayes = 4;      // earlier periods
    double least_complete = 0.5;   // share of the final count known, below which the verdict is held
    double drift_factor = 1.5;
    bool settle = true;            // judge settled series by Farrington; false: only say that they are
    double earlier_level = 0.005;  // tail probability from which an earlier period counts as having risen
};

struct Judgement {
    std::string detector;              // regime; farrington (five years of weeks in one regime); bayes (too young for either); empty: not judged
    std::string held;                  // why it is not judged
    double seen = 0, expected = 0, overdispersion = 0;   // expected: of what is known by now
    double completeness = 1;
    double p_rise = 1, p_fall = 1, p_drift = 1;
    bool settled = false;              // five years of weeks in one regime
    double expected_without_drift = 0; // of the last year in all, at the level of a year before; seen_in_year against it
    double seen_in_year = 0;
    std::uint32_t regime = 0, regime_began = 0;          // period the present regime runs from
    std::uint32_t rise_began = 0, fall_began = 0, drift_began = 0;   // first period of the run outside, or of the drift
    std::vector<std::uint32_t> earlier;                  // earlier periods that rose, firsts of their runs
};

// counts: up to and with the period judged (the last one), NaN: missing; completeness: empty or one share a period.
// Never an error for short or missing data: `held` says why. bad_input for counts out of range.
// Cost: 0.2 microseconds a period, 50 more for farrington.
core::Result<Judgement> judge(std::span<const double> counts, std::span<const double> completeness, int periods_per_year, const JudgeOptions& options = {});

// The verdict of Farrington on a settled series in place of the other's, where there is one.
void settle(Judgement& judgement, const FarringtonVerdict& verdict);

}  // namespace threatlas::analyse::early_warning

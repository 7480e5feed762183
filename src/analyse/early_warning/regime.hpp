// The default detector: for series that surge, collapse and settle elsewhere. It walks forward, as time
// does: each period is judged by what was known before it, then learnt from. Crime series change regime;
// a surge must neither poison the years after it (silence) nor be extrapolated (a bound of nothing).
// Method, limits and comparison with Farrington: docs/method/early_warning.md#regimes.
//
//   count ~ negative binomial, mean = season x level, variance = clumping x mean + overdispersion x mean^2
//
// level: discounted Gamma-Poisson (West and Harrison 1997) on a ladder of memories, the one that lately
// predicted best. season: block factors, shrunk to none as far as the data do not show them. No trend is
// extrapolated. What lies outside is learnt from only up to its bound; when several periods running lie
// outside on one side, a new regime is declared, and its level is theirs.
#pragma once

#include <cstdint>
#include <vector>

#include "analyse/early_warning/baseline.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct RegimeOptions {
    int first = 12;                    // periods seen before the first verdict
    int switch_after = 4;              // periods outside in a row, on one side, that make a new regime
    double outside = 0.01;             // tail probability from which a period lies outside, either side
    double overdispersion = 0.05;      // prior, worth prior_periods
    double prior_periods = 8;
    double most_overdispersion = 0.25; // more is a change, not noise
    double most_clumping = 2;          // variance over mean of few cases that come in groups
};

// NaN where the period is not judged: too early, or missing.
struct RegimeVerdict {
    double expected = 0, overdispersion = 0;   // of the predictive distribution: variance = mean + overdispersion x mean^2, all in one
    double level = 0, level_sd = 0;            // expectation without season, at the first population; its relative standard error
    double p_high = 1, p_low = 1;              // P(a count at least, at most, as large); 1 on the other side of what is expected
    std::uint32_t regime = 0;                  // from 0; rises when a new one is declared
    std::uint32_t began = 0;                   // period from which the regime runs
    bool assessed = false;
};

// One verdict a period. Population, when given, multiplies the expectation; dates are not used.
// not_enough_data for fewer periods than `first`; bad_input for a negative or infinite count or a
// population that is not positive; bad_usage for options out of range.
// Cost: about 0.3 microseconds a period.
core::Result<std::vector<RegimeVerdict>> walk_forward(const CountSeries& series, const RegimeOptions& options = {});

}  // namespace threatlas::analyse::early_warning

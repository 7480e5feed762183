// Slow drift, too small in any one period: the negative-binomial CUSUM (Hoehle and Paul 2008, Comput. Stat. Data
// Anal. 52, the likelihood ratio of Page 1954).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct DriftOptions {
    double factor = 1.5;       // the rise that it is tuned to find
    int draws = 2000;          // of the p-value, beside a bound computed first
    std::uint64_t seed = 1;
};

struct Drift {
    std::vector<double> statistic;   // one a period; NaN where the count is missing (it is carried on)
    double p_value = 1;              // P(a largest statistic at least as large where nothing changes)
    std::uint32_t began = 0;         // period after which the statistic last was zero before its largest value
};

// expected: mean of each period where nothing changes, above zero; overdispersion: variance = mean + overdispersion mean^2.
// The statistic after n periods; the p-value is simulated, the same for the same seed, and 1 where the bound
// n exp(-max) says that it is above 0.05 at any rate. bad_input for unfit counts or expectations.
// Cost: 30 ns a period; with the p-value draws x periods x 60 ns.
core::Result<Drift> drift(std::span<const double> counts, std::span<const double> expected, double overdispersion, const DriftOptions& options = {});

}  // namespace threatlas::analyse::early_warning

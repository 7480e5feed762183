// Slow drift, too small in any one period: the negative-binomial CUSUM (Hoehle and Paul 2008, Comput. Stat. Data
// Anal. 52, the likelihood ratio of Page 1954).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct Drift {
    std::vector<double> statistic;   // one a period; NaN where the count is missing (it is carried on)
    double p_bound = 1;              // P(a largest statistic at least as large where nothing changes) is at most this
    std::uint32_t began = 0;         // period after which the statistic last was zero before its largest value
};

// expected: mean of each period where nothing changes, above zero; overdispersion: variance = mean + overdispersion mean^2;
// factor: the rise it is tuned to find. p_bound: a likelihood ratio exceeds exp(c) with a probability of exp(-c) at most
// (Ville 1939), from any of the n starts, whatever the counts' discreteness: n exp(-max). It holds for the
// expectation given: where that is an estimate, give its upper end. bad_input for unfit counts or expectations.
// Cost: 30 ns a period.
core::Result<Drift> drift(std::span<const double> counts, std::span<const double> expected, double overdispersion, double factor = 1.5);

}  // namespace threatlas::analyse::early_warning

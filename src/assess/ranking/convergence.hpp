// Split R-hat and effective sample size of a quantity over several chains (Gelman et al. 2013, BDA3
// 11.4-11.5; autocorrelations summed by Geyer's initial positive pairs, as in Vehtari et al. 2021).
#pragma once

#include <cstddef>
#include <span>

namespace threatlas::assess::ranking {

struct Convergence {
    double mean = 0, sd = 0, r_hat = 1, effective_draws = 0;
};

// `draws`: chain after chain, all of one length. A constant has R-hat 1 and all draws effective.
Convergence convergence(std::span<const double> draws, std::size_t chains);

}  // namespace threatlas::assess::ranking

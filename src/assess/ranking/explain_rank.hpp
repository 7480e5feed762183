// Why a threat stands where it stands: attribution, flip distance, shares of variance, and what each
// cell rests on.
#pragma once

#include <cstdint>
#include <vector>

#include "assess/ranking/smaa.hpp"

namespace threatlas::assess::ranking {

// phi[t,c] = w0[c] * (x[t,c] - mean over threats of x[.,c]): sums over c to the threat's score less
// the mean score, exactly. `cells` are mean scores, threats x criteria.
std::vector<double> attribution(const std::vector<double>& cells, const std::vector<double>& weights);

// Least total weight (0-1, half the L1 norm of the change) that has to move between criteria before
// threat b scores as much as threat a; 0 when it does already, -1 when no weights do it. Exact: the
// best receiver is the criterion where b gains most, the givers those where it gains least.
double flip_distance(const std::vector<double>& cells, const std::vector<double>& weights, std::size_t a, std::size_t b);

// First-order Sobol shares of the variance of ranks, summed over the threats, by pick and freeze
// (Sobol 2001; estimator of Janon et al. 2014): the weights; the evidence (the model's draw, all
// effects and known cells in it); the gaps (what an unknown cell deviates from the model).
// The rest of 1 is interaction. Cost: four evaluations of `draws` draws.
struct SobolShares {
    double weights = 0, evidence = 0, gaps = 0;
};
SobolShares sobol_shares(const Posterior& posterior, const std::vector<Centre>& centres, std::size_t draws, std::uint64_t seed);

// What a cell rests on, as shares of its precision: evidence of the region against what the members
// give, and each member's evidence against the model's prediction. Sums to 1.
struct Rests {
    double measured = 0, judged = 0, imputed = 1;
};
struct RestsOn {
    std::vector<Rests> region;   // threats x criteria
    std::vector<Rests> member;   // members x threats x criteria
};
RestsOn rests_on(const Grid& grid, const Spread& spread);

}  // namespace threatlas::assess::ranking

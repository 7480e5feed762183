// Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma and Salminen 2001; Tervonen and
// Lahdelma 2007), additive: u(a) = sum of w[i] * clamp(x[a,i], 0, 100) over draws of x from the
// hierarchical model and of w from Dirichlet(kappa * w0). Rank 1 is the gravest.
#pragma once

#include <cstdint>
#include <vector>

#include "assess/assessment.hpp"
#include "assess/ranking/hierarchy.hpp"

namespace threatlas::assess::ranking {

// Whose weights, and how firm: Dirichlet(kappa * weights).
struct Centre {
    std::vector<double> weights;  // sum to 1
    double kappa = 40;
};
// draws x criteria. Draw i is the same whatever the number of draws and of threads. Of several centres
// (each member's own weights) every draw takes one, all alike: no consensus is made up where there is none.
std::vector<float> draw_weights(const std::vector<Centre>& centres, std::size_t draws, std::uint64_t seed);

// What an unknown cell is: the model's prediction, or anything from 0 to 100 (the bounds).
enum class Unknown { predicted, full_range };

// Which posterior draw feeds draw i: the evidence from one, the gaps from another, so that 20,000
// draws are as many different combinations of the two and of the weights.
struct DrawIndex {
    std::size_t evidence = 0, gaps = 0;
};
DrawIndex draw_index(std::size_t i, std::size_t posterior_draws);

// Draws x threats x criteria, clamped. `shift` (threats x criteria, may be empty) is added to every
// cell first: a linear response to an assumption.
std::vector<float> cell_draws(const Posterior& posterior, std::size_t draws, Unknown unknown, const std::vector<double>& shift = {});
// The same for one member's own cells.
std::vector<float> member_cell_draws(const Posterior& posterior, std::size_t member, std::size_t draws);

struct Scores {
    std::size_t draws = 0, threats = 0;
    std::vector<float> score;            // draws x threats
    std::vector<std::uint16_t> rank;     // draws x threats, from 1; equal scores take turns
};
Scores score_draws(const std::vector<float>& cells, const std::vector<float>& weights, std::size_t threats, std::size_t criteria);

struct Smaa {
    std::size_t threats = 0, criteria = 0;
    std::vector<Summary> score;
    std::vector<double> expected_rank, p_first, p_top5, confidence;
    std::vector<int> rank_low, rank_high;          // 5 % and 95 %
    std::vector<double> acceptability;             // threats x ranks
    std::vector<double> pairwise;                  // threats x threats: P(row is graver)
    std::vector<double> central_weights;           // threats x criteria; zeros when never first
    std::vector<std::size_t> order;                // threats by expected rank
    std::vector<int> band;                         // per threat, from 1
};
// Cost: draws x threats x (threats + criteria). Sums are taken in the order of the draws.
Smaa analyse(const Scores& scores, const std::vector<float>& cells, const std::vector<float>& weights, std::size_t criteria);

// A band is opened by its leader; whatever the leader does not beat with P >= 0.80 is in it.
std::vector<int> tie_bands(const std::vector<std::size_t>& order, const std::vector<double>& pairwise, double level = 0.80);

// Standard deviation of a threat's rank.
double rank_sd(const Smaa& smaa, std::size_t threat);

// Threats by expected rank, then by the index.
std::vector<std::size_t> order_by(const std::vector<double>& expected_rank);
std::vector<double> expected_ranks(const Scores& scores);
Summary summarise(std::vector<float> draws);

}  // namespace threatlas::assess::ranking

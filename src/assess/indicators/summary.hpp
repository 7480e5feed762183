// Draws to seven numbers, and the value function from a value to a score.
#pragma once

#include <span>
#include <vector>

#include "assess/assessment.hpp"
#include "core/random.hpp"

namespace threatlas::assess::indicators {


// Quantiles by linear interpolation (type 7). Cost: one sort. Empty draws give zeros.
Summary summarise(std::span<const double> draws);

// Score 0-100 by straight lines through (anchor[i], 25 i); flat outside. anchors rise or fall.
double score(double value, std::span<const double> anchors);

// One drawn set of anchors, kept in order: each has a standard deviation of `spread` times its size,
// or times half the gap to its neighbours when that is larger (an anchor at 0 is not exact).
void draw_anchors(std::span<const double> anchors, double spread, core::Random& random, std::span<double> out);

// Log-uniform on [low, high]; low when they are equal.
double log_uniform(double low, double high, core::Random& random);

}  // namespace threatlas::assess::indicators

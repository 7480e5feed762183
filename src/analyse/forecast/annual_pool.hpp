// What the members of annual.hpp have in common, and one member's state given that.
#pragma once

#include <span>
#include <vector>

#include "analyse/forecast/annual.hpp"

namespace threatlas::analyse::forecast {

// Level and drift after the last year, variances in units of sigma^2.
struct State {
    double level = 0, drift = 0;
    double v_level = 0, cov = 0, v_drift = 0;
    double squares = 0;     // of the errors made on the way, each over its variance
    double log_scale = 0;   // sum of the logarithms of those variances
    double steps = 0;       // their number
};

// member: logarithms, NaN missing. Cost: 5 ns a year and the logarithms.
State filter(std::span<const double> member, const Pool& pool);

// Draws of the posterior, by a Metropolis walk of fixed seed: the same members always give the same draws. A single best
// pool would be surer than a few members of a few years allow. Cost: 2,700 filters of every member.
inline constexpr std::size_t kPools = 40;
std::vector<Pool> draw_pools(std::span<const std::vector<double>> members);

}  // namespace threatlas::analyse::forecast

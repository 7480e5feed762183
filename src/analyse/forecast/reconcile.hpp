// Forecasts of a hierarchy made to agree: the parts' sums are the whole's. Weighted least squares with structural weights
// (Athanasopoulos, Hyndman, Kourentzes and Petropoulos 2017, European J. Operational Research 262; Wickramasuriya et al. 2019, JASA 114).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

inline constexpr std::uint32_t kNoParent = 0xffffffff;

// Parent of each node, in any order; several roots are allowed. Every node that is some node's parent is the sum of its
// children; the others are the leaves.
using Hierarchy = std::vector<std::uint32_t>;

// Means: the sums closest to the given forecasts, a node's square divided by its number of leaves, so that a country's forecast
// may move further than a town's. Exact in two walks over the tree (up: what the forecasts below say; down: what is left over is
// shared by variance). A child that would fall below zero is zero and the others share the rest; then it is no longer
// the exact optimum under that constraint, but agrees all the same.
// Quantiles: those below the mean are scaled like it, those above are shifted with it. They never fall, stay at or above zero,
// and a zero stays a zero; those of counts need not be whole any more. Only the means agree: quantiles do not add up, nor should
// they, for a whole is surer than the sum of its parts.
// bad_usage for a parent out of range, a circle, or forecasts of unlike length or not one a node; bad_input for a mean that is
// negative or not finite. Cost: 0.1 microseconds a node and step.
core::Result<std::vector<Forecast>> reconcile(const Hierarchy& parents, std::vector<Forecast> base);

}  // namespace threatlas::analyse::forecast

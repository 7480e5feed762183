// The Theta method (Assimakopoulos and Nikolopoulos 2000), as simple exponential smoothing with half the slope of a straight line
// (Hyndman and Billah 2003, Int. J. Forecasting 19); a multiplicative season is taken out before and put back after.
#pragma once

#include <span>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

// Normal intervals. Equals R's forecast::thetaf, except that the spread is multiplied by the season like the mean. Errors as of
// check_values with at least 4 values. Cost: 30 microseconds for 150 values and 18 steps.
core::Result<Forecast> theta(std::span<const double> values, int periods_per_year, int horizon);

}  // namespace threatlas::analyse::forecast

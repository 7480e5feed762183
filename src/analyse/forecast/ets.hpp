// Exponential smoothing, the model chosen by the corrected Akaike criterion (Hyndman et al. 2002, Int. J. Forecasting 18).
#pragma once

#include <span>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

// Among fifteen: error additive or relative; trend none, additive or damped; season none, additive or multiplicative (the last with
// relative errors only). Season: for 2 to 24 periods per year and at least three years. Interval: normal where all is additive;
// otherwise quantiles of 2,000 paths of fixed seed. The method's name tells the model. Errors as of check_values with at least 6 values.
// A constant series stays constant. Cost: 150 values 2 ms without a season, 7 ms with.
core::Result<Forecast> ets(std::span<const double> values, int periods_per_year, int horizon);

}  // namespace threatlas::analyse::forecast

// Exponential smoothing with a damped trend (Gardner and McKenzie 1985, Management Science 31), the model AAdN of Hyndman et al. 2008.
#pragma once

#include <span>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

//   level' = level + phi slope + alpha error,  slope' = phi slope + beta error
struct DampedTrend {
    double alpha = 0, beta = 0, phi = 0;   // 0.0001..0.9999, 0.0001..alpha, 0.8..0.98
    double level = 0, slope = 0;           // after the last value
    double squares = 0;                    // sum of squared one-step errors
};

// Least squares over the parameters and both first states; those two are solved for exactly. Errors as of check_values with at
// least 6 values. Cost: 0.4 ms for 150 values, 5 ms for 1,000.
core::Result<DampedTrend> fit_damped_trend(std::span<const double> values);

// Without a season. Normal intervals: variance at step h = squares / (n - 5) x (1 + sum over j < h of (alpha + beta (phi + .. + phi^j))^2).
core::Result<Forecast> damped_trend(std::span<const double> values, int periods_per_year, int horizon);

}  // namespace threatlas::analyse::forecast

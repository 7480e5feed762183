// Exponential smoothing of a level: simple exponential smoothing (Brown 1959; Hyndman, Koehler, Ord and Snyder 2008,
// 'Forecasting with exponential smoothing', model ANN).
#pragma once

#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::forecast {

struct SmoothedLevel {
    double alpha = 0;            // 0.0001 .. 0.9999
    double first = 0;            // level before the first period
    double last = 0;             // level after the last: the forecast of every step
    double squares = 0;          // sum of squared one-step errors
    double fitted = 0;           // sum of the one-step forecasts where there is a value
    std::size_t observed = 0;
};

// Minimum sum of squared one-step errors over alpha and the first level. The error is linear in the first level, which
// therefore is solved for exactly; alpha is searched on a grid, then by golden section. NaN: missing, the level is
// carried on. Variance at step h (from 1): squares / (observed - 2) x (1 + (h - 1) alpha^2).
// not_enough_data for fewer than 3 values, bad_input for an infinite one. Cost: about 0.15 microseconds a period.
core::Result<SmoothedLevel> smooth_level(std::span<const double> values);

}  // namespace threatlas::analyse::forecast

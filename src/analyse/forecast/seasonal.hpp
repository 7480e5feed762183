// The season of a series: is there one, and its indices, by moving averages (as R's decompose).
#pragma once

#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::forecast {

// Values with which Theta and ETS can work: finite, none missing, at least `least`; periods_per_year 1..366, horizon
// 1..3660. bad_usage, bad_input or not_enough_data otherwise.
core::Result<void> check_values(std::span<const double> values, std::size_t least, int periods_per_year, int horizon);

// Autocorrelation a year back beyond its 90 % limits (Assimakopoulos and Nikolopoulos 2000, Int. J. Forecasting 16); false for
// a constant series and for two years or less.
bool has_season(std::span<const double> values, int periods_per_year);

// Indices of a year, the first for values[0]; multiplicative: of mean 1, empty when one is below 0.0001 (or not finite);
// additive: of mean 0. At least two years. Cost: 2 ns a value and period of the year.
std::vector<double> seasonal_indices(std::span<const double> values, int periods_per_year, bool multiplicative);

}  // namespace threatlas::analyse::forecast

// Forecast of a series of counts. The default of this room: cheap, and better on crime counts than models built for
// sums of money (docs/method/forecast.md).
#pragma once

#include <span>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

inline constexpr int kLeastCounts = 8;       // fewer say nothing of their own spread; annual series: annual.hpp
inline constexpr int kYearsKept = 8, kLeastPeriodsKept = 40;   // what is older says nothing of the present level
inline constexpr int kMostSteps = 3660;

// Mean of the quantiles (Vincent 1912; Lichtendahl et al. 2013, Management Science 59) of three negative binomials, to
// the nearest whole count: quasi-Poisson trend (held) with annual harmonic; simple exponential smoothing; mean of
// the last year. Each with its own dispersion; the smoothed level's grows with the horizon. No mean exceeds the largest count seen.
// NaN: missing. All zeros: the mean of Jeffreys' prior, half a case in all periods together.
// bad_input for a negative or infinite count, bad_usage for periods_per_year outside 1..366 or horizon outside 1..kMostSteps,
// not_enough_data for fewer than kLeastCounts counts. Cost: 50 microseconds for 200 weeks and 13 steps of small counts.
core::Result<Forecast> forecast_counts(std::span<const double> counts, int periods_per_year, int horizon);

}  // namespace threatlas::analyse::forecast

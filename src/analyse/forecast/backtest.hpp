// Rolling origins: forecasts made at times gone by, from what was known then, against what came (Tashman 2000,
// Int. J. Forecasting 16).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "analyse/forecast/scoring.hpp"

namespace threatlas::analyse::forecast {

using Method = std::function<core::Result<Forecast>(std::span<const double> counts, int periods_per_year, int horizon)>;

struct BacktestOptions {
    int periods_per_year = 52;
    int horizon = 13;     // periods forecast at each origin; origins lie as far apart
    int origins = 4;      // the last one a horizon before the end
};

// Means over the fits, each fit counting the same.
struct Backtest {
    double mase = 0;         // absolute error of the median over scale_of_changes()
    double pinball = 0;      // pinball_of_five() over the same scale
    double crps = 0;         // over the same scale
    double cover50 = 0, cover80 = 0, cover90 = 0, cover95 = 0;   // share of values within the interval, its ends included
    std::size_t fits = 0;
    std::size_t skipped = 0;   // series and origins without a forecast, a scale above zero or a value to compare with
    Reliability rise;          // of 'more than in the same periods a year before'; without bins when none could be judged
};

// Missing values are not scored. bad_usage for options out of range, not_enough_data when every fit is skipped. Series run in
// parallel; the answer does not depend on the number of threads. Cost: that of the method, times series and origins.
core::Result<Backtest> backtest(std::span<const std::vector<double>> series, const Method& method, const BacktestOptions& options = {});

}  // namespace threatlas::analyse::forecast

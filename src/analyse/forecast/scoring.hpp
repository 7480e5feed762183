// How good a predictive distribution is, from its quantiles (Gneiting and Raftery 2007, JASA 102). Lower is better.
#pragma once

#include <span>
#include <vector>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

double pinball(double quantile, double probability, double value);

// Mean over the probabilities 0.05, 0.25, 0.5, 0.75 and 0.95.
double pinball_of_five(const Step& step, double value);

// Continuous ranked probability score: twice the integral of the pinball loss, trapezoidal between the quantiles; in
// the unit of the series. Of a normal distribution: within 1 % of the exact value.
double crps(const Step& step, double value);

// Mean absolute change from one value to the next: what errors are divided by, so that series of any size can be
// averaged. Pairs with a missing value are left out; NaN without a pair.
double scale_of_changes(std::span<const double> values);

// Last year's value with the quantiles (R's type 7) of the past errors of this very rule; counts: never below zero. What
// every method has to beat. not_enough_data for fewer than a year and 8 periods, or if a value of the last year is missing.
core::Result<Forecast> seasonal_naive(std::span<const double> counts, int periods_per_year, int horizon);

// P(the sum of all steps > the sum of the same periods of last year), a tie is no rise. last_year: one count a step.
// The sum's variance lies between that of independent steps and that of steps that rise and fall together; correlation
// says where (0..1). The default suited 13 weeks of thefts best (docs/method/forecast.md). The sum is taken as negative binomial.
// bad_usage for another number of counts, not_enough_data for a missing one.
inline constexpr double kStepCorrelation = 0.2;
core::Result<double> probability_of_rise(const Forecast& forecast, std::span<const double> last_year, double correlation = kStepCorrelation);

// Of what was stated with a probability in [lower, upper): mean stated, share that came true.
struct ReliabilityBin {
    double lower = 0, upper = 0, stated = 0, came_true = 0;
    std::size_t count = 0;
};

struct Reliability {
    double brier = 0;        // mean squared difference between what was stated and what came
    double climatology = 0;  // that of stating always the share that came true
    std::vector<ReliabilityBin> bins;   // ten
};

// stated in 0..1, came: 1 or 0; of equal size. bad_usage for other sizes or values; not_enough_data for none.
core::Result<Reliability> reliability(std::span<const double> stated, std::span<const double> came);

}  // namespace threatlas::analyse::forecast

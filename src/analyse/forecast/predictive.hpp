// What a forecast is: for each step ahead a mean and quantiles at fixed probabilities, so that the 50, 80,
// 90, 95 and 99 % intervals are read off and never interpolated.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace threatlas::analyse::forecast {

inline constexpr std::array<double, 23> kProbabilities = {0.005, 0.025, 0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50,
                                                          0.55,  0.60,  0.65, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 0.975, 0.995};
inline constexpr std::size_t kQuantiles = kProbabilities.size(), kMedian = 11;

// One step ahead; in the unit of the series. quantiles never fall.
struct Step {
    double mean = 0;
    std::array<double, kQuantiles> quantiles{};
};

// Step 0 is the period after the last one given.
struct Forecast {
    std::string method;
    std::vector<Step> steps;
};

struct Interval {
    double lower = 0, upper = 0;
};

// The central interval that holds so many percent: 50, 80, 90, 95 or 99, another is rounded to the next wider one.
Interval interval(const Step& step, double percent);

// P(Y <= x), linear between the quantiles; below the first and above the last: their tail's normal continuation.
// Of counts ask at x + 1/2. Of an atom (quantiles that repeat): its upper end.
double probability_at_most(const Step& step, double x);

// A count: negative binomial with variance = dispersion x mean, Poisson at dispersion <= 1. mean > 0.
// Cost: 2 microseconds for means below 30, 60 for large ones.
Step count_step(double mean, double dispersion);

// sd >= 0.
Step normal_step(double mean, double sd);

}  // namespace threatlas::analyse::forecast

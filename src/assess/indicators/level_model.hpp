// The level of a yearly series: counts per exposure, or amounts. Pure statistics, no catalogue.
#pragma once

#include <span>
#include <vector>

#include "core/random.hpp"

namespace threatlas::assess::indicators {

// A count known to lie in [low, high] (equal when measured), over an exposure (for a rate per 100,000
// a year: inhabitants / 100,000 x share of the year reported).
struct YearCount {
    double low = 0, high = 0, exposure = 0;
};

struct RateDraws {
    std::vector<double> rate;   // per unit of exposure
    double overdispersion = 0;  // posterior mean of a: variance = mean + a mean^2
};

// Gamma-Poisson: years are negative binomial around one rate, with overdispersion a integrated over a
// grid by its marginal likelihood in the baseline years; the rate given a comes from the window years;
// a count in an interval enters by the sum of its probabilities. Prior of the rate: Jeffreys of the
// Poisson; of sqrt(a): half-Cauchy with scale kYearSd. Cost: about 12 x 160 x years logarithms.
// Empty when the window is.
RateDraws rate_draws(std::span<const YearCount> window, std::span<const YearCount> baseline, double year_sd, std::size_t draws, core::Random& random);

// Log-normal uncertainty of the mean of yearly amounts: relative spread from the years, pooled with
// kQuantityCv worth two years, Student t with years + 1 degrees. All zero: zeros.
std::vector<double> mean_draws(std::span<const double> years, double prior_cv, std::size_t draws, core::Random& random);

}  // namespace threatlas::assess::indicators

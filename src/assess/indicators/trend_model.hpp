// The slope of a yearly series, over one group or several with their own levels.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/random.hpp"

namespace threatlas::assess::indicators {

struct TrendPoint {
    std::size_t group = 0;      // 0..groups-1: place, or city
    double year = 0, value = 0; // value: a count, or a positive amount
    double exposure = 1;        // share of the year reported
};

struct Slope {
    double mean = 0, sd = 0;    // of log(value) per year
    double degrees = 0;         // of Student's t; 0: not estimable
    double overdispersion = 0;
};

// The slope of the groups' sum. Each group has its own level and slope (negative-binomial regression,
// log E = log exposure + level[group] + slope[group] x year); the overdispersion is common and solves
// Pearson's chi-squared = degrees of freedom (0 when the spread is below Poisson's). Slopes are partially
// pooled (their spread by DerSimonian and Laird 1986) and weigh by their group's share of the sum: a small
// country that doubles does not make the region rise. The prior of a slope is normal with mean 0 and prior_sd.
// Groups without any count are left out. Cost: some 40 rounds.
Slope count_slope(std::span<const TrendPoint> points, double prior_sd);

// Least squares of log(value) with a level a group; values <= 0 are left out.
Slope log_slope(std::span<const TrendPoint> points);

// Draws of the log-slope by Student's t, held within +-1.5; extra_sd is added in quadrature.
std::vector<double> slope_draws(const Slope& slope, double extra_sd, std::size_t draws, core::Random& random);

}  // namespace threatlas::assess::indicators

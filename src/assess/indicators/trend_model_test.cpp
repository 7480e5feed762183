#include "assess/indicators/trend_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace threatlas::assess::indicators {
namespace {

std::vector<TrendPoint> simulate(double slope, double over, double mean, int years, std::size_t groups, core::Random& random) {
    std::vector<TrendPoint> out;
    for (std::size_t g = 0; g < groups; ++g)
        for (int t = 0; t < years; ++t) {
            const double mu = mean * std::pow(3.0, static_cast<double>(g)) * std::exp(slope * (t - years / 2.0));
            const double noise = over > 0 ? random.gamma(1 / over) * over : 1;
            out.push_back({g, 2000.0 + t, static_cast<double>(random.poisson(mu * noise)), 1});
        }
    return out;
}
double p_rising(const Slope& slope, core::Random& random) {
    double n = 0;
    const auto draws = slope_draws(slope, 0, 2000, random);
    for (const double x : draws) n += x > 0;
    return n / 2000;
}

TEST(TrendModel, SlopeIsRecovered) {
    core::Random random(3, 1);
    double mean = 0;
    int held = 0;
    constexpr int kRuns = 300;
    for (int run = 0; run < kRuns; ++run) {
        const Slope s = count_slope(simulate(0.12, 0.02, 80, 8, 2, random), 1.0);
        mean += s.mean / kRuns;
        auto draws = slope_draws(s, 0, 2000, random);
        std::sort(draws.begin(), draws.end());
        held += draws[100] <= 0.12 && 0.12 <= draws[1899];
    }
    EXPECT_NEAR(mean, 0.12, 0.005);
    EXPECT_GE(held, 0.84 * kRuns);
    EXPECT_LE(held, 0.96 * kRuns);
}

// Negative control: without a trend P(rising) is uniform (largest gap of the empirical distribution
// below 1.63 / sqrt(n), the 1 % point of Kolmogorov and Smirnov).
TEST(TrendModel, WithoutTrendProbabilityOfRisingIsUniform) {
    core::Random random(5, 1);
    std::vector<double> p;
    for (int run = 0; run < 500; ++run) p.push_back(p_rising(count_slope(simulate(0, 0.04, 120, 7, 1, random), 1.0), random));
    std::sort(p.begin(), p.end());
    double gap = 0;
    for (std::size_t i = 0; i < p.size(); ++i) gap = std::max(gap, std::abs(p[i] - (static_cast<double>(i) + 0.5) / static_cast<double>(p.size())));
    EXPECT_LT(gap, 1.63 / std::sqrt(500.0));
}

// Oracle: exact exponential growth; Poisson regression and least squares both give its logarithm.
TEST(TrendModel, ExactGrowth) {
    std::vector<TrendPoint> points;
    for (int t = 0; t < 6; ++t) points.push_back({0, 2000.0 + t, 1e6 * std::pow(1.1, t), 1});
    EXPECT_NEAR(count_slope(points, 1.0).mean, std::log(1.1), 1e-5);
    EXPECT_NEAR(log_slope(points).mean, std::log(1.1), 1e-9);
    for (TrendPoint& p : points) p.exposure = p.year == 2005 ? 0.8 : 1, p.value *= p.exposure;   // a shorter last year
    EXPECT_NEAR(count_slope(points, 1.0).mean, std::log(1.1), 1e-5);
}

// A country that starts to report late changes no slope: each has its own level.
TEST(TrendModel, LateReporterIsNoTrend) {
    std::vector<TrendPoint> points;
    for (int t = 0; t < 6; ++t) points.push_back({0, 2000.0 + t, 1000, 1});
    for (int t = 3; t < 6; ++t) points.push_back({1, 2000.0 + t, 50000, 1});
    EXPECT_NEAR(count_slope(points, 1.0).mean, 0, 1e-6);
}

// A small country that multiplies beside a large one that falls: the region's sum falls, and so does the slope.
TEST(TrendModel, TheSlopeIsThatOfTheSum) {
    std::vector<TrendPoint> points;
    for (int t = 0; t < 8; ++t) {
        points.push_back({0, 2000.0 + t, 10000 * std::exp(-0.05 * t), 1});
        points.push_back({1, 2000.0 + t, 20 * std::exp(0.5 * t), 1});
    }
    const double middle = 3.5, large = 10000 * std::exp(-0.05 * middle), small = 20 * std::exp(0.5 * middle);
    EXPECT_NEAR(count_slope(points, 1.0).mean, (-0.05 * large + 0.5 * small) / (large + small), 0.003);
    EXPECT_LT(count_slope(points, 1.0).mean, 0);
}

// Groups whose slopes differ: the interval of the sum's slope holds at its level.
TEST(TrendModel, UnlikeSlopesAreCovered) {
    core::Random random(11, 1);
    int held = 0;
    constexpr int kRuns = 300;
    for (int run = 0; run < kRuns; ++run) {
        std::vector<TrendPoint> points;
        double weighed = 0, sum = 0;
        for (std::size_t g = 0; g < 6; ++g) {
            const double slope = 0.04 + 0.1 * random.normal(), mean = 40 * std::exp(random.normal());
            weighed += slope * mean, sum += mean;
            for (int t = 0; t < 7; ++t) {
                const double mu = mean * std::exp(slope * (t - 3.0)) * random.gamma(25) / 25;
                points.push_back({g, 2000.0 + t, static_cast<double>(random.poisson(mu)), 1});
            }
        }
        auto draws = slope_draws(count_slope(points, 1.0), 0, 2000, random);
        std::sort(draws.begin(), draws.end());
        held += draws[100] <= weighed / sum && weighed / sum <= draws[1899];
    }
    EXPECT_GE(held, 0.84 * kRuns);
    EXPECT_LE(held, 0.96 * kRuns);
}

TEST(TrendModel, TooLittleIsNotEstimable) {
    const std::vector<TrendPoint> two{{0, 2000, 5, 1}, {0, 2001, 9, 1}}, nothing{{0, 2000, 0, 1}, {0, 2001, 0, 1}, {0, 2002, 0, 1}};
    EXPECT_EQ(count_slope(two, 1.0).degrees, 0);
    EXPECT_EQ(count_slope(nothing, 1.0).degrees, 0);
    EXPECT_EQ(log_slope(nothing).degrees, 0);
}

}  // namespace
}  // namespace threatlas::assess::indicators

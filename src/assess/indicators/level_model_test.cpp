#include "assess/indicators/level_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assess/indicators/summary.hpp"

namespace threatlas::assess::indicators {
namespace {

// Recovery: counts drawn from the model; the 90 % interval holds the truth about 90 times in 100.
TEST(LevelModel, RateIsRecoveredWithItsCoverage) {
    core::Random random(7, 1);
    int held = 0;
    double bias = 0;
    constexpr int kRuns = 400;
    for (int run = 0; run < kRuns; ++run) {
        const double rate = std::exp(4 * random.uniform()), over = 0.03, exposure = 20;
        std::vector<YearCount> years;
        for (int t = 0; t < 8; ++t) {
            const double mean = rate * exposure * random.gamma(1 / over) * over;
            const auto y = static_cast<double>(random.poisson(mean));
            years.push_back({y, y, exposure});
        }
        const std::span<const YearCount> all(years);
        const RateDraws draws = rate_draws(all.last(3), all, 0.15, 2000, random);
        const Summary s = summarise(draws.rate);
        held += s.q05 <= rate && rate <= s.q95;
        bias += std::log(s.q50 / rate) / kRuns;
    }
    EXPECT_GE(held, 0.85 * kRuns);
    EXPECT_LE(held, 0.96 * kRuns);
    EXPECT_NEAR(bias, 0, 0.02);
}

// Oracle: with next to no overdispersion the posterior of a Poisson rate under the Jeffreys prior is
// Gamma(sum + 1/2, exposure).
TEST(LevelModel, LongSteadySeriesGiveTheGammaPosterior) {
    std::vector<YearCount> years(60, {100, 100, 1});
    core::Random random(1, 1);
    const Summary s = summarise(rate_draws(years, years, 0.15, 20000, random).rate);
    EXPECT_NEAR(s.mean, 6000.5 / 60, 0.2);
    EXPECT_NEAR(s.sd, std::sqrt(6000.5) / 60, 0.12);
}

TEST(LevelModel, CensoredCountsLieBetweenTheirEnds) {
    const auto median = [](double low, double high) {
        std::vector<YearCount> years(4, {low, high, 1});
        core::Random random(1, 1);
        return summarise(rate_draws(years, years, 0.15, 8000, random).rate);
    };
    const Summary low = median(1, 1), between = median(1, 4), high = median(4, 4);
    EXPECT_GT(between.q50, low.q50);
    EXPECT_LT(between.q50, high.q50);
    EXPECT_GT(between.q95 - between.q05, low.q95 - low.q05);
}

TEST(LevelModel, OverdispersionWidens) {
    core::Random random(1, 1);
    const std::vector<YearCount> calm{{100, 100, 1}, {103, 103, 1}, {97, 97, 1}}, wild{{20, 20, 1}, {220, 220, 1}, {60, 60, 1}};
    const RateDraws a = rate_draws(calm, calm, 0.15, 4000, random), b = rate_draws(wild, wild, 0.15, 4000, random);
    EXPECT_GT(b.overdispersion, 5 * a.overdispersion);
    EXPECT_GT(summarise(b.rate).sd, 3 * summarise(a.rate).sd);
    EXPECT_TRUE(rate_draws({}, {}, 0.15, 10, random).rate.empty());
}

TEST(LevelModel, MeanOfAmounts) {
    core::Random random(1, 1);
    const std::vector<double> years{90, 110, 100, 95, 105}, none{0, 0};
    const Summary s = summarise(mean_draws(years, 0.8, 20000, random));
    EXPECT_NEAR(s.q50, 100, 2);
    EXPECT_GT(s.sd, 5);
    EXPECT_EQ(summarise(mean_draws(none, 0.8, 100, random)).mean, 0);
}

TEST(ValueFunction, StraightLinesThroughTheAnchors) {
    const std::vector<double> rising{0, 10, 50, 100, 200}, falling{200, 100, 50, 10, 0};
    EXPECT_EQ(score(-1, rising), 0);
    EXPECT_EQ(score(30, rising), 37.5);
    EXPECT_EQ(score(1e9, rising), 100);
    EXPECT_EQ(score(30, falling), 62.5);
    EXPECT_EQ(score(1e9, falling), 0);
    core::Random random(1, 1);
    std::vector<double> drawn(5);
    for (int i = 0; i < 1000; ++i) {
        draw_anchors(falling, 0.8, random, drawn);
        EXPECT_TRUE(std::is_sorted(drawn.rbegin(), drawn.rend()));
    }
}

}  // namespace
}  // namespace threatlas::assess::indicators

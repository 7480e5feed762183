#include "assess/indicators/mix.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "assess/indicators/summary.hpp"

namespace threatlas::assess::indicators {
namespace {

std::vector<Block> reports(std::size_t n, std::vector<double> p, int year, core::Random& random) {
    std::vector<Block> out;
    for (std::size_t i = 0; i < n; ++i) {
        Block block{year, std::vector<double>(p.size())};
        double u = random.uniform();
        std::size_t c = 0;
        while (c + 1 < p.size() && u > p[c]) u -= p[c++];
        block.counts[c] = 1;
        out.push_back(block);
    }
    return out;
}

TEST(Mix, DivergenceHasItsKnownEnds) {
    EXPECT_EQ(divergence({1, 0}, {0, 5}), 1);
    EXPECT_EQ(divergence({2, 4}, {1, 2}), 0);
    EXPECT_EQ(divergence({0, 0}, {1, 2}), 0);
    // By hand: p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4).
    EXPECT_NEAR(divergence({1, 0}, {1, 1}), 0.5 * std::log2(4.0 / 3) + 0.25 * std::log2(2.0 / 3) + 0.25 * std::log2(2.0), 1e-12);
}

// Negative control: the same mix in both windows is called a shift at the 5 % level 5 times in 100.
TEST(Mix, NoShiftIsCalledAShiftAtTheStatedRate) {
    core::Random random(11, 1);
    int alarms = 0;
    constexpr int kRuns = 400;
    for (int run = 0; run < kRuns; ++run)
        alarms += shift_draws(reports(60, {0.5, 0.3, 0.2}, 1, random), reports(80, {0.5, 0.3, 0.2}, 2, random), 10, random).p <= 0.05;
    EXPECT_LE(alarms, 0.085 * kRuns);
    EXPECT_GE(alarms, 0.02 * kRuns);
}

TEST(Mix, AShiftIsFound) {
    core::Random random(12, 1);
    const ShiftDraws s = shift_draws(reports(200, {0.8, 0.1, 0.1}, 1, random), reports(200, {0.2, 0.4, 0.4}, 2, random), 4000, random);
    EXPECT_LT(s.p, 0.01);
    EXPECT_NEAR(summarise(s.excess).mean, divergence({0.8, 0.1, 0.1}, {0.2, 0.4, 0.4}), 0.08);
}

// Oracle: one year, two categories: Beta(k + 1/2, n - k + 1/2).
TEST(Mix, ShareIsTheBetaPosterior) {
    core::Random random(13, 1);
    const ShareDraws s = share_draws({{2020, {30, 70}}}, {true, false}, 20000, random);
    const Summary share = summarise(s.share);
    EXPECT_NEAR(share.mean, 30.5 / 101, 0.002);
    EXPECT_NEAR(share.sd, std::sqrt(30.5 * 70.5 / (101.0 * 101 * 102)), 0.001);
    EXPECT_EQ(s.overdispersion, 1);
}

TEST(Mix, YearsThatDisagreeWidenTheShare) {
    core::Random random(13, 1);
    const ShareDraws s = share_draws({{2019, {300, 700}}, {2020, {600, 400}}, {2021, {100, 900}}}, {true, false}, 4000, random);
    EXPECT_GT(s.overdispersion, 20);
    EXPECT_GT(summarise(s.share).sd, 0.04);
    EXPECT_TRUE(share_draws({{2019, {0, 0}}}, {true, false}, 10, random).share.empty());
}

}  // namespace
}  // namespace threatlas::assess::indicators

#include "assess/ranking/smaa.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "assess/ranking/concordance.hpp"
#include "assess/simulate.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess::ranking {
namespace {

struct Ranked {
    SyntheticRegion region;
    Posterior posterior;
    Smaa smaa;
};
Smaa rank(const Posterior& p, const SyntheticRegion& region, std::size_t draws, Unknown unknown = Unknown::predicted) {
    const auto weights = draw_weights({{region.central_weights, region.kappa}}, draws, 1);
    const auto cells = cell_draws(p, draws, unknown);
    return analyse(score_draws(cells, weights, p.threats, p.criteria), cells, weights, p.criteria);
}
Ranked ranked(const RegionOptions& options) {
    Ranked out{synthetic_region(options), {}, {}};
    out.posterior = fit(out.region.grid, {.seed = options.seed, .chains = 2, .burn_in = 100, .kept = 150, .keep_members = false});
    out.smaa = rank(out.posterior, out.region, 2000);
    return out;
}
double mean_width(const Smaa& s) {
    double out = 0;
    for (std::size_t t = 0; t < s.threats; ++t) out += (s.rank_high[t] - s.rank_low[t]) / static_cast<double>(s.threats);
    return out;
}

TEST(Weights, HaveTheMeanAndTheSpreadOfTheirDirichlet) {
    const std::vector<double> central{0.5, 0.3, 0.2};
    const auto w = draw_weights({{central, 40}}, 20000, 3);
    for (std::size_t c = 0; c < 3; ++c) {
        double mean = 0, squares = 0;
        for (std::size_t i = 0; i < 20000; ++i) mean += static_cast<double>(w[i * 3 + c]) / 20000;
        for (std::size_t i = 0; i < 20000; ++i) squares += std::pow(static_cast<double>(w[i * 3 + c]) - mean, 2) / 20000;
        EXPECT_NEAR(mean, central[c], 0.003);
        EXPECT_NEAR(squares, central[c] * (1 - central[c]) / 41, 3e-4);
    }
    const auto fewer = draw_weights({{central, 40}}, 100, 3);
    EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), w.begin()));
}

// Two members who weigh the opposite: each has half of the draws, and nobody's draw lies in the middle.
TEST(Weights, OfMembersWhoDisagreeAreNotAveraged) {
    const auto w = draw_weights({{{0.9, 0.1}, 1000}, {{0.1, 0.9}, 1000}}, 20000, 3);
    std::size_t first = 0, middle = 0;
    for (std::size_t i = 0; i < 20000; ++i) {
        first += w[2 * i] > 0.8F;
        middle += w[2 * i] > 0.3F && w[2 * i] < 0.7F;
    }
    EXPECT_NEAR(static_cast<double>(first), 10000, 300);
    EXPECT_EQ(middle, 0u);
}

TEST(Smaa, KnowsTheExactAnswerOfTwoThreats) {
    // One criterion, x1 ~ N(55, 5), x2 ~ N(50, 5) on fixed quantiles: P(1 before 2) = Phi(5 / sqrt 50).
    constexpr std::size_t kDraws = 20000;
    core::Random random(5, 5);
    std::vector<float> cells(kDraws * 2), weights(kDraws, 1);
    for (std::size_t i = 0; i < kDraws; ++i) {
        cells[2 * i] = static_cast<float>(55 + 5 * random.normal());
        cells[2 * i + 1] = static_cast<float>(50 + 5 * random.normal());
    }
    const Smaa s = analyse(score_draws(cells, weights, 2, 1), cells, weights, 1);
    const double p = core::normal_cdf(5 / std::sqrt(50.0));
    EXPECT_NEAR(s.pairwise[1], p, 0.01);
    EXPECT_NEAR(s.acceptability[0], p, 0.01);
    EXPECT_NEAR(s.expected_rank[0], 2 - p, 0.01);
    EXPECT_NEAR(s.score[0].q95, 55 + 5 * 1.645, 0.2);
    EXPECT_EQ(s.band, (std::vector<int>{1, 1}));   // 0.76 is below 0.80
    EXPECT_DOUBLE_EQ(s.central_weights[0], 1);
}

TEST(Bands, AreOpenedByTheirLeaderAndDoNotChain) {
    // 0 beats 2 clearly; 1 beats 2 only just: 2 opens a band of its own all the same.
    const std::vector<double> p{0.5, 0.7, 0.9, 0.3, 0.5, 0.6, 0.1, 0.4, 0.5};
    EXPECT_EQ(tie_bands({0, 1, 2}, p), (std::vector<int>{1, 1, 2}));
    EXPECT_EQ(tie_bands({0, 1, 2}, p, 0.95), (std::vector<int>{1, 1, 1}));
    EXPECT_EQ(tie_bands({0, 1, 2}, p, 0.6), (std::vector<int>{1, 2, 3}));
}

TEST(Ranking, IsCalibratedOverSyntheticRegions) {
    // The full experiment, 500 regions a line, is bench/calibration; this is its short form.
    for (const double coverage : {0.3, 1.0}) {
        double right = 0, pairs = 0;
        for (std::uint64_t i = 0; i < 24; ++i) {
            RegionOptions options;
            options.threats = 16;
            options.criteria = 6;
            options.coverage = coverage;
            options.seed = 500 + i;
            const Ranked r = ranked(options);
            for (std::size_t a = 0; a < options.threats; ++a)
                for (std::size_t b = 0; b < options.threats; ++b)
                    if (const double p = r.smaa.pairwise[a * options.threats + b]; p >= 0.7 && p < 0.9 && a != b) {
                        right += r.region.scores[a] > r.region.scores[b] ? 1 : 0;
                        ++pairs;
                    }
        }
        ASSERT_GT(pairs, 300);
        EXPECT_NEAR(right / pairs, 0.8, 0.07) << "coverage " << coverage << ", pairs " << pairs;
    }
}

TEST(Ranking, WidensWhenEvidenceIsTakenAway) {
    RegionOptions options;
    options.threats = 16;
    options.criteria = 6;
    options.coverage = 1;
    options.seed = 77;
    const Ranked full = ranked(options);
    SyntheticRegion thin = full.region;
    std::erase_if(thin.grid.evidence, [](const Evidence& e) { return (e.threat * 31 + e.criterion * 7) % 10 < 7; });
    const Posterior p = fit(thin.grid, {.seed = 77, .chains = 2, .burn_in = 100, .kept = 150, .keep_members = false});
    EXPECT_GT(mean_width(rank(p, thin, 2000)), mean_width(full.smaa) + 1);
    // The bounds are wider still.
    EXPECT_GT(mean_width(rank(p, thin, 2000, Unknown::full_range)), mean_width(rank(p, thin, 2000)));
}

TEST(Ranking, FindsNothingWhereAllThreatsAreEqual) {
    double clear = 0, pairs = 0, first_band = 0;
    for (std::uint64_t i = 0; i < 6; ++i) {
        RegionOptions options;
        options.threats = 12;
        options.criteria = 6;
        options.coverage = 0.8;
        options.equal_threats = true;
        options.seed = 40 + i;
        const Ranked r = ranked(options);
        for (std::size_t a = 0; a < 12; ++a) {
            first_band += r.smaa.band[a] == 1 ? 1 : 0;
            for (std::size_t b = 0; b < 12; ++b) {
                if (a == b) continue;
                clear += r.smaa.pairwise[a * 12 + b] >= 0.95 ? 1 : 0;
                ++pairs;
            }
        }
    }
    EXPECT_LT(clear / pairs, 0.03);
    EXPECT_GT(first_band / 6, 6);   // of twelve: noise alone splits little off
}

TEST(Ranking, PutsAllEqualThreatsWithoutEvidenceIntoOneBand) {
    Grid grid;
    grid.threats = 6;
    grid.criteria = 3;
    grid.members = 2;
    grid.area_of_threat.assign(6, 0);
    grid.member_weight = {0.5, 0.5};
    SyntheticRegion region;
    region.central_weights.assign(3, 1.0 / 3);
    region.kappa = 15;
    const Smaa s = rank(fit(grid, {.seed = 1, .keep_members = false}), region, 8000);
    for (const int band : s.band) EXPECT_EQ(band, 1);
    for (std::size_t a = 0; a < 6; ++a)
        for (std::size_t b = 0; b < 6; ++b)
            if (a != b) { EXPECT_NEAR(s.pairwise[a * 6 + b], 0.5, 0.06); }
}

TEST(Ranking, DoesNotDependOnTheOrderOfTheCatalogue) {
    RegionOptions options;
    options.threats = 10;
    options.criteria = 5;
    options.areas = 2;
    options.coverage = 0.9;
    options.seed = 8;
    const Ranked r = ranked(options);
    SyntheticRegion turned = r.region;
    const auto label = [](std::size_t t) { return 9 - t; };
    for (Evidence& e : turned.grid.evidence) e.threat = label(e.threat);
    for (std::size_t t = 0; t < 10; ++t) turned.grid.area_of_threat[label(t)] = r.region.grid.area_of_threat[t];
    const Posterior p = fit(turned.grid, {.seed = 8, .chains = 2, .burn_in = 100, .kept = 400, .keep_members = false});
    const Smaa s = rank(p, turned, 4000);
    for (std::size_t t = 0; t < 10; ++t) EXPECT_NEAR(s.expected_rank[label(t)], r.smaa.expected_rank[t], 0.6);
}

TEST(Ranking, IsTheSameOnOneAndTwoThreads) {
    RegionOptions options;
    options.threats = 10;
    options.criteria = 5;
    const SyntheticRegion region = synthetic_region(options);
    const Posterior p = fit(region.grid, {.seed = 1, .burn_in = 20, .kept = 50, .keep_members = false});
    core::set_threads(1);
    const Smaa a = rank(p, region, 3000);
    core::set_threads(2);
    const Smaa b = rank(p, region, 3000);
    core::set_threads(0);
    EXPECT_EQ(a.pairwise, b.pairwise);
    EXPECT_EQ(a.central_weights, b.central_weights);
    EXPECT_EQ(a.expected_rank, b.expected_rank);
    EXPECT_EQ(a.confidence, b.confidence);
}

TEST(Summary, HoldsTheQuantiles) {
    std::vector<float> x(1001);
    std::iota(x.begin(), x.end(), 0.0F);
    std::reverse(x.begin(), x.end());
    const Summary s = summarise(x);
    EXPECT_DOUBLE_EQ(s.q05, 50);
    EXPECT_DOUBLE_EQ(s.q50, 500);
    EXPECT_DOUBLE_EQ(s.q95, 950);
    EXPECT_NEAR(s.mean, 500, 1e-9);
}

}  // namespace
}  // namespace threatlas::assess::ranking

#include "assess/ranking/explain_rank.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "assess/ranking/concordance.hpp"
#include "assess/ranking/information.hpp"
#include "assess/simulate.hpp"

namespace threatlas::assess::ranking {
namespace {

RC_GTEST_PROP(Attribution, AddsUpToTheScoreLessTheMeanScore, ()) {
    const auto raw = *rc::gen::container<std::vector<int>>(12, rc::gen::inRange(0, 101));
    const std::vector<double> cells(raw.begin(), raw.end()), weights{0.5, 0.3, 0.2};
    const auto phi = attribution(cells, weights);
    double mean = 0;
    for (std::size_t t = 0; t < 4; ++t)
        for (std::size_t c = 0; c < 3; ++c) mean += weights[c] * cells[t * 3 + c] / 4;
    for (std::size_t t = 0; t < 4; ++t) {
        double sum = 0, score = 0;
        for (std::size_t c = 0; c < 3; ++c) sum += phi[t * 3 + c], score += weights[c] * cells[t * 3 + c];
        RC_ASSERT(std::abs(sum - (score - mean)) < 1e-9);
    }
}

TEST(Flip, IsTheShiftThatSwapsTwoNeighbours) {
    // a leads by 10 on the first criterion, b by 10 on the second: 0.5 * 10 - 0.3 * 10 + 0 = 2 ahead.
    // Moving s from the first to the second changes that by 20 s.
    const std::vector<double> cells{60, 50, 50, 50, 60, 50}, weights{0.5, 0.3, 0.2};
    EXPECT_NEAR(flip_distance(cells, weights, 0, 1), 0.1, 1e-12);
    EXPECT_DOUBLE_EQ(flip_distance(cells, weights, 1, 0), 0);
    EXPECT_DOUBLE_EQ(flip_distance({60, 51, 50, 50}, {0.5, 0.5}, 0, 1), -1);  // better throughout: no weights do it
}
// No shift on a fine mesh of the simplex that is smaller may swap them.
TEST(Flip, NoSmallerShiftOfAMeshDoesIt) {
    const std::vector<double> cells{80, 30, 55, 40, 60, 58}, weights{0.4, 0.25, 0.35};
    const double found = flip_distance(cells, weights, 0, 1);
    double least = 1;
    for (int i = 0; i <= 400; ++i)
        for (int j = 0; i + j <= 400; ++j) {
            const double w[3] = {i / 400.0, j / 400.0, (400 - i - j) / 400.0};
            double lead = 0, shift = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                lead += w[c] * (cells[c] - cells[3 + c]);
                shift += std::abs(w[c] - weights[c]) / 2;
            }
            if (lead <= 0) least = std::min(least, shift);
        }
    EXPECT_NEAR(found, least, 0.01);
    EXPECT_LE(found, least + 1e-9);
}

Posterior two_part_posterior(float evidence_sd, float gap_sd) {
    // Four threats, two criteria: the first known, the second a gap.
    Posterior p;
    p.draws = 2000;
    p.threats = 4;
    p.criteria = 2;
    p.gap_sd.assign(p.draws, gap_sd);
    p.known_share = {1, 0, 1, 0, 1, 0, 1, 0};
    core::Random random(2, 2);
    for (std::size_t i = 0; i < p.draws; ++i)
        for (std::size_t t = 0; t < 4; ++t) {
            p.base.push_back(50 + evidence_sd * static_cast<float>(random.normal()));
            p.unit.push_back(0);
            p.base.push_back(50);
            p.unit.push_back(static_cast<float>(random.normal()));
        }
    p.known = p.base;
    return p;
}
TEST(Sobol, GivesTheShareToWhatVaries) {
    const SobolShares evidence = sobol_shares(two_part_posterior(10, 0.001F), {{{0.5, 0.5}, 1e6}}, 4096, 1);
    EXPECT_GT(evidence.evidence, 0.9);
    EXPECT_LT(evidence.gaps + evidence.weights, 0.06);
    const SobolShares gaps = sobol_shares(two_part_posterior(0.001F, 10), {{{0.5, 0.5}, 1e6}}, 4096, 1);
    EXPECT_GT(gaps.gaps, 0.9);
    EXPECT_LT(gaps.evidence + gaps.weights, 0.06);
    const SobolShares both = sobol_shares(two_part_posterior(10, 10), {{{0.5, 0.5}, 1e6}}, 4096, 1);
    EXPECT_NEAR(both.evidence, both.gaps, 0.08);
    EXPECT_GT(both.evidence, 0.3);
}

TEST(Information, IsLargeForTheCellThatDecidesAndNearNothingForOneThatDoesNot) {
    // Seven threats, fixed scores but for one: threat 5 lies anywhere, threat 6 always last.
    constexpr std::size_t kDraws = 8000, kThreats = 7;
    core::Random random(6, 6);
    std::vector<float> cells(kDraws * kThreats), weights(kDraws, 1);
    for (std::size_t i = 0; i < kDraws; ++i)
        for (std::size_t t = 0; t < kThreats; ++t)
            cells[i * kThreats + t] = t == 5 ? static_cast<float>(100 * random.uniform()) : t == 6 ? static_cast<float>(5 * random.uniform()) - 10 : 30 + 10 * static_cast<float>(t);
    const Scores s = score_draws(cells, weights, kThreats, 1);
    const auto bits = information(s, cells, std::vector<bool>(kThreats, true), 1);
    EXPECT_GT(bits[5], 0.8 * top_five_entropy(s));
    EXPECT_LT(bits[6], 0.02);
    EXPECT_DOUBLE_EQ(information(s, cells, std::vector<bool>(kThreats, false), 1)[5], 0);
}

TEST(RestsOn, AddsUpToOneAndFollowsTheEvidence) {
    RegionOptions options;
    options.threats = 10;
    options.criteria = 4;
    const SyntheticRegion region = synthetic_region(options);
    const RestsOn rests = rests_on(region.grid, {});
    const Structure s = lay_out(region.grid);
    for (std::size_t k = 0; k < rests.region.size(); ++k) {
        EXPECT_NEAR(rests.region[k].measured + rests.region[k].judged + rests.region[k].imputed, 1, 1e-9);
        EXPECT_EQ(s.cell_of[k] < 0, rests.region[k].imputed > 1 - 1e-12);
    }
    for (const Rests& r : rests.member) EXPECT_NEAR(r.measured + r.judged + r.imputed, 1, 1e-9);
}

// The public index is the mean of two plain means (Global Initiative 2021, methodology, 'Scoring').
// A small table made for this test, worked by hand: markets 6.00, 4.50, 7.50, 5.00 -> 5.75;
// actors 8.00, 6.50, 5.75 -> 6.75; criminality 6.25.
TEST(Gitoc, CriminalityIsTheMeanOfTwoMeans) {
    const std::vector<double> markets{6.00, 4.50, 7.50, 5.00}, actors{8.00, 6.50, 5.75};
    EXPECT_NEAR(gitoc_criminality(markets, actors), 6.25, 0.005);
    std::vector<double> all = markets;
    all.insert(all.end(), actors.begin(), actors.end());
    const double pooled = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
    EXPECT_GT(std::abs(pooled - 6.25), 0.005);   // the plain mean of all is another number
    EXPECT_TRUE(std::isnan(gitoc_criminality(markets, {})));
}

TEST(Profiles, FollowTheirRules) {
    std::vector<model::Criterion> criteria(3);
    criteria[0].id = "scale", criteria[0].component = "threat";
    criteria[1].id = "response", criteria[1].component = "vulnerability";
    criteria[2].id = "harm", criteria[2].component = "impact";
    model::Profile p;
    p.weights = {{"scale", 0.5}, {"response", 0.25}, {"harm", 0.25}};
    const std::vector<double> cells{80, 40, 50, 20, 100, 100};
    p.rule = "additive";
    EXPECT_NEAR(profile_scores(p, criteria, cells)[0], 62.5, 1e-9);
    p.rule = "product";
    EXPECT_NEAR(profile_scores(p, criteria, cells)[0], 16, 1e-9);
    p.rule = "geometric";
    EXPECT_NEAR(profile_scores(p, criteria, cells)[1], std::exp(0.5 * std::log(20.0) + 0.5 * std::log(100.0)), 1e-9);
    p.rule = "additive";
    p.weights = {{"harm", 1}};
    EXPECT_EQ(ranks_of(profile_scores(p, criteria, cells)), (std::vector<int>{2, 1}));
}

TEST(Concordance, KnowsItsTextbookValues) {
    EXPECT_NEAR(kendall_w({{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}}), 1, 1e-12);
    EXPECT_NEAR(kendall_w({{1, 2, 3}, {3, 2, 1}}), 0, 1e-12);
    // R 4.2: cor(c(1,2,3,4,5), c(2,1,4,3,5), method = 'spearman') = 0.8, 'kendall' = 0.6.
    EXPECT_NEAR(spearman({1, 2, 3, 4, 5}, {2, 1, 4, 3, 5}), 0.8, 1e-12);
    EXPECT_NEAR(kendall_tau({1, 2, 3, 4, 5}, {2, 1, 4, 3, 5}), 0.6, 1e-12);
}

}  // namespace
}  // namespace threatlas::assess::ranking

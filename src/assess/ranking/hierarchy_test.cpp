#include "assess/ranking/hierarchy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "assess/ranking/convergence.hpp"
#include "assess/ranking/smaa.hpp"
#include "assess/simulate.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess::ranking {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Grid one_cell_grid() {
    Grid grid;
    grid.threats = 2;
    grid.criteria = 1;
    grid.members = 2;
    grid.area_of_threat = {0, 0};
    grid.member_weight = {0.7, 0.3};
    return grid;
}
Evidence measurement(std::size_t threat, int member, double mean, double sd) {
    Evidence e;
    e.threat = threat;
    e.member = member;
    e.mean = mean;
    e.sd = sd;
    return e;
}

// Oracle: moments of the truncated normal in closed form (Johnson, Kotz and Balakrishnan 1994, 13.10.1).
TEST(TruncatedNormal, HasTheMomentsOfTheClosedForm) {
    const auto density = [](double x) { return std::isfinite(x) ? std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979) : 0.0; };
    for (const auto& [low, high] : {std::pair(-0.5, 1.0), std::pair(2.0, 3.0), std::pair(-kInfinity, -1.5), std::pair(1.0, kInfinity)}) {
        core::Random random(3, 1);
        double sum = 0;
        constexpr int kCount = 40000;
        for (int i = 0; i < kCount; ++i) {
            const double x = truncated_normal(10, 4, 10 + 4 * low, 10 + 4 * high, random);
            ASSERT_GE(x, 10 + 4 * low);
            ASSERT_LE(x, 10 + 4 * high);
            sum += x;
        }
        const double mass = core::normal_cdf(high) - core::normal_cdf(low);
        EXPECT_NEAR(sum / kCount, 10 + 4 * (density(low) - density(high)) / mass, 0.08) << low << ' ' << high;
    }
}
TEST(TruncatedNormal, StaysInsideFarInTheTails) {
    core::Random random(3, 2);
    for (const double far : {-60.0, -12.0, 12.0, 60.0}) {
        const double x = truncated_normal(0, 1, far, far + 1, random);
        EXPECT_GE(x, far);
        EXPECT_LE(x, far + 1);
    }
}

TEST(Structure, CollapsedCellsEqualTheDenseGaussian) {
    // Two members measured and the region: the information on z by hand, from the covariance
    // s2 * (I, w; w', w'w) + errors, inverted here without the shortcut of reduce().
    Grid grid = one_cell_grid();
    grid.evidence = {measurement(0, 0, 40, 5), measurement(0, 1, 60, 8), measurement(0, -1, 55, 4)};
    const Structure s = lay_out(grid);
    Spread spread;
    SiteData sites{{1 / 25.0, 1 / 64.0, 1 / 16.0}, {40, 60, 55}};
    const CellData cells = reduce(s, spread, sites);
    const double v = spread.member * spread.member, w[2] = {0.7, 0.3};
    double m[3][4] = {{v + 25, 0, v * w[0], 1}, {0, v + 64, v * w[1], 1}, {v * w[0], v * w[1], v * (w[0] * w[0] + w[1] * w[1]) + 16, 1}};
    for (int i = 0; i < 3; ++i)   // Gauss-Jordan: the last column becomes V^-1 1
        for (int j = 0; j < 3; ++j) {
            if (j == i) continue;
            const double f = m[j][i] / m[i][i];
            for (int k = 0; k < 4; ++k) m[j][k] -= f * m[i][k];
        }
    double information = 0, sum = 0;
    const double y[3] = {40, 60, 55};
    for (int i = 0; i < 3; ++i) information += m[i][3] / m[i][i], sum += m[i][3] / m[i][i] * y[i];
    ASSERT_EQ(cells.information.size(), 1U);
    EXPECT_NEAR(cells.information[0], information, 1e-12);
    EXPECT_NEAR(cells.mean[0], sum / information, 1e-9);
}

// Against the density of the dense Gaussian: four measurements of two threats by two members, the
// covariance written out from the model's definition.
TEST(Structure, MarginalLikelihoodEqualsTheDenseGaussian) {
    Grid grid = one_cell_grid();
    grid.evidence = {measurement(0, 0, 40, 5), measurement(0, 1, 60, 8), measurement(1, 0, 30, 6), measurement(1, -1, 35, 4)};
    const Structure s = lay_out(grid);
    const SiteData sites{{1 / 25.0, 1 / 64.0, 1 / 36.0, 1 / 16.0}, {40, 60, 30, 35}};
    const auto dense = [](const Spread& p) {
        const auto sq = [](double x) { return x * x; };
        const double all = sq(kMeanSpread) + sq(p.criterion) + sq(p.area) + sq(p.area_criterion), threat = sq(p.threat) + sq(p.cell), member = sq(p.member);
        const double error[4] = {25, 64, 36, 16}, y[4] = {-10, 10, -20, -15};
        const double share[4][2] = {{1, 0}, {0, 1}, {1, 0}, {0.7, 0.3}};   // of the members in each figure
        double v[4][5];
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 4; ++j) {
                const bool same = i / 2 == j / 2;
                v[i][j] = all + (same ? threat + member * (share[i][0] * share[j][0] + share[i][1] * share[j][1]) : 0) + (i == j ? error[i] : 0);
            }
        for (int i = 0; i < 4; ++i) v[i][4] = y[i];
        double log_det = 0, squares = 0;
        for (int i = 0; i < 4; ++i) {   // elimination: pivots give the determinant, residuals the form
            log_det += std::log(v[i][i]);
            squares += v[i][4] * v[i][4] / v[i][i];
            for (int r = i + 1; r < 4; ++r) {
                const double f = v[r][i] / v[i][i];
                for (int c = i; c < 5; ++c) v[r][c] -= f * v[i][c];
            }
        }
        return -(log_det + squares) / 2;
    };
    const auto ours = [&](const Spread& p) { return log_marginal(s, p, reduce(s, p, sites)); };
    const Spread base;
    for (const auto member : {&Spread::criterion, &Spread::area, &Spread::area_criterion, &Spread::threat, &Spread::cell, &Spread::member}) {
        Spread other = base;
        other.*member *= 2.5;
        EXPECT_NEAR(ours(other) - ours(base), dense(other) - dense(base), 1e-9);
    }
}

// The sampler against its own model by another road: with spreads held by the data's absence the
// expected cells of the linear solve and the posterior mean of the chains must agree.
TEST(Hierarchy, AgreesWithTheLinearSolveAtItsFittedSpreads) {
    RegionOptions options;
    options.threats = 12;
    options.criteria = 5;
    options.members = 4;
    options.coverage = 0.8;
    options.seed = 11;
    SyntheticRegion region = synthetic_region(options);
    std::erase_if(region.grid.evidence, [](const Evidence& e) { return e.is_grade; });
    region.grid.raters.clear();
    const Posterior p = fit(region.grid, {.seed = 5, .kept = 600, .keep_members = false});
    const Structure s = lay_out(region.grid);
    SiteData sites{std::vector<double>(s.sites.size(), 0), std::vector<double>(s.sites.size(), 0)};
    for (std::size_t j = 0; j < s.sites.size(); ++j) {
        ASSERT_EQ(s.sites[j].last, s.sites[j].first + 1);
        const Evidence& e = region.grid.evidence[s.order[s.sites[j].first]];
        sites.precision[j] = 1 / (e.sd * e.sd);
        sites.mean[j] = e.mean;
    }
    const std::vector<double> solved = expected_cells(s, p.spread, sites);
    double squares = 0;
    for (std::size_t k = 0; k < solved.size(); ++k) {
        double mean = 0;
        for (std::size_t i = 0; i < p.draws; ++i) mean += p.value(i, k) / static_cast<double>(p.draws);
        squares += (mean - solved[k]) * (mean - solved[k]) / static_cast<double>(solved.size());
    }
    EXPECT_LT(std::sqrt(squares), 1.5);   // points of 100; spreads are averaged in one and fixed in the other
    EXPECT_LT(p.r_hat, 1.1);
    EXPECT_GT(p.effective_draws, 50);
}

TEST(Hierarchy, RecoversAHarshAndALenientMember) {
    RegionOptions options;
    options.coverage = 1;
    options.only_grades = true;
    options.plain_raters = true;
    options.harsh = 20;
    options.seed = 21;
    const SyntheticRegion region = synthetic_region(options);
    const Posterior p = fit(region.grid, {.seed = 2, .kept = 200, .keep_members = false});
    EXPECT_NEAR(p.severity_mean[0] - p.severity_mean[1], 40, 10);
    EXPECT_GT(p.severity_mean[0], p.severity_mean[2] + 8);
    EXPECT_LT(p.severity_mean[1], p.severity_mean[2] - 8);
    // The region's report grades nothing here: its severity is the prior's.
    EXPECT_GT(p.severity_sd.back(), p.severity_sd[0]);
    const Posterior plain = fit(region.grid, {.seed = 2, .kept = 50, .severity = false, .keep_members = false});
    EXPECT_DOUBLE_EQ(plain.severity_mean[0], 0);
}

TEST(Hierarchy, PullsAFewGradesLessThanMany) {
    RegionOptions options;
    options.coverage = 1;
    options.only_grades = true;
    options.plain_raters = true;
    options.harsh = 20;
    options.seed = 22;
    SyntheticRegion region = synthetic_region(options);
    int kept = 0;
    std::erase_if(region.grid.evidence, [&](const Evidence& e) { return e.rater == 0 && ++kept > 2; });
    const Posterior p = fit(region.grid, {.seed = 2, .kept = 200, .keep_members = false});
    EXPECT_LT(p.severity_mean[0], 15);
    EXPECT_GT(p.severity_sd[0], 2 * p.severity_sd[2]);
}

// One rater alone: nothing tells its habit from what it chose to grade, so its grades stand.
TEST(Hierarchy, TheOnlyRaterIsTakenAtItsWord) {
    RegionOptions options;
    options.coverage = 1;
    options.seed = 23;
    SyntheticRegion region = synthetic_region(options);
    std::erase_if(region.grid.evidence, [](const Evidence& e) { return e.is_grade && e.rater != 0; });
    EXPECT_FALSE(severity_told(region.grid));
    const Posterior p = fit(region.grid, {.seed = 2, .kept = 50, .keep_members = false});
    EXPECT_DOUBLE_EQ(p.severity_mean[0], 0);
    EXPECT_DOUBLE_EQ(p.severity_sd[0], 0);
}

TEST(Hierarchy, IsTheSameOnOneAndTwoThreads) {
    RegionOptions options;
    options.threats = 8;
    options.criteria = 4;
    options.seed = 4;
    const SyntheticRegion region = synthetic_region(options);
    core::set_threads(1);
    const Posterior a = fit(region.grid, {.seed = 9, .burn_in = 20, .kept = 40});
    core::set_threads(2);
    const Posterior b = fit(region.grid, {.seed = 9, .burn_in = 20, .kept = 40});
    const Posterior other = fit(region.grid, {.seed = 10, .burn_in = 20, .kept = 40});
    core::set_threads(0);
    EXPECT_EQ(a.base, b.base);
    EXPECT_EQ(a.unit, b.unit);
    EXPECT_EQ(a.member, b.member);
    EXPECT_EQ(a.severity_mean, b.severity_mean);
    EXPECT_NE(a.base, other.base);
}

TEST(Hierarchy, AnEmptyGridGivesThePrior) {
    Grid grid = one_cell_grid();
    const Posterior p = fit(grid, {.seed = 1, .kept = 300});
    double mean = 0;
    for (std::size_t i = 0; i < p.draws; ++i) mean += p.value(i, 0) / static_cast<double>(p.draws);
    EXPECT_NEAR(mean, 50, 4);
    EXPECT_DOUBLE_EQ(p.known_share[0], 0);
}

TEST(Hierarchy, TheMembersCellsAddUpToTheRegion) {
    Grid grid = one_cell_grid();
    grid.evidence = {measurement(0, 0, 40, 5), measurement(0, -1, 55, 4), measurement(1, -1, 20, 3)};
    const Posterior p = fit(grid, {.seed = 1, .burn_in = 20, .kept = 50});
    for (std::size_t i = 0; i < p.draws; ++i)
        for (std::size_t k = 0; k < 2; ++k) {
            const double sum = 0.7 * static_cast<double>(p.member[(i * 2) * 2 + k]) + 0.3 * static_cast<double>(p.member[(i * 2 + 1) * 2 + k]);
            ASSERT_NEAR(sum, static_cast<double>(p.base[i * 2 + k]), 1e-3);
        }
}

TEST(Convergence, SeesChainsThatDisagreeAndDrawsThatHangTogether) {
    core::Random random(1, 1);
    std::vector<double> good(4000), apart(4000), slow(4000);
    double walk = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        good[i] = random.normal();
        apart[i] = random.normal() + (i < 1000 ? 2 : 0);
        walk = 0.9 * walk + random.normal();
        slow[i] = walk;
    }
    const Convergence a = convergence(good, 4), b = convergence(apart, 4), c = convergence(slow, 4);
    EXPECT_LT(a.r_hat, 1.01);
    EXPECT_GT(a.effective_draws, 3000);
    EXPECT_GT(b.r_hat, 1.2);
    // An autoregression of 0.9 is worth (1 - 0.9) / (1 + 0.9) of its draws.
    EXPECT_NEAR(c.effective_draws, 4000 * 0.1 / 1.9, 90);
}

}  // namespace
}  // namespace threatlas::assess::ranking

#include "analyse/forecast/reconcile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyse/forecast/counts.hpp"
#include "analyse/forecast/thefts_test.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast::testing {
namespace {

struct Case {
    Hierarchy parents;
    std::vector<Forecast> base;
};

// Nodes in any order: each one's parent comes before it in a random permutation.
Case random_case(std::uint64_t seed) {
    core::Random random(21, seed);
    const std::size_t n = 1 + random.below(40);
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = n; i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
    Case out{Hierarchy(n, kNoParent), std::vector<Forecast>(n)};
    for (std::size_t i = 1; i < n; ++i)
        if (random.uniform() < 0.95) out.parents[order[i]] = order[random.below(std::min<std::size_t>(i, 6))];
    for (Forecast& f : out.base)
        for (int h = 0; h < 3; ++h) f.steps.push_back(random.uniform() < 0.2 ? Step{} : count_step(std::exp(4 * random.normal()), 1 + random.exponential()));
    return out;
}

std::vector<double> means(const std::vector<Forecast>& all, std::size_t h) {
    std::vector<double> out;
    for (const Forecast& f : all) out.push_back(f.steps[h].mean);
    return out;
}

// What the parts of each node add up to; NaN for a leaf.
std::vector<double> sums(const Hierarchy& parents, const std::vector<double>& mean) {
    std::vector<double> out(mean.size(), std::nan(""));
    for (std::size_t v = 0; v < mean.size(); ++v)
        if (parents[v] != kNoParent) out[parents[v]] = (std::isnan(out[parents[v]]) ? 0 : out[parents[v]]) + mean[v];
    return out;
}

TEST(ForecastReconcile, AlwaysAgreesAndIsNeverNegative) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Case c = random_case(seed);
        const auto out = reconcile(c.parents, c.base).value();
        for (std::size_t h = 0; h < 3; ++h) {
            const auto mean = means(out, h), sum = sums(c.parents, mean);
            for (std::size_t v = 0; v < mean.size(); ++v) {
                ASSERT_GE(mean[v], 0);
                if (!std::isnan(sum[v])) { ASSERT_NEAR(mean[v], sum[v], 1e-9 * (1 + mean[v])) << seed; }
                const auto& q = out[v].steps[h].quantiles;
                ASSERT_GE(q.front(), 0);
                ASSERT_TRUE(std::is_sorted(q.begin(), q.end())) << seed;
            }
        }
        // What agrees is left alone.
        const auto again = reconcile(c.parents, out).value();
        for (std::size_t v = 0; v < out.size(); ++v)
            for (std::size_t i = 0; i < kQuantiles; ++i) ASSERT_NEAR(again[v].steps[1].quantiles[i], out[v].steps[1].quantiles[i], 1e-7 * (1 + out[v].steps[1].quantiles[i])) << seed;
    }
}

TEST(ForecastReconcile, IsTheLeastWeightedSquares) {
    // Root 0 over 1 and 2, each over two leaves. No other leaves that add up come closer.
    const Hierarchy parents = {kNoParent, 0, 0, 1, 1, 2, 2};
    const double given[] = {120, 50, 55, 20, 25, 30, 28}, leaves[] = {4, 2, 2, 1, 1, 1, 1};
    std::vector<Forecast> base(7);
    for (std::size_t v = 0; v < 7; ++v) base[v].steps.push_back(normal_step(given[v], 3));
    const auto mean = means(reconcile(parents, base).value(), 0);
    const auto badness = [&](double a, double b, double c, double d) {
        const double all[] = {a + b + c + d, a + b, c + d, a, b, c, d};
        double sum = 0;
        for (int v = 0; v < 7; ++v) sum += (all[v] - given[v]) * (all[v] - given[v]) / leaves[v];
        return sum;
    };
    const double least = badness(mean[3], mean[4], mean[5], mean[6]);
    for (int i = 0; i < 4; ++i)
        for (const double step : {-0.01, 0.01}) EXPECT_GT(badness(mean[3] + step * (i == 0), mean[4] + step * (i == 1), mean[5] + step * (i == 2), mean[6] + step * (i == 3)), least);
    EXPECT_GT(mean[0], 105);
    EXPECT_LT(mean[0], 120);
}

TEST(ForecastReconcile, QuantilesMoveWithTheMeanAndZeroStaysZero) {
    const Hierarchy parents = {kNoParent, 0, 0};
    std::vector<Forecast> base = {{"", {count_step(20, 1)}}, {"", {count_step(0.3, 1)}}, {"", {count_step(9, 1)}}};
    const auto out = reconcile(parents, base).value();
    EXPECT_EQ(out[1].steps[0].quantiles[2], 0);
    EXPECT_NEAR(out[2].steps[0].quantiles.back() - base[2].steps[0].quantiles.back(), out[2].steps[0].mean - 9, 1e-12);
    EXPECT_EQ(out[0].method, ", reconciled");
}

// The structural weights trust 41 cells as much as the whole: they gain, it loses.
TEST(ForecastReconcile, OnTheftsTheCellsGain) {
    const auto cells = thefts();
    std::vector<double> whole(cells[0].size(), 0.0);
    for (const auto& c : cells)
        for (std::size_t t = 0; t < whole.size(); ++t) whole[t] += c[t];
    Hierarchy parents(cells.size() + 1, 0);
    parents[0] = kNoParent;
    double before[2] = {0, 0}, after[2] = {0, 0};   // squared errors of the whole, of the cells
    for (const std::size_t origin : {156U, 169U, 182U, 195U}) {
        std::vector<Forecast> base = {forecast_counts(std::span(whole).first(origin), 52, 13).value()};
        for (const auto& c : cells) base.push_back(forecast_counts(std::span(c).first(origin), 52, 13).value());
        const auto out = reconcile(parents, base).value();
        for (std::size_t v = 0; v < out.size(); ++v)
            for (std::size_t h = 0; h < 13; ++h) {
                const double y = v == 0 ? whole[origin + h] : cells[v - 1][origin + h];
                before[v > 0] += std::pow(base[v].steps[h].mean - y, 2), after[v > 0] += std::pow(out[v].steps[h].mean - y, 2);
            }
    }
    EXPECT_LT(after[1], before[1]);
    EXPECT_LT(after[0], 1.2 * before[0]);
}

TEST(ForecastReconcile, BadInput) {
    const Forecast one{"", {normal_step(5, 1)}}, negative{"", {normal_step(-5, 1)}}, two{"", {normal_step(5, 1), normal_step(5, 1)}};
    EXPECT_EQ(reconcile({kNoParent, 7}, {one, one}).error().where.row, 2U);
    EXPECT_EQ(reconcile({1, 0}, {one, one}).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(reconcile({kNoParent}, {one, one}).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(reconcile({kNoParent, 0}, {one, two}).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(reconcile({kNoParent, 0}, {one, negative}).error().code, core::ErrorCode::bad_input);
    EXPECT_TRUE(reconcile({}, {}).value().empty());
    EXPECT_EQ(reconcile({kNoParent}, {one}).value()[0].steps[0].mean, 5);
}

}  // namespace
}  // namespace threatlas::analyse::forecast::testing

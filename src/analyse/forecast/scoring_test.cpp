#include "analyse/forecast/scoring.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "analyse/forecast/backtest.hpp"
#include "analyse/forecast/counts.hpp"
#include "analyse/forecast/thefts_test.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast::testing {
namespace {

TEST(ForecastScoring, SeasonalNaiveEqualsTheOracle) {
    const auto b = backtest(thefts(), seasonal_naive).value();
    EXPECT_NEAR(b.pinball, 0.3016, 5e-5);
    EXPECT_NEAR(b.mase, 0.980, 5e-4);
    EXPECT_NEAR(b.cover90, 0.922, 5e-4);
}

TEST(ForecastScoring, CrpsOfANormalIsTheExactOne) {
    const Step s = normal_step(3, 2);
    for (const double y : {-3.0, 0.0, 2.0, 3.0, 5.5, 9.0}) {
        const double z = (y - 3) / 2, density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
        const double exact = 2 * (z * (2 * core::normal_cdf(z) - 1) + 2 * density - 1 / std::sqrt(std::numbers::pi));
        EXPECT_NEAR(crps(s, y) / exact, 1, 0.01) << y;
    }
    EXPECT_NEAR(crps(normal_step(3, 0), 5), 2, 1e-12);   // of a point: the absolute error
    EXPECT_DOUBLE_EQ(pinball(4, 0.9, 6), 1.8);
    EXPECT_NEAR(pinball(4, 0.9, 3), 0.1, 1e-15);
}

TEST(ForecastScoring, RiseOfIndependentCountsIsStatedAsOftenAsItComes) {
    std::vector<double> stated, came;
    for (std::uint64_t i = 0; i < 4000; ++i) {
        core::Random random(5, i);
        std::vector<double> before(12);
        Forecast f{"truth", {}};
        double sum = 0, last = 0;
        const double mean = 1 + 9 * random.uniform();
        for (double& c : before) {
            last += c = static_cast<double>(random.poisson(mean));
            f.steps.push_back(count_step(mean, 1));
            sum += static_cast<double>(random.poisson(mean));
        }
        stated.push_back(probability_of_rise(f, before, 0).value()), came.push_back(sum > last ? 1 : 0);
    }
    const auto r = reliability(stated, came).value();
    for (const ReliabilityBin& bin : r.bins) EXPECT_NEAR(bin.stated, bin.came_true, 4 * std::sqrt(0.25 / static_cast<double>(std::max<std::size_t>(1, bin.count)))) << bin.lower;
    EXPECT_LT(r.brier, 0.75 * r.climatology);
}

TEST(ForecastScoring, RiseAtTheEdges) {
    const Forecast f{"", {count_step(4, 1), count_step(4, 1)}};
    const std::vector<double> none = {0, 0}, many = {500, 1}, one = {3}, gap = {3, std::nan("")};
    EXPECT_NEAR(probability_of_rise(f, none).value(), 1, 1e-3);
    EXPECT_LT(probability_of_rise(f, many).value(), 1e-9);
    EXPECT_EQ(probability_of_rise(f, one).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(probability_of_rise(f, gap).error().where.row, 2U);
    const std::vector<double> two = {0.3, 1.3}, yes = {1, 0};
    EXPECT_EQ(reliability(two, yes).error().where.row, 2U);
    EXPECT_EQ(reliability(two, one).error().code, core::ErrorCode::bad_usage);
}

TEST(ForecastScoring, BacktestIsTheSameOnAnyNumberOfThreads) {
    const auto series = thefts();
    core::set_threads(1);
    const auto one = backtest(series, forecast_counts).value();
    core::set_threads(4);
    const auto four = backtest(series, forecast_counts).value();
    core::set_threads(0);
    EXPECT_EQ(one.crps, four.crps);
    EXPECT_EQ(one.rise.brier, four.rise.brier);
}

TEST(ForecastScoring, WhatCannotBeJudgedIsSkipped) {
    std::vector<std::vector<double>> series(3, std::vector<double>(130, 2.0));   // constant: no scale
    series[1].resize(5);
    EXPECT_EQ(backtest(series, forecast_counts).error().code, core::ErrorCode::not_enough_data);
    for (std::size_t t = 0; t < 130; t += 2) series[2][t] = 3;
    series[2][120] = std::nan("");
    const auto b = backtest(series, forecast_counts).value();
    EXPECT_EQ(b.fits, 4U);
    EXPECT_EQ(b.skipped, 8U);
    EXPECT_EQ(backtest(series, forecast_counts, {.horizon = 0}).error().code, core::ErrorCode::bad_usage);
    EXPECT_TRUE(std::isnan(scale_of_changes(std::vector<double>{1})));
}

}  // namespace
}  // namespace threatlas::analyse::forecast::testing

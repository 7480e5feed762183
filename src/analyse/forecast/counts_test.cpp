#include "analyse/forecast/counts.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analyse/forecast/backtest.hpp"
#include "analyse/forecast/log_linear.hpp"
#include "analyse/forecast/smoothing.hpp"
#include "analyse/forecast/thefts_test.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast::testing {
namespace {

TEST(ForecastCounts, OnTheftsAtLeastAsGoodAsTheOracle) {
    const auto b = backtest(thefts(), forecast_counts).value();
    EXPECT_EQ(b.fits, 164U);
    EXPECT_LE(b.pinball, 0.2169);
    EXPECT_LE(b.mase, 0.707);
    EXPECT_GE(b.cover90, 0.93);
    EXPECT_LE(b.cover90, 0.96);
    EXPECT_GE(b.cover50, 0.5);   // whole counts: no interval holds less than it says
    EXPECT_GE(b.cover95, 0.95);
    EXPECT_LT(b.rise.brier, 0.85 * b.rise.climatology);
}

TEST(ForecastCounts, FindsSeasonAndHoldsTheTrend) {
    std::vector<double> counts(60);
    for (std::size_t t = 0; t < counts.size(); ++t) {
        core::Random random(8, t);
        const auto time = static_cast<double>(t);
        counts[t] = static_cast<double>(random.poisson(200 * std::exp(0.02 * (time - 59) + 0.5 * std::sin(2 * M_PI * time / 12))));
    }
    const auto fit = fit_log_linear(counts, 12).value();
    for (std::size_t h = 0; h < 24; ++h) {   // sixty months are five whole years
        const double truth = 200 * std::exp(0.5 * std::sin(2 * M_PI * static_cast<double>(h) / 12));
        EXPECT_NEAR(fit.mean(h) / truth, 1, 0.05) << h;
    }
    EXPECT_LT(fit.dispersion, 1.5);
}

TEST(ForecastCounts, SmoothedLevelIsTheMeanWhereNothingMoves) {
    std::vector<double> walk(400), noise(400);
    double level = 0;
    for (std::size_t t = 0; t < 400; ++t) {
        core::Random random(9, t);
        noise[t] = 1e6 + random.normal(), walk[t] = level += random.normal();
    }
    const auto still = smooth_level(noise).value(), moving = smooth_level(walk).value();
    EXPECT_LT(still.alpha, 0.05);
    EXPECT_NEAR(still.last, 1e6, 0.3);
    EXPECT_GT(moving.alpha, 0.9);
    EXPECT_NEAR(moving.last, walk.back(), 0.3);
    const std::vector<double> constant(30, 7.0);
    EXPECT_DOUBLE_EQ(smooth_level(constant).value().last, 7);
}

TEST(ForecastCounts, OddInput) {
    std::vector<double> zeros(104, 0.0), constant(104, 5.0), gaps(104, std::nan(""));
    const auto none = forecast_counts(zeros, 52, 4).value();
    EXPECT_EQ(none.steps[3].quantiles[20], 0);
    EXPECT_GT(none.steps[3].mean, 0);
    const auto same = forecast_counts(constant, 52, 4).value();
    EXPECT_NEAR(same.steps[0].mean, 5, 0.01);
    EXPECT_GT(same.steps[0].quantiles[20], 5);   // at least a Poisson's spread
    EXPECT_EQ(forecast_counts(gaps, 52, 4).error().code, core::ErrorCode::not_enough_data);
    for (std::size_t t = 0; t < 104; t += 9) gaps[t] = 3;
    EXPECT_NEAR(forecast_counts(gaps, 52, 4).value().steps[2].mean, 3, 0.1);
    zeros[103] = 40;   // one case after long silence
    const auto late = forecast_counts(zeros, 52, 60).value();
    for (const Step& s : late.steps) EXPECT_TRUE(s.mean > 0 && s.mean <= 40 && std::isfinite(s.quantiles.back()));
    zeros[0] = -1;
    EXPECT_EQ(forecast_counts(zeros, 52, 4).error().where.row, 1U);
    zeros[0] = HUGE_VAL;
    EXPECT_EQ(forecast_counts(zeros, 52, 4).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(forecast_counts(constant, 0, 4).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(forecast_counts(constant, 52, 0).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(forecast_counts(std::span(constant).first(1), 52, 4).error().code, core::ErrorCode::not_enough_data);
    EXPECT_NEAR(forecast_counts(std::span(constant).first(9), 52, 4).value().steps[0].mean, 5, 0.1);
}

TEST(ForecastCounts, SixtyYearsOfDays) {
    std::vector<double> days(std::size_t{60} * 365);
    for (std::size_t t = 0; t < days.size(); ++t) days[t] = t < std::size_t{50} * 365 ? 1e6 : static_cast<double>(t % 3);
    const auto f = forecast_counts(days, 365, 365).value();
    for (const Step& s : f.steps) ASSERT_TRUE(std::isfinite(s.mean) && s.quantiles.front() <= s.quantiles.back());
    EXPECT_LE(f.steps[0].quantiles.front(), 1);
    std::vector<double> large(200, 3e13);
    large[3] = 1;
    EXPECT_TRUE(std::isfinite(forecast_counts(large, 12, 12).value().steps[11].quantiles.back()));
}

TEST(ForecastPredictive, IntervalsAndProbabilities) {
    const Step s = normal_step(10, 2);
    EXPECT_NEAR(interval(s, 95).upper, 10 + 2 * 1.959964, 1e-5);
    EXPECT_NEAR(interval(s, 50).lower, 10 - 2 * 0.67449, 1e-5);
    EXPECT_EQ(interval(s, 80).upper, s.quantiles[19]);
    for (const double x : {2.0, 4.0, 7.3, 10.0, 12.4, 15.2, 18.0}) EXPECT_NEAR(probability_at_most(s, x), core::normal_cdf((x - 10) / 2), 0.003) << x;
    const Step point = normal_step(4, 0);
    EXPECT_EQ(probability_at_most(point, 3.9), 0);
    EXPECT_EQ(probability_at_most(point, 4), 1);
}

}  // namespace
}  // namespace threatlas::analyse::forecast::testing

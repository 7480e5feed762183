#include "analyse/early_warning/short_history.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analyse/early_warning/drift.hpp"
#include "analyse/early_warning/oracle_rows_test.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning::testing {
namespace {

struct OracleSeries {
    std::vector<double> counts, upper, expected;
    std::vector<std::size_t> period;
};

// By method and series.
std::map<std::string, std::map<std::string, OracleSeries>> oracle() {
    std::map<std::string, std::map<std::string, OracleSeries>> out;
    for (const auto& row : oracle_rows("short_history/expected.csv")) {
        OracleSeries& s = out[row[3]][row[0]];
        s.period.push_back(std::stoul(row[1]) - 1);
        s.counts.push_back(value(row[2])), s.upper.push_back(value(row[4])), s.expected.push_back(value(row[6]));
    }
    return out;
}

TEST(ShortHistory, EarsEqualsR) {
    const std::map<std::string, Ears> methods{{"C1", Ears::c1}, {"C2", Ears::c2}, {"C3", Ears::c3}};
    std::size_t compared = 0;
    for (const auto& [name, all] : oracle())
        if (const auto method = methods.find(name); method != methods.end())
            for (const auto& [id, s] : all)
                for (std::size_t i = 14; i < s.counts.size(); ++i, ++compared) {   // the rows begin at period 15
                    const auto v = ears(std::span(s.counts).first(i + 1), method->second, name == "C3" ? 0.025 : 0.001).value();
                    const double r = name == "C3" ? std::max(0.0, v.upper - v.expected + s.counts[i]) : v.upper;   // R's centre is the count itself
                    if (!std::isnan(s.upper[i])) { EXPECT_NEAR(r, s.upper[i], 1e-9 * std::max(1.0, s.upper[i])) << name << " " << id << " " << i; }
                }
    EXPECT_EQ(compared, 3 * 6 * 32U);
}

TEST(ShortHistory, BayesEqualsR) {
    const auto all = oracle();
    for (const auto& [id, s] : all.at("bayes"))
        for (std::size_t i = 6; i < s.counts.size(); ++i)   // R's reference: the six periods before
            EXPECT_EQ(bayes(std::span(s.counts).subspan(i - 6, 7), 0.005).value().upper, s.upper[i]) << id << " " << i;
}

TEST(ShortHistory, FalseAlarmsAreAsStated) {
    std::size_t alarms = 0, p_below = 0;
    constexpr std::size_t kRuns = 200000;
    for (std::uint64_t i = 0; i < kRuns; ++i) {
        core::Random random(4, i);
        std::vector<double> counts(9);
        for (double& c : counts) c = static_cast<double>(random.poisson(2.5));
        const auto v = bayes(counts, 0.01).value();
        alarms += v.alarm, p_below += v.p_value <= 0.01;
    }
    EXPECT_EQ(alarms, p_below);   // the bound and the p-value say the same
    EXPECT_LT(static_cast<double>(alarms), 0.01 * kRuns);
    EXPECT_GT(static_cast<double>(alarms), 0.002 * kRuns);
}

TEST(ShortHistory, BadInput) {
    const std::vector<double> nine(9, 3.0), fit(12, 3.0);
    EXPECT_EQ(ears(std::span(nine).first(7), Ears::c1, 0.001).error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(ears(nine, Ears::c2, 0.001).error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(ears(fit, Ears::c1, 0.7).error().code, core::ErrorCode::bad_usage);
    EXPECT_FALSE(ears(fit, Ears::c3, 0.001).value().alarm);   // a constant series
    auto bad = fit;
    bad[4] = -2;
    EXPECT_EQ(ears(bad, Ears::c1, 0.001).error().where.row, 5U);
    EXPECT_EQ(bayes(bad, 0.01).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(bayes(std::span(fit).first(1), 0.01).error().code, core::ErrorCode::not_enough_data);
    const std::vector<double> zeros(9, 0.0);
    EXPECT_EQ(bayes(zeros, 0.01).value().p_value, 1);
}

TEST(Drift, StatisticEqualsR) {
    std::size_t series = 0;
    for (const auto& [name, all] : oracle()) {
        if (!name.starts_with("nb_cusum_")) continue;
        for (const auto& [id, s] : all) {
            const auto d = drift(s.counts, s.expected, std::stod(name.substr(9))).value();
            for (std::size_t t = 0; t < s.counts.size(); ++t) EXPECT_NEAR(d.statistic[t], s.upper[t], 1e-9 * std::max(1.0, s.upper[t])) << name << " " << t;
            ++series;
        }
    }
    EXPECT_EQ(series, 4U);
}

TEST(Drift, SlowRisesAreFoundAndChanceIsNot) {
    std::size_t found = 0, chance = 0;
    const std::vector<double> expected(52, 10.0);
    for (std::uint64_t i = 0; i < 60; ++i) {
        core::Random random(3, i);
        std::vector<double> rising(52), none(52);
        for (std::size_t t = 0; t < 52; ++t) {
            const double noise = random.gamma(10) / 10;
            rising[t] = static_cast<double>(random.poisson(10 * noise * (1 + 0.015 * static_cast<double>(t))));   // up by three quarters within a year
            none[t] = static_cast<double>(random.poisson(10 * random.gamma(10) / 10));
        }
        found += drift(rising, expected, 0.1).value().p_bound < 0.01;
        chance += drift(none, expected, 0.1).value().p_bound < 0.05;
    }
    EXPECT_GE(found, 50U);
    EXPECT_LE(chance, 3U);   // 3 is what the bound allows
}

TEST(Drift, BadInput) {
    const std::vector<double> counts(10, 2.0), expected(10, 2.0), none(10, 0.0);
    EXPECT_EQ(drift(counts, none, 0.1).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(drift(counts, std::span(expected).first(9), 0.1).error().code, core::ErrorCode::bad_usage);
    auto gap = counts;
    gap[3] = std::nan("");
    EXPECT_TRUE(std::isnan(drift(gap, expected, 0.1).value().statistic[3]));
}

}  // namespace
}  // namespace threatlas::analyse::early_warning::testing

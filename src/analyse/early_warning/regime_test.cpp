#include "analyse/early_warning/regime.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "analyse/early_warning/farrington.hpp"
#include "analyse/early_warning/oracle_rows_test.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning::testing {
namespace {

// Detections on the Western Balkan route by month, from 2009-01; the example region's own file.
std::vector<double> western_balkan() {
    std::vector<double> out(180, 0);
    for (const auto& row : oracle_rows("../../examples/see/data/frontex_monthly_detections.csv"))
        if (row[0] == "Western Balkan Route") out[static_cast<std::size_t>((std::stoi(row[3].substr(0, 4)) - 2009) * 12 + std::stoi(row[3].substr(5)) - 1)] += std::stod(row[4]);
    return out;
}
std::size_t month(int year, int of_year) { return static_cast<std::size_t>((year - 2009) * 12 + of_year - 1); }

TEST(Regime, WarnsOfTheRouteAYearBeforeItsPeakAndIsNeverBlind) {
    const auto counts = western_balkan();
    const auto verdicts = walk_forward({counts, 12}).value();
    const auto high = [&](std::size_t t) { return verdicts[t].p_high < 0.005; };
    const auto low = [&](std::size_t t) { return verdicts[t].p_low < 0.005; };
    EXPECT_TRUE(high(month(2014, 9)));                       // the peak is October 2015
    for (std::size_t t = month(2014, 1); t < month(2014, 9); ++t) EXPECT_FALSE(high(t)) << t;
    EXPECT_TRUE(high(month(2015, 9)) && high(month(2015, 10)));
    EXPECT_TRUE(low(month(2016, 3)));                        // the route is closed
    EXPECT_GT(verdicts[month(2016, 8)].regime, verdicts[month(2016, 2)].regime);
    EXPECT_TRUE(high(month(2019, 12)));                      // the next rise is seen: the peak has not poisoned the years after it
    EXPECT_TRUE(low(month(2020, 4)));                        // borders shut
    EXPECT_TRUE(high(month(2021, 9)));
    std::size_t alarms = 0;
    for (std::size_t t = month(2016, 8); t < counts.size(); ++t) alarms += high(t) || low(t);
    EXPECT_LE(alarms, 8U);                                   // and does not cry without end
    for (std::size_t t = 12; t < counts.size(); ++t) {
        EXPECT_TRUE(verdicts[t].assessed);
        // A bound is never nothing, nor beyond what was ever seen.
        EXPECT_GT(verdicts[t].expected, counts[month(2020, 4)] / 10);
        EXPECT_LT(verdicts[t].expected, *std::max_element(counts.begin(), counts.end()));
    }
}

// The reference, on the same months: silent through the rise of 2019, then a bound of nothing.
TEST(Regime, TheReferenceFailsWhereItDoesNot) {
    const auto counts = western_balkan();
    FarringtonOptions options;
    options.mode = Mode::as_r;
    options.baseline.blocks = 1, options.baseline.half_window = 1, options.baseline.recent_left_out = 1;
    std::size_t silent = 0, cries = 0;
    double least = 1e9;
    for (std::size_t t = month(2016, 6); t < month(2020, 3); ++t) {
        const auto verdict = farrington({counts, 12}, t, options);
        silent += verdict && verdict->alarm != Alarm::yes;
    }
    for (std::size_t t = month(2020, 3); t < counts.size(); ++t) {
        const auto verdict = farrington({counts, 12}, t, options);
        cries += verdict && verdict->alarm == Alarm::yes;
        least = std::min(least, verdict ? verdict->expected : least);
    }
    EXPECT_EQ(silent, month(2020, 3) - month(2016, 6));      // December 2019 among them
    EXPECT_GE(cries, 15U);
    EXPECT_LT(least, 1);                                     // of a route that never fell below 90 a month
}

struct Null {
    int per_year;
    double mean, overdispersion, season;
};

// The share of evaluations below a level on series where nothing happens.
double realised(const Null& n, double level, std::size_t series, std::uint64_t seed) {
    std::size_t below = 0, all = 0;
    for (std::size_t s = 0; s < series; ++s) {
        core::Random random(seed, s);
        std::vector<double> counts(static_cast<std::size_t>(8 * n.per_year));
        for (std::size_t t = 0; t < counts.size(); ++t) {
            double mean = n.mean * std::exp(n.season * std::cos(2 * std::numbers::pi * static_cast<double>(t) / n.per_year));
            if (n.overdispersion > 0) mean *= random.gamma(1 / n.overdispersion) * n.overdispersion;
            counts[t] = static_cast<double>(random.poisson(mean));
        }
        const auto verdicts = walk_forward({counts, n.per_year}).value();
        for (std::size_t t = static_cast<std::size_t>(3 * n.per_year); t < counts.size(); ++t)
            if (verdicts[t].assessed) ++all, below += verdicts[t].p_high <= level;
    }
    return static_cast<double>(below) / static_cast<double>(all);
}

// p-values of counts are discrete: at most the level, up to the cap on overdispersion and what the season costs.
TEST(Regime, FalseAlarmsAreAsStatedWhereNothingHappens) {
    for (const double mean : {0.3, 3.0, 30.0, 300.0})
        for (const double overdispersion : {0.0, 0.1, 0.2}) {
            const Null weekly{52, mean, overdispersion, 0}, monthly{12, mean, overdispersion, 0};
            EXPECT_LT(realised(weekly, 0.01, 120, 5), 0.0135) << mean << " " << overdispersion;
            EXPECT_LT(realised(monthly, 0.01, 300, 6), 0.016) << mean << " " << overdispersion;
        }
    EXPECT_GT(realised({52, 300, 0.1, 0}, 0.01, 120, 5), 0.006);   // and it is no detector that never speaks
    EXPECT_LT(realised({52, 30, 0.1, 0.4}, 0.01, 120, 5), 0.014);
}

// Weekly counts of 6 that become `after` in week 200.
std::vector<RegimeVerdict> jump(double after, std::uint64_t seed) {
    core::Random random(seed, 9);
    std::vector<double> counts(260);
    for (std::size_t t = 0; t < counts.size(); ++t) counts[t] = static_cast<double>(random.poisson(t < 200 ? 6 : after));
    return walk_forward({counts, 52}).value();
}

TEST(Regime, FindsWhatIsPlantedAndSettlesAtTheNewLevel) {
    std::size_t found = 0, declared = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto moderate = jump(18, seed), steep = jump(90, seed);
        found += std::any_of(moderate.begin() + 200, moderate.begin() + 203, [](const auto& v) { return v.p_high < 0.005; });
        EXPECT_NEAR(moderate[259].expected, 18, 7) << seed;
        declared += steep[259].regime >= 1 && steep[259].began >= 200 && steep[259].began <= 203;
        EXPECT_NEAR(steep[230].expected, 90, 25) << seed;   // within months, though the jump is fifteenfold
    }
    EXPECT_GE(found, 97U);
    EXPECT_GE(declared, 97U);
}

TEST(Regime, MissingPeriodsAreNotZerosAndPopulationsScale) {
    std::vector<double> counts(120, 20), gaps = counts;
    for (std::size_t t = 60; t < 72; ++t) gaps[t] = std::nan("");
    const auto whole = walk_forward({counts, 12}).value(), holed = walk_forward({gaps, 12}).value();
    EXPECT_FALSE(holed[65].assessed);
    EXPECT_NEAR(holed[80].expected, whole[80].expected, 0.01);
    EXPECT_EQ(holed[119].regime, 0U);
    std::vector<double> people(120, 1000);
    for (std::size_t t = 60; t < 120; ++t) people[t] = 2000, counts[t] = 40;
    const auto scaled = walk_forward({counts, 12, people}).value();
    for (std::size_t t = 12; t < 120; ++t) EXPECT_GT(scaled[t].p_high, 0.05) << t;   // twice the people, twice the cases
}

TEST(Regime, BadInput) {
    const std::vector<double> good(30, 2.0);
    const std::vector<double> few(11, 1.0), days(21900, 3.0);
    EXPECT_EQ(walk_forward({few, 12}).error().code, core::ErrorCode::not_enough_data);
    auto bad = good;
    bad[7] = -1;
    EXPECT_EQ(walk_forward({bad, 12}).error().code, core::ErrorCode::bad_input);
    bad[7] = INFINITY;
    EXPECT_EQ(walk_forward({bad, 12}).error().where.row, 8U);
    const std::vector<double> nobody(30, 0.0);
    EXPECT_EQ(walk_forward({good, 12, nobody}).error().code, core::ErrorCode::bad_input);
    RegimeOptions options;
    options.switch_after = 1;
    EXPECT_EQ(walk_forward({good, 12}, options).error().code, core::ErrorCode::bad_usage);
    const std::vector<double> zeros(120, 0.0);
    const auto nothing = walk_forward({zeros, 12}).value();
    for (const auto& v : nothing)   // all zero: nothing to say, nothing absurd
        if (v.assessed) { EXPECT_TRUE(v.p_high == 1 && v.expected < 0.2); }
    EXPECT_TRUE(walk_forward({days, 365}));               // sixty years of days
}

}  // namespace
}  // namespace threatlas::analyse::early_warning::testing

#include "analyse/forecast/annual.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/parallel.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast::testing {
namespace {

struct World {
    const char* name;
    std::size_t members, years;
    double q, tau, common, sigma, unlike;   // unlike: sd of log sigma over members
    double damping;                         // of the drift ahead
    double lowest = 0.76, highest = 0.84;   // of the share within the 80 % interval
};

struct Share {
    double inside80 = 0, inside95 = 0;
};

// At one, two and three years ahead together.
Share covered(const World& w, std::uint64_t seed, int runs) {
    std::vector<Share> each(static_cast<std::size_t>(runs));
    core::parallel_for(each.size(), [&](std::size_t run) {
        Share& out = each[run];
        const auto n = static_cast<double>(3 * w.members * each.size());
        std::vector<std::vector<double>> past(w.members), coming(w.members);
        core::Random random(seed, run);
        for (std::size_t m = 0; m < w.members; ++m) {
            const double sigma = w.sigma * std::exp(w.unlike * random.normal());
            double level = 4 + 2 * random.normal(), drift = w.common + w.tau * sigma * random.normal();
            for (std::size_t t = 0; t < w.years + 3; ++t) {
                if (t >= w.years) drift *= w.damping;
                level += drift + sigma * std::sqrt(w.q) * random.normal();
                (t < w.years ? past : coming)[m].push_back(std::exp(level + sigma * std::sqrt(1 - w.q) * random.normal()));
            }
        }
        const auto f = forecast_annual(past, 3).value();
        for (std::size_t m = 0; m < w.members; ++m)
            for (std::size_t h = 0; h < 3; ++h) {
                const Step& s = f.members[m]->steps[h];
                const Interval eighty = interval(s, 80), most = interval(s, 95);
                out.inside80 += (eighty.lower <= coming[m][h] && coming[m][h] <= eighty.upper) / n;
                out.inside95 += (most.lower <= coming[m][h] && coming[m][h] <= most.upper) / n;
            }
    });
    Share all;
    for (const Share& s : each) all.inside80 += s.inside80, all.inside95 += s.inside95;
    return all;
}

TEST(ForecastAnnual, IntervalsHoldWhatTheySay) {
    const World worlds[] = {
        {"as assumed, nine members, eight years", 9, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"four years", 9, 4, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"fifteen years", 9, 15, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"a calm region that falls", 25, 10, 0.3, 0.2, -0.04, 0.06, 0.5, kDamping},
        {"a wild one", 9, 8, 0.9, 0.3, 0.05, 0.5, 0.4, kDamping},
        {"two members", 2, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"one member", 1, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
    };
    std::uint64_t seed = 70;
    for (const World& w : worlds) {
        const Share share = covered(w, ++seed, static_cast<int>(360 / w.members));
        EXPECT_GE(share.inside80, w.lowest) << w.name;
        EXPECT_LE(share.inside80, w.highest) << w.name;
        EXPECT_GE(share.inside95, 0.93) << w.name;
    }
}

TEST(ForecastAnnual, DriftThatGoesOnUndampedCostsLittle) {
    for (const double damping : {0.0, 1.0}) {
        const Share share = covered({"", 9, 8, 0.6, 0.3, 0.03, 0.15, 0.3, damping}, 90, 40);
        EXPECT_GE(share.inside80, 0.72) << damping;
        EXPECT_LE(share.inside80, 0.86) << damping;
    }
}

TEST(ForecastAnnual, AMemberLearnsFromTheOthers) {
    // Eight calm members and a short one: alone it would not know that this region is calm.
    std::vector<std::vector<double>> members;
    for (std::uint64_t m = 0; m < 9; ++m) {
        core::Random random(6, m);
        members.emplace_back();
        for (int t = 0; t < (m == 8 ? 4 : 12); ++t) members.back().push_back(1000 * std::exp(0.02 * random.normal()));
    }
    const auto together = forecast_annual(members, 1).value();
    const auto alone = forecast_annual(std::span(members).last(1), 1).value();
    const auto width = [](const Step& s) { return std::log(interval(s, 80).upper / interval(s, 80).lower); };
    EXPECT_LT(width(together.members[8]->steps[0]), 0.7 * width(alone.members[0]->steps[0]));
    EXPECT_LT(together.pool.sigma, 0.04);
}

TEST(ForecastAnnual, OddInput) {
    const double gap = std::nan("");
    const std::vector<std::vector<double>> members = {{5, 6, 7}, {5, 5, 5, 5, 5}, {0, 0, 0, 0}, {4, -1, 5, 6}, {10, gap, 12, 11, gap, 13}, {0, 3, 0, 2, 4}, {1e300, 1e300, 1e300, 1e-300}};
    const auto f = forecast_annual(members, 2).value();
    EXPECT_EQ(f.members[0].error().code, core::ErrorCode::not_enough_data);
    EXPECT_NEAR(f.members[1]->steps[1].quantiles[kMedian], 5, 0.5);
    EXPECT_LT(f.members[1]->steps[0].quantiles.front(), 5);   // a constant past is no promise
    EXPECT_EQ(f.members[2].error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(f.members[3].error().where.row, 2U);
    for (const std::size_t m : {4U, 5U, 6U})
        for (const Step& s : f.members[m]->steps) {
            EXPECT_TRUE(std::isfinite(s.mean) && s.quantiles.front() >= 0);
            for (std::size_t i = 1; i < kQuantiles; ++i) EXPECT_GE(s.quantiles[i], s.quantiles[i - 1]);
        }
    EXPECT_GT(interval(f.members[4]->steps[1], 80).upper, interval(f.members[4]->steps[0], 80).upper);
    EXPECT_EQ(forecast_annual(members, 0).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(forecast_annual(std::span(members).first(1), 1).error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(forecast_annual({}, 1).error().code, core::ErrorCode::not_enough_data);
}

}  // namespace
}  // namespace threatlas::analyse::forecast::testing

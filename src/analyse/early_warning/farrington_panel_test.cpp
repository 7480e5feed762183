#include "analyse/early_warning/farrington_panel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "core/random.hpp"

namespace threatlas::analyse::early_warning {
namespace {

// Seasonal counts of all sizes, some with gaps, one of zeros.
CountPanel panel(std::size_t series, std::size_t periods, int per_year) {
    CountPanel out;
    out.periods = periods, out.series = series, out.periods_per_year = per_year;
    out.at.resize(series * periods);
    for (std::size_t s = 0; s < series; ++s) {
        core::Random random(1, s);
        const double level = -2 + random.uniform() * 7, slope = 0.001 * (random.uniform() - 0.5);
        for (std::size_t t = 0; t < periods; ++t) {
            const double mean = std::exp(level + slope * static_cast<double>(t) + 0.4 * std::cos(2 * std::numbers::pi * static_cast<double>(t) / per_year));
            out.at[t * series + s] = s == 0 ? 0 : static_cast<std::int32_t>(random.poisson(mean * (0.5 + random.uniform())));
            if (s % 5 == 4 && random.uniform() < 0.03) out.at[t * series + s] = CountPanel::kMissing;
        }
    }
    return out;
}

std::vector<FarringtonOptions> options(int per_year) {
    FarringtonOptions plain, near, windows;
    near.baseline.recent_left_out = 3, near.trend_level = 0.05, near.threshold = Threshold::delta, near.alpha = 0.05;
    windows = near, windows.baseline.blocks = 1;
    if (per_year == 12) return {windows};
    return {plain, near, windows};
}

TEST(FarringtonPanel, EqualsTheReferenceOneByOne) {
    for (const int per_year : {52, 12}) {
        const CountPanel p = panel(61, per_year == 52 ? 330 : 90, per_year);
        for (const auto& each : options(per_year)) {
            const std::size_t now = p.periods - 1;
            const auto fast = farrington_panel(p, now, each);
            ASSERT_TRUE(fast) << core::describe(fast.error());
            for (std::size_t s = 0; s < p.series; ++s) {
                std::vector<double> counts(p.periods);
                for (std::size_t t = 0; t < p.periods; ++t) counts[t] = p.at[t * p.series + s] == CountPanel::kMissing ? std::nan("") : p.at[t * p.series + s];
                const auto slow = farrington({counts, per_year}, now, each);
                ASSERT_TRUE(slow);
                const auto& a = *slow;
                const auto& b = (*fast)[s];
                const auto near = [](double x, double y) { return (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= 1e-6 * std::max(1.0, std::abs(x)); };
                EXPECT_EQ(a.alarm, b.alarm) << s;
                EXPECT_TRUE(near(a.expected, b.expected) && near(a.dispersion, b.dispersion) && near(a.upper, b.upper)) << s << ": " << a.expected << " " << b.expected;
                if (a.alarm != Alarm::not_assessed && !std::isnan(a.upper)) { EXPECT_EQ(a.with_trend, b.with_trend) << s; }
            }
        }
    }
}

TEST(FarringtonPanel, EveryInstructionSetGivesTheSameBits) {
    const CountPanel p = panel(77, 330, 52);   // not a multiple of the lanes
    for (const auto& each : options(52)) {
        const auto portable = farrington_panel(p, 329, each, Instructions::portable).value();
        for (const auto set : {Instructions::avx2, Instructions::avx512}) {
            if (static_cast<int>(set) > static_cast<int>(best_instructions())) continue;
            const auto other = farrington_panel(p, 329, each, set).value();
            for (std::size_t s = 0; s < p.series; ++s)
                for (const auto member : {&FarringtonVerdict::expected, &FarringtonVerdict::upper, &FarringtonVerdict::dispersion, &FarringtonVerdict::slope, &FarringtonVerdict::p_value})
                    EXPECT_EQ(std::memcmp(&(portable[s].*member), &(other[s].*member), sizeof(double)), 0) << name(set) << " " << s;
        }
    }
}

TEST(FarringtonPanel, ShortHistoryAndBadOptionsAreErrors) {
    const CountPanel p = panel(3, 100, 52);
    EXPECT_EQ(farrington_panel(p, 99, {}).error().code, core::ErrorCode::not_enough_data);
    FarringtonOptions bad;
    bad.alpha = 0;
    EXPECT_FALSE(farrington_panel(panel(3, 330, 52), 329, bad));
    std::vector<double> counts(330, 2.0);
    counts[50] = -1;
    EXPECT_EQ(farrington({counts, 52}, 329, {}).error().code, core::ErrorCode::bad_input);
}

}  // namespace
}  // namespace threatlas::analyse::early_warning

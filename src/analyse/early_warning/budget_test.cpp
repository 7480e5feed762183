#include "analyse/early_warning/budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyse/early_warning/count_tail.hpp"
#include "analyse/early_warning/story.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning::testing {
namespace {

// Tests of counts where nothing is the matter: means from a few hundredths to hundreds.
std::vector<Trial> null_tests(std::size_t n, core::Random& random) {
    std::vector<Trial> out(n);
    for (std::size_t i = 0; i < n; ++i) {
        Trial& t = out[i];
        t.of = static_cast<Class>(i % 4);
        t.mean = 0.05 * static_cast<double>(1 + i % 7 * (i % 11) * 20);
        const double overdispersion = 0.1;
        t.dispersion = 1 + overdispersion * t.mean;
        const double count = static_cast<double>(random.poisson(t.mean * random.gamma(1 / overdispersion) * overdispersion));
        t.p = upper_tail(count, t.mean, t.dispersion);
    }
    return out;
}

std::size_t signals(const std::vector<Trial>& tests, const Spending& spending) {
    return static_cast<std::size_t>(std::count_if(tests.begin(), tests.end(), [&](const Trial& t) { return t.p <= spending.threshold[static_cast<std::size_t>(t.of)]; }));
}

TEST(Budget, HoldsOverAMillionTestsWhereNothingIsTheMatter) {
    constexpr int kPeriods = 5;
    double found = 0, expected = 0;
    for (int period = 0; period < kPeriods; ++period) {
        core::Random random(11, static_cast<std::uint64_t>(period));
        const auto tests = null_tests(200000, random);
        const auto spending = spend(tests, 200).value();
        EXPECT_LE(std::accumulate(spending.expected.begin(), spending.expected.end(), 0.0), 200 + 1e-9);
        found += static_cast<double>(signals(tests, spending));
        for (const double each : spending.expected) expected += each;
    }
    EXPECT_NEAR(found, expected, 4 * std::sqrt(expected));       // realised as stated
    EXPECT_GT(expected, 0.7 * 200 * kPeriods);                  // and most of it is spent, discrete as the counts are
}

TEST(Budget, DependenceDoesNotBreakIt) {
    // Every series ten times over: the false discovery rate would not say how many false ones to expect.
    double found = 0;
    constexpr int kPeriods = 300;
    for (int period = 0; period < kPeriods; ++period) {
        core::Random random(12, static_cast<std::uint64_t>(period));
        const auto few = null_tests(30, random);
        std::vector<Trial> tests;
        for (int copy = 0; copy < 10; ++copy) tests.insert(tests.end(), few.begin(), few.end());
        found += static_cast<double>(signals(tests, spend(tests, 1).value()));
    }
    EXPECT_LT(found, kPeriods + 4 * std::sqrt(10.0 * kPeriods));   // ten at a time
}

TEST(Budget, DiscreteTestsLeaveTheirUnspentShareToOthers) {
    std::vector<Trial> tests(1000, Trial{1, Class::rise_special, 0.01, 1});   // can hardly reject at all
    tests.push_back({0.004, Class::rise_special, 0, 1});
    const auto spending = spend(tests, 0.5).value();
    EXPECT_GT(spending.threshold[static_cast<std::size_t>(Class::rise_special)], 0.004);   // Bonferroni: 0.0005
    EXPECT_LE(spending.expected[static_cast<std::size_t>(Class::rise_special)], 0.5);
}

TEST(Budget, AFallFromNearlyNothingSpendsNothing) {
    std::vector<Trial> tests(1000, Trial{1, Class::fall, 0.5, 1, true});   // none at all has a probability of 0.6
    tests.push_back({0.005, Class::fall, 100, 1, true});
    const auto spending = spend(tests, 0.5).value();
    EXPECT_EQ(spending.threshold[static_cast<std::size_t>(Class::fall)], kLargestThreshold);
    EXPECT_LE(spending.expected[static_cast<std::size_t>(Class::fall)], kLargestThreshold);
}

TEST(Budget, QValuesAreBenjaminiHochbergs) {
    const std::vector<double> p{0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216};   // their 1995 paper's kind
    std::vector<Trial> tests;
    for (const double each : p) tests.push_back({each, Class::fall, 0, 1});
    const auto q = spend(tests, 1).value().q;
    EXPECT_NEAR(q[0], 0.01, 1e-12);
    EXPECT_NEAR(q[1], 0.04, 1e-12);
    EXPECT_EQ(q[2], 1);                // no signal
    // Tests that can hardly reject do not make the others doubtful.
    for (int i = 0; i < 1000; ++i) tests.push_back({1, Class::fall, 0.5, 1, true});
    EXPECT_NEAR(spend(tests, 1).value().q[1], 0.04, 1e-12);
}

TEST(Budget, BadInput) {
    EXPECT_EQ(spend({}, 0).error().code, core::ErrorCode::bad_usage);
    EXPECT_EQ(spend({Trial{2, Class::fall, 0, 1}}, 1).error().code, core::ErrorCode::internal);
    EXPECT_TRUE(spend({}, 1).value().q.empty());
}

// 0 is above 1 and 2, 1 above 3; 4 stands alone.
const std::vector<std::vector<std::uint32_t>> kParents{{}, {0}, {0}, {1}, {}};

TEST(Stories, OneChildThatExplainsItsParentsTellsTheStory) {
    const std::vector<Flagged> flagged{{0, 100, 0, 1e-4, {}}, {1, 95, 1, 1e-5, {}}, {3, 90, 2, 1e-6, {}}, {4, 7, 0, 1e-9, {}}};
    const auto told = stories(flagged, kParents);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].teller, 3U);                    // surest first
    EXPECT_EQ(told[1].teller, 2U);
    EXPECT_EQ(told[1].others, (std::vector<std::uint32_t>{0, 1}));
}

TEST(Stories, SeveralChildrenTogetherAreTheirParentsStory) {
    const std::vector<Flagged> flagged{{0, 100, 0, 1e-4, {}}, {1, 55, 1, 1e-3, {}}, {2, 45, 1, 1e-3, {}}};
    const auto told = stories(flagged, kParents);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].teller, 0U);
    EXPECT_EQ(told[0].others.size(), 2U);
}

TEST(Stories, AGenerationThatIsNotFlaggedStillLinksAndSoDoTheSameRows) {
    EXPECT_EQ(stories({{0, 100, 0, 1e-4, {}}, {3, 90, 2, 1e-6, {}}}, kParents).size(), 1U);
    EXPECT_EQ(stories({{2, 10, 1, 1e-4, {4, 5, 9}}, {4, 9, 1, 1e-6, {5, 9, 11}}}, kParents).size(), 1U);
    EXPECT_EQ(stories({{2, 10, 1, 1e-4, {4, 5, 9}}, {4, 9, 1, 1e-6, {1, 9, 11}}}, kParents).size(), 2U);
    EXPECT_TRUE(stories({}, kParents).empty());
}

}  // namespace
}  // namespace threatlas::analyse::early_warning::testing

#include "assess/indicators/harm.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/small_catalogue_test.hpp"

namespace threatlas::assess::indicators {
namespace {

const std::vector<double> kDays{1, 10, 100, 1000, 5475};

model::Catalogue with_harm(double low, double high) {
    model::Catalogue c = small_catalogue();
    c.criteria.back().harm_days = kDays;
    c.threats.front().harm_days_low = low, c.threats.front().harm_days_high = high;
    c.threats.front().harm_source = "a published scale";
    return c;
}
std::optional<Judged> harm_of(const model::Catalogue& catalogue) {
    const auto snapshot = SnapshotBuilder().done();
    return harm(Context(snapshot, catalogue, Options{}), 0);
}

TEST(Harm, ScoreIsLogarithmicBetweenTheAnchors) {
    EXPECT_EQ(harm_score(kDays, 0.5), 0);
    EXPECT_NEAR(harm_score(kDays, 10), 25, 1e-9);
    EXPECT_NEAR(harm_score(kDays, std::sqrt(10 * 100)), 37.5, 1e-9);
    EXPECT_NEAR(harm_score(kDays, 5475), 100, 1e-9);
    EXPECT_EQ(harm_score(kDays, 9000), 100);
}

// Log-uniform days between two anchors are uniform scores: mean and spread are known.
TEST(Harm, ARangeBecomesItsUniformScore) {
    const auto judged = harm_of(with_harm(10, 1000));
    ASSERT_TRUE(judged && judged->evidence);
    EXPECT_EQ(judged->evidence->basis, Basis::judged);
    EXPECT_EQ(judged->evidence->criterion, 2U);
    EXPECT_EQ(judged->evidence->member, -1);
    EXPECT_NEAR(judged->figure.score.mean, 50, 1);
    EXPECT_NEAR(judged->figure.score.sd, 50 / std::sqrt(12.0), 1);
    EXPECT_NEAR(judged->evidence->sd, std::hypot(50 / std::sqrt(12.0), kProxySd.value), 1);
    EXPECT_EQ(judged->figure.citation, "a published scale");
}

TEST(Harm, WiderRangeIsWiderAndNoRangeIsNoEvidence) {
    EXPECT_GT(harm_of(with_harm(2, 4000))->evidence->sd, harm_of(with_harm(50, 60))->evidence->sd);
    EXPECT_FALSE(harm_of(with_harm(0, 0)));
    EXPECT_FALSE(harm_of(small_catalogue()));   // no criterion is counted in days
}

}  // namespace
}  // namespace threatlas::assess::indicators

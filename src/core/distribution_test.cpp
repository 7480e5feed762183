// The distributions against their closed forms: the largest gap between the share of draws below x
// and the distribution function (Kolmogorov), which sees shape and tails where moments do not.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "core/random.hpp"

namespace threatlas::core {
namespace {

constexpr std::size_t kDraws = 100000;
// P(sqrt(n) D > 2.2) is about 1.3e-4 (Kolmogorov's limit); for counts the bound is wider than it need be.
const double kBound = 2.2 / std::sqrt(static_cast<double>(kDraws));

using Draw = std::function<double(Random&)>;
using Cdf = std::function<double(double)>;

// Largest gap on the drawn values; ties are taken together, so that it serves counts as well.
double gap(const Draw& draw, const Cdf& cdf, bool counts = false) {
    Random random(20260101, stream_id("distribution_test"));
    std::vector<double> x(kDraws);
    for (double& each : x) each = draw(random);
    std::sort(x.begin(), x.end());
    double worst = 0;
    for (std::size_t i = 0; i < kDraws; ++i) {
        if (i + 1 < kDraws && x[i + 1] == x[i]) continue;
        const double f = cdf(x[i]), share = static_cast<double>(i + 1) / kDraws;
        worst = std::max(worst, std::abs(share - f));
        if (!counts) worst = std::max(worst, std::abs(f - static_cast<double>(i) / kDraws));
    }
    return worst;
}

Cdf gamma_cdf(double shape) {
    return [shape](double x) { return boost::math::cdf(boost::math::gamma_distribution<>(shape), x); };
}
Cdf poisson_cdf(double mean) {
    return [mean](double x) { return boost::math::cdf(boost::math::poisson_distribution<>(mean), x); };
}

TEST(Distribution, UniformNormalExponential) {
    EXPECT_LT(gap([](Random& r) { return r.uniform(); }, [](double x) { return x; }), kBound);
    EXPECT_LT(gap([](Random& r) { return r.normal(); }, normal_cdf), kBound);
    EXPECT_LT(gap([](Random& r) { return r.exponential(); }, [](double x) { return -std::expm1(-x); }), kBound);
}

TEST(Distribution, GammaOfSmallAndLargeShapes) {
    for (const double shape : {0.1, 0.5, 1.0, 1.5, 7.0, 300.0}) EXPECT_LT(gap([=](Random& r) { return r.gamma(shape); }, gamma_cdf(shape)), kBound) << shape;
}

TEST(Distribution, BetaOfEveryForm) {
    for (const auto& [a, b] : {std::pair{0.5, 0.5}, {1.0, 1.0}, {2.0, 5.0}, {0.03, 1.5}, {40.0, 3.0}})
        EXPECT_LT(gap([a = a, b = b](Random& r) { return r.beta(a, b); }, [d = boost::math::beta_distribution<>(a, b)](double x) { return boost::math::cdf(d, std::clamp(x, 0.0, 1.0)); }), kBound) << a << ' ' << b;
}

TEST(Distribution, StudentOfFewDegrees) {
    for (const double degrees : {1.0, 3.0, 12.0})
        EXPECT_LT(gap([=](Random& r) { return r.student_t(degrees); }, [d = boost::math::students_t_distribution<>(degrees)](double x) { return boost::math::cdf(d, x); }), kBound) << degrees;
}

// 30 is where the method changes; 1000 goes round its reduction several times.
TEST(Distribution, PoissonOnBothSidesOfTheChangeOfMethod) {
    for (const double mean : {0.2, 3.0, 29.9, 30.1, 200.0, 1000.0}) EXPECT_LT(gap([=](Random& r) { return static_cast<double>(r.poisson(mean)); }, poisson_cdf(mean), true), kBound) << mean;
    Random random(1, 2);
    EXPECT_EQ(random.poisson(0), 0U);
}

TEST(Distribution, DirichletMarginsAreBetas) {
    const std::vector<double> alpha{0.6, 2, 3.4};
    for (std::size_t k = 0; k < alpha.size(); ++k) {
        const auto draw = [&](Random& r) {
            std::vector<double> out(3);
            r.dirichlet(alpha, out);
            return out[k];
        };
        EXPECT_LT(gap(draw, [d = boost::math::beta_distribution<>(alpha[k], 6 - alpha[k])](double x) { return boost::math::cdf(d, x); }), kBound) << k;
    }
}

// Negative control: the bound tells a parameter that is three per cent off, and a neighbouring form.
TEST(Distribution, TheBoundSeesAWrongParameter) {
    EXPECT_GT(gap([](Random& r) { return r.gamma(7.2); }, gamma_cdf(7)), kBound);
    EXPECT_GT(gap([](Random& r) { return 1.03 * r.normal(); }, normal_cdf), kBound);
    EXPECT_GT(gap([](Random& r) { return static_cast<double>(r.poisson(3.1)); }, poisson_cdf(3), true), kBound);
    EXPECT_GT(gap([](Random& r) { return 200 + std::sqrt(210.0) * r.normal(); }, poisson_cdf(200), true), kBound);
    EXPECT_GT(gap([](Random& r) { return r.student_t(12); }, normal_cdf), kBound);
}

// A gamma of shape 0.001 is 0 in double precision almost half the time.
TEST(Distribution, TinyShapesGiveNumbers) {
    Random random(5, 6);
    double mean = 0;
    std::vector<double> out(3), sum(3);
    for (int i = 0; i < 20000; ++i) {
        const double x = random.beta(0.001, 0.003);
        ASSERT_TRUE(x >= 0 && x <= 1) << x;
        mean += x / 20000;
        random.dirichlet(std::vector<double>{0.001, 0.002, 0}, out);
        ASSERT_NEAR(out[0] + out[1] + out[2], 1, 1e-12);
        for (std::size_t k = 0; k < 3; ++k) sum[k] += out[k] / 20000;
    }
    EXPECT_NEAR(mean, 0.25, 0.0125);   // four standard errors
    EXPECT_NEAR(sum[0], 1.0 / 3, 0.0135);
    EXPECT_EQ(sum[2], 0);
}

TEST(Distribution, BelowIsEvenAndInBounds) {
    Random random(9, 9);
    std::vector<double> count(6);
    for (std::size_t i = 0; i < kDraws; ++i) ++count.at(random.below(6));
    double chi = 0;
    const double each = kDraws / 6.0;
    for (const double n : count) chi += (n - each) * (n - each) / each;
    EXPECT_LT(chi, 25.74);   // 0.9999 quantile of chi-squared, 5 degrees
    for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0U);
    constexpr std::uint64_t kHuge = (1ULL << 63) + 1;   // nearly half of all words are thrown away
    for (int i = 0; i < 1000; ++i) ASSERT_LT(random.below(kHuge), kHuge);
}

TEST(Distribution, StreamsOfOneSeedDoNotCorrelate) {
    for (const auto& [stream, part] : {std::pair{stream_id("b"), 0ULL}, {stream_id("a"), 1ULL}, {stream_id("a"), 1ULL << 32}, {stream_id("a") + 1, 0ULL}}) {
        Random a(1, stream_id("a")), b(1, stream, part);
        double product = 0;
        for (std::size_t i = 0; i < kDraws; ++i) product += a.normal() * b.normal();
        EXPECT_LT(std::abs(product) / std::sqrt(static_cast<double>(kDraws)), 4) << stream << ' ' << part;
    }
}

TEST(Distribution, UniformNeverReachesItsEnds) {
    Random random(3, 3);
    double low = 1, high = 0;
    for (int i = 0; i < 1000000; ++i) {
        const double u = random.uniform();
        low = std::min(low, u), high = std::max(high, u);
    }
    EXPECT_GT(low, 0);
    EXPECT_LT(high, 1);
    EXPECT_LT(low, 1e-4);
    EXPECT_GT(high, 1 - 1e-4);
}

TEST(Distribution, NormalQuantileAtItsEnds) {
    EXPECT_EQ(normal_quantile(0), -INFINITY);
    EXPECT_EQ(normal_quantile(1), INFINITY);
    for (const double p : {-0.1, 1.1, std::nan("")}) EXPECT_TRUE(std::isnan(normal_quantile(p))) << p;
    EXPECT_EQ(normal_quantile(0.5), 0);
    for (const double p : {1e-300, 1e-100, 1e-20, 1e-5, 0.075, 0.425}) EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 1e-11) << p;
    EXPECT_EQ(normal_quantile(0.25), -normal_quantile(0.75));
}

}  // namespace
}  // namespace threatlas::core

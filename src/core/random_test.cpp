#include "core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace threatlas::core {
namespace {

// Known answers of the authors' Random123 distribution (kat_vectors), ten rounds.
TEST(Philox, KnownAnswers) {
    using Block = std::array<std::uint32_t, 4>;
    constexpr std::uint32_t kOnes = 0xffffffff;
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}), (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, AStreamIsAFunctionOfItsNames) {
    Random a(7, stream_id("x")), b(7, stream_id("x")), other_seed(8, stream_id("x")), other_stream(7, stream_id("y")), other_part(7, stream_id("x"), 1);
    const auto first = a.bits();
    EXPECT_EQ(first, b.bits());
    EXPECT_NE(first, other_seed.bits());
    EXPECT_NE(first, other_stream.bits());
    EXPECT_NE(first, other_part.bits());
}

struct Moments {
    double mean = 0, variance = 0;
};
Moments moments(const std::function<double(Random&)>& draw, std::size_t n = 200000) {
    Random random(20240229, stream_id("moments"));
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = draw(random);
        sum += x, squares += x * x;
    }
    const double mean = sum / static_cast<double>(n);
    return {mean, squares / static_cast<double>(n) - mean * mean};
}

// Mean and variance in closed form; four standard errors of 200,000 draws.
TEST(Random, DistributionsHaveTheirMoments) {
    struct Case {
        const char* name;
        std::function<double(Random&)> draw;
        double mean, variance, kurtosis_room;
    };
    const std::vector<Case> cases{
        {"uniform", [](Random& r) { return r.uniform(); }, 0.5, 1.0 / 12, 1},
        {"normal", [](Random& r) { return r.normal(); }, 0, 1, 1},
        {"exponential", [](Random& r) { return r.exponential(); }, 1, 1, 3},
        {"gamma 0.3", [](Random& r) { return r.gamma(0.3); }, 0.3, 0.3, 5},
        {"gamma 4.5", [](Random& r) { return r.gamma(4.5); }, 4.5, 4.5, 2},
        {"beta", [](Random& r) { return r.beta(2, 5); }, 2.0 / 7, 10.0 / (49 * 8), 1},
        {"student 9", [](Random& r) { return r.student_t(9); }, 0, 9.0 / 7, 3},
        {"poisson 0.7", [](Random& r) { return static_cast<double>(r.poisson(0.7)); }, 0.7, 0.7, 2},
        {"poisson 80", [](Random& r) { return static_cast<double>(r.poisson(80)); }, 80, 80, 1},
        {"below 10", [](Random& r) { return static_cast<double>(r.below(10)); }, 4.5, 8.25, 1}};
    for (const Case& each : cases) {
        const Moments m = moments(each.draw);
        EXPECT_NEAR(m.mean, each.mean, 4 * std::sqrt(each.variance / 200000)) << each.name;
        EXPECT_NEAR(m.variance / each.variance, 1, 4 * each.kurtosis_room * std::sqrt(2.0 / 200000)) << each.name;
    }
    // Negative control: the bounds are narrow enough to tell a wrong parameter.
    EXPECT_GT(std::abs(moments([](Random& r) { return r.gamma(4.55); }).mean - 4.5), 4 * std::sqrt(4.5 / 200000));
}

TEST(Random, DirichletSumsToOneWithItsMeans) {
    Random random(3, 4);
    const std::vector<double> alpha{1, 3, 0.5};
    std::vector<double> out(3), sum(3, 0);
    for (int i = 0; i < 50000; ++i) {
        random.dirichlet(alpha, out);
        ASSERT_NEAR(out[0] + out[1] + out[2], 1, 1e-12);
        for (std::size_t k = 0; k < 3; ++k) sum[k] += out[k] / 50000;
    }
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(sum[k], alpha[k] / 4.5, 0.006);
}

// R: qnorm and pnorm.
TEST(Normal, QuantileAndDistributionFunction) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
    EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-12);
    EXPECT_NEAR(normal_cdf(-6.361340902404056), 1e-10, 1e-22);
    EXPECT_NEAR(normal_cdf(1), 0.8413447460685429, 1e-15);
    for (double p = 0.001; p < 1; p += 0.001) ASSERT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-14);
}

}  // namespace
}  // namespace threatlas::core

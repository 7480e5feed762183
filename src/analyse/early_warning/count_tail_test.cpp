#include "analyse/early_warning/count_tail.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace threatlas::analyse::early_warning {
namespace {

// Term by term from the definition.
double probability(int k, double mean, double dispersion) {
    if (dispersion == 1) return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
    const double size = mean / (dispersion - 1), q = (dispersion - 1) / dispersion;
    return std::exp(std::lgamma(k + size) - std::lgamma(size) - std::lgamma(k + 1.0) + k * std::log(q) - size * std::log(dispersion));
}

TEST(CountTail, IsTheSumOfItsTerms) {
    for (const double mean : {0.05, 0.7, 4.0, 60.0})
        for (const double dispersion : {1.0, 1.3, 5.0}) {
            double below = 0;
            for (int k = 0; k < 100; ++k) {
                const double tail = 1 - below;
                if (tail > 1e-3) { EXPECT_NEAR(upper_tail(k, mean, dispersion) / tail, 1, 1e-9) << mean << " " << dispersion << " " << k; }
                below += probability(k, mean, dispersion);
            }
        }
    EXPECT_EQ(upper_tail(0, 3, 2), 1);
}

TEST(CountTail, TheQuantileIsTheLeastCountThatReachesIt) {
    for (const double mean : {0.05, 0.7, 4.0, 60.0, 5000.0})
        for (const double dispersion : {1.0, 1.3, 5.0})
            for (const double p : {0.5, 0.95, 0.995}) {
                const double q = count_quantile(p, mean, dispersion);
                EXPECT_GE(1 - upper_tail(q + 1, mean, dispersion), p - 1e-12);
                if (q > 0) { EXPECT_LT(1 - upper_tail(q, mean, dispersion), p); }
                const auto both = tail_and_quantile(7, p, mean, dispersion);
                EXPECT_EQ(both.quantile, q);
                EXPECT_NEAR(both.tail, upper_tail(7, mean, dispersion), 1e-12);
            }
    EXPECT_TRUE(std::isinf(count_quantile(0.99, INFINITY, 2)));
}

}  // namespace
}  // namespace threatlas::analyse::early_warning

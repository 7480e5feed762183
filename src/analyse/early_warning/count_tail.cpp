#include "analyse/early_warning/count_tail.hpp"

#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <limits>

namespace threatlas::analyse::early_warning {
namespace {

using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>, boost::math::policies::discrete_quantile<boost::math::policies::real>>;
using NegativeBinomial = boost::math::negative_binomial_distribution<double, Policy>;
using Poisson = boost::math::poisson_distribution<double, Policy>;

// The smallest whole x from `start` on, or below it, with cdf(x) >= probability.
template <class Distribution>
double search(const Distribution& distribution, double probability) {
    double x = std::max(0.0, std::floor(boost::math::quantile(distribution, probability)));
    while (boost::math::cdf(distribution, x) < probability) x += 1;
    while (x > 0 && boost::math::cdf(distribution, x - 1) >= probability) x -= 1;
    return x;
}

// Beyond this the numbers of cases are so large that neighbouring counts are the same to a double.
constexpr double kWholeNumbers = 1e12;

}  // namespace

double upper_tail(double count, double mean, double dispersion) {
    if (count <= 0) return 1;
    if (!(mean > 0)) return 0;
    const double below = std::ceil(count) - 1;
    if (dispersion <= 1) return boost::math::cdf(boost::math::complement(Poisson(mean), below));
    return boost::math::cdf(boost::math::complement(NegativeBinomial(mean / (dispersion - 1), 1 / dispersion), below));
}

double count_quantile(double probability, double mean, double dispersion) {
    if (!(mean < kWholeNumbers)) return std::isinf(mean) ? std::numeric_limits<double>::infinity() : mean;
    if (!(mean > 0)) return 0;
    probability *= 1 - 64 * std::numeric_limits<double>::epsilon();
    return dispersion <= 1 ? search(Poisson(mean), probability) : search(NegativeBinomial(mean / (dispersion - 1), 1 / dispersion), probability);
}

}  // namespace threatlas::analyse::early_warning

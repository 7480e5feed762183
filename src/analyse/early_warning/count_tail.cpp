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

// Walking costs a few nanoseconds a step, the incomplete beta function about a microsecond.
constexpr double kFarthest = 2000, kLargestMean = 300;

// The probabilities of 0, 1, 2, ... one after the other.
class Walk {
  public:
    Walk(double mean, double dispersion) {
        if (dispersion <= 1) {
            log_none_ = -mean, slope_ = mean;
        } else {
            const double size = mean / (dispersion - 1), failure = 1 - 1 / dispersion;
            log_none_ = -size * std::log(dispersion), slope_ = failure * size, rise_ = failure;
        }
        p = std::exp(log_none_);
    }
    bool possible() const { return log_none_ > -600; }
    void next() { p *= (slope_ + rise_ * x) / (x + 1), x += 1; }

    double x = 0, p = 1;

  private:
    double log_none_ = 0, slope_ = 0, rise_ = 0;
};

}  // namespace

TailAndQuantile tail_and_quantile(double count, double probability, double mean, double dispersion) {
    Walk walk(mean, dispersion);
    const bool wanted = !std::isnan(count);
    if (!(mean > 0 && mean < kLargestMean) || (wanted && count > kFarthest) || !walk.possible())
        return {wanted ? upper_tail(count, mean, dispersion) : std::numeric_limits<double>::quiet_NaN(), count_quantile(probability, mean, dispersion)};
    const double least = probability * (1 - 64 * std::numeric_limits<double>::epsilon()), at = wanted ? std::ceil(count) : 0;
    TailAndQuantile out;
    double below = 0;   // P(Y < x)
    bool found = false;
    while (!found || walk.x < at) {
        if (walk.x == at) out.tail = 1 - below;
        if (!found && below + walk.p >= least) out.quantile = walk.x, found = true;
        if (walk.x >= kFarthest) return {upper_tail(at, mean, dispersion), found ? out.quantile : count_quantile(probability, mean, dispersion)};
        below += walk.p;
        walk.next();
    }
    if (walk.x == at) out.tail = 1 - below;
    if (out.tail < 1e-3 && wanted && walk.x >= at) {
        // Too small for a difference from 1: added up from the far side of `at`.
        Walk far(mean, dispersion);
        while (far.x < at) far.next();
        out.tail = 0;
        for (; far.p > 1e-18 * out.tail && far.x < at + kFarthest; far.next()) out.tail += far.p;
    }
    if (!wanted) out.tail = std::numeric_limits<double>::quiet_NaN();
    return out;
}

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

#include "analyse/early_warning/farrington_bound.hpp"

#include <cmath>
#include <limits>

#include "analyse/early_warning/count_tail.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning {
namespace {

double delta_bound(double mean, double dispersion, double standard_error, double z, Power power) {
    const double error = mean * standard_error, tau = dispersion + error * error / mean;
    double exponent = 1, variance = mean * tau;
    if (power == Power::two_thirds) exponent = 2.0 / 3, variance = 4.0 / 9 * std::cbrt(mean) * tau;
    if (power == Power::square_root) exponent = 0.5, variance = tau / 4;
    return std::pow(std::pow(mean, exponent) + z * std::sqrt(variance), 1 / exponent);
}

bool enough_cases(const CountSeries& series, std::size_t now, const FarringtonOptions& options) {
    double sum = 0;
    for (int n = 0; n < options.fewest_over && static_cast<std::size_t>(n) <= now; ++n) {
        const double count = series.counts[now - static_cast<std::size_t>(n)];
        if (!std::isnan(count)) sum += count;
    }
    return sum >= options.fewest_cases;
}

}  // namespace

void decide(const CountSeries& series, std::size_t now, const FarringtonOptions& options, double standard_error, FarringtonVerdict& verdict) {
    const double z = core::normal_quantile(1 - options.alpha), mean = verdict.expected, count = series.counts[now];
    double compared = mean, test_mean = mean;
    if (options.threshold == Threshold::delta) {
        verdict.upper = delta_bound(mean, verdict.dispersion, standard_error, z, options.power);
    } else {
        if (options.threshold == Threshold::muan) test_mean = std::exp(std::log(mean) + z * standard_error);
        verdict.upper = count_quantile(1 - options.alpha, test_mean, verdict.dispersion);
        // R scores these two on the scale of the linear predictor.
        if (options.variance == Variance::as_r) compared = std::log(mean);
        if (std::isinf(verdict.upper)) verdict.upper = std::numeric_limits<double>::quiet_NaN();
    }
    verdict.p_value = upper_tail(count, mean, verdict.dispersion);
    const double score = (count - compared) / (verdict.upper - compared);
    const bool enough = enough_cases(series, now, options);
    verdict.alarm = enough && score > 1 && count > 0 ? Alarm::yes : Alarm::no;
    if (!enough) verdict.upper = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace threatlas::analyse::early_warning

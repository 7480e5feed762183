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

}  // namespace

void decide(double count, double recent, const FarringtonOptions& options, double standard_error, FarringtonVerdict& verdict) {
    const double z = core::normal_quantile(1 - options.alpha), mean = verdict.expected;
    double compared = mean, test_mean = mean;
    if (options.threshold == Threshold::delta) {
        verdict.upper = delta_bound(mean, verdict.dispersion, standard_error, z, options.power);
        verdict.p_value = tail_and_quantile(count, 0, mean, verdict.dispersion).tail;
    } else {
        if (options.threshold == Threshold::muan) test_mean = std::exp(std::log(mean) + z * standard_error);
        if (options.threshold == Threshold::muan) {
            verdict.upper = count_quantile(1 - options.alpha, test_mean, verdict.dispersion);
            verdict.p_value = upper_tail(count, mean, verdict.dispersion);
        } else {
            const TailAndQuantile both = tail_and_quantile(count, 1 - options.alpha, mean, verdict.dispersion);
            verdict.upper = both.quantile, verdict.p_value = both.tail;
        }
        // R scores these two on the scale of the linear predictor.
        if (options.mode == Mode::as_r) compared = std::log(mean);
        if (std::isinf(verdict.upper)) verdict.upper = std::numeric_limits<double>::quiet_NaN();
    }
    if (std::isnan(count)) {
        verdict.alarm = Alarm::not_assessed, verdict.p_value = count;
        return;
    }
    const double score = (count - compared) / (verdict.upper - compared);
    const bool enough = recent >= options.fewest_cases;
    verdict.alarm = enough && score > 1 && count > 0 ? Alarm::yes : Alarm::no;
    if (!enough) verdict.upper = std::numeric_limits<double>::quiet_NaN();
}

core::Result<void> check(const FarringtonOptions& options) {
    if (!(options.alpha > 0 && options.alpha < 1)) return core::fail(core::ErrorCode::bad_usage, "alpha must lie between 0 and 1");
    if (!(options.trend_level > 0)) return core::fail(core::ErrorCode::bad_usage, "the level of the trend test must be above 0");
    if (!(options.reweight_above > 0)) return core::fail(core::ErrorCode::bad_usage, "the residual from which weights fall must be above 0");
    return {};
}

}  // namespace threatlas::analyse::early_warning

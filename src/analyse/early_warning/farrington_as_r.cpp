#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "analyse/early_warning/block_fit.hpp"
#include "analyse/early_warning/farrington.hpp"
#include "analyse/early_warning/farrington_bound.hpp"

namespace threatlas::analyse::early_warning {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<BlockData> gather(const CountSeries& series, const Baseline& baseline, std::size_t now, int blocks) {
    BlockData data;
    data.blocks = blocks;
    const double origin = static_cast<double>(series.dates.empty() || baseline.periods.empty() ? 0 : baseline.periods.front());
    for (std::size_t i = 0; i < baseline.size(); ++i) {
        const std::size_t t = baseline.periods[i];
        if (std::isnan(series.counts[t])) continue;
        data.counts.push_back(series.counts[t]);
        data.time.push_back(static_cast<double>(t) - origin);
        data.block.push_back(baseline.block[i]);
        data.log_exposure.push_back(series.population.empty() ? 0 : std::log(series.population[t]));
    }
    data.weight.assign(data.size(), 1);
    (void)now;
    return data;
}

int parameters(const BlockFit& fit) {
    return static_cast<int>(std::count_if(fit.information.begin(), fit.information.end(), [](double s) { return s > 0; })) + (fit.with_trend ? 1 : 0);
}

// Pearson's over the degrees of freedom, from the working weights; and R's slip, without the mean.
void set_dispersion(const BlockData& data, bool reweighted, Variance variance, BlockFit& fit) {
    double pearson = 0, slip = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const double r = (data.counts[i] - fit.mean[i]) / fit.mean[i];
        pearson += fit.working[i] * r * r;
        slip += data.weight[i] * r * r;
    }
    const double freedom = static_cast<double>(data.size()) - parameters(fit);
    fit.dispersion = std::max(1.0, pearson / freedom);
    fit.variance_factor = variance == Variance::as_r ? (reweighted ? slip : pearson) / freedom : fit.dispersion;
}

void reweight(const BlockFit& fit, double above, BlockData& data) {
    double sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const double mean = fit.mean[i], root = std::sqrt(mean);
        const double residual = 1.5 * (std::cbrt(data.counts[i] * data.counts[i]) / std::cbrt(root) - root) / std::sqrt(fit.dispersion * (1 - fit.leverage(i, data)));
        data.weight[i] = residual > above ? 1 / (residual * residual) : 1;
        sum += data.weight[i];
    }
    for (double& w : data.weight) w *= static_cast<double>(data.size()) / sum;
}

BlockFit fit(BlockData& data, bool with_trend, const FarringtonOptions& options) {
    std::fill(data.weight.begin(), data.weight.end(), 1.0);
    BlockFit first = fit_as_r(data, with_trend);
    set_dispersion(data, false, options.variance, first);
    if (!first.converged || !options.reweight) return first;
    reweight(first, options.reweight_above, data);
    BlockFit second = fit_as_r(data, with_trend);
    set_dispersion(data, true, options.variance, second);
    second.converged = true;   // R judges the first fit alone
    return second;
}

// The trend stays when it is significant, has three years behind it, and predicts nothing beyond what was seen.
bool keep_trend(const BlockFit& fit, const BlockData& data, double predicted, const FarringtonOptions& options) {
    if (!fit.converged || options.baseline.years_back < 3 || predicted > *std::max_element(data.counts.begin(), data.counts.end())) return false;
    if (options.trend_level >= 1) return true;
    const double freedom = static_cast<double>(data.size()) - parameters(fit);
    const double t = std::abs(fit.slope) / std::sqrt(fit.variance_factor / fit.spread);
    return t > boost::math::quantile(boost::math::students_t(freedom), 1 - options.trend_level / 2);
}

}  // namespace

Result<FarringtonVerdict> farrington_as_r(const CountSeries& series, std::size_t now, const FarringtonOptions& options) {
    THREATLAS_TRY(const Baseline baseline, lay_out(series, now, options.baseline));
    THREATLAS_TRY(BlockData data, gather(series, baseline, now, options.baseline.blocks));
    const auto block = static_cast<std::size_t>(options.baseline.blocks - 1);
    const double origin = series.dates.empty() ? 0 : static_cast<double>(baseline.periods.front());
    const double time = static_cast<double>(now) - origin, log_exposure = series.population.empty() ? 0 : std::log(series.population[now]);

    BlockFit best;
    if (options.trend) best = fit(data, true, options);
    if (!options.trend || !keep_trend(best, data, best.predict(block, time, log_exposure), options)) best = fit(data, false, options);
    FarringtonVerdict verdict;
    verdict.dispersion = verdict.upper = verdict.expected = std::numeric_limits<double>::quiet_NaN();
    if (!best.converged) return verdict;

    verdict.expected = best.predict(block, time, log_exposure);
    verdict.dispersion = best.dispersion;
    verdict.with_trend = best.with_trend;
    verdict.slope = best.slope;
    decide(series, now, options, best.standard_error(block, time), verdict);
    return verdict;
}

}  // namespace threatlas::analyse::early_warning

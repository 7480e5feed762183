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

constexpr double kMostCases = 2147483647;   // as many as a panel holds

Result<void> check(const CountSeries& series) {
    for (std::size_t t = 0; t < series.counts.size(); ++t) {
        const double y = series.counts[t];
        if (!std::isnan(y) && !(y >= 0 && y <= kMostCases)) return fail(ErrorCode::bad_input, "a count must be a number from 0 to 2,147,483,647", {"series", t + 1, "count"});
    }
    if (!series.population.empty() && series.population.size() != series.counts.size()) return fail(ErrorCode::bad_input, "populations and counts differ in number");
    for (std::size_t t = 0; t < series.population.size(); ++t)
        if (!(series.population[t] > 0) || std::isinf(series.population[t])) return fail(ErrorCode::bad_input, "a population must be a positive number", {"series", t + 1, "population"});
    return {};
}

double recent_cases(const CountSeries& series, std::size_t now, int over) {
    double sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(std::max(0, over)) && n <= now; ++n)
        if (!std::isnan(series.counts[now - n])) sum += series.counts[now - n];
    return sum;
}

BlockData gather(const CountSeries& series, const Baseline& baseline, double origin, int blocks) {
    BlockData data;
    data.blocks = blocks;
    for (std::size_t i = 0; i < baseline.size(); ++i) {
        const std::size_t t = baseline.periods[i];
        if (std::isnan(series.counts[t])) continue;
        data.counts.push_back(series.counts[t]);
        data.time.push_back(static_cast<double>(t) - origin);
        data.block.push_back(baseline.block[i]);
        data.log_exposure.push_back(series.population.empty() ? 0 : std::log(series.population[t]));
    }
    data.weight.assign(data.size(), 1);
    return data;
}

int parameters(const BlockFit& fit) {
    return static_cast<int>(std::count_if(fit.information.begin(), fit.information.end(), [](double s) { return s > 0; })) + (fit.with_trend ? 1 : 0);
}

// Pearson's over the degrees of freedom, from the working weights; and R's slip, without the mean.
void set_dispersion(const BlockData& data, bool reweighted, Mode mode, BlockFit& fit) {
    double pearson = 0, slip = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const double r = (data.counts[i] - fit.mean[i]) / fit.mean[i];
        pearson += fit.working[i] * r * r;
        slip += data.weight[i] * r * r;
    }
    const double freedom = static_cast<double>(data.size()) - parameters(fit);
    fit.dispersion = std::max(1.0, pearson / freedom);
    fit.variance_factor = mode == Mode::as_r ? (reweighted ? slip : pearson) / freedom : fit.dispersion;
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
    const Stop stop = options.mode == Mode::as_r ? kStopAsR : Stop{};
    std::fill(data.weight.begin(), data.weight.end(), 1.0);
    BlockFit first = fit_blocks(data, with_trend, stop);
    set_dispersion(data, false, options.mode, first);
    if (!first.converged || !options.reweight) return first;
    reweight(first, options.reweight_above, data);
    BlockFit second = fit_blocks(data, with_trend, stop);
    set_dispersion(data, true, options.mode, second);
    if (options.mode == Mode::as_r) second.converged = true;   // it judges the first fit alone
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

Result<FarringtonVerdict> farrington(const CountSeries& series, std::size_t now, const FarringtonOptions& options) {
    THREATLAS_CHECK(check(options));
    THREATLAS_CHECK(check(series));
    THREATLAS_TRY(const Baseline baseline, lay_out(series, now, options.baseline));
    const double origin = static_cast<double>(baseline.periods[baseline.size() / 2]);
    BlockData data = gather(series, baseline, origin, options.baseline.blocks);
    const auto block = static_cast<std::size_t>(options.baseline.blocks - 1);
    FarringtonVerdict verdict;
    verdict.dispersion = verdict.upper = verdict.expected = verdict.p_value = std::numeric_limits<double>::quiet_NaN();
    if (std::find(data.block.begin(), data.block.end(), block) == data.block.end()) return verdict;
    const double time = static_cast<double>(now) - origin, log_exposure = series.population.empty() ? 0 : std::log(series.population[now]);

    BlockFit best;
    if (options.trend) best = fit(data, true, options);
    if (!options.trend || !keep_trend(best, data, best.predict(block, time, log_exposure), options)) best = fit(data, false, options);
    if (!best.converged || !(best.information[block] > 0)) return verdict;

    verdict.expected = best.predict(block, time, log_exposure);
    verdict.dispersion = best.dispersion;
    verdict.with_trend = best.with_trend;
    verdict.slope = best.slope;
    decide(series.counts[now], recent_cases(series, now, options.fewest_over), options, best.standard_error(block, time), verdict);
    return verdict;
}

}  // namespace threatlas::analyse::early_warning

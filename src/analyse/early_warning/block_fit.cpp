#include <algorithm>
#include <cmath>
#include <limits>

#include "analyse/early_warning/block_fit.hpp"

namespace threatlas::analyse::early_warning {
namespace {

double deviance(const BlockData& data, const std::vector<double>& mean) {
    double sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const double y = data.counts[i];
        sum += data.weight[i] * (y > 0 ? y * std::log(y / mean[i]) - (y - mean[i]) : mean[i]);
    }
    return 2 * sum;
}

// One weighted least-squares step: levels and slope for the working response, from the current means.
void step(const BlockData& data, bool with_trend, const std::vector<double>& linear, BlockFit& fit, std::vector<double>& levels) {
    const auto groups = static_cast<std::size_t>(data.blocks);
    fit.information.assign(groups, 0);
    fit.centre.assign(groups, 0);
    std::vector<double> response(groups, 0), working_response(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::size_t g = data.block[i];
        const double w = data.weight[i] * fit.mean[i];
        working_response[i] = linear[i] - data.log_exposure[i] + (data.counts[i] - fit.mean[i]) / fit.mean[i];
        fit.working[i] = w;
        fit.information[g] += w;
        fit.centre[g] += w * data.time[i];
        response[g] += w * working_response[i];
    }
    for (std::size_t g = 0; g < groups; ++g)
        if (fit.information[g] > 0) fit.centre[g] /= fit.information[g], response[g] /= fit.information[g];
    fit.spread = fit.slope = 0;
    if (with_trend) {
        double moment = 0;
        for (std::size_t i = 0; i < data.size(); ++i) {
            const double off = data.time[i] - fit.centre[data.block[i]];
            fit.spread += fit.working[i] * off * off;
            moment += fit.working[i] * off * working_response[i];
        }
        fit.slope = moment / fit.spread;
    }
    for (std::size_t g = 0; g < groups; ++g) levels[g] = response[g] - fit.slope * fit.centre[g];
}

}  // namespace

BlockFit fit_blocks(const BlockData& data, bool with_trend, const Stop& stop) {
    const auto groups = static_cast<std::size_t>(data.blocks);
    BlockFit fit;
    fit.with_trend = with_trend;
    fit.mean.resize(data.size());
    fit.working.resize(data.size());
    fit.level.assign(groups, 0);
    std::vector<double> linear(data.size()), levels(groups);
    for (std::size_t i = 0; i < data.size(); ++i) {
        fit.mean[i] = data.counts[i] + 0.1;
        linear[i] = std::log(fit.mean[i]);
    }
    double before = deviance(data, fit.mean);
    for (int n = 0; n < stop.most_steps && !fit.converged; ++n) {
        step(data, with_trend, linear, fit, levels);
        for (std::size_t i = 0; i < data.size(); ++i) {
            linear[i] = levels[data.block[i]] + fit.slope * data.time[i] + data.log_exposure[i];
            fit.mean[i] = std::max(std::exp(linear[i]), std::numeric_limits<double>::epsilon());
        }
        const double now = deviance(data, fit.mean);
        fit.converged = std::abs(now - before) / (std::abs(now) + 0.1) < stop.tolerance;
        before = now;
    }
    for (std::size_t g = 0; g < groups; ++g) fit.level[g] = std::exp(levels[g]);
    return fit;
}

double BlockFit::predict(std::size_t block, double time, double log_exposure) const { return level[block] * std::exp(slope * time + log_exposure); }

double BlockFit::standard_error(std::size_t block, double time) const {
    const double off = time - centre[block];
    return std::sqrt(variance_factor * (1 / information[block] + (with_trend ? off * off / spread : 0)));
}

double BlockFit::leverage(std::size_t i, const BlockData& data) const {
    const std::size_t g = data.block[i];
    const double off = data.time[i] - centre[g];
    return std::min(1.0, working[i] * (1 / information[g] + (with_trend ? off * off / spread : 0)));
}

}  // namespace threatlas::analyse::early_warning

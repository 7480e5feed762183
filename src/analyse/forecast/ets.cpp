#include "analyse/forecast/ets.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/forecast/ets_model.hpp"
#include "analyse/forecast/seasonal.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast {
namespace {

using Trend = EtsKind::Trend;
using Season = EtsKind::Season;

constexpr std::size_t kPaths = 2000;

// Means of the steps ahead: the path without errors.
std::vector<double> means(const EtsFit& fit, std::size_t horizon) {
    EtsState state(fit);
    std::vector<double> out(horizon);
    for (double& m : out) m = state.mean(), state.move(0);
    return out;
}

void additive_steps(const EtsFit& fit, const std::vector<double>& mean, std::vector<Step>& steps) {
    double variance = 1, damped = 0, factor = 1;
    for (std::size_t h = 0; h < steps.size(); ++h) {
        steps[h] = normal_step(mean[h], std::sqrt(fit.sigma2 * variance));
        factor *= fit.phi, damped += factor;
        const double again = !fit.season.empty() && (h + 1) % fit.season.size() == 0 ? fit.gamma : 0;   // what the season learnt
        const double weight = fit.alpha + fit.beta * damped + again;
        variance += weight * weight;
    }
}

void simulated_steps(const EtsFit& fit, const std::vector<double>& mean, std::vector<Step>& steps) {
    std::vector<std::vector<double>> drawn(steps.size(), std::vector<double>(kPaths));
    for (std::size_t p = 0; p < kPaths; ++p) {
        core::Random random(1, core::stream_id("forecast/ets"), p);
        EtsState state(fit);
        for (std::size_t h = 0; h < steps.size(); ++h) {
            const double expected = state.mean(), error = expected * std::sqrt(fit.sigma2) * random.normal();
            drawn[h][p] = expected + error;
            state.move(error);
        }
    }
    for (std::size_t h = 0; h < steps.size(); ++h) {
        std::sort(drawn[h].begin(), drawn[h].end());
        steps[h].mean = mean[h];
        for (std::size_t i = 0; i < kQuantiles; ++i) steps[h].quantiles[i] = drawn[h][static_cast<std::size_t>(std::lround(kProbabilities[i] * (kPaths - 1)))];
    }
}

}  // namespace

core::Result<Forecast> ets(std::span<const double> values, int periods_per_year, int horizon) {
    THREATLAS_CHECK(check_values(values, 6, periods_per_year, horizon));
    Forecast out{"ets constant", std::vector<Step>(static_cast<std::size_t>(horizon), normal_step(values[0], 0))};
    if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; })) return out;
    const bool seasonal = periods_per_year >= 2 && periods_per_year <= 24 && values.size() >= 3 * static_cast<std::size_t>(periods_per_year);
    const bool positive = std::all_of(values.begin(), values.end(), [](double v) { return v > 0; });
    EtsFit best;
    for (const Season season : {Season::none, Season::additive, Season::multiplicative}) {
        std::vector<double> indices;
        if (season != Season::none) {
            if (!seasonal || (season == Season::multiplicative && !positive)) continue;
            indices = seasonal_indices(values, periods_per_year, season == Season::multiplicative);
            if (indices.empty() || (season == Season::multiplicative && *std::min_element(indices.begin(), indices.end()) < 0.01)) continue;
        }
        for (const bool relative : {false, true})
            for (const Trend trend : {Trend::none, Trend::additive, Trend::damped}) {
                if ((relative && !positive) || (!relative && season == Season::multiplicative)) continue;
                EtsFit fit = fit_ets(values, {relative, trend, season}, indices);
                if (fit.aicc < best.aicc) best = std::move(fit);
            }
    }
    if (!std::isfinite(best.aicc)) return core::fail(core::ErrorCode::not_enough_data, "no exponential smoothing model suits so few values");
    out.method = "ets " + best.kind.name();
    const auto mean = means(best, out.steps.size());
    if (best.kind.relative_error) simulated_steps(best, mean, out.steps);
    else additive_steps(best, mean, out.steps);
    return out;
}

}  // namespace threatlas::analyse::forecast

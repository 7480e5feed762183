#include "analyse/forecast/theta.hpp"

#include <cmath>

#include "analyse/forecast/seasonal.hpp"
#include "analyse/forecast/smoothing.hpp"

namespace threatlas::analyse::forecast {
namespace {

// Of the least-squares line.
double slope(std::span<const double> values) {
    const double n = static_cast<double>(values.size()), middle = (n - 1) / 2;
    double xy = 0;
    for (std::size_t t = 0; t < values.size(); ++t) xy += (static_cast<double>(t) - middle) * values[t];
    return xy * 12 / (n * (n * n - 1));
}

}  // namespace

core::Result<Forecast> theta(std::span<const double> values, int periods_per_year, int horizon) {
    THREATLAS_CHECK(check_values(values, 4, periods_per_year, horizon));
    std::vector<double> adjusted(values.begin(), values.end()), season;
    if (has_season(values, periods_per_year)) season = seasonal_indices(values, periods_per_year, true);
    for (std::size_t t = 0; t < adjusted.size() && !season.empty(); ++t) adjusted[t] /= season[t % season.size()];
    THREATLAS_TRY(const SmoothedLevel level, smooth_level(adjusted));
    const double n = static_cast<double>(values.size()), drift = slope(adjusted) / 2, alpha = level.alpha;
    const double sigma = std::sqrt(level.squares / (n - 2));
    Forecast out{"theta", std::vector<Step>(static_cast<std::size_t>(horizon))};
    for (std::size_t h = 0; h < out.steps.size(); ++h) {
        const double step = static_cast<double>(h), factor = season.empty() ? 1 : season[(values.size() + h) % season.size()];
        const double mean = level.last + drift * (step + (1 - std::pow(1 - alpha, n)) / alpha);
        out.steps[h] = normal_step(mean * factor, sigma * std::sqrt(1 + step * alpha * alpha) * std::abs(factor));
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

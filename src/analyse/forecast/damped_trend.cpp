#include "analyse/forecast/damped_trend.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/forecast/nelder_mead.hpp"
#include "analyse/forecast/seasonal.hpp"

namespace threatlas::analyse::forecast {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// The error is linear in the first level and slope: the recursion is run for the values alone and for a unit of either.
DampedTrend smooth(std::span<const double> values, double alpha, double beta, double phi) {
    double level[3] = {0, 1, 0}, slope[3] = {0, 0, 1};
    double a11 = 0, a12 = 0, a22 = 0, b1 = 0, b2 = 0, yy = 0;
    for (const double v : values) {
        double error[3];
        for (int k = 0; k < 3; ++k) {
            const double ahead = level[k] + phi * slope[k];
            error[k] = (k == 0 ? v : 0) - ahead;
            level[k] = ahead + alpha * error[k], slope[k] = phi * slope[k] + beta * error[k];
        }
        // Observed error = error[0] + first level x error[1] + first slope x error[2].
        a11 += error[1] * error[1], a12 += error[1] * error[2], a22 += error[2] * error[2];
        b1 -= error[1] * error[0], b2 -= error[2] * error[0], yy += error[0] * error[0];
    }
    const double determinant = a11 * a22 - a12 * a12;
    const bool regular = determinant > 1e-12 * a11 * a22;
    const double first = regular ? (a22 * b1 - a12 * b2) / determinant : b1 / a11, rise = regular ? (a11 * b2 - a12 * b1) / determinant : 0;
    return {alpha, beta, phi, level[0] + first * level[1] + rise * level[2], slope[0] + first * slope[1] + rise * slope[2], std::max(0.0, yy - b1 * first - b2 * rise)};
}

}  // namespace

core::Result<DampedTrend> fit_damped_trend(std::span<const double> values) {
    THREATLAS_CHECK(check_values(values, 6, 1, 1));
    // About the last value and in units of the changes, so that squares do not cancel.
    double unit = 0;
    for (std::size_t t = 1; t < values.size(); ++t) unit = std::max(unit, std::abs(values[t] - values[t - 1]));
    if (unit == 0) return DampedTrend{1e-4, 1e-4, 0.8, values.back(), 0, 0};
    std::vector<double> scaled(values.begin(), values.end());
    for (double& v : scaled) v = (v - values.back()) / unit;
    const auto at = [&](const std::vector<double>& x) {
        const double alpha = 1e-4 + 0.9998 * logistic(x[0]), beta = 1e-4 + (alpha - 1e-4) * logistic(x[1]);
        return smooth(scaled, alpha, beta, 0.8 + 0.18 * logistic(x[2]));
    };
    // From several corners: the surface has more than one dip.
    Minimum best{{}, HUGE_VAL};
    for (const auto& start : {std::vector<double>{2, -3, 2}, {0, -1, 1}, {-2, -2, 3}, {0, -6, 0}}) {
        Minimum m = nelder_mead([&](const std::vector<double>& x) { return at(x).squares; }, start, 1.5, 320);
        if (m.value < best.value) best = std::move(m);
    }
    DampedTrend out = at(best.at);
    out.level = out.level * unit + values.back(), out.slope *= unit, out.squares *= unit * unit;
    return out;
}

core::Result<Forecast> damped_trend(std::span<const double> values, int periods_per_year, int horizon) {
    THREATLAS_CHECK(check_values(values, 6, periods_per_year, horizon));
    THREATLAS_TRY(const DampedTrend fit, fit_damped_trend(values));
    const double sigma2 = fit.squares / (static_cast<double>(values.size()) - 5);
    Forecast out{"damped trend", std::vector<Step>(static_cast<std::size_t>(horizon))};
    double factor = 1, damped = 0, variance = 1;
    for (Step& step : out.steps) {
        factor *= fit.phi, damped += factor;
        step = normal_step(fit.level + damped * fit.slope, std::sqrt(sigma2 * variance));
        const double weight = fit.alpha + fit.beta * damped;
        variance += weight * weight;
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

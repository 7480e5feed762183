#include "analyse/forecast/backtest.hpp"

#include <cmath>
#include <optional>

#include "core/parallel.hpp"

namespace threatlas::analyse::forecast {
namespace {

struct Fit {
    double error = 0, pinball = 0, crps = 0;
    double inside[4] = {0, 0, 0, 0};
    double rise = std::nan(""), rose = 0;   // stated; came
};

constexpr double kPercents[4] = {50, 80, 90, 95};

// Nothing where it cannot be judged.
std::optional<Fit> judge(std::span<const double> values, std::size_t origin, const Method& method, const BacktestOptions& options) {
    const auto horizon = static_cast<std::size_t>(options.horizon), year = static_cast<std::size_t>(options.periods_per_year);
    const double scale = scale_of_changes(values.first(origin));
    if (!(scale > 0)) return {};
    const auto forecast = method(values.first(origin), options.periods_per_year, options.horizon);
    if (!forecast || forecast->steps.size() != horizon) return {};
    Fit out;
    double n = 0, sum = 0, before = 0;
    std::vector<double> last_year;
    for (std::size_t h = 0; h < horizon; ++h) {
        const double y = values[origin + h];
        const Step& step = forecast->steps[h];
        if (origin + h >= year && h < year) last_year.push_back(values[origin + h - year]), before += last_year.back();
        sum += y;
        if (std::isnan(y)) continue;
        n += 1, out.error += std::abs(y - step.quantiles[kMedian]) / scale, out.pinball += pinball_of_five(step, y) / scale, out.crps += crps(step, y) / scale;
        for (int i = 0; i < 4; ++i) {
            const Interval in = interval(step, kPercents[i]);
            out.inside[i] += in.lower <= y && y <= in.upper;
        }
    }
    if (n == 0) return {};
    out.error /= n, out.pinball /= n, out.crps /= n;
    for (double& share : out.inside) share /= n;
    if (const auto rise = probability_of_rise(*forecast, last_year); rise && !std::isnan(sum)) out.rise = *rise, out.rose = sum > before ? 1 : 0;
    return out;
}

}  // namespace

core::Result<Backtest> backtest(std::span<const std::vector<double>> series, const Method& method, const BacktestOptions& options) {
    if (options.periods_per_year < 1 || options.horizon < 1 || options.origins < 1) return core::fail(core::ErrorCode::bad_usage, "periods per year, horizon and origins should be at least 1");
    const auto origins = static_cast<std::size_t>(options.origins), horizon = static_cast<std::size_t>(options.horizon);
    std::vector<std::optional<Fit>> fits(series.size() * origins);
    core::parallel_for(series.size(), [&](std::size_t s) {
        for (std::size_t k = 0; k < origins; ++k) {
            const std::size_t back = (origins - k) * horizon;
            if (series[s].size() > back + 1) fits[s * origins + k] = judge(series[s], series[s].size() - back, method, options);
        }
    });
    Backtest out;
    std::vector<double> stated, came;
    for (const auto& fit : fits) {
        if (!fit) {
            ++out.skipped;
            continue;
        }
        ++out.fits, out.mase += fit->error, out.pinball += fit->pinball, out.crps += fit->crps;
        out.cover50 += fit->inside[0], out.cover80 += fit->inside[1], out.cover90 += fit->inside[2], out.cover95 += fit->inside[3];
        if (!std::isnan(fit->rise)) stated.push_back(fit->rise), came.push_back(fit->rose);
    }
    if (out.fits == 0) return core::fail(core::ErrorCode::not_enough_data, "no series is long enough for a forecast and a comparison");
    for (double* mean : {&out.mase, &out.pinball, &out.crps, &out.cover50, &out.cover80, &out.cover90, &out.cover95}) *mean /= static_cast<double>(out.fits);
    if (!stated.empty()) {
        THREATLAS_TRY(out.rise, reliability(stated, came));
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

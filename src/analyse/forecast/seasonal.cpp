#include "analyse/forecast/seasonal.hpp"

#include <algorithm>
#include <cmath>

namespace threatlas::analyse::forecast {

using core::ErrorCode;
using core::fail;

core::Result<void> check_values(std::span<const double> values, std::size_t least, int periods_per_year, int horizon) {
    if (periods_per_year < 1 || periods_per_year > 366) return fail(ErrorCode::bad_usage, "periods per year should be from 1 to 366");
    if (horizon < 1 || horizon > 3660) return fail(ErrorCode::bad_usage, "the horizon should be from 1 to 3660 periods");
    for (std::size_t t = 0; t < values.size(); ++t)
        if (!(std::abs(values[t]) < 1e150)) return fail(ErrorCode::bad_input, "a value is missing or not finite; fill it or leave the series out", {"", t + 1, ""});
    if (values.size() < least) return fail(ErrorCode::not_enough_data, std::to_string(values.size()) + " values; this method needs " + std::to_string(least));
    return {};
}

bool has_season(std::span<const double> values, int periods_per_year) {
    const auto year = static_cast<std::size_t>(periods_per_year);
    const std::size_t n = values.size();
    if (year < 2 || n <= 2 * year || std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; })) return false;
    double mean = 0, variance = 0, squares = 0, last = 0;
    for (const double v : values) mean += v / static_cast<double>(n);
    for (const double v : values) variance += (v - mean) * (v - mean);
    for (std::size_t lag = 1; lag <= year; ++lag) {
        double covariance = 0;
        for (std::size_t t = lag; t < n; ++t) covariance += (values[t] - mean) * (values[t - lag] - mean);
        last = covariance / variance;
        if (lag < year) squares += last * last;
    }
    constexpr double k90 = 1.6448536269514722;
    return std::abs(last) / std::sqrt((1 + 2 * squares) / static_cast<double>(n)) > k90;
}

std::vector<double> seasonal_indices(std::span<const double> values, int periods_per_year, bool multiplicative) {
    const auto year = static_cast<std::size_t>(periods_per_year);
    const std::size_t n = values.size(), half = year / 2;
    std::vector<double> sum(year, 0.0), count(year, 0.0);
    for (std::size_t t = half; t + half < n; ++t) {
        double trend = 0;
        for (std::size_t k = t - half; k <= t + half; ++k) trend += values[k] * (year % 2 == 0 && (k == t - half || k == t + half) ? 0.5 : 1);
        trend /= static_cast<double>(year);
        sum[t % year] += multiplicative ? values[t] / trend : values[t] - trend, count[t % year] += 1;
    }
    double mean = 0;
    for (std::size_t i = 0; i < year; ++i) sum[i] /= count[i], mean += sum[i] / static_cast<double>(year);
    for (double& index : sum) index = multiplicative ? index / mean : index - mean;
    if (multiplicative && !std::all_of(sum.begin(), sum.end(), [](double i) { return std::abs(i) >= 1e-4 && std::isfinite(i); })) sum.clear();
    return sum;
}

}  // namespace threatlas::analyse::forecast

#include "analyse/forecast/scoring.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/early_warning/count_tail.hpp"

namespace threatlas::analyse::forecast {

using core::ErrorCode;
using core::fail;
using core::Result;

double pinball(double quantile, double probability, double value) { return (value - quantile) * (probability - (value < quantile ? 1 : 0)); }

double pinball_of_five(const Step& step, double value) {
    double sum = 0;
    for (const std::size_t i : {2U, 6U, 11U, 16U, 20U}) sum += pinball(step.quantiles[i], kProbabilities[i], value);
    return sum / 5;
}

double crps(const Step& step, double value) {
    double sum = 0;
    for (std::size_t i = 0; i < kQuantiles; ++i) {
        // The outermost quantiles stand for their tails.
        const double from = i == 0 ? -kProbabilities[0] : kProbabilities[i - 1], to = i + 1 == kQuantiles ? 2 - kProbabilities[i] : kProbabilities[i + 1];
        sum += (to - from) * pinball(step.quantiles[i], kProbabilities[i], value);   // twice half the width
    }
    return sum;
}

double scale_of_changes(std::span<const double> values) {
    double sum = 0, n = 0;
    for (std::size_t t = 1; t < values.size(); ++t)
        if (!std::isnan(values[t]) && !std::isnan(values[t - 1])) sum += std::abs(values[t] - values[t - 1]), n += 1;
    return n > 0 ? sum / n : std::nan("");
}

Result<Forecast> seasonal_naive(std::span<const double> counts, int periods_per_year, int horizon) {
    if (periods_per_year < 1 || horizon < 1) return fail(ErrorCode::bad_usage, "periods per year and horizon should be at least 1");
    const auto year = static_cast<std::size_t>(periods_per_year);
    std::vector<double> errors;
    for (std::size_t t = year; t < counts.size(); ++t)
        if (const double e = counts[t] - counts[t - year]; !std::isnan(e)) errors.push_back(e);
    if (errors.size() < 8) return fail(ErrorCode::not_enough_data, "the seasonal naive forecast needs a year and 8 periods");
    std::sort(errors.begin(), errors.end());
    const auto quantile = [&](double p) {
        const double at = p * static_cast<double>(errors.size() - 1);
        const auto i = std::min(static_cast<std::size_t>(at), errors.size() - 2);
        return errors[i] + (at - static_cast<double>(i)) * (errors[i + 1] - errors[i]);
    };
    Forecast out{"seasonal naive", std::vector<Step>(static_cast<std::size_t>(horizon))};
    for (std::size_t h = 0; h < out.steps.size(); ++h) {
        const double base = counts[counts.size() - year + h % year];
        if (std::isnan(base)) return fail(ErrorCode::not_enough_data, "a value of the last year is missing");
        out.steps[h].mean = base;
        for (std::size_t i = 0; i < kQuantiles; ++i) out.steps[h].quantiles[i] = std::max(0.0, base + quantile(kProbabilities[i]));
    }
    return out;
}

Result<double> probability_of_rise(const Forecast& forecast, std::span<const double> last_year, double correlation) {
    if (last_year.size() != forecast.steps.size() || last_year.empty()) return fail(ErrorCode::bad_usage, "a count of last year is needed for each step");
    if (!(correlation >= 0 && correlation <= 1)) return fail(ErrorCode::bad_usage, "correlation should be between 0 and 1");
    double mean = 0, deviations = 0, variances = 0, last = 0;
    for (std::size_t h = 0; h < last_year.size(); ++h) {
        if (!std::isfinite(last_year[h])) return fail(ErrorCode::not_enough_data, "a count of last year is missing", {"", h + 1, ""});
        const Step& s = forecast.steps[h];
        double variance = 0;   // about the mean, integrated over the quantiles as in crps()
        for (std::size_t i = 0; i < kQuantiles; ++i) {
            const double from = i == 0 ? -kProbabilities[0] : kProbabilities[i - 1], to = i + 1 == kQuantiles ? 2 - kProbabilities[i] : kProbabilities[i + 1];
            variance += (to - from) / 2 * (s.quantiles[i] - s.mean) * (s.quantiles[i] - s.mean);
        }
        mean += s.mean, variances += variance, deviations += std::sqrt(variance), last += last_year[h];
    }
    const double variance = (1 - correlation) * variances + correlation * deviations * deviations;
    // Above, not at: a sum of whole counts exceeds `last` from the next whole number on.
    return early_warning::upper_tail(std::floor(last) + 1, mean, std::max(1.0, variance / std::max(mean, 1e-300)));
}

Result<Reliability> reliability(std::span<const double> stated, std::span<const double> came) {
    if (stated.size() != came.size()) return fail(ErrorCode::bad_usage, "as many outcomes as probabilities are needed");
    if (stated.empty()) return fail(ErrorCode::not_enough_data, "no probability to judge");
    constexpr std::size_t kBins = 10;
    Reliability out;
    for (std::size_t b = 0; b < kBins; ++b) out.bins.push_back({static_cast<double>(b) / kBins, static_cast<double>(b + 1) / kBins, 0, 0, 0});
    double share = 0;
    const auto n = static_cast<double>(stated.size());
    for (std::size_t i = 0; i < stated.size(); ++i) {
        if (!(stated[i] >= 0 && stated[i] <= 1) || (came[i] != 0 && came[i] != 1)) return fail(ErrorCode::bad_usage, "a probability lies outside 0 to 1, or an outcome is neither 0 nor 1", {"", i + 1, ""});
        ReliabilityBin& bin = out.bins[std::min(kBins - 1, static_cast<std::size_t>(stated[i] * kBins))];
        bin.stated += stated[i], bin.came_true += came[i], ++bin.count;
        out.brier += (stated[i] - came[i]) * (stated[i] - came[i]) / n;
        share += came[i] / n;
    }
    for (ReliabilityBin& bin : out.bins)
        if (bin.count > 0) bin.stated /= static_cast<double>(bin.count), bin.came_true /= static_cast<double>(bin.count);
    out.climatology = share * (1 - share);
    return out;
}

}  // namespace threatlas::analyse::forecast

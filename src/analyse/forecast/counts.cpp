#include "analyse/forecast/counts.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/forecast/log_linear.hpp"
#include "analyse/forecast/smoothing.hpp"

namespace threatlas::analyse::forecast {
namespace {

using core::ErrorCode;
using core::fail;

struct Seen {
    std::size_t observed = 0;
    double total = 0, largest = 0;
};

core::Result<Seen> look(std::span<const double> counts, int periods_per_year, int horizon) {
    if (periods_per_year < 1 || periods_per_year > 366) return fail(ErrorCode::bad_usage, "periods per year should be from 1 to 366");
    if (horizon < 1 || horizon > kMostSteps) return fail(ErrorCode::bad_usage, "the horizon should be from 1 to " + std::to_string(kMostSteps) + " periods");
    Seen out;
    for (std::size_t t = 0; t < counts.size(); ++t) {
        if (counts[t] < 0 || std::isinf(counts[t])) return fail(ErrorCode::bad_input, "a count is negative or not finite", {"", t + 1, ""});
        if (!std::isnan(counts[t])) ++out.observed, out.total += counts[t], out.largest = std::max(out.largest, counts[t]);
    }
    if (out.observed < kLeastCounts) return fail(ErrorCode::not_enough_data, std::to_string(out.observed) + " counts; a forecast needs " + std::to_string(kLeastCounts));
    return out;
}

struct LastYear {
    double mean = 0, dispersion = 1;
};

// Of the latest counts there are, a year's worth, at least kLeastCounts.
LastYear last_year(std::span<const double> counts, int periods_per_year) {
    std::vector<double> recent;
    for (std::size_t t = counts.size(); t-- > 0 && recent.size() < static_cast<std::size_t>(std::max(kLeastCounts, periods_per_year));)
        if (!std::isnan(counts[t])) recent.push_back(counts[t]);
    const auto n = static_cast<double>(recent.size());
    LastYear out;
    for (const double c : recent) out.mean += c / n;
    double squares = 0;
    for (const double c : recent) squares += (c - out.mean) * (c - out.mean);
    // The mean itself is uncertain: one more part in n.
    if (out.mean > 0) out.dispersion = squares / (n - 1) / out.mean * (1 + 1 / n);
    return out;
}

}  // namespace

core::Result<Forecast> forecast_counts(std::span<const double> counts, int periods_per_year, int horizon) {
    THREATLAS_TRY(Seen seen, look(counts, periods_per_year, horizon));
    const auto kept = static_cast<std::size_t>(std::max(kLeastPeriodsKept, kYearsKept * periods_per_year));
    if (counts.size() > kept) {
        const auto recent = look(counts.last(kept), periods_per_year, horizon);
        if (recent) counts = counts.last(kept), seen = *recent;   // otherwise too few of them: all speak
    }
    const double observed = static_cast<double>(seen.observed), least = 0.5 / observed;
    Forecast out{"counts: log-linear, smoothed, last year", std::vector<Step>(static_cast<std::size_t>(horizon))};
    if (seen.total == 0) {
        std::fill(out.steps.begin(), out.steps.end(), count_step(least, 1 + 1 / observed));
        return out;
    }
    THREATLAS_TRY(const SmoothedLevel level, smooth_level(counts));
    const LastYear year = last_year(counts, periods_per_year);
    const Step steady = count_step(std::max(least, year.mean), year.dispersion);
    const double smoothed = std::clamp(level.last, least, seen.largest);
    const double spread = level.squares / (observed - 2) * observed / std::max(level.fitted, least * observed);
    const auto regression = fit_log_linear(counts, periods_per_year);
    for (std::size_t h = 0; h < out.steps.size(); ++h) {
        const Step flat = count_step(smoothed, std::max(1.0, spread) * (1 + static_cast<double>(h) * level.alpha * level.alpha));
        // Where the regression fails, the other two speak.
        const Step* parts[] = {&flat, &steady, nullptr};
        Step curve;
        if (regression) curve = count_step(std::clamp(regression->mean(h), least, seen.largest), regression->dispersion), parts[2] = &curve;
        Step& step = out.steps[h];
        double n = 0;
        for (const Step* part : parts) {
            if (part == nullptr) continue;
            n += 1, step.mean += part->mean;
            for (std::size_t i = 0; i < kQuantiles; ++i) step.quantiles[i] += part->quantiles[i];
        }
        step.mean /= n;
        for (double& q : step.quantiles) q = std::floor(q / n + 0.5);
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

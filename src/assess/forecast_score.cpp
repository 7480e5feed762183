#include "assess/forecast_score.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analyse/forecast/scoring.hpp"

namespace threatlas::assess {

namespace forecast = analyse::forecast;

namespace {

// What a forecast is of: a series of counts, or the indicator of an annual figure.
std::string subject(const Outlook& outlook) { return outlook.series.empty() ? "indicator " + outlook.indicator : outlook.series; }

using Seen = std::map<std::string, std::map<std::string, double>>;   // subject -> period -> value

Seen seen_by(const std::vector<ForecastRecord>& records) {
    Seen out;
    for (const ForecastRecord& record : records)
        for (const Outlook& o : record.outlooks)
            for (const SeriesPoint& point : o.history)
                if (std::isfinite(point.value)) out[subject(o)][point.period] = point.value;
    return out;
}

forecast::Step step_of(const FanPoint& point) {
    forecast::Step step;
    step.mean = point.mean;
    std::copy_n(point.quantiles.begin(), std::min(point.quantiles.size(), step.quantiles.size()), step.quantiles.begin());
    return step;
}

std::vector<forecast::Step> naive(const std::vector<double>& history, bool months, std::size_t steps) {
    if (months) {
        const auto made = forecast::seasonal_naive(history, 12, static_cast<int>(steps));
        return made ? made->steps : std::vector<forecast::Step>{};
    }
    double squares = 0, n = 0;
    for (std::size_t t = 1; t < history.size(); ++t)
        if (const double change = history[t] - history[t - 1]; std::isfinite(change)) squares += change * change, n += 1;
    std::vector<forecast::Step> out;
    for (std::size_t k = 0; k < steps && n > 0; ++k) out.push_back(forecast::normal_step(history.back(), std::sqrt(squares / n * static_cast<double>(k + 1))));
    return out;
}

void score(const Outlook& o, const std::map<std::string, double>& seen, ForecastScore& out, std::vector<double>& stated, std::vector<double>& came) {
    std::vector<double> history;
    for (const SeriesPoint& point : o.history) history.push_back(point.value);
    const double scale = forecast::scale_of_changes(history);
    const auto other = naive(history, o.kind == "months", o.fan.size());
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t k = 0; k < o.fan.size(); ++k) {
        const auto value = seen.find(o.fan[k].period);
        if (value == seen.end() || o.fan[k].quantiles.size() != forecast::kQuantiles || !(scale > 0) || other.size() <= k) {
            out.open += 1;
            continue;
        }
        const forecast::Step step = step_of(o.fan[k]);
        const auto within = [&](double percent) { const auto i = forecast::interval(step, percent); return value->second >= i.lower && value->second <= i.upper ? 1.0 : 0.0; };
        out.fits += 1, out.cover50 += within(50), out.cover80 += within(80), out.cover95 += within(95);
        out.crps += forecast::crps(step, value->second) / scale, out.crps_naive += forecast::crps(other[k], value->second) / scale;
        sum += value->second, ++known;
    }
    // 'Will rise' speaks of the next twelve months together, or of the next year.
    const bool closed = o.kind == "months" ? known == o.fan.size() : !o.fan.empty() && seen.contains(o.fan.front().period);
    if (o.p_rise < 0 || !closed) return;
    stated.push_back(o.p_rise);
    came.push_back((o.kind == "months" ? sum : seen.at(o.fan.front().period)) > o.last ? 1.0 : 0.0);
}

}  // namespace

ForecastRecord record_of(const Assessment& assessment) { return {assessment.id, assessment.manifest.created_for, assessment.manifest.as_of, assessment.outlooks}; }

std::vector<ForecastScore> score_forecasts(const std::vector<ForecastRecord>& earlier, const std::vector<ForecastRecord>& later) {
    const Seen seen = seen_by(later);
    std::vector<ForecastScore> out;
    for (const ForecastRecord& record : earlier) {
        ForecastScore total;
        total.assessment = record.assessment, total.created_for = record.created_for, total.as_of = record.as_of;
        std::vector<double> stated, came;
        for (const Outlook& o : record.outlooks) {
            const auto of = seen.find(subject(o));
            if (of != seen.end()) score(o, of->second, total, stated, came);
        }
        for (double* mean : {&total.cover50, &total.cover80, &total.cover95, &total.crps, &total.crps_naive}) *mean = total.fits > 0 ? *mean / total.fits : 0;
        total.rises = static_cast<double>(stated.size());
        if (const auto rise = forecast::reliability(stated, came)) total.brier = rise->brier, total.climatology = rise->climatology;
        if (!record.outlooks.empty()) out.push_back(std::move(total));
    }
    return out;
}

}  // namespace threatlas::assess

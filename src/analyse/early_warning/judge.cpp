#include "analyse/early_warning/judge.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/early_warning/count_tail.hpp"
#include "analyse/early_warning/drift.hpp"
#include "analyse/early_warning/short_history.hpp"

namespace threatlas::analyse::early_warning {

using core::Result;

namespace {

constexpr double kRunLevel = 0.05;   // a run outside goes back as long as each period is so improbable

// First period of the run, ending with the last, in which each period known was improbable.
template <class Tail>
std::uint32_t run_start(const std::vector<RegimeVerdict>& verdicts, Tail tail) {
    std::size_t first = verdicts.size() - 1;
    for (std::size_t t = first; t-- > 0;) {
        if (!verdicts[t].assessed) continue;
        if (!(tail(verdicts[t]) < kRunLevel)) break;
        first = t;
    }
    return static_cast<std::uint32_t>(first);
}

// The last year against the level of the year before: only where no new regime was declared since.
void judge_drift(std::span<const double> counts, const std::vector<RegimeVerdict>& verdicts, int year, double factor, Judgement& out) {
    const std::size_t n = counts.size(), length = static_cast<std::size_t>(year);
    if (n < 3 * length) return;
    const std::size_t from = n - length;
    const RegimeVerdict& base = verdicts[from];   // what was known a year ago
    if (!base.assessed || base.began != verdicts.back().began) return;
    const double level = base.level * std::exp(1.645 * base.level_sd);   // its upper end: the bound then holds for the estimate
    std::vector<double> expected(length);
    for (std::size_t k = 0; k < length; ++k) {
        const RegimeVerdict& v = verdicts[from + k];
        if (!v.assessed && !std::isnan(counts[from + k])) return;
        expected[k] = v.assessed ? v.expected / v.level * level : 1;
        if (v.assessed) out.expected_without_drift += v.expected / v.level * base.level, out.seen_in_year += counts[from + k];
    }
    const auto drifted = drift(counts.subspan(from), expected, verdicts.back().overdispersion, factor);
    if (!drifted) return;
    out.p_drift = drifted->p_bound;
    out.drift_began = static_cast<std::uint32_t>(from + drifted->began);
}

// Five years of weeks in one regime: the seasonal fit of all of them knows more than the recent level. Of months there are too few
// for it: its p-values would be far too small.
bool is_settled(const CountSeries& series, const std::vector<RegimeVerdict>& verdicts) {
    const BaselineOptions baseline;
    const auto needed = static_cast<std::size_t>(baseline.years_back * series.periods_per_year + baseline.half_window);
    return series.periods_per_year == 52 && series.counts.size() > needed + verdicts.back().began;
}

void judge_short(std::span<const double> counts, const JudgeOptions& options, Judgement& out) {
    const auto known = std::count_if(counts.begin(), counts.end() - 1, [](double c) { return !std::isnan(c); });
    if (known < options.fewest_for_bayes) {
        out.held = "too few periods before it (" + std::to_string(known) + ")";
        return;
    }
    const auto verdict = bayes(counts, options.earlier_level, options.regime.overdispersion);
    if (!verdict) return;
    out.detector = "bayes";
    out.expected = verdict->expected;
    out.overdispersion = options.regime.overdispersion + 1 / (verdict->expected * static_cast<double>(known));
    out.p_rise = verdict->p_value;
    // Where there is a spread to compare with, EARS has to agree: a young series' noise is not known.
    if (known >= 7 && std::count_if(counts.end() - 8, counts.end(), [](double c) { return std::isnan(c); }) == 0) {
        const auto second = ears(counts, Ears::c1, options.earlier_level);
        if (second) out.p_rise = std::max(out.p_rise, second->p_value);
    }
    out.rise_began = static_cast<std::uint32_t>(counts.size() - 1);
}

}  // namespace

void settle(Judgement& out, const FarringtonVerdict& verdict) {
    if (std::isnan(verdict.p_value) || !(verdict.expected > 0) || !(verdict.dispersion >= 1)) return;
    out.detector = "farrington";
    out.expected = verdict.expected;
    out.overdispersion = (verdict.dispersion - 1) / verdict.expected;
    out.p_rise = verdict.p_value;
    out.p_fall = out.seen < out.expected ? 1 - upper_tail(out.seen + 1, out.expected, verdict.dispersion) : 1;
}

Result<Judgement> judge(std::span<const double> counts, std::span<const double> completeness, int periods_per_year, const JudgeOptions& options) {
    if (!completeness.empty() && completeness.size() != counts.size()) return core::fail(core::ErrorCode::bad_usage, "there should be one completeness for each count");
    Judgement out;
    if (counts.empty() || std::isnan(counts.back())) {
        out.held = "nothing was reported for it";
        return out;
    }
    out.seen = counts.back();
    out.completeness = completeness.empty() ? 1 : completeness.back();
    if (out.completeness < options.least_complete) {
        out.held = "most of it is still to be reported";
        return out;
    }
    // A beginning without any report is no history.
    std::size_t skip = 0;
    while (std::isnan(counts[skip])) ++skip;
    const auto history = counts.subspan(skip);
    const auto known = std::count_if(history.begin(), history.end(), [](double c) { return !std::isnan(c); });
    if (known <= options.regime.first) {
        judge_short(history, options, out);
        out.rise_began += static_cast<std::uint32_t>(skip);
        return out;
    }
    // Late reports scale the expectation, as a population does.
    std::vector<double> share;
    if (!completeness.empty()) {
        share.assign(completeness.begin() + static_cast<std::ptrdiff_t>(skip), completeness.end());
        for (double& each : share) each = std::max(each, options.least_complete);
        share.front() = 1;
    }
    const CountSeries series{history, periods_per_year, share, {}};
    THREATLAS_TRY(const auto verdicts, walk_forward(series, options.regime));
    const RegimeVerdict& now = verdicts.back();
    if (!now.assessed) {
        out.held = "too few periods before it";
        return out;
    }
    const auto base = static_cast<std::uint32_t>(skip);
    out.detector = "regime";
    out.expected = now.expected, out.overdispersion = now.overdispersion;
    out.p_rise = now.p_high, out.p_fall = now.p_low;
    out.regime = now.regime, out.regime_began = now.began + base;
    out.rise_began = run_start(verdicts, [](const auto& v) { return v.p_high; }) + base;
    out.fall_began = run_start(verdicts, [](const auto& v) { return v.p_low; }) + base;
    bool before = false;
    for (std::size_t t = 0; t + base < out.rise_began; ++t) {
        const bool rose = verdicts[t].assessed && verdicts[t].p_high < options.earlier_level;
        if (rose && !before) out.earlier.push_back(static_cast<std::uint32_t>(t + base));
        before = rose;
    }
    out.settled = is_settled(series, verdicts);
    if (out.settled && options.settle)
        if (const auto verdict = farrington(series, history.size() - 1, {})) settle(out, *verdict);
    judge_drift(history, verdicts, periods_per_year, options.drift_factor, out);
    out.drift_began += base;
    return out;
}

}  // namespace threatlas::analyse::early_warning

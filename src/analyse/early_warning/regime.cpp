#include "analyse/early_warning/regime.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "analyse/early_warning/count_tail.hpp"
#include "analyse/early_warning/regime_parts.hpp"

namespace threatlas::analyse::early_warning {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

Result<void> check(const CountSeries& series, const RegimeOptions& options) {
    if (options.first < 4 || options.switch_after < 2 || !(options.outside > 0 && options.outside < 0.5) || !(options.overdispersion > 0) || !(options.prior_periods > 0) ||
        !(options.most_overdispersion >= options.overdispersion) || !(options.most_clumping >= 1))
        return fail(ErrorCode::bad_usage, "the detector's options are out of range");
    if (series.periods_per_year < 2) return fail(ErrorCode::bad_usage, "a year should have at least two periods");
    if (!series.population.empty() && series.population.size() != series.counts.size()) return fail(ErrorCode::bad_usage, "there should be one population for each period");
    for (std::size_t t = 0; t < series.counts.size(); ++t) {
        if (series.counts[t] < 0 || std::isinf(series.counts[t])) return fail(ErrorCode::bad_input, "a count is negative or not finite", {"", t + 1, ""});
        if (!series.population.empty() && !(series.population[t] > 0 && std::isfinite(series.population[t]))) return fail(ErrorCode::bad_input, "a population is not above zero", {"", t + 1, ""});
    }
    if (series.counts.size() < static_cast<std::size_t>(options.first))
        return fail(ErrorCode::not_enough_data, std::to_string(series.counts.size()) + " periods; the detector begins after " + std::to_string(options.first));
    return {};
}

class Walk {
  public:
    Walk(const CountSeries& series, const RegimeOptions& options)
        : series_(series), options_(options), season_(series.periods_per_year), noise_(options.overdispersion, options.prior_periods, options.most_overdispersion, options.most_clumping, series.periods_per_year) {}

    RegimeVerdict step(std::size_t t) {
        const double count = series_.counts[t];
        exposure_ = season_.factor(t) * (series_.population.empty() ? 1 : series_.population[t] / series_.population[0]);
        RegimeVerdict verdict = foresee(t);
        verdict.regime = regime_;
        verdict.began = began_;
        if (std::isnan(count)) {
            verdict.assessed = false;
            return verdict;
        }
        if (verdict.assessed) {
            const double dispersion = 1 + verdict.overdispersion * verdict.expected;
            verdict.p_high = count > verdict.expected ? upper_tail(count, verdict.expected, dispersion) : 1;
            verdict.p_low = count < verdict.expected ? 1 - upper_tail(count + 1, verdict.expected, dispersion) : 1;
        }
        learn(t, count, verdict);
        return verdict;
    }

  private:
    // What is expected of the present period, before it is seen.
    RegimeVerdict foresee(std::size_t t) const {
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        const int needed = regime_ > 0 ? options_.switch_after : options_.first;
        if (seen_ < needed) return {kNone, kNone, kNone, kNone, kNone, kNone, 0, 0, false};
        RegimeVerdict out;
        // A level of zero is known no better than half a case in the exposure seen.
        out.level = std::max(level_.rate(), 0.5 / std::max(1.0, level_.weight()));
        out.expected = exposure_ * out.level;
        const double noise = noise_.at(out.expected);
        out.level_sd = std::sqrt(level_.variance(noise));
        out.overdispersion = noise;
        // Level and season are estimates: what they leave open widens the prediction, most in a young regime.
        out.overdispersion += (level_.variance(noise) + season_.variance(t)) * (1 + noise);
        out.assessed = true;
        return out;
    }

    void learn(std::size_t t, double count, const RegimeVerdict& verdict) {
        double learnt = count;
        bool outside = false;
        if (verdict.assessed) {
            outside = judge(count, verdict);
            const double mean = verdict.expected, a = verdict.overdispersion, sd = std::sqrt(mean + a * mean * mean);
            learnt = std::clamp(count, std::max(0.0, mean - 2 * sd), mean + 2.6 * sd * (1 + 0.5 * std::sqrt(a)));
            noise_.learn(std::min(count, mean + 4 * sd), mean);
            level_.score(learnt, exposure_, a);
            if (static_cast<int>(run_.size()) >= options_.switch_after) return begin_regime(t);
        }
        const double before = level_.rate();
        level_.learn(learnt, exposure_);
        ++seen_;
        // Only what lies inside, and is not the settling-in, tells the season.
        if (verdict.assessed && !outside) season_.learn(t, learnt, before * exposure_ / season_.factor(t));
        if ((t + 1) % static_cast<std::size_t>(series_.periods_per_year) == 0 && t + 1 >= 3 * static_cast<std::size_t>(series_.periods_per_year)) season_.estimate(noise_.at(std::max(before * exposure_, 0.1)));
    }

    bool judge(double count, const RegimeVerdict& verdict) {
        const int side = verdict.p_high < options_.outside ? 1 : verdict.p_low < options_.outside ? -1 : 0;
        if (side != side_) run_.clear();
        side_ = side;
        if (side != 0) run_.push_back({count, exposure_});
        return side != 0;
    }

    void begin_regime(std::size_t t) {
        level_.restart(run_);
        seen_ = static_cast<int>(run_.size());
        began_ = static_cast<std::uint32_t>(t + 1 - run_.size());
        ++regime_;
        run_.clear();
        side_ = 0;
    }

    const CountSeries& series_;
    const RegimeOptions& options_;
    Level level_;
    Season season_;
    Noise noise_;
    double exposure_ = 1;
    int seen_ = 0, side_ = 0;
    std::uint32_t regime_ = 0, began_ = 0;
    std::vector<std::array<double, 2>> run_;   // periods outside in a row: count and exposure
};

}  // namespace

Result<std::vector<RegimeVerdict>> walk_forward(const CountSeries& series, const RegimeOptions& options) {
    THREATLAS_CHECK(check(series, options));
    Walk walk(series, options);
    std::vector<RegimeVerdict> out;
    out.reserve(series.counts.size());
    for (std::size_t t = 0; t < series.counts.size(); ++t) out.push_back(walk.step(t));
    return out;
}

}  // namespace threatlas::analyse::early_warning

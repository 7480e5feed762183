#include "analyse/forecast/ets_model.hpp"

#include <algorithm>

#include "analyse/forecast/nelder_mead.hpp"

namespace threatlas::analyse::forecast {

using Trend = EtsKind::Trend;
using Season = EtsKind::Season;

std::string EtsKind::name() const {
    const char* trends[] = {"N", "A", "Ad"};
    const char* seasons[] = {"N", "A", "M"};
    return std::string(relative_error ? "M" : "A") + trends[static_cast<int>(trend)] + seasons[static_cast<int>(season)];
}

std::size_t EtsKind::smoothing() const {
    return 1U + (trend != Trend::none ? 1U : 0U) + (season != Season::none ? 1U : 0U) + (trend == Trend::damped ? 1U : 0U);
}

double EtsState::mean() const {
    const double base = level_ + damped();
    if (season_.empty()) return base;
    return fit_->kind.season == Season::additive ? base + season_[at_] : base * season_[at_];
}

void EtsState::move(double error) {
    const double base = level_ + damped();
    double direct = error;   // what the error means for the level
    if (!season_.empty()) {
        double& index = season_[at_];
        at_ = at_ + 1 == season_.size() ? 0 : at_ + 1;
        if (fit_->kind.season == Season::multiplicative) direct = error / index, index += fit_->gamma * error / base;
        else index += fit_->gamma * error;
    }
    slope_ = damped() + fit_->beta * direct;
    level_ = base + fit_->alpha * direct;
}

std::vector<double> EtsState::season() const {
    std::vector<double> out = season_;
    std::rotate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(at_), out.end());
    return out;
}

namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// The search's variables to parameters within the usual region: beta <= alpha, gamma <= 1 - alpha, phi 0.8..0.98.
void put(const std::vector<double>& x, double unit, double level, double slope, EtsFit& fit) {
    std::size_t i = 0;
    fit.level = level + unit * x[i++];
    if (fit.kind.trend != Trend::none) fit.slope = slope + unit / 10 * x[i++];
    fit.alpha = 1e-4 + 0.9998 * logistic(x[i++]);
    if (fit.kind.trend != Trend::none) fit.beta = 1e-4 + (fit.alpha - 1e-4) * logistic(x[i++]);
    if (fit.kind.season != Season::none) fit.gamma = (1 - fit.alpha) * logistic(x[i++]);
    if (fit.kind.trend == Trend::damped) fit.phi = 0.8 + 0.18 * logistic(x[i]);
}

// -2 log-likelihood up to a constant; infinite where a mean is not above zero though it must be.
double run(std::span<const double> values, const EtsFit& fit, EtsState& state, double& squares) {
    const bool positive = fit.kind.relative_error || fit.kind.season == Season::multiplicative;
    double logs = 0;
    squares = 0;
    for (const double v : values) {
        const double mean = state.mean();
        if (positive && !(mean > 0)) return HUGE_VAL;
        const double share = fit.kind.relative_error ? (v - mean) / mean : v - mean;
        squares += share * share;
        if (fit.kind.relative_error) logs += std::log(mean);
        state.move(v - mean);
    }
    const auto n = static_cast<double>(values.size());
    return n * std::log(squares + 1e-300) + 2 * logs;
}

}  // namespace

EtsFit fit_ets(std::span<const double> values, EtsKind kind, std::span<const double> first_season) {
    EtsFit out;
    out.kind = kind;
    const std::size_t year = first_season.size(), n = values.size();
    const bool positive = kind.relative_error || kind.season == Season::multiplicative;
    const std::size_t states = 1 + (kind.trend != Trend::none ? 1U : 0U) + (year > 0 ? year - 1 : 0);
    const auto parameters = static_cast<double>(states + kind.smoothing() + 1), size = static_cast<double>(n);
    if (size <= parameters + 1 || (positive && !std::all_of(values.begin(), values.end(), [](double v) { return v > 0; }))) return out;
    out.season.assign(first_season.begin(), first_season.end());

    // First level and slope: of a straight line through the first values, the season taken out.
    const std::size_t first = std::min(n, std::max<std::size_t>(10, 2 * year));
    double mean = 0, xy = 0, xx = 0, unit = 0;
    const double middle = static_cast<double>(first + 1) / 2;
    std::vector<double> plain(first);
    for (std::size_t t = 0; t < first; ++t) {
        plain[t] = kind.season == Season::none ? values[t] : kind.season == Season::additive ? values[t] - first_season[t % year] : values[t] / first_season[t % year];
        mean += plain[t] / static_cast<double>(first);
    }
    for (std::size_t t = 0; t < first; ++t) {
        const double x = static_cast<double>(t + 1) - middle;
        xy += x * (plain[t] - mean), xx += x * x, unit += std::abs(plain[t] - mean) / static_cast<double>(first);
    }
    const double slope = kind.trend == Trend::none ? 0 : xy / xx, level = mean - slope * middle;
    if (unit == 0) unit = 1;

    std::vector<double> start = {0};
    if (kind.trend != Trend::none) start.push_back(0);
    start.push_back(-0.5);
    if (kind.trend != Trend::none) start.push_back(-2.5);
    if (kind.season != Season::none) start.push_back(-3);
    if (kind.trend == Trend::damped) start.push_back(1.5);
    double squares = 0;
    const auto badness = [&](const std::vector<double>& x) {
        put(x, unit, level, slope, out);
        EtsState state(out);
        return run(values, out, state, squares);
    };
    const Minimum best = nelder_mead(badness, start, 0.7, 120 * static_cast<int>(start.size()));
    put(best.at, unit, level, slope, out);
    EtsState state(out);
    const double deviance = run(values, out, state, squares);
    if (!std::isfinite(deviance)) return out;
    out.log_likelihood = -deviance / 2, out.sigma2 = squares / (size - parameters + 1);
    out.aicc = deviance + 2 * parameters + 2 * parameters * (parameters + 1) / (size - parameters - 1);
    out.level = state.level(), out.slope = state.slope(), out.season = state.season();
    return out;
}

}  // namespace threatlas::analyse::forecast

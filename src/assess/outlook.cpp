#include "assess/outlook.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "analyse/early_warning/watch.hpp"
#include "analyse/forecast/annual.hpp"
#include "analyse/forecast/backtest.hpp"
#include "analyse/forecast/counts.hpp"
#include "analyse/forecast/reconcile.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess {

namespace forecast = analyse::forecast;
namespace series = analyse::series;

namespace {

constexpr int kMonths = 12, kYears = 3, kFewestMonths = 24, kHistory = 72, kOrigins = 4;
constexpr std::size_t kStale = 48;          // months that a series may end before the newest of all
constexpr std::size_t kFewestYears = 6;

FanPoint fan_point(const std::string& period, const forecast::Step& step) { return {period, step.mean, {step.quantiles.begin(), step.quantiles.end()}}; }

std::size_t given(const std::vector<double>& values) {
    return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [](double v) { return !std::isnan(v); }));
}

struct Chosen {
    const series::Series* series = nullptr;
    series::Stretch months;
};

// Of each threat the series with most cases; of equal ones the most general.
std::map<std::string, Chosen> choose(const series::Lattice& lattice, const model::Catalogue& catalogue) {
    std::map<std::string, Chosen> out;
    std::size_t newest = 0;
    for (const series::Series& s : lattice.series) {
        const auto stretch = series::known_stretch(s);
        newest = std::max(newest, stretch.first + stretch.counts.size());
    }
    for (const series::Series& s : lattice.series) {
        if (!s.key.area.empty()) continue;
        const Chosen each{&s, series::known_stretch(s)};
        if (given(each.months.counts) < kFewestMonths || newest - (each.months.first + each.months.counts.size()) > kStale) continue;
        for (const std::string& threat : analyse::early_warning::threats_of(s.key, catalogue)) {
            Chosen& best = out[threat];
            if (best.series == nullptr || s.total > best.series->total || (s.total == best.series->total && s.level < best.series->level)) best = each;
        }
    }
    return out;
}

// The series that one dimension splits it into, all of it; of several dimensions the one with most parts.
std::vector<const series::Series*> parts_of(const series::Series& whole, const series::Lattice& lattice) {
    std::map<std::string, std::vector<const series::Series*>> by_dimension;
    for (const series::Series& s : lattice.series) {
        if (s.key.dims.size() != whole.key.dims.size() + 1) continue;
        for (const auto& [name, value] : s.key.dims) {
            series::Key without = s.key;
            without.dims.erase(name);
            if (without == whole.key) by_dimension[name].push_back(&s);
        }
    }
    std::vector<const series::Series*> best;
    for (const auto& [name, list] : by_dimension) {
        double total = 0;
        for (const auto* each : list) total += each->total;
        if (total > 0.999 * whole.total && list.size() > std::max<std::size_t>(1, best.size())) best = list;
    }
    return best;
}

// The whole and its parts forecast alone, then made to agree: the whole comes first.
core::Result<std::vector<forecast::Forecast>> agreeing(const Chosen& chosen, const std::vector<const series::Series*>& parts) {
    THREATLAS_TRY(auto whole, forecast::forecast_counts(chosen.months.counts, kMonths, kMonths));
    std::vector<forecast::Forecast> base{std::move(whole)};
    const auto begin = static_cast<std::ptrdiff_t>(chosen.months.first), end = begin + static_cast<std::ptrdiff_t>(chosen.months.counts.size());
    for (const auto* part : parts) {
        const std::vector<double> counts(part->counts.begin() + begin, part->counts.begin() + end);
        THREATLAS_TRY(auto made, forecast::forecast_counts(counts, kMonths, kMonths));
        base.push_back(std::move(made));
    }
    if (parts.empty()) return base;
    forecast::Hierarchy parents(base.size(), 0);
    parents[0] = forecast::kNoParent;
    return forecast::reconcile(parents, std::move(base));
}

core::Result<Outlook> of_months(const std::string& threat, const Chosen& chosen, const series::Lattice& lattice, const model::Catalogue& catalogue) {
    const auto parts = parts_of(*chosen.series, lattice);
    THREATLAS_TRY(const auto all, agreeing(chosen, parts));
    const forecast::Forecast& made = all.front();
    Outlook out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Part part{parts[i]->key.dims.begin()->second, analyse::early_warning::title_of(parts[i]->key, catalogue), 0, 0, 0};
        for (const auto& step : all[i + 1].steps) part.value += step.mean;
        part.low = part.high = part.value;
        out.parts.push_back(std::move(part));
    }
    std::stable_sort(out.parts.begin(), out.parts.end(), [](const Part& a, const Part& b) { return a.value > b.value; });
    out.threat = threat, out.kind = "months", out.title = analyse::early_warning::title_of(chosen.series->key, catalogue);
    out.series = series::text(chosen.series->key), out.unit = "count", out.method = made.method, out.source = chosen.series->key.source;
    const model::Source* source = catalogue.source(out.source);
    out.already_public = source != nullptr && source->already_public;
    const std::size_t n = chosen.months.counts.size();
    for (std::size_t t = n > kHistory ? n - kHistory : 0; t < n; ++t) out.history.push_back({lattice.label(chosen.months.first + t), chosen.months.counts[t], chosen.months.counts[t], chosen.months.counts[t]});
    for (std::size_t k = 0; k < made.steps.size(); ++k) {
        out.fan.push_back(fan_point(lattice.label(chosen.months.first + n + k), made.steps[k]));
        out.next += made.steps[k].mean;
    }
    const std::span<const double> last = std::span(chosen.months.counts).last(kMonths);
    for (const double c : last) out.last += c;
    if (const auto p = forecast::probability_of_rise(made, last)) out.p_rise = *p;
    if (std::isnan(out.last)) out.last = 0;
    out.next_low = out.next_high = out.next;
    return out;
}

Skill skill_of(const char* kind, const char* method, const forecast::Backtest& b) {
    return {kind, method, static_cast<double>(b.fits), b.cover50, b.cover80, b.cover95, b.crps, b.rise.brier, b.rise.climatology};
}

void add_monthly_skill(const std::map<std::string, Chosen>& chosen, std::vector<Skill>& out) {
    std::map<std::string, std::vector<double>> distinct;   // several threats may share a series
    for (const auto& [threat, each] : chosen) distinct[series::text(each.series->key)] = each.months.counts;
    std::vector<std::vector<double>> all;
    for (auto& [key, counts] : distinct) all.push_back(counts);
    const forecast::BacktestOptions options{.periods_per_year = kMonths, .horizon = kMonths, .origins = kOrigins};
    if (const auto ours = forecast::backtest(all, forecast::forecast_counts, options)) out.push_back(skill_of("months", "combined", *ours));
    if (const auto naive = forecast::backtest(all, forecast::seasonal_naive, options)) out.push_back(skill_of("months", "last year again", *naive));
}

// Figures of one indicator: the region's, and its countries'.
struct Panel {
    const Figure* region = nullptr;
    int last = 0;
    std::vector<std::vector<double>> values;   // the region first
};

std::map<int, double> by_year(const Figure& figure) {
    std::map<int, double> out;
    for (const SeriesPoint& point : figure.series)
        if (point.period.size() == 4) out[std::stoi(point.period)] = point.value;
    return out;
}

std::optional<Panel> panel_of(const Trend& trend, const std::vector<Figure>& figures) {
    Panel out;
    for (const Figure& f : figures)
        if (f.id == trend.figure && f.basis == "measured") out.region = &f;
    if (out.region == nullptr) return std::nullopt;
    const auto region = by_year(*out.region);
    if (region.empty()) return std::nullopt;
    const int first = region.begin()->first;
    for (const auto& [year, value] : region)
        if (!std::isnan(value)) out.last = year;
    const auto add = [&](const Figure& figure) {
        std::vector<double> values(static_cast<std::size_t>(out.last - first + 1), std::numeric_limits<double>::quiet_NaN());
        for (const auto& [year, value] : by_year(figure))
            if (year >= first && year <= out.last) values[static_cast<std::size_t>(year - first)] = value;
        out.values.push_back(std::move(values));
    };
    if (out.last == 0) return std::nullopt;
    add(*out.region);
    if (given(out.values.front()) < kFewestYears) return std::nullopt;
    for (const Figure& f : figures)
        if (f.indicator == out.region->indicator && f.basis == "measured" && !f.place.empty()) add(f);
    return out;
}

core::Result<Outlook> of_years(const std::string& threat, const Panel& panel) {
    THREATLAS_TRY(const auto made, forecast::forecast_annual(panel.values, kYears));
    THREATLAS_TRY(const auto steps, made.members.front());
    Outlook out;
    const Figure& f = *panel.region;
    out.threat = threat, out.kind = "years", out.title = f.title.substr(0, f.title.find(", change")), out.figure = f.id, out.indicator = f.indicator, out.unit = "a year", out.method = steps.method, out.history = f.series, out.already_public = f.already_public;
    out.source = f.sources.empty() ? "" : f.sources.front();
    for (std::size_t k = 0; k < steps.steps.size(); ++k) out.fan.push_back(fan_point(std::to_string(panel.last + 1 + static_cast<int>(k)), steps.steps[k]));
    out.last = panel.values.front().back();
    out.next_low = out.fan.front().at(0.10), out.next = out.fan.front().at(0.50), out.next_high = out.fan.front().at(0.90);
    out.p_rise = 1 - forecast::probability_at_most(steps.steps.front(), out.last);
    return out;
}

// One year ahead from the last four years but one, each region's panel cut there.
std::array<Skill, 2> annual_skill(const Panel& panel) {
    Skill ours{.kind = "years", .method = "pooled", .fits = 0, .cover50 = 0, .cover80 = 0, .cover95 = 0, .crps = 0, .brier = 0, .climatology = 0}, naive = ours;
    naive.method = "last year again";
    for (std::size_t cut = 1; cut <= kOrigins; ++cut) {
        auto values = panel.values;
        const double came = values.front()[values.front().size() - cut];
        for (auto& each : values) each.resize(each.size() - cut);
        const std::vector<double>& region = values.front();
        const double scale = forecast::scale_of_changes(region);
        if (given(region) < forecast::kLeastYears || std::isnan(came) || std::isnan(region.back()) || !(scale > 0)) continue;
        const auto made = forecast::forecast_annual(values, 1);
        if (!made || !made->members.front()) continue;
        double squares = 0, n = 0;
        for (std::size_t t = 1; t < region.size(); ++t)
            if (const double change = region[t] - region[t - 1]; !std::isnan(change)) squares += change * change, n += 1;
        const auto score = [&](Skill& skill, const forecast::Step& step) {
            const auto within = [&](double percent) { const auto i = forecast::interval(step, percent); return came >= i.lower && came <= i.upper ? 1.0 : 0.0; };
            skill.fits += 1, skill.cover50 += within(50), skill.cover80 += within(80), skill.cover95 += within(95), skill.crps += forecast::crps(step, came) / scale;
        };
        score(ours, made->members.front()->steps.front());
        score(naive, forecast::normal_step(region.back(), std::sqrt(squares / n)));
    }
    return {ours, naive};
}

void add_annual_skill(const std::vector<std::array<Skill, 2>>& panels, std::vector<Skill>& out) {
    for (std::size_t which = 0; which < 2; ++which) {
        Skill sum;
        for (const auto& each : panels) {
            const Skill& s = each[which];
            sum.kind = s.kind, sum.method = s.method;
            sum.fits += s.fits, sum.cover50 += s.cover50, sum.cover80 += s.cover80, sum.cover95 += s.cover95, sum.crps += s.crps;
        }
        if (sum.fits == 0) continue;
        for (double* mean : {&sum.cover50, &sum.cover80, &sum.cover95, &sum.crps}) *mean /= sum.fits;
        out.push_back(sum);
    }
}

}  // namespace

double FanPoint::at(double probability) const {
    const auto& p = forecast::kProbabilities;
    const auto k = static_cast<std::size_t>(std::find(p.begin(), p.end(), probability) - p.begin());
    return k < quantiles.size() ? quantiles[k] : std::numeric_limits<double>::quiet_NaN();
}

core::Result<Outlooks> outlooks(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Measured& measured) {
    Outlooks out;
    std::map<std::string, Chosen> chosen;
    series::LatticeOptions options;
    options.dimensions = 1;
    const auto lattice = series::build_lattice(snapshot, catalogue, options);
    if (lattice) chosen = choose(*lattice, catalogue);
    else if (lattice.error().code != core::ErrorCode::not_enough_data) return tl::unexpected<core::Error>(lattice.error());
    struct Job {
        Outlook made;
        std::array<Skill, 2> skill;
    };
    std::vector<std::optional<Job>> annual(catalogue.threats.size());
    core::parallel_for(annual.size(), [&](std::size_t t) {
        const std::string& id = catalogue.threats[t].id;
        if (chosen.contains(id)) return;
        const auto panel = panel_of(measured.trends[t], measured.figures);
        if (!panel) return;
        auto made = of_years(id, *panel);
        if (made) annual[t] = Job{std::move(*made), annual_skill(*panel)};
    });
    std::vector<std::array<Skill, 2>> skills;
    for (std::size_t t = 0; t < catalogue.threats.size(); ++t) {
        const std::string& id = catalogue.threats[t].id;
        if (const auto monthly = chosen.find(id); monthly != chosen.end()) {
            if (auto made = of_months(id, monthly->second, *lattice, catalogue)) out.outlooks.push_back(std::move(*made));
            continue;
        }
        if (annual[t]) out.outlooks.push_back(std::move(annual[t]->made)), skills.push_back(annual[t]->skill);
    }
    if (!chosen.empty()) add_monthly_skill(chosen, out.skill);
    add_annual_skill(skills, out.skill);
    return out;
}

}  // namespace threatlas::assess

#include "assess/indicators/figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/level_model.hpp"
#include "assess/indicators/mix.hpp"
#include "assess/indicators/series.hpp"
#include "assess/indicators/signalled.hpp"
#include "assess/indicators/summary.hpp"
#include "assess/indicators/trend_model.hpp"

namespace threatlas::assess::indicators {
namespace {

struct Job {
    const Context& context;
    const model::Indicator& indicator;
    std::string place;                 // empty: region
    std::vector<std::string> places;   // whose rows are read
    core::Random random;
    Made made;
    std::vector<double> draws;
    double anchor_scale = 1;           // anchors are on the recorded scale; the value may not be

    Figure& figure() { return made.figure; }
    bool region() const { return place.empty(); }
};

void note(Figure& figure, const std::string& text) { figure.note += (figure.note.empty() ? "" : " ") + text; }

// The years from `first` on that the value rests on, in words; and as the figure's window.
std::string years_text(Figure& f, int first) {
    std::string out;
    for (const SeriesPoint& point : f.series) {
        if (std::isnan(point.value) || std::strtol(point.period.c_str(), nullptr, 10) < first) continue;
        if (f.from.empty()) f.from = point.period;
        f.to = point.period;
        out += (out.empty() ? "" : ", ") + point.period + ": " + short_number(point.low);
        if (point.high > point.low) out += "-" + short_number(point.high);
    }
    return out;
}

double per(const std::string& unit) { return unit.find("per_100k") != std::string::npos ? 1e5 : unit.find("per_million") != std::string::npos ? 1e6 : 0; }

double inhabitants(const Job& job, const std::string& place, int year) {
    return place.empty() ? job.context.region_population(year) : job.context.catalogue.population(place, year);
}

// All groups of one year together. covered: share of the region's inhabitants whose countries gave it.
struct Together {
    int year = 0;
    double low = 0, high = 0, exposure = 0, people = 0, covered = 0;
    std::vector<double> by_unit;
};
std::vector<Together> together(const Job& job, const Series& series, bool old) {
    std::map<int, Together> years;
    for (const Group& group : series.groups)
        for (const Cell& cell : old ? group.before_break : group.years) {
            Together& t = years[cell.year];
            const double people = std::max(1.0, inhabitants(job, group.place, cell.year));
            const double weight = series.kind == Kind::intensive ? people : 1;
            t.year = cell.year;
            t.low += weight * cell.low, t.high += weight * cell.high;
            t.exposure += people * cell.exposure, t.people += people;
            t.by_unit.resize(std::max(t.by_unit.size(), cell.by_unit.size()));
            for (std::size_t u = 0; u < cell.by_unit.size(); ++u) t.by_unit[u] += cell.by_unit[u];
        }
    std::vector<Together> out;
    for (auto& [year, t] : years) {
        if (series.kind == Kind::intensive) t.low /= t.people, t.high /= t.people;
        const double all = std::max(t.people, inhabitants(job, job.place, year));
        t.covered = all > 0 ? t.people / all : 1;
        out.push_back(std::move(t));
    }
    return out;
}

void show_series(Job& job, const Series& series, const std::vector<Together>& years, const std::vector<Together>& before, double scale_per) {
    std::map<int, SeriesPoint> points;
    for (int year = series.first_year; year <= series.last_year; ++year) {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        points[year] = {std::to_string(year), nan, nan, nan};
    }
    for (const auto* list : {&before, &years})
        for (const Together& t : *list) {
            const double over = scale_per > 0 && series.kind != Kind::intensive ? t.exposure / scale_per : 1;
            double low = t.low, high = t.high;
            if (series.kind == Kind::amount) {
                low = high = 0;
                for (std::size_t u = 0; u < t.by_unit.size(); ++u) low += t.by_unit[u] * series.units[u].low, high += t.by_unit[u] * series.units[u].high;
            }
            points[t.year] = {std::to_string(t.year), (t.low + t.high) / 2 / over, low / over, high / over};
        }
    for (auto& [year, point] : points) job.figure().series.push_back(std::move(point));
}

void describe_reading(Figure& figure, const Series& series) {
    if (series.partial_last) note(figure, "The last, incomplete year is not used.");
    int last_break = 0;
    for (const Group& group : series.groups) last_break = std::max(last_break, group.last_break);
    if (last_break > 0) note(figure, "Break in recording in " + std::to_string(last_break) + ": earlier years are shown, not used.");
    if (series.censored > 0) note(figure, std::to_string(series.censored) + " cells are known as an interval only.");
    if (series.absent + series.withheld > 0)
        note(figure, std::to_string(series.absent) + " absent and " + std::to_string(series.withheld) + " withheld cells are gaps, not zeros.");
    if (series.unconverted > 0) note(figure, std::to_string(series.unconverted) + " rows are in units without a conversion and are left out.");
    if (series.contradicted > 0) note(figure, std::to_string(series.contradicted) + " figures are told in several ways and stand as intervals.");
    if (series.nested) note(figure, "Codes that lie within another listed code are not added again.");
    if (series.unplaced > 0) note(figure, std::to_string(series.unplaced) + " figures of one of the country's organisations lack the other's and are left out.");
}

// Widths that every level shares: what is recorded of what happens, what of it is the threat's.
void widen(Job& job, bool dark) {
    const model::Indicator& in = job.indicator;
    const model::Threat* threat = job.context.catalogue.threat(in.threat);
    const double missing = job.context.assumed(kIncompleteSd) * (1 - job.figure().completeness);
    std::string& formula = job.figure().formula;
    const bool shifted = dark && threat != nullptr && threat->dark_figure_high > 1;
    for (double& x : job.draws) {
        if (shifted) x *= log_uniform(threat->dark_figure_low, threat->dark_figure_high, job.random);
        x *= log_uniform(in.speaks_for_low, in.speaks_for_high, job.random);
        if (missing > 0) x *= std::exp(missing * job.random.normal());
    }
    // The anchors are quantiles of recorded figures elsewhere, which have their dark figure too: the
    // middle of the range moves the value and the anchors alike, its width widens the score.
    if (shifted) job.anchor_scale = std::sqrt(threat->dark_figure_low * threat->dark_figure_high);
    if (shifted) formula += "; times " + short_number(threat->dark_figure_low) + "-" + short_number(threat->dark_figure_high) + " events per recorded event";
    const bool part = in.speaks_for_high != 1 || in.speaks_for_low != 1;
    if (part) formula += "; times " + short_number(in.speaks_for_low) + "-" + short_number(in.speaks_for_high) + ", the share of the counted events that belong to the threat";
    // The value is no longer the recorded one; whoever reads the chart must not take it for that.
    if (part || shifted) job.figure().title += part ? "; estimated part of this threat" : "; estimated";
    if (shifted) job.figure().title += " with the dark figure";
    if (missing > 0) formula += "; widened for " + short_number(100 * (1 - job.figure().completeness)) + " % of the window not reported";
}

bool level(Job& job) {
    const model::Indicator& in = job.indicator;
    const Series series = read_series(job.context, in, job.places, false);
    const std::vector<Together> years = together(job, series, false), before = together(job, series, true);
    const int first = series.last_year - in.window_years + 1;
    std::vector<Together> window;
    for (const Together& t : years)
        if (t.year >= first) window.push_back(t);
    if (window.empty() || static_cast<int>(window.size()) < in.minimum_periods) return false;
    const double scale = per(in.unit);
    Figure& f = job.figure();
    f.nature = model::name_of(series.nature);
    double covered = 0;
    for (const Together& t : window) covered += t.covered;
    f.completeness = std::clamp(covered / in.window_years, 0.0, 1.0);
    show_series(job, series, years, before, scale);
    describe_reading(f, series);
    const std::string listed = years_text(f, first);

    if (series.kind == Kind::intensive) {
        std::vector<double> values;
        for (const Together& t : window) values.push_back((t.low + t.high) / 2);
        job.draws = mean_draws(values, job.context.assumed(kYearSd), job.context.options.figure_draws, job.random);
        f.formula = "mean of the yearly rates (" + listed + "), log-normal with the spread between years";
    } else if (in.measure == "quantity") {
        std::vector<double> values, by_unit;
        double missing = 1;
        for (const Together& t : window) {
            const double people = scale > 0 ? t.people / scale : 1;
            // Each country's year stands for a whole one.
            values.push_back((t.low + t.high) / 2 / people * t.people / std::max(1.0, t.exposure));
            by_unit.resize(std::max(by_unit.size(), t.by_unit.size()));
            for (std::size_t u = 0; u < t.by_unit.size(); ++u) by_unit[u] += t.by_unit[u];
            missing = std::max(missing, scale > 0 ? 1 : 1 / t.covered);
        }
        job.draws = mean_draws(values, job.context.assumed(kQuantityCv), job.context.options.figure_draws, job.random);
        double known = 0;
        for (std::size_t u = 0; u < by_unit.size(); ++u) known += by_unit[u] * std::sqrt(series.units[u].low * series.units[u].high);
        std::string ranges;
        for (double& x : job.draws) {
            double drawn = 0;
            for (std::size_t u = 0; u < by_unit.size(); ++u) drawn += by_unit[u] * log_uniform(series.units[u].low, series.units[u].high, job.random);
            if (known > 0) x *= drawn / known;
            x *= log_uniform(1, missing, job.random);   // countries that gave nothing hold none, or as much as the others
        }
        for (std::size_t u = 0; u < by_unit.size(); ++u)
            if (by_unit[u] > 0 && series.units[u].high > series.units[u].low)
                ranges += "; one " + series.units[u].unit + " is " + short_number(series.units[u].low) + "-" + short_number(series.units[u].high);
        f.formula = "mean yearly sum (" + listed + "), log-normal with the spread between years" + ranges;
        if (missing > 1) f.formula += "; times 1-" + short_number(missing) + " for countries that reported nothing in a year";
        if (!(known > 0)) note(f, "Nothing recorded in the years that were reported.");
    } else {
        std::vector<YearCount> now, baseline;
        double people = 0;
        for (const Together& t : years) {
            const YearCount each{t.low, t.high, scale > 0 ? t.exposure / scale : t.exposure / t.people};
            if (t.year > series.last_year - std::max(10, in.window_years)) baseline.push_back(each);
            if (t.year >= first) now.push_back(each), people = t.people;
        }
        if (scale > 0 && people <= 1) return note(f, "No number of inhabitants is known."), false;
        RateDraws drawn = rate_draws(now, baseline, job.context.assumed(kYearSd), job.context.options.figure_draws, job.random);
        job.draws = std::move(drawn.rate);
        f.formula = "Gamma-Poisson mean of the years " + listed + (scale > 0 ? " per " + short_number(scale) + " inhabitants (" + short_number(people) + ")" : "") +
                    "; overdispersion " + short_number(drawn.overdispersion) + " from " + std::to_string(baseline.size()) + " years";
    }
    if (job.draws.empty()) return false;
    widen(job, in.measure == "rate" && series.nature != model::Nature::conviction);
    attach_rows(job.context, series.rows, f);
    return true;
}

bool trend(Job& job) {
    const model::Indicator& in = job.indicator;
    const Series series = read_series(job.context, in, job.places, true);
    const int first = series.last_year - in.window_years + 1;
    std::vector<TrendPoint> points;
    std::map<int, double> used;
    for (std::size_t g = 0; g < series.groups.size(); ++g)
        for (const Cell& cell : series.groups[g].years) {
            if (cell.year < first) continue;
            points.push_back({g, static_cast<double>(cell.year), (cell.low + cell.high) / 2, series.kind == Kind::intensive ? 1 : cell.exposure});
            used[cell.year] += 1;
        }
    if (static_cast<int>(used.size()) < std::max(3, in.minimum_periods)) return false;
    const Slope slope = series.kind == Kind::intensive ? log_slope(points) : count_slope(points, job.context.assumed(kSlopePriorSd));
    if (slope.degrees < 1) return false;
    Figure& f = job.figure();
    f.nature = model::name_of(series.nature);
    const std::vector<Together> years = together(job, series, false);
    double covered = 0;
    for (const Together& t : years)
        if (t.year >= first) covered += t.covered;
    f.completeness = std::clamp(covered / in.window_years, 0.0, 1.0);
    show_series(job, series, years, together(job, series, true), 0);
    describe_reading(f, series);
    note(f, "The series is in the figures counted; the value is their change a year.");
    job.draws = slope_draws(slope, job.context.assumed(kIncompleteSlopeSd) * (1 - f.completeness), job.context.options.figure_draws, job.random);
    double rising = 0;
    for (double& x : job.draws) rising += x > 0, x = 100 * std::expm1(x);
    job.made.p_rising = rising / static_cast<double>(job.draws.size());
    f.formula = std::string(series.kind == Kind::intensive ? "log-linear" : "negative-binomial") + " slope over " + years_text(f, first) + " (" +
                std::to_string(series.groups.size()) + (series.groups.size() == 1 ? " series" : " series, each with its own level" + std::string(series.kind == Kind::intensive ? "" : " and slope, weighed by its share of the sum")) + ", " +
                short_number(slope.degrees) + " degrees of freedom, overdispersion " + short_number(slope.overdispersion) + "); P(rising) " + short_number(job.made.p_rising);
    attach_rows(job.context, series.rows, f);
    return true;
}

bool mixed(Job& job) {
    const model::Indicator& in = job.indicator;
    const Mix mix = read_mix(job.context, in, job.places);
    const int first = mix.last_year - in.window_years + 1;
    std::vector<Block> now, before;
    std::map<int, double> years, years_before;
    for (const Block& block : mix.blocks) {
        if (block.year > mix.last_year) continue;
        if (block.year >= first) now.push_back(block), years[block.year] += 1;
        else if (block.year >= first - in.window_years) before.push_back(block), years_before[block.year] += 1;
    }
    const auto least = static_cast<std::size_t>(std::max(1, in.minimum_periods));
    const bool shift = in.measure == "mix_shift";
    if (years.size() < least || (shift && years_before.size() < least)) return false;
    Figure& f = job.figure();
    f.nature = model::name_of(mix.nature);
    f.completeness = std::min(1.0, static_cast<double>(years.size() + (shift ? years_before.size() : 0)) / (in.window_years * (shift ? 2 : 1)));
    const auto asked = alternatives(in.part);
    std::vector<bool> wanted;
    for (const std::string& category : mix.categories) wanted.push_back(std::find(asked.begin(), asked.end(), category) != asked.end());
    ShareDraws shares = share_draws(now, wanted, job.context.options.figure_draws, job.random);
    if (shares.share.empty()) return false;
    for (std::size_t c = 0; c < mix.categories.size(); ++c) {
        const Summary s = summarise(shares.categories[c]);
        f.parts.push_back({mix.categories[c], mix.categories[c], s.mean, s.q05, s.q95});
    }
    std::stable_sort(f.parts.begin(), f.parts.end(), [](const Part& a, const Part& b) { return a.value > b.value; });
    std::map<int, std::pair<double, double>> yearly;
    double counted = 0;
    for (const Block& block : mix.blocks)
        for (std::size_t c = 0; c < block.counts.size(); ++c) {
            yearly[block.year].second += block.counts[c];
            if (wanted[c]) yearly[block.year].first += block.counts[c];
            if (block.year >= first && block.year <= mix.last_year) counted += block.counts[c];
        }
    const std::string span = std::to_string(first) + "-" + std::to_string(mix.last_year);
    if (shift) {
        ShiftDraws drawn = shift_draws(before, now, job.context.options.figure_draws, job.random);
        if (drawn.excess.empty()) return false;
        job.draws = std::move(drawn.excess);
        f.formula = "Jensen-Shannon divergence of the mix over " + in.over + ", " + span + " against the " + std::to_string(in.window_years) + " years before: " +
                    short_number(drawn.observed) + ", of which " + short_number(drawn.expected) + " is expected by chance (permutation p " + short_number(drawn.p) + ")";
    } else {
        // In per cent or as a fraction, as the unit says.
        const double hundred = in.unit == "%" || in.unit == "percent" ? 100 : 1;
        job.draws = std::move(shares.share);
        for (double& x : job.draws) x *= hundred;
        for (const auto& [year, part] : yearly)
            if (part.second > 0) {
                const double x = hundred * part.first / part.second;
                f.series.push_back({std::to_string(year), x, x, x});
            }
        f.formula = "share of " + in.part + " among " + short_number(counted) + " in " + span + "; Dirichlet, counts divided by the overdispersion " + short_number(shares.overdispersion);
        if (const double missing = job.context.assumed(kIncompleteSd) * (1 - f.completeness); missing > 0)
            for (double& x : job.draws) {   // on the logit scale, so that a share stays one
                const double p = std::clamp(x / hundred, 1e-9, 1 - 1e-9);
                x = hundred / (1 + std::exp(-(std::log(p / (1 - p)) + missing * job.random.normal())));
            }
    }
    if (mix.not_stated > 0) note(f, std::to_string(mix.not_stated) + " rows do not say it and are left out.");
    attach_rows(job.context, mix.rows, f);
    return true;
}

bool signalled(Job& job) {
    Signalled read;
    if (!read_signals(job.context, job.indicator, job.random, read)) return false;
    job.draws = std::move(read.draws);
    job.figure().formula = read.formula;
    job.figure().to = read.to;
    attach_rows(job.context, read.rows, job.figure());
    return true;
}

}  // namespace

bool found_by_looking(const std::string& nature) { return nature == "detection" || nature == "seizure" || nature == "victim"; }

namespace {

void finish(Job& job) {
    const model::Indicator& in = job.indicator;
    Figure& f = job.figure();
    std::vector<double> scores, anchors(in.anchors.size());
    scores.reserve(job.draws.size());
    for (const double x : job.draws) {
        draw_anchors(in.anchors, in.anchor_spread, job.random, anchors);
        scores.push_back(score(x / job.anchor_scale, anchors));
    }
    f.value = summarise(job.draws);
    f.score = summarise(scores);
    double variance = f.score.sd * f.score.sd + job.context.assumed(kProxySd) * job.context.assumed(kProxySd);
    if (in.criterion == "scale" && found_by_looking(f.nature)) {
        variance += job.context.assumed(kEffortSd) * job.context.assumed(kEffortSd);
        note(f, "Detections depend on looking: the score is widened.");
    }
    job.made.score_mean = f.score.mean;
    job.made.score_sd = std::max(job.context.assumed(kScoreSdFloor), std::sqrt(variance));
    if (!in.note.empty()) note(f, in.note);
    for (const std::string& id : f.sources) {
        if (std::find(in.sources.begin(), in.sources.end(), id) != in.sources.end()) continue;
        if (const model::Source* source = job.context.catalogue.source(id)) f.citation += (f.citation.empty() ? "" : "; ") + source->title;
    }
    name_figure(in.id + '/' + job.place + '/', f);
}

}  // namespace

std::optional<Made> make_figure(const Context& context, const model::Indicator& indicator, const std::string& place) {
    Job job{context, indicator, place, {}, core::Random(context.options.seed, core::stream_id("indicator/" + indicator.id + "/" + place)), {}, {}, 1};
    if (!place.empty()) job.places = {place};
    else {
        job.places.emplace_back();
        for (const std::string& country : context.region()) job.places.push_back(country);
        if (const auto asked = indicator.dims.find("place"); asked != indicator.dims.end()) job.places = alternatives(asked->second);
    }
    Figure& f = job.figure();
    f.basis = "measured", f.indicator = indicator.id, f.title = indicator.title, f.threat = indicator.threat, f.lens = indicator.lens;
    f.criterion = indicator.criterion, f.measure = indicator.measure, f.place = place, f.unit = indicator.unit, f.citation = indicator.citation;
    bool made = false;
    if (indicator.measure == "rate" || indicator.measure == "quantity") made = level(job);
    else if (indicator.measure == "trend") made = trend(job);
    else if (indicator.measure == "share" || indicator.measure == "mix_shift") made = mixed(job);
    else if (indicator.measure == "signals") made = signalled(job);
    if (!made) return std::nullopt;
    finish(job);
    return std::move(job.made);
}

}  // namespace threatlas::assess::indicators

// Whether a figure moved since a decision. The rest of decisions is in decisions.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "analyse/forecast/log_linear.hpp"
#include "analyse/series/periods.hpp"
#include "core/text.hpp"
#include "work/decisions.hpp"

namespace threatlas::work {

namespace series = analyse::series;
using core::Result;

namespace {

struct Given {     // of one source
    std::map<std::int32_t, double> months, years;          // sums of what the indicator reads
    std::set<std::int32_t> reported_months, reported_years; // periods for which it gave anything for the place
    std::string unit;
};

bool fits(const model::Indicator& indicator, const std::map<std::string, std::string>& dims) {
    for (const auto& [name, wanted] : indicator.dims) {
        const auto found = dims.find(name);
        if (found == dims.end()) return false;
        const auto alternatives = core::split(wanted, '|');
        if (std::find(alternatives.begin(), alternatives.end(), found->second) == alternatives.end()) return false;
    }
    return true;
}

// Every source's figures by month and by year.
std::map<std::string, Given> read(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const model::Indicator& indicator, const std::string& place) {
    std::set<std::string> region;
    for (const auto& country : catalogue.countries)
        if (country.role == "member_country" || country.role == "territory") region.insert(country.id);
    std::map<std::string, Given> out;
    std::map<std::uint32_t, bool> fitting;   // by the code of the dimensions
    const auto& c = snapshot.columns;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const std::string& at = snapshot.text(c.place[i]);
        if (!place.empty() ? at != place : !at.empty() && !region.contains(at)) continue;
        const std::int32_t days = c.end[i] - c.begin[i];
        const bool month = days <= 31, year = days >= 360 && days <= 366;
        if (!month && !year) continue;
        const core::Day begin{c.begin[i]};
        const std::int32_t period = month ? series::period_of(series::Step::month, begin) : core::split(begin).year;
        Given& given = out[snapshot.text(c.source[i])];
        (month ? given.reported_months : given.reported_years).insert(period);
        const std::string& what = snapshot.text(c.what[i]);
        if (std::find(indicator.whats.begin(), indicator.whats.end(), what) == indicator.whats.end()) continue;
        const auto state = static_cast<model::State>(c.state[i]);
        if (state != model::State::measured && state != model::State::censored) continue;
        const auto [known, fresh] = fitting.try_emplace(c.dims[i], false);
        if (fresh) known->second = fits(indicator, store::unpack_dims(snapshot.text(c.dims[i])));
        if (!known->second) continue;
        if (given.unit.empty()) given.unit = snapshot.text(c.unit[i]);
        if (given.unit != snapshot.text(c.unit[i])) continue;   // kilograms and pieces are not added up
        (month ? given.months : given.years)[period] += (c.value[i] + c.upper[i]) / 2;
    }
    return out;
}

// The figures from the first period known to the last; NaN where the source was silent.
std::vector<double> filled(const std::map<std::int32_t, double>& seen, const std::set<std::int32_t>& reported) {
    std::vector<double> out;
    const std::int32_t last = *reported.rbegin();
    for (std::int32_t p = seen.begin()->first; p <= last; ++p) {
        const auto found = seen.find(p);
        out.push_back(found != seen.end() ? found->second : reported.contains(p) ? 0 : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

void judge(Works& out, const std::vector<double>& before, const std::vector<double>& since, int periods_per_year) {
    const auto fitted = analyse::forecast::fit_log_linear(before, periods_per_year);
    if (!fitted) return;
    double seen = 0, expected = 0, known = 0;
    for (const double each : before) known += std::isnan(each) ? 0 : each;
    const std::size_t first = out.points.size() - since.size();
    for (std::size_t i = 0; i < since.size(); ++i) {
        out.points[first + i].expected = fitted->mean(i);
        if (std::isnan(since[i])) continue;
        seen += since[i], expected += fitted->mean(i);
    }
    if (!(expected > 0) || !(known > 0)) return;
    // Spread of what came, and of what was expected, on the logarithm; half a case keeps a zero finite.
    const double ratio = std::max(seen, 0.5) / expected, sd = std::sqrt(fitted->dispersion * (1 / expected + static_cast<double>(fitted->parameters) / known));
    out.ratio = ratio, out.low = ratio * std::exp(-1.645 * sd), out.high = ratio * std::exp(1.645 * sd);
    out.p_lower = normal_cdf(-std::log(ratio) / sd);
    out.word = out.high < 1 ? "lower" : out.low > 1 ? "higher" : "no clear change";
}

}  // namespace

Result<Works> works(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const Decision& decision) {
    if (decision.indicator.empty()) return works_in({}, catalogue, decision);
    store::SnapshotQuery query;
    query.with_judgements = false;
    THREATLAS_TRY(const store::Snapshot snapshot, store.snapshot(reader, query));
    return works_in(snapshot, catalogue, decision);
}

Works works_in(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Decision& decision) {
    Works out;
    out.decision = decision.id, out.indicator = decision.indicator, out.place = decision.place;
    const auto indicator = std::find_if(catalogue.indicators.begin(), catalogue.indicators.end(), [&](const auto& each) { return each.id == decision.indicator; });
    if (indicator == catalogue.indicators.end()) {
        out.statement = "No indicator was named by which one would see it.";
        return out;
    }
    out.title = indicator->title;
    const auto given = read(snapshot, catalogue, *indicator, decision.place);
    const Given* best = nullptr;
    for (const auto& [source, each] : given) {
        const auto better = [&best, &now = each] { return best == nullptr || std::pair(now.months.size(), now.years.size()) > std::pair(best->months.size(), best->years.size()); };
        if ((!each.months.empty() || !each.years.empty()) && better()) best = &each, out.source = source;
    }
    if (best == nullptr) {
        out.statement = "Nothing that you may see measures this indicator there.";
        return out;
    }
    const bool monthly = best->months.size() >= 6;
    out.step = monthly ? "month" : "year", out.unit = best->unit;
    const auto& seen = monthly ? best->months : best->years;
    if (seen.empty()) {
        out.statement = "The figures are too few to say whether it moved.";
        return out;
    }
    const auto values = filled(seen, monthly ? best->reported_months : best->reported_years);
    std::vector<double> before, since;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::int32_t period = seen.begin()->first + static_cast<std::int32_t>(i);
        const core::Interval when = monthly ? series::interval_of(series::Step::month, period) : core::year_interval(period);
        const bool after = when.begin >= decision.decided;
        if (!after && when.end > decision.decided) continue;   // the period of the decision itself is neither
        (after ? since : before).push_back(values[i]);
        out.points.push_back({monthly ? series::label(series::Step::month, period) : std::to_string(period), values[i], after, 0});
    }
    const auto known = [](const std::vector<double>& list) { return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [](double each) { return !std::isnan(each); })); };
    out.before = known(before), out.since = known(since);
    // A gap is drawn as one: its point carries no figure.
    std::erase_if(out.points, [](const WorksPoint& each) { return std::isnan(each.seen) && !each.since; });
    if (out.before >= (monthly ? 12U : 4U) && out.since >= (monthly ? 3U : 1U)) judge(out, before, since, monthly ? 12 : 1);
    std::erase_if(out.points, [](const WorksPoint& each) { return std::isnan(each.seen); });
    const std::string span = fmt::format("{} {}{} since the decision", out.since, out.step, out.since == 1 ? "" : "s");
    if (out.word == "not assessed")
        out.statement = fmt::format("Not assessed: {} {}{} before and {} are too little to tell a change from chance.", out.before, out.step, out.before == 1 ? "" : "s", span);
    else if (out.word == "no clear change")
        out.statement = fmt::format("No clear change: over {} the figure was {:.2f} times what it would have been had it gone on as before (90 % interval {:.2f} to {:.2f}, which holds 1).", span, out.ratio, out.low, out.high);
    else
        out.statement = fmt::format("The figure moved: over {} it was {} than had it gone on as before, {:.2f} times as much (90 % interval {:.2f} to {:.2f}). Whether the measure did that, the figures do not say.", span, out.word, out.ratio, out.low, out.high);
    return out;
}

}  // namespace threatlas::work

#include "analyse/series/reporting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace threatlas::analyse::series {
namespace {

constexpr int kSettled = 365;       // days after which a period's figures count as final
constexpr std::size_t kFewest = 30; // rows a delay distribution should rest on

struct Unit {
    std::vector<double> counts;     // by period
    std::vector<bool> present;
    std::vector<std::pair<std::int32_t, double>> delays;   // days, rows
};

double probability_of_silence(double per_period, double periods) { return std::pow(1 + 0.5 * per_period, -2 * periods); }

// Marks the breaks of one unit; returns how many periods they hold.
void find_breaks(const Unit& unit, const LatticeOptions& options, std::vector<bool>& missing, std::vector<std::pair<std::size_t, std::size_t>>& breaks) {
    const std::size_t n = unit.present.size();
    const auto seen = static_cast<std::size_t>(std::count(unit.present.begin(), unit.present.end(), true));
    double total = 0;
    for (const double c : unit.counts) total += c;
    const double mean = seen > 0 ? total / static_cast<double>(seen) : 0;
    std::size_t last = n;   // no report yet
    for (std::size_t t = 0; t < n; ++t) {
        if (!unit.present[t]) continue;
        if (last == n) std::fill(missing.begin(), missing.begin() + static_cast<std::ptrdiff_t>(t), true);
        else if (t > last + 1 && probability_of_silence(mean, static_cast<double>(t - last - 1)) < options.unlikely) {
            std::fill(missing.begin() + static_cast<std::ptrdiff_t>(last + 1), missing.begin() + static_cast<std::ptrdiff_t>(t), true);
            breaks.emplace_back(last + 1, t);
        }
        last = t;
    }
    if (last == n) std::fill(missing.begin(), missing.end(), true);
    else std::fill(missing.begin() + static_cast<std::ptrdiff_t>(last + 1), missing.end(), true);
}

// Share of rows known within `days`.
double known_within(const std::vector<std::pair<std::int32_t, double>>& delays, double all, std::int32_t days) {
    double known = 0;
    for (const auto& [delay, rows] : delays)
        if (delay <= days) known += rows;
    return known / all;
}

}  // namespace

Reporting read_reporting(const Facts& facts, const LatticeOptions& options, std::int32_t first, std::size_t periods, core::Day as_of) {
    std::vector<Unit> units(facts.units, Unit{std::vector<double>(periods, 0), std::vector<bool>(periods, false), {}});
    std::vector<std::map<std::int32_t, std::pair<std::int32_t, std::int32_t>>> spans(facts.units);   // known_at -> periods it brought
    for (const Fact& fact : facts.facts) {
        const std::uint32_t u = facts.cells[fact.cell].unit;
        Unit& unit = units[u];
        const auto t = static_cast<std::size_t>(fact.period - first);
        unit.present[t] = true;
        if (!std::isnan(fact.count)) unit.counts[t] += fact.count;
        auto [span, fresh] = spans[u].try_emplace(fact.known_at, fact.period, fact.period);
        if (!fresh) span->second = {std::min(span->second.first, fact.period), std::max(span->second.second, fact.period)};
    }
    const int year = periods_per_year(options.step);
    for (const Fact& fact : facts.facts) {
        const std::uint32_t u = facts.cells[fact.cell].unit;
        const auto& span = spans[u].at(fact.known_at);
        const std::int32_t end = interval_of(options.step, fact.period).end.number;
        if (span.second - span.first < year && as_of.number - end > kSettled) units[u].delays.emplace_back(fact.known_at - end, 1.0);
    }

    Reporting out;
    out.missing.assign(facts.units, std::vector<bool>(periods, false));
    out.completeness.assign(facts.units, {});
    for (std::size_t u = 0; u < units.size(); ++u) {
        std::vector<std::pair<std::size_t, std::size_t>> breaks;
        find_breaks(units[u], options, out.missing[u], breaks);
        for (const auto& [from, to] : breaks)
            out.notes.push_back(fmt::format("{}: nothing from {} to {}, taken as not reported", facts.unit_names[u], label(options.step, first + static_cast<std::int32_t>(from)), label(options.step, first + static_cast<std::int32_t>(to) - 1)));
        out.completeness[u].assign(periods, 1);
        const auto all = static_cast<double>(units[u].delays.size());
        if (units[u].delays.size() < kFewest) continue;
        for (std::size_t t = periods; t-- > 0;) {
            const double share = known_within(units[u].delays, all, as_of.number - interval_of(options.step, first + static_cast<std::int32_t>(t)).end.number);
            if (share >= 1) break;   // the older, the more complete
            out.completeness[u][t] = share;
        }
    }
    return out;
}

}  // namespace threatlas::analyse::series

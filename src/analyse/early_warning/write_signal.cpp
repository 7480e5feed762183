#include "analyse/early_warning/write_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analyse/early_warning/bursts.hpp"
#include "analyse/early_warning/change_points.hpp"
#include "analyse/early_warning/count_tail.hpp"
#include "core/hash.hpp"
#include "store/rights.hpp"

namespace threatlas::analyse::early_warning {
namespace {

std::string number(double x) {
    const double rounded = std::abs(x) < 10 ? std::round(10 * x) / 10 : std::round(x);
    std::string digits = fmt::format("{:g}", std::abs(x) < 10 ? rounded : 0.0);
    if (std::abs(x) >= 10) {
        digits = fmt::format("{:.0f}", rounded);
        for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (digits[0] == '-' ? 1 : 0); at -= 3) digits.insert(static_cast<std::size_t>(at), "\u2009");   // a thin space
    }
    return digits;
}

void add_rows(const series::Facts& facts, const store::Snapshot& snapshot, const series::Key& key, const WatchOptions& options, Signal& out) {
    const auto rows = series::rows_of(facts, {key}, {out.begin, out.end}, options.step).front();
    out.row_count = rows.size();
    store::Protection protection;
    std::set<std::string> places;
    for (const std::uint32_t i : rows) {
        const model::Observation o = snapshot.at(i);
        if (out.rows.size() < options.most_rows) out.rows.push_back({o.submission, o.file, o.what, o.place, o.member, core::iso(o.period), o.handling, o.row, o.value});
    }
    // It shows the series up to its period, and a fall to nothing rests on that alone.
    const auto all = series::rows_of(facts, {key}, {{-1'000'000}, out.end}, options.step);
    const auto& c = snapshot.columns;
    for (const std::uint32_t i : all.front()) protection.add(store::parse_marking(snapshot.text(c.handling[i])), store::originator_of(snapshot.text(c.member[i]), snapshot.text(c.source[i])));
    out.handling = protection.handling(), out.originators = protection.owners();
}

}  // namespace

Signal signal_of(const series::Key& key, const std::string& kind, std::int32_t period, const series::Facts& facts, const store::Snapshot& snapshot, const model::Catalogue& catalogue, const WatchOptions& options) {
    Signal out;
    out.kind = kind;
    out.series = series::text(key);
    out.what = key.what, out.area = key.area, out.modus_operandi = key.modus_operandi, out.place = key.place, out.member = key.member, out.dims = key.dims, out.source = key.source, out.nature = key.nature;
    out.threats = threats_of(key, catalogue);
    out.title = title_of(key, catalogue);
    out.step = series::name(options.step);
    out.period = out.began = series::label(options.step, period);
    const core::Interval days = series::interval_of(options.step, period);
    out.begin = days.begin, out.end = days.end, out.as_of = snapshot.as_of;
    out.id = "S-" + core::sha256(out.series + "|" + kind + "|" + out.step + "|" + out.period).substr(0, 10);
    add_rows(facts, snapshot, key, options, out);
    return out;
}

void add_points(const series::Lattice& lattice, const series::Series& series, std::size_t last, const WatchOptions& options, Signal& signal) {
    const std::span<const double> counts(series.counts.data(), last + 1);
    std::size_t skip = 0;
    while (skip < last && std::isnan(counts[skip])) ++skip;
    std::vector<RegimeVerdict> verdicts(skip);
    if (const auto walked = walk_forward({counts.subspan(skip), series::periods_per_year(lattice.step)}, options.judge.regime)) verdicts.insert(verdicts.end(), walked->begin(), walked->end());
    for (std::size_t t = last + 1 > options.most_points ? last + 1 - options.most_points : 0; t <= last; ++t) {
        SignalPoint point{lattice.label(t), std::isnan(counts[t]) ? 0 : counts[t], !std::isnan(counts[t]), 0, 0};
        if (t < verdicts.size() && verdicts[t].assessed) {
            point.expected = verdicts[t].expected;
            point.high = count_quantile(0.95, verdicts[t].expected, 1 + verdicts[t].overdispersion * verdicts[t].expected);
        }
        signal.points.push_back(point);
    }
}

void date_changes(double overdispersion, Signal& signal) {
    std::vector<double> counts;
    std::vector<std::string> labels;
    double mean = 0;
    for (const SignalPoint& point : signal.points)
        if (point.known) counts.push_back(point.value), labels.push_back(point.period), mean += point.value;
    if (counts.empty() || !(mean > 0)) return;
    mean /= static_cast<double>(counts.size());
    // Raw Poisson segments find changes everywhere in counts that vary more: their cost is divided by the dispersion.
    const auto segments = change_points(counts, {}, {.penalty = Penalty::mbic, .shortest = 4, .dispersion = 1 + overdispersion * mean});
    if (!segments) return;
    for (std::size_t k = 1; k < segments->size(); ++k) signal.changed.push_back(labels[(*segments)[k].begin]);
    if (segments->size() < 2) return;
    const auto &last = segments->back(), &before = (*segments)[segments->size() - 2];
    // A segment has four periods at least: the first has to stand out by itself and all be on its side, or the last one alone made it.
    const double apart = counts[last.begin] - before.rate, spread = 1.64 * std::sqrt((1 + overdispersion * before.rate) * std::max(before.rate, 1.0));
    const double side = signal.kind == "fall" ? -1 : 1;
    const bool stands_out = side * apart > spread && std::all_of(counts.begin() + static_cast<std::ptrdiff_t>(last.begin), counts.end(), [&](double c) { return side * (c - before.rate) > 0; });
    // What the present level has long taken in is not this signal's beginning.
    if (stands_out && labels[last.begin] < signal.began && labels[last.begin] > signal.regime_began) signal.began = labels[last.begin];
}

void date_burst(std::vector<std::int32_t> days, series::Step step, Signal& signal) {
    std::sort(days.begin(), days.end());
    std::vector<double> times;
    for (std::size_t i = 0; i < days.size(); ++i) times.push_back(days[i] + 1e-3 * static_cast<double>(i));   // several of one day follow each other
    const auto found = bursts(times);
    if (!found) return;
    const Burst* best = nullptr;
    for (const Burst& each : *found)
        if (each.level > 1 && each.end >= times.back() && (best == nullptr || each.level > best->level)) best = &each;
    if (best != nullptr) signal.began = series::label(step, series::period_of(step, {static_cast<std::int32_t>(best->start)}));
}

void put_in_words(Signal& s, double dispersion, const model::Catalogue& catalogue) {
    s.low = count_quantile(0.05, s.expected, dispersion), s.high = count_quantile(0.95, s.expected, dispersion);
    const std::string about = number(s.expected), range = number(s.low) + " to " + number(s.high);
    const std::string so_far = s.completeness < 1 ? fmt::format(" known so far ({:.0f} % of the final count, by earlier delays)", 100 * s.completeness) : "";
    if (s.kind == "drift") s.sentence = fmt::format("{}: {} in the year to {}, where the level of the year before gave {}; the rise was too slow to show in any one {}.", s.title, number(s.seen), s.period, about, s.step);
    else if (s.kind == "new") s.sentence = fmt::format("{}: {} in {}; never recorded before.", s.title, number(s.seen), s.period);
    else if (s.kind == "spread") s.sentence = fmt::format("{}: {} in {}; known elsewhere, not here, where {} were to be expected.", s.title, number(s.seen), s.period, about);
    else if (s.kind == "surge") s.sentence = fmt::format("{}: {} in {}, where its earlier share gave {} ({}).", s.title, number(s.seen), s.period, about, range);
    else s.sentence = fmt::format("{}: {} in {}{}, where {} were expected ({}).", s.title, number(s.seen), s.period, so_far, about, range);

    if (s.regime > 0 && (s.kind == "rise" || s.kind == "fall")) s.sentence += fmt::format(" Its present level has run since {}.", s.regime_began);

    if (s.nature == "detection" || s.nature == "seizure") s.would_be_false.push_back("More or less looking in " + s.period + ": the figures count what was found, not what happened.");
    else s.would_be_false.push_back("A change in how " + (s.member.empty() ? std::string("the source") : s.member) + " records or counts in " + s.period + ".");
    if (s.kind == "fall") s.would_be_false.push_back("Reports still to come: at least " + number(s.low) + " in all would be within what was expected.");
    else s.would_be_false.push_back("Rows withdrawn or repeated: at most " + number(s.high) + " would be within what was expected.");
    if (s.completeness < 1) s.would_be_false.push_back("Delays unlike those seen before: the count is " + fmt::format("{:.0f}", 100 * s.completeness) + " % complete by them.");
    const model::Source* source = catalogue.source(s.source);
    if (source != nullptr && !source->gaps.empty()) s.would_be_false.push_back("A gap of the source: " + source->gaps);
    if (s.step == "month" && s.regime_began == s.period) s.would_be_false.push_back("A single " + s.step + ": the next one decides whether it lasts.");
}

}  // namespace threatlas::analyse::early_warning

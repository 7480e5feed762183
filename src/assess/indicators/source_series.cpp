#include "assess/indicators/source_series.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "assess/indicators/assumptions.hpp"
#include "model/units.hpp"

namespace threatlas::assess::indicators {
namespace {

bool has_break(const std::string& flags) {
    // Source flags are short runs of letters ('b', 'bd', 'b p'); longer words are not flags.
    std::string token;
    for (const char c : flags + " ") {
        if (c != ' ' && c != ',' && c != ';') {
            token += c;
            continue;
        }
        if (token.size() <= 3 && token.find('b') != std::string::npos) return true;
        if (token == "break") return true;
        token.clear();
    }
    return false;
}

struct Value {   // of one period of one what, place and set of dims
    double low = 0, high = 0;
};
// One thing told in one or several ways. Members that share a country add up; anything else that
// speaks of the same figure stands beside it, and the figure becomes the interval between them.
struct Tellings {
    std::map<std::uint32_t, std::vector<Value>> by_member;
};

struct Period {   // of one what and place: the telling of the total, and those of the parts
    std::map<std::string, std::map<std::size_t, Tellings>> by_dims;   // further dims -> unit -> tellings
};

using Year = std::map<std::pair<std::int32_t, std::int32_t>, Period>;   // (begin, end) -> period

int length_class(std::int32_t days) { return days <= 27 ? 0 : days <= 31 ? 1 : days <= 92 ? 2 : days <= 370 ? 3 : 4; }

struct Builder {
    const Context& context;
    const model::Indicator& indicator;
    Series out;
    bool by_part = false;

    std::optional<Value> told(const Tellings& tellings, const std::string& place) {
        const auto& members = context.members_of(place);
        Value sum;
        std::size_t told_by = 0;
        std::vector<Value> all;
        for (const auto& [member, values] : tellings.by_member) {
            const std::string& id = context.snapshot.text(member);
            const bool shared = !id.empty() && members.size() > 1;
            Value mean = values.front();
            for (const Value& v : values) mean.low = std::min(mean.low, v.low), mean.high = std::max(mean.high, v.high);
            if (!shared) all.push_back(mean);
            else sum.low += mean.low, sum.high += mean.high, ++told_by;
        }
        if (told_by > 0 && told_by == members.size()) all.push_back(sum);
        if (all.empty()) return std::nullopt;
        Value out_value = all.front();
        for (const Value& v : all) out_value.low = std::min(out_value.low, v.low), out_value.high = std::max(out_value.high, v.high);
        return out_value;
    }
};

double middle(const UnitRange& unit) { return std::sqrt(unit.low * unit.high); }

}  // namespace

Series read_source(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places, bool keep_groups, const std::vector<std::uint32_t>& rows) {
    Builder builder{context, indicator, {}, false};
    Series& out = builder.out;
    const auto& snapshot = context.snapshot;
    const auto& c = snapshot.columns;
    if (rows.empty()) return out;

    // A code and the code above it (ICCS numbers nest) are one thing told twice: the wider one stands.
    std::set<std::string> nested;
    for (const std::string& wide : indicator.whats)
        for (const std::string& narrow : indicator.whats)
            if (narrow.size() > wide.size() && narrow.starts_with(wide) && wide.starts_with("iccs")) nested.insert(narrow);
    out.nested = !nested.empty();

    // What the figures are: from the first row, as all rows of one indicator are of one kind.
    const std::string& unit = snapshot.text(c.unit[rows.front()]);
    out.nature = static_cast<model::Nature>(c.nature[rows.front()]);
    std::size_t single = 0;
    for (const std::uint32_t i : rows) single += length_class(c.end[i] - c.begin[i]) == 0;
    out.events = single * 2 > rows.size();
    if (unit.find("per_") != std::string::npos || unit.find('/') != std::string::npos) out.kind = Kind::intensive;
    else if (indicator.measure == "quantity") out.kind = Kind::amount;
    std::string target = indicator.unit;
    for (const char* per : {"_per_100k", "_per_million"})
        if (target.ends_with(per)) target.resize(target.size() - std::string_view(per).size());

    // The span the source holds for these codes, and whether the years at its two ends are whole.
    std::int32_t first_day = INT32_MAX, last_day = INT32_MIN;
    for (const std::uint32_t i : rows) {
        const auto state = static_cast<model::State>(c.state[i]);
        const bool has = state == model::State::measured || state == model::State::censored;
        if (!has || length_class(c.end[i] - c.begin[i]) == 4) continue;
        first_day = std::min(first_day, c.begin[i]), last_day = std::max(last_day, c.end[i]);
        if (out.events) {
            const core::Interval span = context.span(c.source[i]);
            first_day = std::min(first_day, span.begin.number), last_day = std::max(last_day, span.end.number);
        }
    }
    if (first_day >= last_day) return out;

    // Months in which the source reported anything at all of these codes, by place: within them a
    // missing row is a zero, outside them it is a gap.
    std::set<std::pair<std::uint32_t, std::pair<std::int32_t, std::int32_t>>> known;
    const std::set<std::string> whats(indicator.whats.begin(), indicator.whats.end());
    for (const std::string& what : whats)
        for (const std::uint32_t i : snapshot.rows_of(what)) {
            const std::int32_t days = c.end[i] - c.begin[i];
            if (length_class(days) != 1 && length_class(days) != 2) continue;
            if (static_cast<model::State>(c.state[i]) == model::State::absent || static_cast<model::State>(c.state[i]) == model::State::withheld) continue;
            if (c.source[i] != c.source[rows.front()]) continue;
            known.insert({c.place[i], {c.begin[i], c.end[i]}});
            first_day = std::min(first_day, c.begin[i]), last_day = std::max(last_day, c.end[i]);
        }
    const auto exposure_of_span = [&](int year) {
        const core::Interval whole = core::year_interval(year);
        const std::int32_t days = std::min(whole.end.number, last_day) - std::max(whole.begin.number, first_day);
        return std::clamp(static_cast<double>(days) / whole.days(), 0.0, 1.0);
    };
    out.first_year = context.year_of_day(first_day);
    out.last_year = context.year_of_day(last_day - 1);
    if (exposure_of_span(out.last_year) < context.assumed(kWholeYear)) out.partial_last = true, --out.last_year;
    if (exposure_of_span(out.first_year) < context.assumed(kWholeYear)) ++out.first_year;

    // Gather: group -> year -> what -> (begin, end) -> dims -> unit -> member -> values.
    struct Gathered {
        std::map<int, std::map<std::uint32_t, Year>> years;
        std::map<int, std::map<std::uint32_t, std::set<std::uint32_t>>> missing;   // year -> what -> absent or withheld
        std::set<int> unknown_amount;   // years with rows that no conversion reaches: not zero
        int last_break = 0;
        std::string place;
        std::uint32_t place_code = 0;
    };
    std::map<std::string, Gathered> gathered;
    std::map<std::string, std::size_t> unit_index;
    const std::set<std::string> wanted(places.begin(), places.end());
    for (const std::uint32_t i : rows) {
        const std::string& place = snapshot.text(c.place[i]);
        if (!wanted.contains(place) || !place_matches(indicator, place)) continue;
        if (nested.contains(snapshot.text(c.what[i]))) continue;
        const std::int32_t days = c.end[i] - c.begin[i];
        const int length = length_class(days);
        if (length == 4) continue;
        Dims further = context.dims(i);
        for (const auto& [dim, asked] : indicator.dims) further.erase(dim);
        // UNODC's 'by type of offence' says how a table was cut; two cuts tell the same figure twice.
        further.erase("dimension");
        const std::string packed = further.empty() ? std::string() : store::pack_dims(further);
        const std::string label = keep_groups && out.kind == Kind::intensive ? place + '|' + snapshot.text(c.what[i]) + '|' + packed : place;
        Gathered& group = gathered[label];
        group.place = place, group.place_code = c.place[i];
        const int year = context.year(i);
        if (has_break(snapshot.text(c.flags[i]))) group.last_break = std::max(group.last_break, year);
        const auto state = static_cast<model::State>(c.state[i]);
        out.rows.push_back(i);
        if (state == model::State::absent || state == model::State::withheld) {
            ++(state == model::State::absent ? out.absent : out.withheld);
            if (length == 3) group.missing[year][c.what[i]].insert(c.source[i]);
            continue;
        }
        out.censored += state == model::State::censored;
        // A single report counts one, whatever its amount, unless amounts are asked for.
        const bool one = out.kind == Kind::count && length == 0 && snapshot.text(c.unit[i]) != "count";
        double low = one ? 1 : c.value[i], high = one ? 1 : state == model::State::censored ? c.upper[i] : c.value[i];
        std::string given = one || out.kind != Kind::amount ? std::string() : snapshot.text(c.unit[i]);
        std::string drug;
        if (snapshot.text(c.what[i]).starts_with("seizure.")) drug = snapshot.text(c.what[i]).substr(8);
        const std::string unit_key = given + '|' + drug;
        auto found = unit_index.find(unit_key);
        if (found == unit_index.end()) {
            model::Factor factor;
            bool convertible = true;
            if (out.kind == Kind::amount) {
                const auto made = model::conversion(context.catalogue, given, target, drug);
                if (made) factor = *made;
                else convertible = false;
            }
            std::size_t index = SIZE_MAX;
            if (convertible) index = out.units.size(), out.units.push_back({given, factor.low, factor.high, factor.source});
            found = unit_index.emplace(unit_key, index).first;
        }
        if (found->second == SIZE_MAX) {
            ++out.unconverted;
            out.rows.pop_back();
            group.unknown_amount.insert(year);
            continue;
        }
        Tellings& tellings = group.years[year][c.what[i]][{c.begin[i], c.end[i]}].by_dims[length == 0 ? std::string() : packed][found->second];
        std::vector<Value>& values = tellings.by_member[c.member[i]];
        // Events of one day add up; a yearly or monthly figure given twice stands as an interval.
        if (length == 0 && !values.empty() && out.kind != Kind::intensive) values.front().low += low, values.front().high += high;
        else values.push_back({low, high});
    }

    for (auto& [label, group] : gathered) {
        // Codes that a place gives in fewer than half of its years are left out of its sum: with them
        // the sum would jump for want of a report.
        std::map<std::uint32_t, std::size_t> years_of_what;
        for (const auto& [year, by_what] : group.years)
            for (const auto& [what, periods] : by_what) ++years_of_what[what];
        std::set<std::uint32_t> needed;
        std::size_t most = 0;
        for (const auto& [what, n] : years_of_what) most = std::max(most, n);
        for (const auto& [what, n] : years_of_what)
            if (n * 2 >= most) needed.insert(what);

        Group made{group.place, label, {}, {}, group.last_break};
        std::set<int> candidates;
        for (const auto& [year, by_what] : group.years) candidates.insert(year);
        const bool monthly = !out.events && std::any_of(known.begin(), known.end(), [code = group.place_code](const auto& k) { return k.first == code; });
        if (out.events || monthly)
            for (int year = out.first_year; year <= out.last_year; ++year) candidates.insert(year);
        for (const int year : candidates) {
            if (year < out.first_year || year > out.last_year) continue;
            Cell cell{year, 0, 0, 0, std::vector<double>(out.units.size(), 0.0)};
            const auto found = group.years.find(year);
            const core::Interval whole = core::year_interval(year);
            if (out.events) {
                const bool reported = found != group.years.end() || context.reported(c.source[rows.front()], group.place_code, year);
                cell.exposure = reported ? exposure_of_span(year) : 0;
            } else if (monthly) {
                double days = 0;
                for (const auto& [place, period] : known)
                    if (place == group.place_code && period.first >= whole.begin.number && period.first < whole.end.number)
                        days += std::min(period.second, whole.end.number) - period.first;
                cell.exposure = std::min(1.0, days / whole.days());
            } else if (found != group.years.end()) {
                cell.exposure = 1;
                for (const std::uint32_t what : needed)
                    if (!found->second.contains(what)) cell.exposure = 0;
            }
            if (found != group.years.end())
                for (const auto& [what, periods] : found->second) {
                    if (!out.events && !monthly && !needed.contains(what)) continue;
                    bool yearly = false;
                    for (const auto& [period, telling] : periods) yearly = yearly || length_class(period.second - period.first) == 3;
                    if (yearly) cell.exposure = std::max(cell.exposure, 1.0);
                    double sum_low = 0, sum_high = 0, parts = 0;
                    for (const auto& [period, telling] : periods) {
                        if (yearly && length_class(period.second - period.first) != 3) continue;
                        const bool total = telling.by_dims.contains("");
                        for (const auto& [dims, by_unit] : telling.by_dims) {
                            if (total && !dims.empty()) continue;   // the total is there: its parts are not added
                            for (const auto& [unit_at, tellings] : by_unit) {
                                const auto value = builder.told(tellings, group.place);
                                if (!value) {
                                    ++out.unplaced;
                                    continue;
                                }
                                const double factor = middle(out.units[unit_at]);
                                sum_low += value->low * factor, sum_high += value->high * factor, parts += 1;
                                if (out.kind == Kind::amount) cell.by_unit[unit_at] += (value->low + value->high) / 2;
                                for (const auto& [member, values] : tellings.by_member) out.contradicted += length_class(period.second - period.first) != 0 && values.size() > 1;
                            }
                        }
                    }
                    if (parts == 0 && !out.events && !monthly) cell.exposure = 0;
                    const double over = out.kind == Kind::intensive && parts > 0 ? parts : 1;
                    cell.low += sum_low / over, cell.high += sum_high / over;
                }
            if (found == group.years.end() && group.unknown_amount.contains(year)) cell.exposure = 0;
            const auto gap = group.missing.find(year);
            if (gap != group.missing.end() && found == group.years.end()) cell.exposure = 0;
            if (cell.exposure < context.assumed(kWholeYear)) continue;
            (year < group.last_break ? made.before_break : made.years).push_back(std::move(cell));
        }
        out.groups.push_back(std::move(made));
    }
    return out;
}

}  // namespace threatlas::assess::indicators

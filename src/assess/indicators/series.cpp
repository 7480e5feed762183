#include "assess/indicators/series.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "assess/indicators/source_series.hpp"
#include "core/text.hpp"

namespace threatlas::assess::indicators {
namespace {

// Parts of a total that stands in the same source, never added to it.
constexpr std::array<std::string_view, 3> kDemographic{"sex", "age", "age_group"};

bool is_demographic(const std::string& dim) { return std::find(kDemographic.begin(), kDemographic.end(), dim) != kDemographic.end(); }

// Two tellings of one year: what either says is possible.
Cell either(const Cell& a, const Cell& b) {
    Cell out{a.year, std::min(a.low, b.low), std::max(a.high, b.high), std::max(a.exposure, b.exposure), a.by_unit};
    for (std::size_t u = 0; u < out.by_unit.size(); ++u) out.by_unit[u] = (a.by_unit[u] + b.by_unit[u]) / 2;
    return out;
}

void merge(std::vector<Cell>& into, const std::vector<Cell>& from) {
    for (const Cell& cell : from) {
        const auto at = std::lower_bound(into.begin(), into.end(), cell.year, [](const Cell& each, int year) { return each.year < year; });
        if (at != into.end() && at->year == cell.year) *at = either(*at, cell);
        else into.insert(at, cell);
    }
}

void merge(Group& into, const Group& from) {
    into.last_break = std::max(into.last_break, from.last_break);
    merge(into.years, from.years);
    merge(into.before_break, from.before_break);
    const auto since = std::find_if(into.years.begin(), into.years.end(), [&](const Cell& cell) { return cell.year >= into.last_break; });
    merge(into.before_break, {into.years.begin(), since});
    into.years.erase(into.years.begin(), since);
}

// Amounts by unit, moved so that the units of another series stand before its own, or after.
void shift_units(Series& series, std::size_t before, std::size_t all) {
    for (Group& group : series.groups)
        for (auto* cells : {&group.years, &group.before_break})
            for (Cell& cell : *cells) {
                cell.by_unit.insert(cell.by_unit.begin(), before, 0.0);
                cell.by_unit.resize(all, 0.0);
            }
}

void keep_until(Series& series, int year) {
    for (Group& group : series.groups) std::erase_if(group.years, [&](const Cell& cell) { return cell.year > year; });
}

// What a second source tells, beside the first. The years the region's sum speaks of stay those of the
// first: one member's newer figure is not the region's.
void stand_beside(Series& out, Series other, bool region) {
    if (other.groups.empty()) return;
    if (other.kind != out.kind) {   // a rate beside a count: not the same figure
        out.unconverted += other.rows.size();
        return;
    }
    if (!region || out.groups.empty()) {
        out.first_year = out.groups.empty() ? other.first_year : std::min(out.first_year, other.first_year);
        out.last_year = out.groups.empty() ? other.last_year : std::max(out.last_year, other.last_year);
        out.partial_last = other.last_year >= out.last_year ? other.partial_last : out.partial_last;
    } else {
        keep_until(other, out.last_year);
    }
    const std::size_t units = out.units.size() + other.units.size();
    shift_units(other, out.units.size(), units);
    shift_units(out, 0, units);
    out.units.insert(out.units.end(), other.units.begin(), other.units.end());
    for (const Group& group : other.groups) {
        const auto at = std::lower_bound(out.groups.begin(), out.groups.end(), group.label, [](const Group& each, const std::string& label) { return each.label < label; });
        if (at != out.groups.end() && at->label == group.label) merge(*at, group);
        else out.groups.insert(at, group);
    }
    out.rows.insert(out.rows.end(), other.rows.begin(), other.rows.end());
    out.withheld += other.withheld, out.absent += other.absent, out.censored += other.censored;
    out.contradicted += other.contradicted, out.unconverted += other.unconverted, out.unplaced += other.unplaced;
    out.nested = out.nested || other.nested;
}

}  // namespace

bool reads(const model::Catalogue& catalogue, const model::Indicator& indicator, const std::string& source) {
    if (indicator.sources.empty() || std::find(indicator.sources.begin(), indicator.sources.end(), source) != indicator.sources.end()) return true;
    const model::Source* known = catalogue.source(source);
    return known != nullptr && known->contributed;
}

std::vector<std::string> alternatives(const std::string& list) {
    std::vector<std::string> out;
    for (const std::string& each : core::split(list, '|')) out.emplace_back(core::trim(each));
    return out;
}

bool place_matches(const model::Indicator& indicator, const std::string& place) {
    const auto asked = indicator.dims.find("place");
    if (asked == indicator.dims.end()) return true;
    const auto any = alternatives(asked->second);
    return std::find(any.begin(), any.end(), place) != any.end();
}

std::vector<std::uint32_t> matching_rows(const Context& context, const model::Indicator& indicator) {
    const auto& c = context.snapshot.columns;
    std::map<std::string, std::vector<std::string>> asked;
    for (const auto& [dim, list] : indicator.dims)
        if (dim != "place") asked[dim] = alternatives(list);
    std::map<std::uint32_t, bool> dims_pass, source_passes;
    std::vector<std::uint32_t> rows;
    std::set<std::string> whats(indicator.whats.begin(), indicator.whats.end());
    for (const std::string& what : whats)
        for (const std::uint32_t i : context.snapshot.rows_of(what)) {
            auto [source, new_source] = source_passes.try_emplace(c.source[i], true);
            if (new_source)
                source->second = reads(context.catalogue, indicator, context.snapshot.text(c.source[i]));
            if (!source->second) continue;
            auto [pass, new_dims] = dims_pass.try_emplace(c.dims[i], true);
            if (new_dims) {
                const Dims& dims = context.dims(i);
                for (const auto& [dim, values] : asked) {
                    const auto found = dims.find(dim);
                    if (found == dims.end() || std::find(values.begin(), values.end(), found->second) == values.end()) pass->second = false;
                }
                for (const auto& [dim, value] : dims)
                    if (is_demographic(dim) && !asked.contains(dim) && dim != indicator.over) pass->second = false;
            }
            if (pass->second) rows.push_back(i);
        }
    const auto& text = context.snapshot;
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (c.source[a] != c.source[b]) return text.text(c.source[a]) < text.text(c.source[b]);
        if (c.file[a] != c.file[b]) return text.text(c.file[a]) < text.text(c.file[b]);
        if (c.row[a] != c.row[b]) return c.row[a] < c.row[b];
        return a < b;
    });
    return rows;
}

Series read_series(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places, bool keep_groups) {
    // The indicator's own sources first, then the members' figures, each in order of its rows.
    std::vector<std::vector<std::uint32_t>> by_source;
    const auto& source = context.snapshot.columns.source;
    for (const std::uint32_t row : matching_rows(context, indicator)) {
        if (by_source.empty() || source[by_source.back().front()] != source[row]) by_source.emplace_back();
        by_source.back().push_back(row);
    }
    const auto own = [&](const std::vector<std::uint32_t>& rows) {
        return std::find(indicator.sources.begin(), indicator.sources.end(), context.snapshot.text(source[rows.front()])) != indicator.sources.end();
    };
    std::stable_partition(by_source.begin(), by_source.end(), own);
    Series out;
    for (std::size_t i = 0; i < by_source.size(); ++i) {
        Series one = read_source(context, indicator, places, keep_groups, by_source[i]);
        if (i == 0) out = std::move(one);
        else stand_beside(out, std::move(one), places.size() > 1);
    }
    return out;
}

}  // namespace threatlas::assess::indicators

// A series by its key: its canonical text, the stretch of it that is known, the rows it counts.
#include <algorithm>
#include <cmath>

#include "analyse/series/facts.hpp"
#include "core/text.hpp"

namespace threatlas::analyse::series {
namespace {

bool counted_by(const Key& key, const Cell& cell) {
    const auto holds = [](const std::vector<std::string>& list, const std::string& id) { return std::find(list.begin(), list.end(), id) != list.end(); };
    if (cell.source != key.source || cell.nature != key.nature) return false;
    if (!key.what.empty() && cell.what != key.what) return false;
    if (!key.threat.empty() && !holds(cell.threats, key.threat)) return false;
    if (!key.area.empty() && !holds(cell.areas, key.area)) return false;
    if (!key.modus_operandi.empty()) {
        const auto codes = core::split(key.modus_operandi, '&');
        if (!std::all_of(codes.begin(), codes.end(), [&](const auto& code) { return holds(cell.modus_operandi, code) || holds(cell.groups, code); })) return false;
    }
    if (key.place.empty() ? !cell.in_region : cell.place != key.place && cell.country != key.place) return false;
    if (!key.member.empty() && cell.member != key.member) return false;
    return std::all_of(key.dims.begin(), key.dims.end(), [&](const auto& each) { const auto at = cell.dims.find(each.first); return at != cell.dims.end() && at->second == each.second; });
}

}  // namespace

Stretch known_stretch(const Series& s) {
    constexpr double kWhole = 0.95;
    std::size_t end = s.counts.size();
    while (end > 0 && (std::isnan(s.counts[end - 1]) || (!s.completeness.empty() && s.completeness[end - 1] < kWhole))) --end;
    Stretch out;
    while (out.first < end && std::isnan(s.counts[out.first])) ++out.first;
    out.counts.assign(s.counts.begin() + static_cast<std::ptrdiff_t>(out.first), s.counts.begin() + static_cast<std::ptrdiff_t>(end));
    return out;
}

std::string text(const Key& key) {
    std::string out = "source=" + key.source + "|nature=" + key.nature;
    const auto put = [&](const char* name, const std::string& value) { if (!value.empty()) out += std::string("|") + name + "=" + value; };
    put("what", key.what), put("threat", key.threat), put("area", key.area), put("modus_operandi", key.modus_operandi), put("place", key.place), put("member", key.member);
    if (!key.dims.empty()) out += "|" + store::pack_dims(key.dims);
    return out;
}

std::vector<std::vector<std::uint32_t>> rows_of(const Facts& facts, const std::vector<Key>& keys, const core::Interval& when, Step step) {
    std::vector<std::vector<std::uint32_t>> wanted(facts.cells.size());   // by cell: keys that count it
    for (std::size_t c = 0; c < wanted.size(); ++c)
        for (std::uint32_t k = 0; k < keys.size(); ++k)
            if (counted_by(keys[k], facts.cells[c])) wanted[c].push_back(k);
    std::vector<std::vector<std::uint32_t>> out(keys.size());
    for (const Fact& fact : facts.facts) {
        if (wanted[fact.cell].empty()) continue;
        const core::Interval period = interval_of(step, fact.period);
        if (period.begin < when.begin || when.end < period.end) continue;
        for (const std::uint32_t k : wanted[fact.cell]) out[k].push_back(fact.row);
    }
    return out;
}

std::vector<std::vector<std::uint32_t>> rows_of(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const std::vector<Key>& keys, const core::Interval& when, Step step) {
    LatticeOptions options;
    options.step = step;
    return rows_of(read_facts(snapshot, catalogue, options), keys, when, step);
}

}  // namespace threatlas::analyse::series

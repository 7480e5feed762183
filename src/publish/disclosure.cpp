// The public edition. Rules: docs/METHOD.md#disclosure.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "publish/publish.hpp"

namespace threatlas::publish {
namespace {

constexpr double kSmallest = 5;
constexpr std::size_t kContributors = 3;

bool small_count(double value) { return value > 0 && value < kSmallest; }

bool small(const assess::EvidenceRow& row) { return row.unit == "count" && (row.state == "censored" || small_count(row.value)); }
std::string year(const assess::EvidenceRow& row) { return row.period.substr(0, 4); }

// Does what is printed of it hold a small count? Its rows are not printed: sums by year and series are. Shares
// give their counts away, so for them every row counts.
bool shows_small(const assess::Figure& figure) {
    if (!figure.parts.empty() && std::any_of(figure.rows.begin(), figure.rows.end(), small)) return true;
    std::map<std::string, double> sums;
    for (const auto& row : figure.rows) {
        if (row.unit != "count") continue;
        sums[year(row)] += row.state == "censored" ? row.upper : row.value;
    }
    return std::any_of(sums.begin(), sums.end(), [](const auto& each) { return small_count(each.second); }) ||
           (!sums.empty() && std::any_of(figure.series.begin(), figure.series.end(), [](const auto& point) { return std::isfinite(point.value) && small_count(point.value); }));
}

// Why a figure may not be public by itself; empty when it may.
std::string reason(const assess::Figure& figure) {
    if (figure.handling != "TLP:CLEAR") return figure.handling.empty() ? "it has no handling code" : "its handling is " + figure.handling;
    if (figure.already_public) return "";
    if (figure.place.empty() && figure.contributors.size() < kContributors) return "fewer than three members contributed to a regional figure";
    if (shows_small(figure)) return "it holds a count of one to four";
    return "";
}

// A figure as the set of source rows it adds up.
using RowKey = std::tuple<std::string, std::uint64_t, std::string>;
struct Cell {
    const assess::Figure* figure = nullptr;
    std::map<RowKey, const assess::EvidenceRow*> rows;
};

bool within(const Cell& part, const Cell& whole) {
    return part.rows.size() < whole.rows.size() && std::all_of(part.rows.begin(), part.rows.end(), [&](const auto& each) { return whole.rows.contains(each.first); });
}

// What remains of `whole` when everything in `parts` is subtracted: would it give away a small count, or
// the one contributor that was withheld?
bool gives_away(const Cell& whole, const std::vector<const Cell*>& parts) {
    std::map<std::string, double> by_period;
    std::set<std::string> whose;
    for (const auto& [key, row] : whole.rows) {
        if (std::any_of(parts.begin(), parts.end(), [&, &known = key](const Cell* part) { return part->rows.contains(known); })) continue;
        by_period[year(*row)] += row->value;
        whose.insert(row->member.empty() ? row->place : row->member);
    }
    return whose.size() == 1 || std::any_of(by_period.begin(), by_period.end(), [](const auto& each) { return small_count(each.second); });
}

// Secondary suppression: as long as a kept figure, less the kept figures it contains, gives something away,
// the least of those goes too; when none is left, the figure itself.
void suppress_by_subtraction(std::vector<Cell> kept, std::map<std::string, std::string>& gone) {
    for (bool changed = true; changed;) {
        changed = false;
        for (const Cell& whole : kept) {
            std::vector<const Cell*> parts;
            for (const Cell& part : kept)
                if (within(part, whole)) parts.push_back(&part);
            if (parts.empty() || !gives_away(whole, parts)) continue;
            const auto least = *std::min_element(parts.begin(), parts.end(), [](const Cell* a, const Cell* b) { return std::pair(a->rows.size(), a->figure->id) < std::pair(b->rows.size(), b->figure->id); });
            gone[least->figure->id] = "a withheld figure could be computed from it by subtraction";
            std::erase_if(kept, [id = least->figure->id](const Cell& each) { return each.figure->id == id; });
            changed = true;
            break;
        }
    }
}

}  // namespace

Disclosure disclose(const assess::Assessment& assessment, const model::Catalogue&, Edition edition) {
    Disclosure out{assessment, {}};
    if (edition == Edition::restricted) return out;

    std::map<std::string, std::string> gone;
    std::vector<Cell> kept;
    for (const auto& figure : assessment.figures) {
        if (const std::string why = reason(figure); !why.empty()) {
            gone[figure.id] = why;
        } else if (!figure.already_public) {
            Cell& cell = kept.emplace_back();
            cell.figure = &figure;
            for (const auto& row : figure.rows) cell.rows[{row.submission + row.file, row.row, row.what}] = &row;
        }
    }
    suppress_by_subtraction(std::move(kept), gone);

    auto& result = out.assessment;
    std::erase_if(result.figures, [&](const auto& figure) { return gone.contains(figure.id); });
    for (auto& figure : result.figures)
        if (!figure.already_public) figure.rows.clear();             // the sum is public, its rows are not
    const auto drop = [&](std::vector<std::string>& ids) { std::erase_if(ids, [&](const std::string& id) { return gone.contains(id); }); };
    for (auto& threat : result.ranking) {
        for (auto& criterion : threat.criteria) drop(criterion.figures);
        for (auto& lens : threat.lenses) drop(lens.figures);
        if (gone.contains(threat.trend.figure)) threat.trend.figure.clear();
    }
    result.members.clear();                                          // how one member stands and grades is its own
    std::erase_if(result.gaps, [](const auto& gap) { return !gap.member.empty(); });
    for (auto& [hash, file] : result.manifest.inputs) file.clear();  // names of national files
    for (const auto& [id, why] : gone) out.withheld.push_back(id + ": " + why);
    return out;
}

}  // namespace threatlas::publish

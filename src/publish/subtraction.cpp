#include "publish/subtraction.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/text.hpp"

namespace threatlas::publish {
namespace {

using assess::EvidenceRow;
using assess::Figure;

// One cell of a source table, whoever's figure it is in.
using RowKey = std::tuple<std::string, std::uint64_t, std::string>;
RowKey key_of(const EvidenceRow& row) { return {row.submission + row.file, row.row, row.what}; }

// The same cell of any table: what, whose, where, when.
std::string cell_of(const EvidenceRow& row, std::string_view what) {
    return std::string(what) + '|' + row.member + '|' + row.place + '|' + row.period + '|' + row.dims;
}

struct Cell {
    const Figure* figure = nullptr;
    std::map<RowKey, const EvidenceRow*> rows;      // not public by themselves
    std::map<std::string, const EvidenceRow*> told; // the same by cell_of
};

// The row of `whole` that holds this one: itself, or the same of a code above it.
const EvidenceRow* holder(const EvidenceRow& row, const Cell& whole) {
    if (const auto same = whole.rows.find(key_of(row)); same != whole.rows.end()) return same->second;
    if (!row.what.starts_with("iccs.")) return nullptr;
    for (std::size_t size = row.what.size() - 1; size > std::string_view("iccs.ICCS0").size(); --size)
        if (const auto above = whole.told.find(cell_of(row, std::string_view(row.what).substr(0, size))); above != whole.told.end()) return above->second;
    return nullptr;
}

bool within(const Cell& part, const Cell& whole) {
    if (part.figure == whole.figure || part.rows.empty()) return false;
    bool less = part.rows.size() < whole.rows.size();
    for (const auto& [key, row] : part.rows) {
        const EvidenceRow* in = holder(*row, whole);
        if (in == nullptr) return false;
        less = less || in->what != row->what;
    }
    return less;
}

class Attack {
  public:
    Attack(const std::vector<const Figure*>& candidates, const model::Catalogue& catalogue, std::map<std::string, std::string>& gone) : catalogue_(catalogue), gone_(gone) {
        for (const Figure* figure : candidates) {
            Cell& cell = cells_.emplace_back();
            cell.figure = figure;
            for (const auto& row : figure->rows) {
                const auto* source = catalogue.source(row.source);
                if (source != nullptr && source->already_public) continue;
                cell.rows[key_of(row)] = &row;
                cell.told[cell_of(row, row.what)] = &row;
            }
        }
        for (const auto& [id, why] : gone) first_gone_.insert(id);
        parts_.resize(cells_.size());
        for (std::size_t whole = 0; whole < cells_.size(); ++whole)
            for (std::size_t part = 0; part < cells_.size(); ++part)
                if (within(cells_[part], cells_[whole])) parts_[whole].push_back(part);
    }

    void run() {
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t whole = 0; whole < cells_.size() && !changed; ++whole) {
                if (is_gone(whole)) continue;
                std::vector<std::size_t> kept;
                for (const std::size_t part : parts_[whole])
                    if (!is_gone(part)) kept.push_back(part);
                if (kept.empty() || !gives_away(whole, kept)) continue;
                const std::size_t least = *std::min_element(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
                    return std::pair(cells_[a].rows.size(), cells_[a].figure->id) < std::pair(cells_[b].rows.size(), cells_[b].figure->id); });
                gone_[cells_[least].figure->id] = "a withheld figure could be computed from it by subtraction";
                changed = true;
            }
        }
    }

  private:
    bool is_gone(std::size_t i) const { return gone_.contains(cells_[i].figure->id); }

    // What remains of `whole` when all of `parts` is subtracted.
    bool gives_away(std::size_t whole, const std::vector<std::size_t>& parts) const {
        // Each row of the whole, and the widest rows of the parts in it: a code and one below it count once.
        std::map<RowKey, std::map<RowKey, const EvidenceRow*>> taken;
        for (const std::size_t part : parts)
            for (const auto& [key, row] : cells_[part].rows) taken[key_of(*holder(*row, cells_[whole]))][key] = row;
        std::map<std::string, double> by_period;
        std::set<std::string> whose;
        bool nested = false;
        for (const auto& [key, row] : cells_[whole].rows) {
            double rest = std::max(0.0, count_of(*row, catalogue_));
            if (const auto found = taken.find(key); found != taken.end()) {
                if (found->second.contains(key)) continue;
                nested = true;
                for (const auto& [inner, each] : found->second)
                    if (std::none_of(found->second.begin(), found->second.end(), [&in = inner, &row = *each](const auto& other) { return other.first != in && row.what.starts_with(other.second->what) && row.what != other.second->what; }))
                        rest -= std::max(0.0, count_of(*each, catalogue_));
            } else {
                whose.insert(row->member.empty() ? row->place : row->member);
            }
            by_period[row->period.substr(0, 4)] += rest;
        }
        if (std::any_of(by_period.begin(), by_period.end(), [](const auto& each) { return small_count(each.second); })) return true;
        // A place less its codes is that place's own anyway: it tells something when one withheld code is what is left.
        if (nested) {
            std::set<std::string> missing;
            bool by_itself = false;   // not only to protect another
            for (const std::size_t part : parts_[whole])
                if (is_gone(part)) {
                    by_itself = by_itself || first_gone_.contains(cells_[part].figure->id);
                    for (const auto& [key, row] : cells_[part].rows) missing.insert(row->what);
                }
            return missing.size() == 1 && by_itself;
        }
        return whose.size() == 1;
    }

    const model::Catalogue& catalogue_;
    std::map<std::string, std::string>& gone_;
    std::set<std::string> first_gone_;
    std::vector<Cell> cells_;
    std::vector<std::vector<std::size_t>> parts_;   // of each cell, those within it
};

}  // namespace

double count_of(const EvidenceRow& row, const model::Catalogue& catalogue) {
    const double value = row.state == "censored" ? row.upper : row.value;
    if (row.unit == "count") return value;
    const double per = row.unit == "per_100k" || row.unit == "count_per_100k" ? 1e5 : row.unit == "per_million" ? 1e6 : 0;
    const auto year = core::parse_number(row.period.substr(0, 4));
    if (per == 0 || row.place.empty() || !year) return -1;
    return value * catalogue.population(row.place, static_cast<int>(*year)) / per;
}

void suppress_by_subtraction(const std::vector<const Figure*>& candidates, const model::Catalogue& catalogue, std::map<std::string, std::string>& gone) {
    Attack(candidates, catalogue, gone).run();
}

}  // namespace threatlas::publish

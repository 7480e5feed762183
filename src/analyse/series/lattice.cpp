#include "analyse/series/lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>

#include "analyse/series/facts.hpp"
#include "analyse/series/reporting.hpp"

namespace threatlas::analyse::series {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

// A key in numbers: crime (code, threat or area), modus operandi, place, member, two dimensions, source and nature.
enum Part : std::uint8_t { crime, operandi, place, member, dim_a, dim_b, origin };
using Packed = std::array<std::uint32_t, 7>;
struct HashPacked {
    std::size_t operator()(const Packed& key) const {
        std::uint64_t h = 0x243f6a8885a308d3ULL;
        for (const std::uint32_t c : key) h = (h ^ c) * 0xff51afd7ed558ccdULL, h ^= h >> 29;
        return h;
    }
};

class Words {
  public:
    Words() { number(""); }
    std::uint32_t number(const std::string& word) {
        const auto [at, fresh] = index_.emplace(word, static_cast<std::uint32_t>(words_.size()));
        if (fresh) words_.push_back(word);
        return at->second;
    }
    const std::string& word(std::uint32_t number) const { return words_[number]; }

  private:
    std::unordered_map<std::string, std::uint32_t> index_;
    std::vector<std::string> words_;
};

struct Node {
    Packed key{};
    std::vector<double> counts;
    std::map<std::uint32_t, double> units;   // reporting unit -> cases
    std::set<std::uint32_t> parents;
    double total = 0;
};

class Building {
  public:
    Building(const Facts& facts, const LatticeOptions& options, core::Day as_of) : facts_(facts), options_(options) {
        const auto [low, high] = std::minmax_element(facts.facts.begin(), facts.facts.end(), [](const Fact& a, const Fact& b) { return a.period < b.period; });
        out_.step = options.step, out_.as_of = as_of, out_.first = low->period;
        out_.periods = static_cast<std::size_t>(high->period - low->period + 1);
    }

    Lattice build() {
        add_up();
        complete();
        find_parents();
        write();
        return std::move(out_);
    }

  private:
    // The words each part of a cell takes at each level, most special first; 0 is 'all'.
    std::array<std::vector<std::uint32_t>, 4> levels(const Cell& cell) {
        std::array<std::vector<std::uint32_t>, 4> out;
        out[crime].push_back(words_.number("what=" + cell.what));
        for (const auto& each : cell.threats) out[crime].push_back(words_.number("threat=" + each));
        for (const auto& each : cell.areas) out[crime].push_back(words_.number("area=" + each));
        for (const auto& each : cell.modus_operandi) out[operandi].push_back(words_.number(each));
        for (const auto& each : cell.groups) out[operandi].push_back(words_.number(each));
        out[operandi].push_back(0);
        if (!cell.place.empty()) out[place].push_back(words_.number(cell.place));
        if (cell.country != cell.place) out[place].push_back(words_.number(cell.country));
        if (cell.in_region) out[place].push_back(0);
        if (!cell.member.empty()) out[member].push_back(words_.number(cell.member));
        out[member].push_back(0);
        return out;
    }

    std::vector<std::pair<std::uint32_t, std::uint32_t>> dimension_levels(const Cell& cell) {
        std::vector<std::uint32_t> given;
        for (const auto& [name, value] : cell.dims) given.push_back(words_.number(name + "=" + value));
        std::vector<std::pair<std::uint32_t, std::uint32_t>> out{{0, 0}};
        if (options_.dimensions >= 1)
            for (const std::uint32_t d : given) out.emplace_back(d, 0);
        if (options_.dimensions >= 2)
            for (std::size_t a = 0; a < given.size(); ++a)
                for (std::size_t b = a + 1; b < given.size(); ++b) out.emplace_back(std::min(given[a], given[b]), std::max(given[a], given[b]));
        return out;
    }

    void add_up() {
        std::vector<std::vector<std::pair<std::uint32_t, double>>> counts(facts_.cells.size());   // by cell: period, count
        for (const Fact& fact : facts_.facts) {
            auto& list = counts[fact.cell];
            const auto t = static_cast<std::uint32_t>(fact.period - out_.first);
            if (!list.empty() && list.back().first == t) list.back().second += fact.count;
            else list.emplace_back(t, fact.count);
        }
        for (std::size_t c = 0; c < facts_.cells.size(); ++c) {
            const Cell& cell = facts_.cells[c];
            const auto parts = levels(cell);
            const auto dims = dimension_levels(cell);
            const std::uint32_t from = words_.number(cell.source + "|" + cell.nature);
            for (const auto w : parts[crime])
                for (const auto o : parts[operandi])
                    for (const auto p : parts[place])
                        for (const auto m : parts[member])
                            for (const auto& [a, b] : dims) add({w, o, p, m, a, b, from}, cell, counts[c]);
        }
    }

    void add(const Packed& key, const Cell& cell, const std::vector<std::pair<std::uint32_t, double>>& counts) {
        const auto [at, fresh] = index_.emplace(key, static_cast<std::uint32_t>(nodes_.size()));
        if (fresh) nodes_.push_back({key, std::vector<double>(out_.periods, 0), {}, {}, 0});
        Node& node = nodes_[at->second];
        double cases = 0;
        for (const auto& [t, count] : counts) {
            node.counts[t] += count;
            if (!std::isnan(count)) cases += count;
        }
        node.total += cases;
        node.units[cell.unit] += cases;
    }

    // Periods in which a unit that matters did not report are missing; the share known by now goes along.
    void complete() {
        const Reporting reporting = read_reporting(facts_, options_, out_.first, out_.periods, out_.as_of);
        out_.notes = reporting.notes;
        completeness_.resize(nodes_.size());
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            Node& node = nodes_[i];
            std::vector<double> known(out_.periods, 0);
            bool late = false;
            for (std::size_t t = 0; t < out_.periods; ++t) {
                double missing = 0;
                for (const auto& [unit, cases] : node.units) {
                    const double share = node.total > 0 ? cases / node.total : 1.0 / static_cast<double>(node.units.size());
                    if (reporting.missing[unit][t]) missing += share;
                    known[t] += share * reporting.completeness[unit][t];
                }
                late = late || known[t] < 1 - 1e-9;
                if (missing > options_.most_missing) node.counts[t] = std::numeric_limits<double>::quiet_NaN();
            }
            if (late) completeness_[i] = std::move(known);
        }
    }

    // The nearest general series of each, by one part made general.
    void find_parents() {
        std::map<std::string, std::set<std::uint32_t>> wider;   // word of a crime, place or modus operandi -> the words above it
        for (const Cell& cell : facts_.cells) {
            for (const auto& threat : cell.threats) wider["what=" + cell.what].insert(words_.number("threat=" + threat));
            for (const auto& area : cell.areas)
                for (const auto& threat : cell.threats) wider["threat=" + threat].insert(words_.number("area=" + area));
            if (cell.country != cell.place) wider[cell.place].insert(words_.number(cell.country));
            for (const auto& code : cell.modus_operandi)
                for (const auto& group : cell.groups)
                    if (code.starts_with(group.substr(0, group.size() - 1))) wider[code].insert(words_.number(group));
        }
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            const Packed& key = nodes_[i].key;
            const auto link = [&](Part part, std::uint32_t word) {
                Packed up = key;
                up[part] = word;
                if (part == dim_a && word == 0) up[dim_a] = up[dim_b], up[dim_b] = 0;
                if (const auto at = index_.find(up); at != index_.end() && at->second != i) nodes_[i].parents.insert(at->second);
            };
            for (const Part part : {crime, operandi, place})
                if (const auto up = wider.find(words_.word(key[part])); up != wider.end())
                    for (const std::uint32_t word : up->second) link(part, word);
            for (const Part part : {operandi, place, member, dim_a, dim_b})
                if (key[part] != 0) link(part, 0);
        }
    }

    // A series equal to one that is part of it says less: the special one stays.
    void write() {
        std::vector<bool> kept(nodes_.size());
        for (std::size_t i = 0; i < nodes_.size(); ++i) kept[i] = nodes_[i].total >= options_.fewest;
        for (const Node& node : nodes_)
            for (const std::uint32_t up : node.parents)
                if (node.total == nodes_[up].total && node.total >= options_.fewest) kept[up] = false;

        std::vector<std::pair<Key, std::uint32_t>> order;
        for (std::uint32_t i = 0; i < nodes_.size(); ++i)
            if (kept[i]) order.emplace_back(key_of(nodes_[i].key), i);
        std::sort(order.begin(), order.end());
        std::vector<std::uint32_t> number(nodes_.size(), 0);
        for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i].second] = i;
        for (auto& [key, i] : order) {
            Node& node = nodes_[i];
            Series series;
            // Area, threat, code: 0, 1, 2; each other part that is given: 1.
            series.level = static_cast<int>(std::count_if(node.key.begin() + operandi, node.key.begin() + origin, [](std::uint32_t word) { return word != 0; })) + (!key.what.empty() ? 2 : !key.threat.empty() ? 1 : 0);
            series.key = std::move(key);
            series.total = node.total;
            std::set<std::uint32_t> above;
            climb(i, kept, number, above);
            series.parents.assign(above.begin(), above.end());
            series.counts = node.counts;
            series.completeness = completeness_[i];
            out_.series.push_back(std::move(series));
        }
    }

    void climb(std::uint32_t i, const std::vector<bool>& kept, const std::vector<std::uint32_t>& number, std::set<std::uint32_t>& above) const {
        for (const std::uint32_t up : nodes_[i].parents) {
            if (kept[up]) above.insert(number[up]);
            else climb(up, kept, number, above);
        }
    }

    Key key_of(const Packed& packed) const {
        Key key;
        const auto part = [](const std::string& word) { return std::pair{word.substr(0, word.find('=')), word.substr(word.find('=') + 1)}; };
        const auto [kind, id] = part(words_.word(packed[crime]));
        (kind == "what" ? key.what : kind == "threat" ? key.threat : key.area) = id;
        key.modus_operandi = words_.word(packed[operandi]);
        key.place = words_.word(packed[place]);
        key.member = words_.word(packed[member]);
        for (const Part each : {dim_a, dim_b})
            if (packed[each] != 0) key.dims.insert(part(words_.word(packed[each])));
        const std::string& from = words_.word(packed[origin]);
        key.source = from.substr(0, from.find('|'));
        key.nature = from.substr(from.find('|') + 1);
        return key;
    }

    const Facts& facts_;
    const LatticeOptions& options_;
    Words words_;
    std::unordered_map<Packed, std::uint32_t, HashPacked> index_;
    std::vector<Node> nodes_;
    std::vector<std::vector<double>> completeness_;
    Lattice out_;
};

}  // namespace

Result<Lattice> build_lattice(const Facts& facts, core::Day as_of, const LatticeOptions& options) {
    if (!(options.fewest > 0) || options.dimensions < 0 || options.dimensions > 2 || !(options.unlikely > 0 && options.unlikely < 1)) return fail(ErrorCode::bad_usage, "the lattice's options are out of range");
    if (facts.facts.empty()) return fail(ErrorCode::not_enough_data, std::string("no counts by ") + name(options.step) + ": series need figures whose period is a " + name(options.step) + " or shorter");
    return Building(facts, options, as_of).build();
}

Result<Lattice> build_lattice(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const LatticeOptions& options) {
    return build_lattice(read_facts(snapshot, catalogue, options), snapshot.as_of, options);
}

}  // namespace threatlas::analyse::series

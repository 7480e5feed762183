#include "analyse/series/facts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <unordered_map>

#include "core/text.hpp"
#include "model/observation.hpp"

namespace threatlas::analyse::series {
namespace {

using Codes = std::array<std::uint32_t, 6>;   // what, member, place, dims, source, nature
struct HashCodes {
    std::size_t operator()(const Codes& codes) const {
        std::uint64_t h = 0x9e3779b97f4a7c15ULL;
        for (const std::uint32_t c : codes) h = (h ^ c) * 0xff51afd7ed558ccdULL, h ^= h >> 32;
        return h;
    }
};

class Reading {
  public:
    Reading(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const LatticeOptions& options) : s_(snapshot), catalogue_(catalogue), options_(options) {}

    Facts read() {
        const auto& c = s_.columns;
        for (std::size_t i = 0; i < s_.size(); ++i) {
            double count = 0;
            if (c.end[i] <= c.begin[i] || !count_of(i, count)) continue;
            const std::int32_t period = period_of(options_.step, {c.begin[i]});
            if (period_of(options_.step, {c.end[i] - 1}) != period) continue;
            out_.facts.push_back({cell_of(i), period, count, c.known_at[i], static_cast<std::uint32_t>(i)});
        }
        leave_out_wide_dimensions();
        leave_out_nested_codes();
        return std::move(out_);
    }

  private:
    bool count_of(std::size_t i, double& count) const {
        const auto& c = s_.columns;
        const auto state = static_cast<model::State>(c.state[i]);
        if (state == model::State::withheld || state == model::State::absent) count = std::numeric_limits<double>::quiet_NaN();
        else if (s_.text(c.unit[i]) == "count") count = state == model::State::censored ? (c.value[i] + c.upper[i]) / 2 : c.value[i];
        else if (static_cast<model::Nature>(c.nature[i]) == model::Nature::seizure && c.end[i] - c.begin[i] == 1) count = 1;
        else return false;
        return !(count < 0);
    }

    std::uint32_t cell_of(std::size_t i) {
        const auto& c = s_.columns;
        const Codes codes{c.what[i], c.member[i], c.place[i], c.dims[i], c.source[i], c.nature[i]};
        const auto [at, fresh] = index_.emplace(codes, static_cast<std::uint32_t>(out_.cells.size()));
        if (fresh) out_.cells.push_back(describe(i));
        return at->second;
    }

    Cell describe(std::size_t i) {
        const auto& c = s_.columns;
        Cell cell;
        cell.what = s_.text(c.what[i]), cell.member = s_.text(c.member[i]), cell.place = s_.text(c.place[i]), cell.source = s_.text(c.source[i]);
        cell.nature = std::string(model::name_of(static_cast<model::Nature>(c.nature[i])));
        cell.country = cell.place;
        const model::Country* country = catalogue_.country(cell.place);
        if (country == nullptr && cell.place.size() > 2) country = catalogue_.country(cell.place.substr(0, 2));   // 'RS-00', 'BG411'
        if (country != nullptr) cell.country = country->id, cell.in_region = country->role == "member_country" || country->role == "territory";
        if (const model::What* what = catalogue_.what(cell.what); what != nullptr) cell.threats = what->threats;
        std::set<std::string> areas, groups;
        for (const std::string& id : cell.threats)
            if (const auto* threat = catalogue_.threat(id)) areas.insert(threat->area);
        cell.areas.assign(areas.begin(), areas.end());
        cell.dims = store::unpack_dims(s_.text(c.dims[i]));
        if (const auto codes = cell.dims.find("modus_operandi"); codes != cell.dims.end()) {
            cell.modus_operandi = core::split(codes->second, '|');
            for (const std::string& each : cell.modus_operandi)
                if (const model::Code* code = catalogue_.code(each)) groups.insert(code->group + ".*");
            cell.dims.erase(codes);
        }
        cell.groups.assign(groups.begin(), groups.end());
        std::erase_if(cell.dims, [](const auto& each) { return describes_persons(each.first) || each.second.empty(); });
        const std::string unit = cell.source + ", " + (cell.member.empty() ? "no member" : cell.member) + (cell.country.empty() ? "" : ", " + cell.country);
        const auto [at, fresh] = units_.emplace(unit, static_cast<std::uint32_t>(units_.size()));
        if (fresh) out_.unit_names.push_back(unit);
        cell.unit = at->second;
        out_.units = units_.size();
        return cell;
    }

    void leave_out_wide_dimensions() {
        std::map<std::string, std::set<std::string>> values;
        for (const Cell& cell : out_.cells)
            for (const auto& [name, value] : cell.dims) values[name].insert(value);
        for (Cell& cell : out_.cells) std::erase_if(cell.dims, [&](const auto& each) { return values[each.first].size() > options_.most_values; });
    }

    // 'cts.offences.fraud' holds 'cts.offences.fraud_cyber': a threat's sum takes the wider code only.
    void leave_out_nested_codes() {
        std::set<std::array<std::string, 3>> codes;   // source, nature, what
        for (const Cell& cell : out_.cells) codes.insert({cell.source, cell.nature, cell.what});
        for (Cell& cell : out_.cells)
            for (std::size_t length = 1; length < cell.what.size(); ++length)
                if (codes.contains({cell.source, cell.nature, cell.what.substr(0, length)})) {
                    cell.threats.clear(), cell.areas.clear();
                    break;
                }
    }

    const store::Snapshot& s_;
    const model::Catalogue& catalogue_;
    const LatticeOptions& options_;
    Facts out_;
    std::unordered_map<Codes, std::uint32_t, HashCodes> index_;
    std::map<std::string, std::uint32_t> units_;
};

}  // namespace

bool describes_persons(const std::string& dimension) {
    static const std::set<std::string> kPersonal{"citizenship", "nationality", "sex", "gender", "age", "religion", "ethnicity", "birth_year", "country_of_birth"};
    return kPersonal.contains(dimension);
}

Facts read_facts(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const LatticeOptions& options) { return Reading(snapshot, catalogue, options).read(); }

}  // namespace threatlas::analyse::series

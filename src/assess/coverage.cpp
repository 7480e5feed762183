#include "assess/coverage.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "assess/indicators/series.hpp"

namespace threatlas::assess {

std::vector<Coverage> coverage(const store::Snapshot& snapshot, const model::Catalogue& catalogue) {
    // what -> country -> source -> ends of the periods that hold a figure
    std::map<std::string, std::map<std::string, std::map<std::string, std::set<std::int32_t>>>> periods;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto state = static_cast<model::State>(snapshot.columns.state[i]);
        if (state == model::State::absent || state == model::State::withheld) continue;
        periods[snapshot.text(snapshot.columns.what[i])][snapshot.text(snapshot.columns.place[i])][snapshot.text(snapshot.columns.source[i])].insert(snapshot.columns.end[i]);
    }
    std::vector<Coverage> out;
    for (const auto& member : catalogue.members)
        for (const auto& threat : catalogue.threats) {
            Coverage cell{member.id, threat.id, 0, 0, {}};
            for (const auto& indicator : catalogue.indicators) {
                if (indicator.threat != threat.id || indicator.scope != "country") continue;
                ++cell.indicators;
                std::set<std::int32_t> ends;
                for (const auto& what : indicator.whats)
                    for (const auto& [source, given] : periods[what][member.country])
                        if (indicators::reads(catalogue, indicator, source)) ends.insert(given.begin(), given.end());
                cell.answered += static_cast<int>(ends.size()) >= std::max(1, indicator.minimum_periods);
                if (!ends.empty()) cell.newest.number = std::max(cell.newest.number, *ends.rbegin());
            }
            out.push_back(std::move(cell));
        }
    return out;
}

std::map<std::string, std::size_t> unread_codes(const store::Snapshot& snapshot, const model::Catalogue& catalogue) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> rows;   // what and source
    for (std::size_t i = 0; i < snapshot.size(); ++i) ++rows[{snapshot.columns.what[i], snapshot.columns.source[i]}];
    std::map<std::string, std::size_t> out;
    for (const auto& [key, count] : rows) {
        const std::string &what = snapshot.text(key.first), &source = snapshot.text(key.second);
        const model::Source* known = catalogue.source(source);
        if (known == nullptr || !known->contributed) continue;
        const bool read = std::any_of(catalogue.indicators.begin(), catalogue.indicators.end(), [&](const model::Indicator& each) {
            return std::find(each.whats.begin(), each.whats.end(), what) != each.whats.end() && indicators::reads(catalogue, each, source);
        });
        if (!read) out[what] += count;
    }
    return out;
}

}  // namespace threatlas::assess

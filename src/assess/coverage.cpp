#include "assess/coverage.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace threatlas::assess {

std::vector<Coverage> coverage(const store::Snapshot& snapshot, const model::Catalogue& catalogue) {
    // what -> country -> ends of the periods that hold a figure
    std::map<std::string, std::map<std::string, std::set<std::int32_t>>> periods;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto state = static_cast<model::State>(snapshot.columns.state[i]);
        if (state == model::State::absent || state == model::State::withheld) continue;
        periods[snapshot.text(snapshot.columns.what[i])][snapshot.text(snapshot.columns.place[i])].insert(snapshot.columns.end[i]);
    }
    std::vector<Coverage> out;
    for (const auto& member : catalogue.members)
        for (const auto& threat : catalogue.threats) {
            Coverage cell{member.id, threat.id, 0, 0, {}};
            for (const auto& indicator : catalogue.indicators) {
                if (indicator.threat != threat.id || indicator.scope != "country") continue;
                ++cell.indicators;
                std::set<std::int32_t> ends;
                for (const auto& what : indicator.whats) ends.insert(periods[what][member.country].begin(), periods[what][member.country].end());
                cell.answered += static_cast<int>(ends.size()) >= std::max(1, indicator.minimum_periods);
                if (!ends.empty()) cell.newest.number = std::max(cell.newest.number, *ends.rbegin());
            }
            out.push_back(std::move(cell));
        }
    return out;
}

}  // namespace threatlas::assess

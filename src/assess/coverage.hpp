// Completeness and timeliness: what each member's country has reported for each threat.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess {

struct Coverage {
    std::string member, threat;
    int indicators = 0;    // country-scope indicators of the threat
    int answered = 0;      // with at least their minimum of periods
    core::Day newest{};    // end of the newest period; 0 when none
};

// Rows of the members' own figures that no indicator reads, for want of one with their code; by code.
std::map<std::string, std::size_t> unread_codes(const store::Snapshot& snapshot, const model::Catalogue& catalogue);

// One record a member and threat, in catalogue order. Cost: linear in the snapshot.
std::vector<Coverage> coverage(const store::Snapshot& snapshot, const model::Catalogue& catalogue);

}  // namespace threatlas::assess

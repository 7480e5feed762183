// Where it is heading: one dated, scorable forecast a threat, with the fan of its intervals. Of monthly counts when the
// snapshot holds them, else of the annual figure its trend rests on, countries pooled.
#pragma once

#include <string>
#include <vector>

#include "assess/evidence.hpp"

namespace threatlas::assess {

struct Outlooks {
    std::vector<Outlook> outlooks;  // catalogue's order of threats
    std::vector<Skill> skill;       // ours and the naive forecast, months then years
};

// Threats without twenty-four months or six years of a series have none. Cost: a lattice; 1 ms a monthly series and origin.
core::Result<Outlooks> outlooks(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Measured& measured);

}  // namespace threatlas::assess

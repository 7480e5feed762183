// One threat's position opened: rank, score, what each criterion adds, and the figures under each.
#pragma once

#include <string>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish {

// The threat that an id speaks of: 'R-drugs.heroin' or 'drugs.heroin'; null when there is none.
const assess::ThreatResult* position(const assess::Assessment& assessment, const std::string& id);

std::string explain_position(const assess::Assessment& assessment, const assess::ThreatResult& threat, const model::Catalogue& catalogue);

}  // namespace threatlas::publish

// Private matching over the API: for people (the list, questions, logs, alarms) and for peers' nodes (what is published,
// evaluations, contact requests).
#pragma once

#include "serve/jobs/office.hpp"
#include "serve/route.hpp"

namespace threatlas::serve {

Routes matching_routes(Office& office);
// The nightly round's part: publish what came and went, and send again what waits.
void add_matching_chore(Office& office);

}  // namespace threatlas::serve

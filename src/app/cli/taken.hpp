// How commands say what was taken in from elsewhere.
#pragma once

#include "app/cli/session.hpp"
#include "core/json.hpp"
#include "work/stix_import.hpp"

namespace threatlas::app {

core::json::object taken_json(const work::Taken& taken);
void print_taken(const Session& session, const work::Taken& taken, bool dry_run);

}  // namespace threatlas::app

// What came from its originator, and goes on to whom we passed it on before: corrections, withdrawals, consents taken back. The
// originator's node need not know theirs.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "exchange/stix/carry.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::work::contact {

// Kept, to go on as its author signed it: that is noted only when the round that brings it has taken it in.
core::Result<void> goes_on(const Desk& desk, const model::Reader& who, const exchange::stix::Carried& what, const std::vector<std::string>& to);
// What cannot go yet goes with the next round.
core::Result<void> pass_onward(const Desk& desk);

}  // namespace threatlas::work::contact

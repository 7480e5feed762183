// Who may see what, by the Traffic Light Protocol word of a row (FIRST, TLP 2.0).
#pragma once

#include <string_view>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/snapshot.hpp"

namespace threatlas::store {

// CLEAR 0, GREEN 1, AMBER 2, AMBER+STRICT 3, RED 4; WHITE of TLP 1.0 is CLEAR. A word that is not
// known, or none, counts as RED: what nobody marked is not for everybody.
constexpr int kMildest = 0, kStrictest = 4;
int handling_rank(std::string_view handling);
std::string_view handling_word(int rank);  // 'TLP:AMBER'; RED for what is no rank

// The strictest handling among a snapshot's rows and judgements: what is made of it is marked so.
int strictest_handling(const Snapshot& snapshot);

// The rank the reader may see up to. not_allowed when the purpose, the organisation or the
// clearance is missing or not known: there is no anonymous read.
core::Result<int> clearance_of(const model::Reader& reader);

}  // namespace threatlas::store

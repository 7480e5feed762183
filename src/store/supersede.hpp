// What a contributor gave again. A figure is known by its source, contributor, code, place, period,
// nature and further dimensions; when several submissions give it, the newest stands and the others are
// history: still in the store, still seen as of an earlier day. Within one submission nothing is set
// aside: two seizures of one day are two.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/snapshot.hpp"

namespace threatlas::store {

// Indices, ascending, of the rows that a later submission replaces (later: known since a later day, else
// taken in later). taken: by the dictionary code of a submission, its place in the order of taking in. Cost: one pass; a second, with a table, over those rows
// whose period begins within the span of another submission of the same source and contributor.
std::vector<std::uint32_t> superseded_rows(const Snapshot::Columns& columns, const std::vector<std::uint64_t>& taken);

// Drops them. `rows` ascending.
void drop_rows(Snapshot::Columns& columns, const std::vector<std::uint32_t>& rows);

// Those claims dropped that their organisation made again; taken: by submission id. A grade, a trend or
// quantiles answer one question each (source, organisation, threat, lens, criterion, kind, scope); of
// notes, roles and modi operandi only the same words are the same claim.
std::vector<model::Claim> without_superseded(std::vector<model::Claim> claims, const std::map<std::string, std::uint64_t>& taken);

}  // namespace threatlas::store

// Builds a snapshot from segments: chunks are read, checked and copied in parallel, dictionaries
// merged in submission order, so the result is the same on every machine and whatever the order of
// ingest.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/records.hpp"
#include "store/rights.hpp"
#include "store/snapshot.hpp"
#include "store/store.hpp"

namespace threatlas::store {

struct SubmissionPart {
    StoredSubmission stored;
    std::vector<model::Claim> claims;
    std::string path;  // of the segment; empty when there is none
    // Of a segment of which the database gave some rows only: their places in the whole, ascending, and how
    // many rows the chunks of the whole have. Else empty.
    std::vector<std::uint32_t> positions{}, chunks{};
};

// `parts` by source, then id. sight: what the reader may see; judged per word, and per row only where it matters who gave the row.
// Cost: about 0.035 microseconds a row on two cores, 83 bytes a row.
core::Result<Snapshot> load_snapshot(const std::vector<SubmissionPart>& parts,
                                     const SnapshotQuery& query, const Sight& sight);

}  // namespace threatlas::store

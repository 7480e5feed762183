// Hashes over what the database holds of a submission or an assessment. They stand in its audit
// entry, so that a record changed, added or taken out later shows, and which.
#pragma once

#include <string>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/records.hpp"

namespace threatlas::store {

// What the entry 'ingest' says: whose, how many, and a hash each over the submission's record, its
// claims and its refused rows. Reads them from the database, inside the caller's transaction.
core::Result<std::string> ingest_object(Engine& engine, StoredSubmission submission);

// What the entry 'withdraw' says.
std::string withdraw_object(const Withdrawal& withdrawal);

// What the entry 'assess' says.
std::string assess_object(const StoredAssessment& entry, int handling,
                          const std::string& body_hash);

// Every entry 'ingest', 'withdraw', 'restore', 'assess', 'follow' and those 'match' that name a row against the records, both ways. mismatch names what does not
// fit. Entries made before there were hashes are checked by what they say. The caller holds
// engine.mutex and has checked the chain.
core::Result<void> check_records(Engine& engine);

}  // namespace threatlas::store

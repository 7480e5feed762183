// The audit log: each entry's hash covers the entry before it, so an edit shows; the end of the
// chain is also kept in a table and in the file audit.head beside the database, so a cut shows.
#pragma once

#include <span>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// SHA-256 over previous and the canonical JSON of the other fields.
std::string audit_hash(const AuditEntry& entry);

// Adds one entry inside the caller's transaction. mismatch, and nothing added, when the chain does
// not end where it did: a log that was cut is not written over.
core::Result<AuditEntry> append_audit(Engine& engine, const model::Reader& who,
                                      const std::string& action, const std::string& object);

// Several, in order; returns the last. notes: at least one.
core::Result<AuditEntry> append_audit(Engine& engine, std::span<const AuditNote> notes);

// After the transaction: notes the end of the chain beside the database. May lag by entries of a
// run that was killed, never lead.
core::Result<void> note_audit_head(const Engine& engine, const AuditEntry& entry);

// The note made anew from the table: the first of a store, or what was left to be noted later.
core::Result<void> start_audit_head(Engine& engine);

// append and note together, in a transaction of their own. The caller holds engine.mutex.
core::Result<void> record_audit(Engine& engine, const model::Reader& who, const std::string& action,
                                const std::string& object);

core::Result<void> record_audit(Engine& engine, std::span<const AuditNote> notes);

// By index, newest first. Cost: what it returns, unless it looks for a text.
core::Result<AuditPage> find_audit(Engine& engine, const AuditQuery& query);
core::Result<std::vector<AuditEntry>> read_audit(Engine& engine);
core::Result<std::uint64_t> check_audit(Engine& engine);

}  // namespace threatlas::store

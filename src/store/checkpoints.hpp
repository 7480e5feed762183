// Signed checkpoints of the audit chain. Whoever can write the whole folder can write a new chain into it; what
// was signed before, with a key that lies elsewhere and whose public half the auditor holds, does not fit it.
// A checkpoint is an Ed25519 signature (libsodium) over 'threatlas audit 1\n<entries>\n<hash>\n<moment>\n'.
// The caller holds engine.mutex.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// $THREATLAS_AUDIT_KEY, else '<folder>.audit-key' beside the folder of the store; its public half with '.pub' at the end.
std::string audit_key_path(const std::string& store_folder);

// One line a checkpoint: entries, hash, moment, public key, signature. bad_input names the line.
std::string line_of(const Checkpoint& checkpoint);
core::Result<std::vector<Checkpoint>> parse_checkpoints(const std::string& text, const std::string& file);
// 64 hexadecimal digits, whatever white space around. bad_input otherwise.
core::Result<std::string> read_public_key(const std::string& path);

// Signs and stores; also appends to audit.checkpoints. The chain must have been checked.
core::Result<Checkpoint> make_checkpoint(Engine& engine, const model::Reader& writer);
// Every checkpoint of the table, of the file and of `kept` against the chain. mismatch names the first that does not fit.
core::Result<AuditProof> check_checkpoints(Engine& engine, const std::string& public_key, const std::vector<Checkpoint>& kept);

}  // namespace threatlas::store

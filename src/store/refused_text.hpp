// The original text of refused rows, encrypted at rest: it may hold what should never have been sent, names of persons
// among it. The key lies outside the database (field_key.hpp).
#pragma once

#include <string>

#include "core/result.hpp"
#include "store/engine.hpp"

namespace threatlas::store {

// What column `sealed` of a refused row says. Text encrypted at ingest is in the ingest's hash as it is kept; of
// text encrypted by a migration the hash is over what it was.
enum Sealed : int { kNotSealed = 0, kSealedLater = 1, kSealedAtOnce = 2 };

core::Result<std::string> seal_original(Engine& engine, const std::string& submission, std::int64_t number, const std::string& text);
// mismatch: another key, or changed. `kept` as the column has it.
core::Result<std::string> open_original(Engine& engine, const std::string& submission, std::int64_t number, const std::string& kept);
// Encrypts what a store of an earlier schema holds in the clear. Inside the caller's transaction.
core::Result<void> seal_old_originals(Engine& engine);

}  // namespace threatlas::store

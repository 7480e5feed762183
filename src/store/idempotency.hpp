// What a change was answered with, so that asking again changes nothing: for a day, by caller and key. The answer may
// hold a secret that is shown once, so it is kept encrypted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

struct Engine;

struct Answered {
    std::string request;   // of what was asked: named() of its SHA-256
    int status = 200;
    std::string type, body;
};

class Idempotency {
  public:
    Idempotency(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}
    // A hash under the field key: what was asked may be a telephone number, whose plain hash says it to whoever tries all.
    std::string named(const std::string& hash) const { return key_.index("idempotency.request", hash); }
    // now: seconds since 1970. Nothing after 24 hours. mismatch when what is kept cannot be read with this key.
    core::Result<std::optional<Answered>> find(const std::string& caller, const std::string& key, std::int64_t now);
    // Also forgets what is older than 24 hours.
    core::Result<void> keep(const std::string& caller, const std::string& key, const Answered& answer, std::int64_t now);

  private:
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

}  // namespace threatlas::store

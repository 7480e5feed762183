// Who may come in: people, invitations, sessions, tokens of machines, failed attempts. Secrets are kept as
// hashes, names and second factors encrypted; what proves who somebody is belongs to the server's `access`.
// Times are seconds since 1970. Every change is in the audit chain, by the opaque id of the account.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

struct Engine;

// What an account may, whoever holds it.
struct Standing {
    std::string organisation;            // member id, or 'regional'
    model::Role role = model::Role::contributor;
    std::string clearance = "TLP:AMBER"; // highest word, then handling codes it may see: 'TLP:AMBER H3'
    static constexpr auto fields() {
        using T = Standing;
        return std::make_tuple(model::field("organisation", &T::organisation, "member id, or 'regional'"), model::field("role", &T::role, "role"),
                               model::field("clearance", &T::clearance, "highest TLP word it may see, and handling codes"));
    }
};

struct Person {
    std::string id;             // 'p-0123456789', opaque: the audit log knows no other name
    std::string name;           // to sign in by
    std::string email;
    Standing standing;
    std::string state = "active";   // active, blocked, erased
    std::string password;       // argon2id string
    std::string totp;           // Base32 secret; empty: no second factor
    std::int64_t totp_step = 0; // the last step used: none works twice
    std::string settings = "{}";// JSON: language, theme
    std::int64_t made = 0;
};

struct Invitation {
    std::string id, kind = "person";   // person, or setup: the first administrator
    Standing standing;
    std::string made_by;
    std::int64_t made = 0, expires = 0;
};

struct Session {
    std::string id;             // shown in lists; no secret
    std::string person, csrf, address, agent;
    std::int64_t made = 0, seen = 0;
};

struct Token {
    std::string id, name;
    std::string kind = "token"; // token, or certificate
    Standing standing;
    std::vector<std::string> scopes;
    std::string made_by;
    std::int64_t made = 0, expires = 0, used = 0;   // used: 0 never
    bool revoked = false;
};

struct Attempts {
    int failures = 0;
    std::int64_t until = 0;     // nothing is tried before
};

class Accounts {
  public:
    Accounts(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}

    const FieldKey& key() const { return key_; }

    core::Result<std::uint64_t> count();                       // of people not erased
    core::Result<std::vector<Person>> people();                // by id; passwords and secrets left out
    core::Result<std::optional<Person>> person(const std::string& id);
    core::Result<std::optional<Person>> person_named(const std::string& name);
    // conflict for a name that is taken. The id is made here.
    core::Result<Person> add(const model::Reader& who, Person person);
    // Standing, state, settings, password, second factor. `what` goes into the audit log: no secret.
    core::Result<void> change(const model::Reader& who, const Person& person, const std::string& what);
    // Name, address, credentials, sessions gone; the id stays, for the audit log.
    core::Result<void> erase(const model::Reader& who, const std::string& id);
    // Only when the step is later than the last: false when it was used.
    core::Result<bool> use_totp_step(const std::string& person, std::int64_t step);
    core::Result<void> set_recovery_codes(const model::Reader& who, const std::string& person, const std::vector<std::string>& codes);
    core::Result<bool> use_recovery_code(const std::string& person, const std::string& code);

    core::Result<void> add_invitation(const model::Reader& who, const Invitation& invitation, const std::string& secret);
    core::Result<std::vector<Invitation>> invitations();
    core::Result<std::optional<Invitation>> invitation(const std::string& secret, std::int64_t now);
    // Makes the person and uses the invitation up, in one. conflict: the name is taken; not_found: used or run out.
    core::Result<Person> accept(const std::string& secret, Person person, std::int64_t now);
    core::Result<void> drop_invitation(const model::Reader& who, const std::string& id);

    core::Result<void> add_session(const Session& session, const std::string& secret);
    core::Result<std::optional<Session>> session(const std::string& secret);
    core::Result<std::vector<Session>> sessions(const std::string& person);   // empty: of everybody
    core::Result<void> touch_session(const std::string& id, std::int64_t seen);
    core::Result<bool> end_session(const std::string& id);
    core::Result<void> end_sessions_before(std::int64_t made, std::int64_t seen);

    core::Result<void> add_token(const model::Reader& who, const Token& token, const std::string& secret);
    core::Result<std::vector<Token>> tokens();
    core::Result<std::optional<Token>> token(const std::string& kind, const std::string& secret);
    core::Result<void> touch_token(const std::string& id, std::int64_t used);
    core::Result<void> revoke_token(const model::Reader& who, const std::string& id);   // not_found

    core::Result<Attempts> attempts(const std::string& key);   // key: what is counted; kept hashed
    core::Result<void> note_attempts(const std::string& key, const Attempts& attempts);

    core::Result<void> note(const model::Reader& who, const std::string& action, const std::string& object);   // login, logout ...

  private:
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

}  // namespace threatlas::store

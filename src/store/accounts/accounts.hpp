// Who may come in: people, invitations, sessions, machines, failed attempts. Secrets are kept as keyed
// hashes, names, addresses and second factors encrypted; what proves who somebody is belongs to the server's
// `access`. Times are seconds since 1970 and come from the caller. Every change is in the audit chain, by the
// opaque id of the account, never with a secret or a name. Safe to call from several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
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
    std::string email;          // in lower case; may be empty
    Standing standing;
    std::string state = "active";   // active, blocked, erased
    std::string password;       // argon2id string; empty: none, signs in elsewhere
    std::string totp;           // Base32 secret; empty: no second factor
    std::string totp_pending;   // made, not yet confirmed by a code
    std::int64_t totp_step = 0; // the last step used: none works twice
    std::string settings = "{}";// JSON: language, theme
    std::int64_t made = 0;
};

struct Invitation {
    std::string id{}, kind = "person";   // person, or setup: the first administrator
    std::string email{};        // written only: is kept as a hash, against which a sign-in elsewhere is held
    Standing standing{};
    std::string made_by{};
    std::int64_t made = 0, expires = 0;
};

struct Session {
    std::string id{};           // shown in lists; no secret
    std::string person{}, address{}, agent{};
    std::int64_t made = 0, seen = 0;
};

// An account that is no person: it comes with a token, a client certificate, or a name and a password (HTTP Basic).
struct Machine {
    std::string id{}, name{};   // 'm-0123456789'; the name is a label, not personal
    std::string kind = "token"; // token, certificate, or basic: its secret is then the name it comes with
    Standing standing{};
    std::vector<std::string> scopes{};
    std::string made_by{};
    std::int64_t made = 0, expires = 0, used = 0;   // expires: 0 never; used: 0 not yet
    bool revoked = false;
    std::string password{};     // of kind basic: argon2id string; left out of lists
};

struct Attempts {
    int failures = 0;
    std::int64_t until = 0;     // nothing is tried before
    bool refused = false;       // this one came before
};

class Accounts {
  public:
    Accounts(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}

    const FieldKey& key() const { return key_; }

    core::Result<std::uint64_t> count();                       // of people not erased
    core::Result<std::vector<Person>> people();                // in the order of making; passwords and secrets left out
    core::Result<std::optional<Person>> person(const std::string& id);
    core::Result<std::optional<Person>> person_named(const std::string& name);     // lower or upper case, accents and script are all one
    core::Result<std::optional<Person>> person_with_email(const std::string& email);  // none when several have it
    // The id is made here. conflict for a name that is taken, bad_input for one that is none.
    core::Result<Person> add(const model::Reader& who, Person person);
    // Standing, state, settings, e-mail, password, second factor as given. `what` goes into the audit log: no secret.
    core::Result<void> change(const model::Reader& who, const Person& person, const std::string& what);
    // Name, address, credentials, links and sessions gone; the id stays, for the audit log. not_found.
    core::Result<void> erase(const model::Reader& who, const std::string& id);
    // Only when the step is later than the last: false when it was used. One at a time, whoever asks.
    core::Result<bool> use_totp_step(const std::string& person, std::int64_t step);
    core::Result<void> set_recovery_codes(const model::Reader& who, const std::string& person, const std::vector<std::string>& codes);
    core::Result<bool> use_recovery_code(const model::Reader& who, const std::string& person, const std::string& code);   // true once
    core::Result<std::uint64_t> recovery_codes(const std::string& person);   // how many are left

    // The id is made here.
    core::Result<Invitation> add_invitation(const model::Reader& who, Invitation invitation, const std::string& secret);
    core::Result<std::vector<Invitation>> invitations();
    core::Result<std::optional<Invitation>> invitation(const std::string& secret, std::int64_t now);   // none: unknown, used or run out
    core::Result<std::optional<Invitation>> invitation_for(const std::string& email, std::int64_t now);
    // Makes the person with the invitation's standing and uses the invitation up, in one. conflict: the name is taken, or
    // kind 'setup' when somebody is there already; not_found: used or run out.
    core::Result<Person> accept(const std::string& invitation, Person person, std::int64_t now);
    core::Result<void> drop_invitation(const model::Reader& who, const std::string& id);   // not_found
    // Those of kind 'setup' go; the one given comes, when there are no people. False: there are.
    core::Result<bool> offer_setup(const Invitation& invitation, const std::string& secret);

    // The id is made here.
    core::Result<Session> add_session(Session session, const std::string& secret);
    core::Result<std::optional<Session>> session(const std::string& secret);
    core::Result<std::vector<Session>> sessions(const std::string& person);   // empty: of everybody
    core::Result<void> touch_session(const std::string& id, std::int64_t seen);
    core::Result<bool> end_session(const model::Reader& who, const std::string& id);
    core::Result<void> end_sessions_of(const model::Reader& who, const std::string& person, const std::string& except = {});
    // Sessions made or seen before, invitations run out, and attempts long ago.
    core::Result<void> sweep(std::int64_t made_before, std::int64_t seen_before, std::int64_t now);

    // The id is made here. conflict: the certificate is known already.
    core::Result<Machine> add_machine(const model::Reader& who, Machine machine, const std::string& secret);
    core::Result<std::vector<Machine>> machines();
    core::Result<std::optional<Machine>> machine(const std::string& kind, const std::string& secret);   // revoked and expired ones too
    // Standing, scopes, name, expiry, password and revocation as given. not_found.
    core::Result<void> change_machine(const model::Reader& who, const Machine& machine);
    core::Result<void> touch_machine(const std::string& id, std::int64_t used);
    core::Result<void> revoke_machine(const model::Reader& who, const std::string& id);   // not_found

    core::Result<std::optional<Person>> person_linked(const std::string& issuer, const std::string& subject);
    core::Result<void> link(const model::Reader& who, const std::string& person, const std::string& issuer, const std::string& subject, std::int64_t now);

    // Counts an attempt as failed before it is made, so that many at once are no way round; wait(failures) says how long
    // nothing may be tried after it. Forgotten when the last is a day old.
    core::Result<Attempts> attempt(const std::string& subject, std::int64_t now, const std::function<std::int64_t(int)>& wait);
    core::Result<void> succeeded(const std::string& subject, bool forget_all);   // else this one only
    core::Result<std::uint64_t> unlock(const model::Reader& who, const std::string& person);   // of the person; how many failures there were
    static std::string attempts_of_name(std::string_view name);   // the subject of attempts to sign in by it

    core::Result<void> note(const model::Reader& who, const std::string& action, const std::string& object);   // login, logout ...

  private:
    friend struct Rows;
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

// What a name is compared by; bad_input for one of fewer than 2 or more than 64 characters or with control characters.
core::Result<std::string> login_name(std::string_view name);

}  // namespace threatlas::store

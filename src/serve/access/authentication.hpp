// Who is asking: by session cookie, token, client certificate, or name and password of a machine; and how one comes by them: signing in, the setup
// link, an invitation. What is proved here is kept in store::Accounts. Safe to call from several threads.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "core/result.hpp"
#include "serve/access/password.hpp"
#include "serve/net/message.hpp"
#include "serve/route.hpp"
#include "store/accounts/accounts.hpp"

namespace threatlas::serve::access {

struct AccessOptions {
    std::function<std::int64_t()> now{};   // seconds since 1970; defaults to the system's
    Cost cost{};                           // of a password
    std::int64_t idle = 30 * 60, longest = 12 * 3600;   // of a session
    std::int64_t invitation = 7 * 86400, setup = 86400; // how long a link serves
    bool secure = false;                   // TLS ends before us: cookies are marked all the same
    std::string address{};                 // 'https://threatlas.example': begins links; empty: links begin with '/'
};

// What a sign-in came to. Only `in` has a session.
struct SignIn {
    enum class Outcome { in, wrong, code_needed, wait } outcome = Outcome::wrong;
    std::int64_t until = 0;        // wait
    store::Person person{};
    store::Session session{};
    std::string secret{};          // for the cookie
};

struct Visitor {
    std::string address, agent;    // where from, and by what; shown in the list of sessions
    bool secure = false;
    std::string former;            // the cookie it came with: that session ends when another begins
};
class Access {
  public:
    explicit Access(store::Accounts& accounts, AccessOptions options = {});

    // An empty account: a stranger, also with a token or session that is not, or no longer, good. The purpose is the role's own.
    // About a microsecond for a session seen within two seconds, else one read of the database.
    core::Result<Caller> authenticate(const net::Request& request);

    // unavailable: too many at a time. Costs one password hash whatever the name, unless refused at once.
    core::Result<SignIn> sign_in(const std::string& name, const std::string& password, const std::string& code, const Visitor& visitor);
    // A session for a person whom something else has proved (OIDC). not_allowed: blocked.
    core::Result<SignIn> let_in(const store::Person& person, const Visitor& visitor, const std::string& how);
    core::Result<void> sign_out(const Caller& caller);
    // Nothing to do for a session of the last ten minutes; else as prove.
    core::Result<void> prove_lately(const Caller& caller, const std::string& password, const std::string& address);
    // For a change that matters, made in a session that might be borrowed: not_allowed when it is not this person's password. Counted
    // like signing in.
    core::Result<void> prove(const Caller& caller, const std::string& password, const std::string& address);

    // While there are no people: the token of the one-time setup link, which makes a former one void. Nothing: there are.
    core::Result<std::optional<std::string>> offer_setup();
    core::Result<store::Person> set_up(const std::string& token, const std::string& name, const std::string& password, const std::string& email);
    core::Result<std::pair<store::Invitation, std::string>> invite(const model::Reader& who, const store::Standing& standing, const std::string& email, std::int64_t seconds);
    core::Result<store::Person> accept(const std::string& token, const std::string& name, const std::string& password, const std::string& email);
    // A token 'tla_...', shown once.
    core::Result<std::pair<store::Machine, std::string>> new_token(const model::Reader& who, store::Machine token);

    Visitor visitor(const net::Request& request) const;
    std::string cookie(const std::string& secret, bool secure) const;   // Set-Cookie; empty secret: takes it away
    std::string csrf_of(const std::string& secret) const;
    void forget();                       // what is remembered of sessions, after a change
    std::int64_t now() const { return options_.now(); }
    store::Accounts& accounts() { return accounts_; }
    Passwords& passwords() { return passwords_; }
    const AccessOptions& options() const { return options_; }

  private:
    struct Known {
        Caller caller;
        std::int64_t checked = 0, seen = 0;   // asked of the database; noted there
        std::int64_t idle_from = 0, until = 0;
        std::int64_t proved = 0;   // of kind basic: when the password was last compared
        std::string password{};    // with what
    };
    core::Result<Caller> by_session(const std::string& secret);
    core::Result<Caller> by_machine(const std::string& kind, const std::string& secret);
    // HTTP Basic: 'Basic <credentials>'. A password found right is remembered for a quarter of an hour, under a keyed hash, for as long
    // as the account stays as it is; else it costs what signing in costs, and is counted like it.
    core::Result<Caller> by_password(std::string_view credentials, const std::string& address);
    core::Result<SignIn> begin_session(const store::Person& person, const Visitor& visitor, const std::string& how);

    store::Accounts& accounts_;
    AccessOptions options_;
    Passwords passwords_;
    std::mutex lock_;
    std::map<std::string, Known> known_;      // by the keyed hash of the secret
    std::set<std::string> proving_;           // passwords being compared
    std::condition_variable proved_;
    std::uint64_t forgotten_ = 0;             // so that what was read before a change is not remembered after it
    std::int64_t swept_ = 0;
};

// The Reader of an account. Administrators run the system and read no protected evidence: for them it is TLP:CLEAR.
model::Reader reader_for(const std::string& account, const store::Standing& standing);

// Seconds nothing may be tried after so many failures in a row: none after five, then half a minute, doubling, at most a quarter
// of an hour. Of one address (many may share it): after thirty.
std::int64_t wait_of_name(int failures);
std::int64_t wait_of_address(int failures);

}  // namespace threatlas::serve::access

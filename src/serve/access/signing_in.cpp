// Signing in and out, the setup link, invitations, tokens.
#include "core/text.hpp"
#include "serve/access/authentication.hpp"
#include "serve/access/rights.hpp"
#include "serve/access/totp.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::size_t kLongest = 1024;   // of a password; more is not even hashed

const model::Reader kNobody{"unknown", "unknown", model::Role::contributor, "TLP:CLEAR", "administration"};

std::string of_address(const std::string& address) { return "address " + address; }

}  // namespace

Result<SignIn> Access::sign_in(const std::string& name, const std::string& password, const std::string& code, const Visitor& visitor) {
    const std::int64_t at = now();
    const std::string by_name = store::Accounts::attempts_of_name(name), by_address = of_address(visitor.address);
    SignIn out;
    for (const auto& [subject, wait] : {std::pair{by_address, &wait_of_address}, std::pair{by_name, &wait_of_name}}) {
        THREATLAS_TRY(const store::Attempts attempts, accounts_.attempt(subject, at, wait));
        if (!attempts.refused) continue;
        out.outcome = SignIn::Outcome::wait, out.until = attempts.until;
        return out;
    }
    const auto not_counted = [&]() -> Result<void> {
        THREATLAS_CHECK(accounts_.succeeded(by_name, false));
        return accounts_.succeeded(by_address, false);
    };
    // From here on an unknown name does all that a known one does.
    THREATLAS_TRY(const auto person, accounts_.person_named(name));
    const bool may = person && person->state == "active" && !person->password.empty() && password.size() <= kLongest;
    auto right = passwords_.verify(may ? person->password : "", password.substr(0, kLongest));
    if (!right) {
        THREATLAS_CHECK(not_counted());
        return tl::unexpected(right.error());
    }
    if (*right && !person->totp.empty()) {
        if (code.empty()) {
            THREATLAS_CHECK(not_counted());
            out.outcome = SignIn::Outcome::code_needed;
            return out;
        }
        const auto step = totp_step_of(person->totp, core::trim(code), at, person->totp_step);
        if (step) {
            THREATLAS_TRY(*right, accounts_.use_totp_step(person->id, *step));
        } else {
            THREATLAS_TRY(*right, accounts_.use_recovery_code(reader_for(person->id, person->standing), person->id, plain_recovery_code(code)));
        }
    }
    if (!*right) {
        THREATLAS_CHECK(accounts_.note(person ? reader_for(person->id, person->standing) : kNobody, "login", "refused"));
        return out;
    }
    THREATLAS_CHECK(accounts_.succeeded(by_name, true));
    THREATLAS_CHECK(accounts_.succeeded(by_address, false));
    return begin_session(*person, visitor, person->totp.empty() ? "password" : "password and code");
}

Result<SignIn> Access::let_in(const store::Person& person, const Visitor& visitor, const std::string& how) {
    if (person.state != "active") return fail(ErrorCode::not_allowed, "this account is blocked; ask an administrator");
    return begin_session(person, visitor, how);
}

Result<SignIn> Access::begin_session(const store::Person& person, const Visitor& visitor, const std::string& how) {
    const std::int64_t at = now();
    const model::Reader who = reader_for(person.id, person.standing);
    if (!visitor.former.empty()) {
        THREATLAS_TRY(const auto former, accounts_.session(visitor.former));
        if (former) THREATLAS_CHECK(accounts_.end_session(who, former->id));
        forget();
    }
    SignIn out;
    out.outcome = SignIn::Outcome::in;
    out.person = person;
    // Always a new one: what a stranger may have planted in the browser is worth nothing.
    out.secret = store::random_text(32);
    THREATLAS_TRY(out.session, accounts_.add_session({.person = person.id, .address = visitor.address, .agent = visitor.agent, .made = at, .seen = at}, out.secret));
    THREATLAS_CHECK(accounts_.note(who, "login", "session " + out.session.id + " by " + how));
    bool due = false;
    {
        const std::lock_guard guard(lock_);
        due = at - swept_ > 600;
        if (due) swept_ = at;
    }
    if (due) THREATLAS_CHECK(accounts_.sweep(at - options_.longest, at - options_.idle - 120, at));
    return out;
}

Result<void> Access::sign_out(const Caller& caller) {
    THREATLAS_CHECK(accounts_.end_session(caller.reader, caller.session));
    forget();
    return {};
}

Result<void> Access::prove_lately(const Caller& caller, const std::string& password, const std::string& address) {
    THREATLAS_TRY(const auto sessions, accounts_.sessions(caller.account));
    for (const store::Session& each : sessions)
        if (each.id == caller.session && now() - each.made < 600) return {};
    if (password.empty()) return fail(ErrorCode::not_allowed, "this needs your password, or a session of the last ten minutes: sign out, in again, and repeat it");
    return prove(caller, password, address);
}

Result<void> Access::prove(const Caller& caller, const std::string& password, const std::string& address) {
    THREATLAS_TRY(const auto person, accounts_.person(caller.account));
    if (!person) return fail(ErrorCode::not_allowed, "this is for people, not for tokens and certificates");
    if (person->password.empty()) return {};   // signs in elsewhere: there is nothing here to ask for
    const std::int64_t at = now();
    for (const auto& [subject, wait] : {std::pair{of_address(address), &wait_of_address}, std::pair{store::Accounts::attempts_of_name(person->name), &wait_of_name}}) {
        THREATLAS_TRY(const store::Attempts attempts, accounts_.attempt(subject, at, wait));
        if (attempts.refused) return fail(ErrorCode::not_allowed, "the password was wrong too often; try again in " + std::to_string(attempts.until - at) + " seconds");
    }
    THREATLAS_TRY(const bool right, passwords_.verify(password.size() <= kLongest ? person->password : "", password.substr(0, kLongest)));
    if (!right) {
        THREATLAS_CHECK(accounts_.note(caller.reader, "login", "refused within session " + caller.session));
        return fail(ErrorCode::not_allowed, "this is not your present password");
    }
    THREATLAS_CHECK(accounts_.succeeded(store::Accounts::attempts_of_name(person->name), true));
    return accounts_.succeeded(of_address(address), false);
}

Result<std::optional<std::string>> Access::offer_setup() {
    const std::string token = store::random_text(32);
    const store::Invitation invitation{.kind = "setup", .standing = {"regional", model::Role::administrator, "TLP:CLEAR"}, .made_by = "setup", .made = now(), .expires = now() + options_.setup};
    THREATLAS_TRY(const bool offered, accounts_.offer_setup(invitation, token));
    if (!offered) return std::nullopt;
    return token;
}

namespace {

Result<store::Person> taken(Access& access, const std::string& kind, const std::string& token, const std::string& name, const std::string& password, const std::string& email) {
    THREATLAS_TRY(const auto invitation, access.accounts().invitation(token, access.now()));
    if (!invitation || invitation->kind != kind)
        return fail(ErrorCode::not_found, kind == "setup" ? "this setup link was used, or a later start of the server made another" : "this invitation was used, withdrawn or has run out; ask for a new one");
    store::Person person;
    person.name = core::trim(name);
    person.email = core::trim(email);
    THREATLAS_CHECK(store::login_name(person.name));
    THREATLAS_CHECK(check_password(password, person.name));
    THREATLAS_TRY(person.password, access.passwords().hash(password));
    return access.accounts().accept(invitation->id, person, access.now());
}

}  // namespace

Result<store::Person> Access::set_up(const std::string& token, const std::string& name, const std::string& password, const std::string& email) { return taken(*this, "setup", token, name, password, email); }
Result<store::Person> Access::accept(const std::string& token, const std::string& name, const std::string& password, const std::string& email) { return taken(*this, "person", token, name, password, email); }

Result<std::pair<store::Invitation, std::string>> Access::invite(const model::Reader& who, const store::Standing& standing, const std::string& email, std::int64_t seconds) {
    const std::int64_t lasts = seconds == 0 ? options_.invitation : seconds;
    if (lasts < 60 || lasts > 60 * 86400) return fail(ErrorCode::bad_input, "an invitation lasts between a minute and 60 days", {"", 0, "expires"});
    std::string token = store::random_text(32);
    THREATLAS_TRY(store::Invitation made, accounts_.add_invitation(who, {.kind = "person", .email = email, .standing = standing, .made_by = who.person, .made = now(), .expires = now() + lasts}, token));
    return std::pair{std::move(made), std::move(token)};
}

Result<std::pair<store::Machine, std::string>> Access::new_token(const model::Reader& who, store::Machine token) {
    std::string secret = "tla_" + store::random_text(32);
    THREATLAS_TRY(store::Machine made, accounts_.add_machine(who, std::move(token), secret));
    return std::pair{std::move(made), std::move(secret)};
}

}  // namespace threatlas::serve::access

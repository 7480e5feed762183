// One's own password, second factor, language and theme.
#include <algorithm>
#include <cctype>

#include "core/text.hpp"
#include "serve/access/routes.hpp"
#include "serve/access/totp.hpp"
#include "serve/api/answers.hpp"

namespace threatlas::serve::access {
namespace {

using api::json_answer;
using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Shared = std::shared_ptr<Access>;

net::Response done() { return {204, {}, std::string()}; }

Result<store::Person> self(const Shared& access, const Call& call) {
    THREATLAS_TRY(auto person, access->accounts().person(call.caller.account));
    if (!person) return fail(ErrorCode::not_found, "this account is gone");
    return std::move(*person);
}

Result<net::Response> change_password(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"current", "password"}));
    THREATLAS_TRY(const std::string current, text_of(body, "current"));
    THREATLAS_TRY(const std::string password, required_text(body, "password"));
    THREATLAS_CHECK(access->prove(call.caller, current, call.request.peer.address));
    THREATLAS_TRY(store::Person person, self(access, call));
    THREATLAS_CHECK(check_password(password, person.name));
    THREATLAS_TRY(person.password, access->passwords().hash(password));
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "changed the password"));
    THREATLAS_CHECK(access->accounts().end_sessions_of(call.caller.reader, person.id, call.caller.session));
    access->forget();
    return done();
}

Result<net::Response> begin_totp(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"password"}));
    THREATLAS_TRY(const std::string password, text_of(body, "password"));
    THREATLAS_CHECK(access->prove_lately(call.caller, password, call.request.peer.address));
    THREATLAS_TRY(store::Person person, self(access, call));
    person.totp_pending = new_totp_secret();
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "began a second factor"));
    return json_answer({{"secret", person.totp_pending}, {"uri", totp_uri(person.totp_pending, person.name)}});
}

// The code shows that the telephone has the secret: only then is it asked for.
Result<net::Response> confirm_totp(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"code"}));
    THREATLAS_TRY(const std::string code, required_text(body, "code"));
    THREATLAS_TRY(store::Person person, self(access, call));
    if (person.totp_pending.empty()) return fail(ErrorCode::conflict, "there is no second factor to confirm; begin again");
    const auto step = totp_step_of(person.totp_pending, core::trim(code), access->now(), person.totp_step);
    if (!step) return fail(ErrorCode::bad_input, "this is not the code that is shown now; is the telephone's clock right?", {"body", 0, "code"});
    THREATLAS_TRY(const bool fresh, access->accounts().use_totp_step(person.id, *step));
    if (!fresh) return fail(ErrorCode::bad_input, "this code was used; wait for the next", {"body", 0, "code"});
    person.totp = person.totp_pending;
    person.totp_pending.clear();
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "has a second factor"));
    const auto codes = new_recovery_codes();
    std::vector<std::string> plain;
    json::array shown;
    for (const std::string& each : codes) plain.push_back(plain_recovery_code(each)), shown.emplace_back(each);
    THREATLAS_CHECK(access->accounts().set_recovery_codes(call.caller.reader, person.id, plain));
    return json_answer({{"recovery_codes", shown}});
}

Result<net::Response> remove_totp(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"password"}));
    THREATLAS_TRY(const std::string password, text_of(body, "password"));
    THREATLAS_CHECK(access->prove_lately(call.caller, password, call.request.peer.address));
    THREATLAS_TRY(store::Person person, self(access, call));
    person.totp.clear(), person.totp_pending.clear();
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "has no second factor any more"));
    THREATLAS_CHECK(access->accounts().set_recovery_codes(call.caller.reader, person.id, {}));
    return done();
}

Result<net::Response> change_settings(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"language", "theme"}));
    THREATLAS_TRY(const std::string language, text_of(body, "language"));
    THREATLAS_TRY(const std::string theme, text_of(body, "theme"));
    if (language.size() > 20 || !std::all_of(language.begin(), language.end(), [](char each) { return each == '-' || std::isalnum(static_cast<unsigned char>(each)) != 0; }))
        return fail(ErrorCode::bad_input, "a language is a tag such as 'en' or 'sr-Latn'", {"body", 0, "language"});
    if (!theme.empty() && theme != "light" && theme != "dark" && theme != "system") return fail(ErrorCode::bad_input, "the theme is light, dark or system", {"body", 0, "theme"});
    THREATLAS_TRY(store::Person person, self(access, call));
    THREATLAS_TRY(json::value settings, core::parse_json(person.settings, "settings"));
    if (!settings.is_object()) settings = json::object();
    if (!language.empty()) settings.get_object()["language"] = language;
    if (!theme.empty()) settings.get_object()["theme"] = theme;
    person.settings = core::write_json(settings);
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "changed settings"));
    THREATLAS_TRY(const json::object out, session_json(*access, call.caller));
    return json_answer(out);
}

}  // namespace

Routes account_routes(Shared access) {
    const auto by = [&access](auto handler) { return [access, handler](const Call& call) { return handler(access, call); }; };
    const Body password{schema_of({{"password", "string"}})};
    return {{"PATCH", "/api/v1/account", "account_change", "language and theme", "account", by(change_settings), {}, {schema_of({{"language", "string"}, {"theme", "string"}})}, {{{"type", "object"}}}},
            {"POST", "/api/v1/account/password", "account_password", "a new password; every other session of yours ends", "account", by(change_password), {}, {schema_of({{"current", "string"}, {"password", "string"}}, {"password"})}, {}, 204},
            {"POST", "/api/v1/account/totp", "account_totp", "begin a second factor: needs the password when the session is older than ten minutes", "account", by(begin_totp), {}, password, {schema_of({{"secret", "string"}, {"uri", "string"}})}},
            {"POST", "/api/v1/account/totp/confirm", "account_totp_confirm", "the first code; answers the recovery codes, once", "account", by(confirm_totp), {}, {schema_of({{"code", "string"}}, {"code"})}, {schema_of({{"recovery_codes", "array"}})}},
            {"DELETE", "/api/v1/account/totp", "account_totp_remove", "without a second factor: needs the password when the session is older than ten minutes", "account", by(remove_totp), {}, password, {}, 204}};
}

}  // namespace threatlas::serve::access

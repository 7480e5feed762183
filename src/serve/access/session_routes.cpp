// Signing in and out, the setup link, invitations taken, the list of sessions.
#include "serve/access/rights.hpp"
#include "serve/access/routes.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/problem.hpp"

namespace threatlas::serve::access {
namespace {

using api::json_answer;
using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Shared = std::shared_ptr<Access>;

net::Response refused(int status, const std::string& code, const std::string& detail, const std::string& id) {
    net::Response answer = problem(status, ErrorCode::not_allowed, detail, id);
    if (auto body = core::parse_json(std::get<std::string>(answer.body), "problem"); body && body->is_object()) {
        body->get_object()["code"] = code;
        body->get_object()["type"] = "urn:threatlas:error:" + code;
        answer.body = core::write_json(*body);
    }
    return answer;
}

Result<net::Response> sign_in(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"name", "password", "code"}));
    THREATLAS_TRY(const std::string name, required_text(body, "name"));
    THREATLAS_TRY(const std::string password, required_text(body, "password"));
    THREATLAS_TRY(const std::string code, text_of(body, "code"));
    const Visitor visitor = access->visitor(call.request);
    THREATLAS_TRY(const SignIn signed_in, access->sign_in(name, password, code, visitor));
    switch (signed_in.outcome) {
        case SignIn::Outcome::wrong: return refused(401, "not_allowed", "the name, the password or the code is wrong", call.request.id);
        case SignIn::Outcome::code_needed: return refused(401, "code_needed", "enter the code of your authenticator program, or a recovery code", call.request.id);
        case SignIn::Outcome::wait: {
            const std::string seconds = std::to_string(signed_in.until - access->now());
            return refused(429, "too_many_attempts", "too many attempts failed; try again in " + seconds + " seconds", call.request.id).with("Retry-After", seconds);
        }
        case SignIn::Outcome::in: break;
    }
    const Caller caller{reader_for(signed_in.person.id, signed_in.person.standing), signed_in.person.id, signed_in.session.id, access->csrf_of(signed_in.secret), {"*"}, false};
    THREATLAS_TRY(const json::object out, session_json(*access, caller));
    return std::move(json_answer(out).with("Set-Cookie", access->cookie(signed_in.secret, visitor.secure)));
}

Result<net::Response> sessions(const Shared& access, const api::Listing& listing, const Call& call) {
    THREATLAS_TRY(const auto all, access->accounts().sessions(call.caller.account));
    std::vector<json::object> items;
    for (const store::Session& each : all)
        items.push_back({{"id", each.id}, {"current", each.id == call.caller.session}, {"created", at_text(each.made)}, {"last_seen", at_text(each.seen)}, {"expires", at_text(each.made + access->options().longest)}, {"address", each.address}, {"agent", each.agent}});
    return api::list(call, std::move(items), listing);
}

// One's own; an administrator anybody's.
Result<net::Response> end(const Shared& access, const Call& call) {
    const std::string& id = call.path.at("session");
    const bool all = call.caller.reader.role == model::Role::administrator;
    THREATLAS_TRY(const auto own, access->accounts().sessions(all ? "" : call.caller.account));
    for (const store::Session& each : own) {
        if (each.id != id) continue;
        THREATLAS_CHECK(access->accounts().end_session(call.caller.reader, id));
        access->forget();
        return net::Response{204, {}, std::string()};
    }
    return fail(ErrorCode::not_found, "there is no session '" + id + "' of yours");
}

Result<net::Response> invitation(const Shared& access, const Call& call) {
    THREATLAS_TRY(const auto found, access->accounts().invitation(call.path.at("token"), access->now()));
    if (!found || found->kind != "person") return fail(ErrorCode::not_found, "this invitation was used, withdrawn or has run out; ask for a new one");
    json::object out = standing_json(found->standing);
    out["expires"] = at_text(found->expires);
    return json_answer(out);
}

// setup and invitation alike: who one is from now on. Signing in is a step of its own.
template <class Take>
Result<net::Response> take(const Call& call, json::object body, const Take& accept) {
    THREATLAS_TRY(const std::string name, required_text(body, "name"));
    THREATLAS_TRY(const std::string password, required_text(body, "password"));
    THREATLAS_TRY(const std::string email, text_of(body, "email"));
    THREATLAS_TRY(const store::Person person, accept(name, password, email));
    json::object out = standing_json(person.standing);
    out["account"] = person.id;
    out["name"] = person.name;
    static_cast<void>(call);
    return json_answer(out, 201);
}

}  // namespace

Routes session_routes(Shared access) {
    const json::object session = schema_of({{"account", "string"}, {"name", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"csrf", "string"}, {"purposes", "array"}, {"language", "string"}, {"totp", "boolean"}});
    const json::object person = schema_of({{"account", "string"}, {"name", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}});
    const api::Listing listing{"sessions", {"id", "current", "created", "last_seen", "expires", "address", "agent"}, "id", "-last_seen"};
    const auto set_up = [access](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto body, body_of(call.request, {"token", "name", "password", "email"}));
        THREATLAS_TRY(const std::string token, required_text(body, "token"));
        return take(call, body, [&](const auto& name, const auto& password, const auto& email) { return access->set_up(token, name, password, email); });
    };
    const auto accept = [access](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto body, body_of(call.request, {"name", "password", "email"}));
        return take(call, body, [&](const auto& name, const auto& password, const auto& email) { return access->accept(call.path.at("token"), name, password, email); });
    };
    const auto sign_out = [access](const Call& call) -> Result<net::Response> {
        THREATLAS_CHECK(access->sign_out(call.caller));
        return std::move(net::Response{204, {}, std::string()}.with("Set-Cookie", access->cookie("", call.request.peer.secure)));
    };
    const auto who = [access](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const json::object out, session_json(*access, call.caller));
        return json_answer(out);
    };
    const Body sign_in_body{schema_of({{"name", "string"}, {"password", "string"}, {"code", "string"}}, {"name", "password"})};
    const Body taken_body{schema_of({{"name", "string"}, {"password", "string"}, {"email", "string"}}, {"name", "password"})};
    const Body setup_body{schema_of({{"token", "string"}, {"name", "string"}, {"password", "string"}, {"email", "string"}}, {"token", "name", "password"})};
    return {{"POST", "/api/v1/session", "session_create", "sign in: 401 with code 'code_needed' asks for the second factor, 429 says how long to wait", "session", [access](const Call& call) { return sign_in(access, call); }, {}, sign_in_body, {session}},
            {"GET", "/api/v1/session", "session_get", "who you are, and the token that changes must repeat", "session", who, {}, {}, {session}},
            {"DELETE", "/api/v1/session", "session_end", "sign out", "session", sign_out, {}, {}, {}, 204},
            {"GET", "/api/v1/sessions", "sessions_list", "where you are signed in", "session", [access, listing](const Call& call) { return sessions(access, listing, call); }, api::list_parameters(listing), {}, {api::list_schema({{"type", "object"}})}},
            {"DELETE", "/api/v1/sessions/{session}", "sessions_end", "end one of your sessions; an administrator anybody's", "session", [access](const Call& call) { return end(access, call); }, {}, {}, {}, 204},
            {"POST", "/api/v1/setup", "setup_create", "the first administrator, by the one-time link", "session", set_up, {}, setup_body, {person}, 201},
            {"GET", "/api/v1/invitations/{token}", "invitation_get", "what an invitation is for", "session", [access](const Call& call) { return invitation(access, call); }, {}, {}, {schema_of({{"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"expires", "string"}})}},
            {"POST", "/api/v1/invitations/{token}", "invitation_accept", "take an invitation: a name and a password of one's own", "session", accept, {}, taken_body, {person}, 201}};
}

}  // namespace threatlas::serve::access

// Tokens and client certificates: accounts that are no person.
#include <algorithm>
#include <cctype>

#include "core/text.hpp"
#include "serve/access/rights.hpp"
#include "serve/access/routes.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"

namespace threatlas::serve::access {
namespace {

using api::json_answer;
using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Shared = std::shared_ptr<Access>;

constexpr std::int64_t kDay = 86400;

json::object line_of(const store::Machine& each) {
    json::object out = standing_json(each.standing);
    json::array words;
    for (const std::string& scope : each.scopes) words.emplace_back(scope);
    out["id"] = each.id;
    out["name"] = each.name;
    out["scopes"] = std::move(words);
    out["made_by"] = each.made_by;
    out["made"] = at_text(each.made);
    out["expires"] = each.expires == 0 ? json::value(nullptr) : json::value(at_text(each.expires));
    out["last_used"] = each.used == 0 ? json::value(nullptr) : json::value(at_text(each.used));
    out["revoked"] = each.revoked;
    return out;
}

Result<net::Response> all_of(const Shared& access, const std::string& kind, const api::Listing& listing, const Call& call) {
    THREATLAS_TRY(const auto all, access->accounts().machines());
    std::vector<json::object> items;
    for (const store::Machine& each : all)
        if (each.kind == kind) items.push_back(line_of(each));
    return api::list(call, std::move(items), listing);
}

Result<store::Machine> machine_from(const Shared& access, const model::Catalogue& catalogue, const json::object& body, const Call& call) {
    store::Machine machine;
    THREATLAS_TRY(machine.name, required_text(body, "name"));
    if (machine.name.size() > 100) return fail(ErrorCode::bad_input, "the name is at most 100 bytes", {"body", 0, "name"});
    THREATLAS_CHECK(required_text(body, "organisation"));
    THREATLAS_TRY(machine.standing, standing_from(body, catalogue, {}));
    const json::value* named = body.if_contains("scopes");
    if (named == nullptr || !named->is_array() || named->get_array().empty()) return fail(ErrorCode::bad_input, "name the scopes: " + core::join({scopes().begin(), scopes().end()}, ", "), {"body", 0, "scopes"});
    for (const json::value& each : named->get_array()) {
        const std::string word = each.is_string() ? std::string(each.get_string()) : std::string();
        if (std::find(scopes().begin(), scopes().end(), word) == scopes().end()) return fail(ErrorCode::bad_input, "there is no scope '" + word + "': " + core::join({scopes().begin(), scopes().end()}, ", "), {"body", 0, "scopes"});
        if (std::find(machine.scopes.begin(), machine.scopes.end(), word) == machine.scopes.end()) machine.scopes.push_back(word);
    }
    THREATLAS_TRY(const auto days, whole_of(body, "days"));
    if (days.value_or(90) < 1 || days.value_or(90) > 730) return fail(ErrorCode::bad_input, "it serves between 1 and 730 days", {"body", 0, "days"});
    machine.made = access->now();
    machine.expires = machine.made + days.value_or(90) * kDay;
    machine.made_by = call.caller.account;
    return machine;
}

Result<net::Response> new_token(const Shared& access, const model::Catalogue& catalogue, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"name", "organisation", "role", "clearance", "scopes", "days"}));
    THREATLAS_TRY(store::Machine machine, machine_from(access, catalogue, body, call));
    THREATLAS_TRY(const auto made, access->new_token(call.caller.reader, std::move(machine)));
    json::object out = line_of(made.first);
    out["token"] = made.second;
    return json_answer(out, 201);
}

Result<net::Response> new_certificate(const Shared& access, const model::Catalogue& catalogue, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"fingerprint", "name", "organisation", "role", "clearance", "scopes", "days"}));
    THREATLAS_TRY(store::Machine machine, machine_from(access, catalogue, body, call));
    THREATLAS_TRY(std::string fingerprint, required_text(body, "fingerprint"));
    fingerprint = core::lower_ascii(fingerprint);
    std::erase(fingerprint, ':');
    if (fingerprint.size() != 64 || !std::all_of(fingerprint.begin(), fingerprint.end(), [](unsigned char each) { return std::isxdigit(each) != 0; }))
        return fail(ErrorCode::bad_input, "the fingerprint is the certificate's SHA-256: 64 hexadecimal digits, as 'openssl x509 -fingerprint -sha256' prints it", {"body", 0, "fingerprint"});
    machine.kind = "certificate";
    THREATLAS_TRY(const store::Machine made, access->accounts().add_machine(call.caller.reader, std::move(machine), fingerprint));
    access->forget();
    return json_answer(line_of(made), 201);
}

Result<net::Response> revoke(const Shared& access, const std::string& kind, const Call& call) {
    const std::string& id = call.path.at(kind);
    THREATLAS_TRY(const auto all, access->accounts().machines());
    if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.id == id && each.kind == kind; })) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id + "'");
    THREATLAS_CHECK(access->accounts().revoke_machine(call.caller.reader, id));
    access->forget();
    return net::Response{204, {}, std::string()};
}

}  // namespace

Routes machine_routes(Shared access, const model::Catalogue& catalogue) {
    const std::vector<std::string> fields{"id", "name", "organisation", "role", "clearance", "scopes", "made_by", "made", "expires", "last_used", "revoked"};
    const api::Listing tokens{"tokens", fields, "id", "-made"}, certificates{"certificates", fields, "id", "-made"};
    const json::object machine = schema_of({{"id", "string"}, {"name", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"scopes", "array"}, {"made_by", "string"}, {"made", "string"}, {"expires", "string"}, {"last_used", "string"}, {"revoked", "boolean"}});
    const Body token_body{schema_of({{"name", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"scopes", "array"}, {"days", "integer"}}, {"name", "organisation", "scopes"})};
    const Body certificate_body{schema_of({{"fingerprint", "string"}, {"name", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"scopes", "array"}, {"days", "integer"}}, {"fingerprint", "name", "organisation", "scopes"})};
    return {{"GET", "/api/v1/tokens", "tokens_list", "tokens of machines", "people", [access, tokens](const Call& call) { return all_of(access, "token", tokens, call); }, api::list_parameters(tokens), {}, {api::list_schema(machine)}},
            {"POST", "/api/v1/tokens", "token_create", "a token for a machine: it is answered once", "people", [access, &catalogue](const Call& call) { return new_token(access, catalogue, call); }, {}, token_body, {machine}, 201},
            {"DELETE", "/api/v1/tokens/{token}", "token_delete", "revoke a token, by its id", "people", [access](const Call& call) { return revoke(access, "token", call); }, {}, {}, {}, 204},
            {"GET", "/api/v1/certificates", "certificates_list", "client certificates of machines", "people", [access, certificates](const Call& call) { return all_of(access, "certificate", certificates, call); }, api::list_parameters(certificates), {}, {api::list_schema(machine)}},
            {"POST", "/api/v1/certificates", "certificate_create", "a client certificate becomes an organisation's account", "people", [access, &catalogue](const Call& call) { return new_certificate(access, catalogue, call); }, {}, certificate_body, {machine}, 201},
            {"DELETE", "/api/v1/certificates/{certificate}", "certificate_delete", "revoke a certificate, by its id", "people", [access](const Call& call) { return revoke(access, "certificate", call); }, {}, {}, {}, 204}};
}

}  // namespace threatlas::serve::access

#include "serve/access/routes.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>

#include "core/text.hpp"
#include "serve/access/rights.hpp"

namespace threatlas::serve::access {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

Result<json::object> body_of(const net::Request& request, std::initializer_list<std::string_view> keys) {
    if (request.spooled) return fail(ErrorCode::bad_input, "the body is far too long for this");
    if (core::trim(request.body).empty()) return json::object();
    THREATLAS_TRY(const json::value value, core::parse_json(request.body, "body"));
    const json::object* object = value.if_object();
    if (object == nullptr) return fail(ErrorCode::bad_input, "the body is not a JSON object");
    for (const auto& each : *object)
        if (std::find(keys.begin(), keys.end(), std::string_view(each.key())) == keys.end()) {
            std::string known;
            for (const std::string_view key : keys) known += (known.empty() ? "" : ", ") + std::string(key);
            return fail(ErrorCode::bad_input, "there is no such field here; known are " + known, {"body", 0, std::string(std::string_view(each.key()).substr(0, 60))});
        }
    return *object;
}

Result<std::string> text_of(const json::object& body, std::string_view key) {
    const json::value* value = body.if_contains(key);
    if (value == nullptr || value->is_null()) return std::string();
    if (!value->is_string()) return fail(ErrorCode::bad_input, "this must be a text", {"body", 0, std::string(key)});
    return std::string(value->get_string());
}

Result<std::string> required_text(const json::object& body, std::string_view key) {
    THREATLAS_TRY(std::string text, text_of(body, key));
    if (text.empty()) return fail(ErrorCode::bad_input, "this is missing", {"body", 0, std::string(key)});
    return text;
}

Result<std::optional<std::int64_t>> whole_of(const json::object& body, std::string_view key) {
    const json::value* value = body.if_contains(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const auto number = value->is_int64() ? static_cast<double>(value->get_int64()) : value->is_double() ? value->get_double() : -1.0;
    if (!(number >= 0 && number <= 1e9) || number != static_cast<double>(static_cast<std::int64_t>(number))) return fail(ErrorCode::bad_input, "this must be a whole number from 0", {"body", 0, std::string(key)});
    return static_cast<std::int64_t>(number);
}

Result<store::Standing> standing_from(const json::object& body, const model::Catalogue& catalogue, store::Standing standing) {
    THREATLAS_TRY(const std::string organisation, text_of(body, "organisation"));
    THREATLAS_TRY(const std::string role, text_of(body, "role"));
    THREATLAS_TRY(const std::string clearance, text_of(body, "clearance"));
    if (!organisation.empty()) standing.organisation = organisation;
    if (!clearance.empty()) standing.clearance = clearance;
    if (!role.empty() && !model::from_name(role, standing.role)) return fail(ErrorCode::bad_input, "there is no role '" + role + "': it is one of contributor, analyst, director, contact_point, auditor, administrator", {"body", 0, "role"});
    const bool member = std::any_of(catalogue.members.begin(), catalogue.members.end(), [&](const auto& each) { return each.id == standing.organisation; });
    if (!member && standing.organisation != "regional") return fail(ErrorCode::bad_input, "there is no organisation '" + standing.organisation + "': it is a member of the catalogue, or 'regional'", {"body", 0, "organisation"});
    return standing;
}

std::string at_text(std::int64_t seconds) {
    const std::time_t at = seconds;
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

json::object standing_json(const store::Standing& standing) {
    return {{"organisation", standing.organisation}, {"role", model::name_of(standing.role)}, {"clearance", standing.clearance}};
}

Result<json::object> session_json(Access& access, const Caller& caller) {
    json::object out{{"account", caller.account}, {"organisation", caller.reader.organisation}, {"role", model::name_of(caller.reader.role)}, {"clearance", caller.reader.clearance}, {"machine", caller.machine}};
    json::array purposes;
    for (const std::string_view each : purposes_of(caller.reader.role)) purposes.emplace_back(each);
    out["purposes"] = std::move(purposes);
    if (caller.machine) {
        json::array scopes;
        for (const std::string& each : caller.scopes) scopes.emplace_back(each);
        out["scopes"] = std::move(scopes);
        out["name"] = caller.account;
        return out;
    }
    THREATLAS_TRY(const auto person, access.accounts().person(caller.account));
    if (!person) return fail(ErrorCode::not_found, "this account is gone");
    THREATLAS_TRY(const std::uint64_t codes, access.accounts().recovery_codes(person->id));
    out["name"] = person->name;
    out["email"] = person->email;
    out["session"] = caller.session;
    out["csrf"] = caller.csrf;
    out["totp"] = !person->totp.empty();
    out["recovery_codes_left"] = static_cast<std::int64_t>(codes);
    out["language"] = "en";
    if (const auto settings = core::parse_json(person->settings, "settings"); settings && settings->is_object())
        for (const auto& each : settings->get_object()) out[each.key()] = each.value();
    return out;
}

json::object schema_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields, std::initializer_list<std::string_view> required) {
    json::object properties;
    for (const auto& [name, type] : fields) properties[name] = json::object{{"type", type}};
    json::object out{{"type", "object"}, {"properties", std::move(properties)}};
    if (required.size() > 0) {
        json::array names;
        for (const std::string_view each : required) names.emplace_back(each);
        out["required"] = std::move(names);
    }
    return out;
}

}  // namespace threatlas::serve::access

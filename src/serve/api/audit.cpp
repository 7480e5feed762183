// The audit log, and whether it holds.
#include "core/text.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve::api {
namespace {

using core::Result;
namespace json = core::json;

const Listing kAudit{"audit", {"number", "at", "person", "organisation", "role", "purpose", "action", "object", "previous", "hash"}, "number", "-number"};

Result<net::Response> entries(Service& service, const Call& call) {
    std::string from, to, words;
    net::Request rest = call.request;
    std::erase_if(rest.query, [&](const auto& each) {
        if (each.first == "from") from = each.second;
        else if (each.first == "to") to = each.second;
        else if (each.first == "q") words = core::lower_ascii(each.second);
        else return false;
        return true;
    });
    for (const std::string& each : {from, to})
        if (!each.empty()) THREATLAS_CHECK(core::parse_day(each));
    THREATLAS_TRY(const auto all, service.store->audit_entries(call.caller.reader));
    std::vector<json::object> items;
    for (const auto& e : all) {
        const std::string day = e.at.substr(0, 10);
        if ((!from.empty() && day < from) || (!to.empty() && day > to)) continue;
        if (!words.empty() && core::lower_ascii(e.object).find(words) == std::string::npos && core::lower_ascii(e.purpose).find(words) == std::string::npos) continue;
        items.push_back({{"number", static_cast<std::int64_t>(e.number)}, {"at", e.at}, {"person", e.person}, {"organisation", e.organisation}, {"role", e.role}, {"purpose", e.purpose}, {"action", e.action}, {"object", e.object}, {"previous", e.previous}, {"hash", e.hash}});
    }
    return list({rest, call.caller, call.path}, std::move(items), kAudit);
}

json::object entry_schema() {
    json::object properties;
    for (const std::string& each : kAudit.fields) properties[each] = json::object{{"type", each == "number" ? "integer" : "string"}};
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace

Routes audit_routes(Service& service) {
    auto parameters = list_parameters(kAudit);
    parameters.push_back({"from", "entries of this day or later", {{"type", "string"}, {"format", "date"}}});
    parameters.push_back({"to", "entries of this day or earlier", {{"type", "string"}, {"format", "date"}}});
    parameters.push_back({"q", "words in the object or the purpose"});
    return {{"GET", "/api/v1/audit", "audit_list", "who read, changed and passed on what, and for what", "audit", [&service](const Call& call) { return entries(service, call); }, parameters, {}, {list_schema(entry_schema())}},
            {"GET", "/api/v1/audit/verify", "audit_verify", "recomputes the chain and compares it with the store", "audit", [&service](const Call& call) -> Result<net::Response> {
                THREATLAS_TRY(const std::uint64_t count, service.store->verify_audit(call.caller.reader));
                return json_answer(json::object{{"holds", true}, {"entries", static_cast<std::int64_t>(count)}});
            }, {}, {}, {{{"type", "object"}, {"properties", json::object{{"holds", json::object{{"type", "boolean"}}}, {"entries", json::object{{"type", "integer"}}}}}}}}};
}

}  // namespace threatlas::serve::api

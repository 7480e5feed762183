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
    // What the store searches itself; the rest of the question treats the list.
    store::AuditQuery query;
    query.limit = 1'000'000;
    net::Request rest = call.request;
    std::erase_if(rest.query, [&](const auto& each) {
        const std::map<std::string, std::string*> own{{"from", &query.from}, {"to", &query.to}, {"q", &query.text}, {"person", &query.person}, {"organisation", &query.organisation}, {"action", &query.action}};
        const auto found = own.find(each.first);
        if (found != own.end()) *found->second = each.second;
        return found != own.end();
    });
    for (const std::string& each : {query.from, query.to})
        if (!each.empty()) THREATLAS_CHECK(core::parse_day(each.substr(0, 10)));
    THREATLAS_CHECK(service.reads->sweep());   // what was counted in minutes that are over
    THREATLAS_TRY(const auto found, service.store->search_audit(call.caller.reader, query));
    std::vector<json::object> items;
    for (const auto& e : found.entries) {
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
                THREATLAS_TRY(const auto proof, service.store->prove_audit(call.caller.reader));
                const auto whole = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
                return json_answer(json::object{{"holds", true}, {"entries", whole(proof.entries)}, {"checkpoints", whole(proof.checkpoints)}, {"erased", whole(proof.erased)}, {"signed_until", proof.signed_until}});
            }, {}, {}, {{{"type", "object"}, {"properties", json::object{{"holds", json::object{{"type", "boolean"}}}, {"entries", json::object{{"type", "integer"}}}, {"checkpoints", json::object{{"type", "integer"}}}, {"erased", json::object{{"type", "integer"}}}, {"signed_until", json::object{{"type", "string"}, {"description", "moment of the last checkpoint; empty: none"}}}}}}}}};
}

}  // namespace threatlas::serve::api

// What was handed in, what of it was refused, and taking it back.
#include <algorithm>

#include "core/text.hpp"
#include "ingest/rejects_file.hpp"
#include "model/schema.hpp"
#include "serve/access/rights.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

const Listing& submissions_listing() {
    static const Listing listing = [] {
        std::vector<std::string> fields;
        model::for_each_field<store::SubmissionInfo>([&](const auto& f) { fields.emplace_back(f.name); });
        fields.insert(fields.end(), {"state", "withdrawn", "reason"});
        return Listing{"submissions", fields, "id", "-known_at"};
    }();
    return listing;
}
const Listing kRejects{"refused", {"number", "file", "row", "column", "verdict", "reason", "original"}, "number"};

Result<std::vector<json::object>> all_of(Service& service, const Call& call) {
    THREATLAS_TRY(const auto submissions, service.store->submissions(call.caller.reader));
    THREATLAS_TRY(const auto withdrawals, service.store->withdrawals(call.caller.reader));
    std::vector<json::object> out;
    const bool own_only = access::own_only("submissions_list", call.caller);
    for (const auto& each : submissions) {
        if (own_only && each.member != call.caller.reader.organisation) continue;
        json::object one = object_of(each);
        const auto gone = std::find_if(withdrawals.begin(), withdrawals.end(), [&](const auto& w) { return w.submission == each.id; });
        one["state"] = gone == withdrawals.end() ? "counted" : "withdrawn";
        one["withdrawn"] = gone == withdrawals.end() ? json::value() : json::value(core::iso(gone->day));
        one["reason"] = gone == withdrawals.end() ? "" : gone->reason;
        out.push_back(std::move(one));
    }
    return out;
}

// By its id or the beginning of it.
Result<json::object> one_of(Service& service, const Call& call) {
    const std::string& id = call.path.at("submission");
    THREATLAS_TRY(auto all, all_of(service, call));
    std::vector<json::object> found;
    for (auto& each : all)
        if (std::string_view(each.at("id").as_string()).starts_with(id)) found.push_back(std::move(each));
    if (id.size() < 8 || found.empty()) return fail(ErrorCode::not_found, "there is no submission '" + id + "' that you may see");
    if (found.size() > 1) return fail(ErrorCode::conflict, std::to_string(found.size()) + " submissions begin with '" + id + "'; give more of it");
    return std::move(found.front());
}

// Whose it is: its contributor's, or the working group's that keeps the store.
Result<json::object> own(Service& service, const Call& call) {
    THREATLAS_TRY(json::object one, one_of(service, call));
    const std::string& organisation = call.caller.reader.organisation;
    if (organisation != "regional" && one.at("member").as_string() != organisation) return fail(ErrorCode::not_allowed, "this was handed in by another organisation; only it and the working group change it");
    return one;
}

Result<net::Response> rejects(Service& service, const Call& call) {
    THREATLAS_TRY(const json::object one, one_of(service, call));
    THREATLAS_TRY(const auto rows, service.store->rejects(call.caller.reader, std::string(one.at("id").as_string())));
    std::vector<json::object> items;
    for (const auto& each : rows) {
        json::object item = ingest::to_json(each).as_object();
        item["number"] = static_cast<std::int64_t>(items.size() + 1);
        items.push_back(std::move(item));
    }
    return list(call, std::move(items), kRejects);
}

Result<json::object> body_of(const Call& call) {
    if (call.request.body.empty()) return json::object{};
    THREATLAS_TRY(const json::value body, core::parse_json(call.request.body, "body"));
    if (!body.is_object()) return fail(ErrorCode::bad_input, "send an object", {"body", 0, ""});
    return body.get_object();
}

Result<net::Response> withdraw(Service& service, const Call& call) {
    THREATLAS_TRY(const json::object one, own(service, call));
    THREATLAS_TRY(const json::object body, body_of(call));
    store::Withdrawal withdrawal{std::string(one.at("id").as_string()), service.today(), ""};
    for (const auto& each : body) {
        if (!each.value().is_string() || (each.key() != "reason" && each.key() != "day")) return fail(ErrorCode::bad_input, "a withdrawal has a reason and, if not today's, a day", {"body", 0, std::string(each.key())});
        const std::string value(each.value().get_string());
        if (each.key() == "reason") {
            withdrawal.reason = value;
        } else {
            THREATLAS_TRY(withdrawal.day, core::parse_day(value));
        }
    }
    THREATLAS_CHECK(service.store->withdraw(call.caller.reader, withdrawal));
    service.fresh->changed();
    THREATLAS_TRY(const json::object now, one_of(service, call));
    return json_answer(now);
}

Result<net::Response> restore(Service& service, const Call& call) {
    THREATLAS_TRY(const json::object one, own(service, call));
    THREATLAS_CHECK(service.store->restore(call.caller.reader, std::string(one.at("id").as_string())));
    service.fresh->changed();
    THREATLAS_TRY(const json::object now, one_of(service, call));
    return json_answer(now);
}

Result<net::Response> erase(Service& service, const Call& call) {
    THREATLAS_TRY(const json::object one, own(service, call));
    THREATLAS_TRY(const json::object body, body_of(call));
    std::string reason;
    bool name_too = false;
    for (const auto& each : body) {
        if (each.key() == "reason" && each.value().is_string()) reason = std::string(each.value().get_string());
        else if (each.key() == "file_name" && each.value().is_bool()) name_too = each.value().get_bool();
        else return fail(ErrorCode::bad_input, "an erasure has a reason, and file_name: true when the file's name goes too", {"body", 0, std::string(each.key())});
    }
    if (core::trim(reason).empty()) return fail(ErrorCode::bad_input, "say why it is erased: {\"reason\": ...}", {"body", 0, "reason"});
    const auto erased = service.store->erase(call.caller.reader, std::string(one.at("id").as_string()), reason, name_too);
    forget(service);   // also when files of it are still to go
    if (!erased) return tl::unexpected(erased.error());
    return net::Response{204, {}, std::string()};
}

json::object submission_schema() {
    json::object out = model::json_schema<store::SubmissionInfo>();
    auto& properties = out["properties"].as_object();
    properties["state"] = json::object{{"enum", json::array{"counted", "withdrawn"}}, {"description", "whether it counts"}};
    properties["withdrawn"] = json::object{{"type", json::array{"string", "null"}}, {"description", "since when it does not count"}};
    properties["reason"] = json::object{{"type", "string"}, {"description", "why it was withdrawn"}};
    return out;
}

json::object reject_schema() {
    const json::object text{{"type", "string"}}, whole{{"type", "integer"}};
    return {{"type", "object"}, {"properties", json::object{{"number", whole}, {"file", text}, {"row", whole}, {"column", text}, {"verdict", json::object{{"enum", json::array{"refused", "duplicate"}}}}, {"reason", text}, {"original", text}}}};
}

}  // namespace

Routes submission_routes(Service& service) {
    const auto all = [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(auto items, all_of(service, call));
        return list(call, std::move(items), submissions_listing());
    };
    const auto one = [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const json::object found, one_of(service, call));
        return json_answer(found);
    };
    const json::object reason{{"type", "object"}, {"required", json::array{"reason"}}, {"additionalProperties", false}, {"properties", json::object{{"reason", json::object{{"type", "string"}, {"minLength", 1}}}, {"day", json::object{{"type", "string"}, {"format", "date"}, {"description", "from when on it does not count; without it, today"}}}}}};
    const json::object erasure{{"type", "object"}, {"required", json::array{"reason"}}, {"additionalProperties", false}, {"properties", json::object{{"reason", json::object{{"type", "string"}, {"minLength", 1}}}, {"file_name", json::object{{"type", "boolean"}, {"description", "its name goes too"}}}}}};
    return {{"GET", "/api/v1/submissions", "submissions_list", "files handed in that you may see", "data", all, list_parameters(submissions_listing()), {}, {list_schema(submission_schema())}},
            {"GET", "/api/v1/submissions/{submission}", "submission_get", "one of them, by its id or eight letters of it", "data", one, {}, {}, {submission_schema()}},
            {"GET", "/api/v1/submissions/{submission}/rejects", "submission_rejects", "its rows that were refused or set aside, and why", "data", [&service](const Call& call) { return rejects(service, call); }, list_parameters(kRejects), {}, {list_schema(reject_schema())}},
            {"DELETE", "/api/v1/submissions/{submission}", "submission_erase", "its content is gone for good; counts, the erasure and the log stay", "data", [&service](const Call& call) { return erase(service, call); }, {}, {erasure}, {}, 204},
            {"POST", "/api/v1/submissions/{submission}/withdraw", "submission_withdraw", "takes it back: it no longer counts from a day on", "data", [&service](const Call& call) { return withdraw(service, call); }, {}, {reason}, {submission_schema()}},
            {"POST", "/api/v1/submissions/{submission}/restore", "submission_restore", "lets it count again", "data", [&service](const Call& call) { return restore(service, call); }, {}, {}, {submission_schema()}}};
}

}  // namespace threatlas::serve::api

#include "serve/openapi.hpp"

#include <algorithm>

#include "analyse/early_warning/follow_up.hpp"
#include "assess/assessment.hpp"
#include "assess/diff.hpp"
#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "serve/record_names.hpp"
#include "store/snapshot.hpp"

namespace threatlas::serve {

namespace json = core::json;

std::string RecordNames::of(const json::object& schema) const {
    json::object bare = schema;
    bare.erase("description");
    const auto found = names_.find(core::write_json(bare));
    return found == names_.end() ? std::string() : found->second;
}

bool RecordNames::note(const std::string& full, json::object schema) {
    const std::string text = core::write_json(schema);
    if (names_.contains(text)) return false;
    const std::size_t last = full.rfind("::");
    std::string name = full.substr(last == std::string::npos ? 0 : last + 2);
    if (schemas_.contains(name) && last != std::string::npos) {
        const std::size_t before = full.rfind("::", last - 1);
        name = full.substr(before == std::string::npos ? 0 : before + 2, last - (before == std::string::npos ? 0 : before + 2)) + "." + name;
    }
    names_[text] = name;
    return schemas_.emplace(name, std::move(schema)).second;
}

namespace {

const RecordNames& records() {
    static const RecordNames all = [] {
        RecordNames out;
        out.add<assess::Assessment>();
        out.add<assess::Change>();
        out.add<model::Catalogue>();
        out.add<model::Observation>();
        out.add<model::Claim>();
        out.add<analyse::early_warning::Followed>();
        out.add<analyse::early_warning::Outcomes>();
        out.add<store::SubmissionInfo>();
        return out;
    }();
    return all;
}

json::value referring(const json::value& value, bool itself);

json::value referring_object(const json::object& object, bool itself) {
    if (itself)
        if (const std::string name = records().of(object); !name.empty()) {
            json::object out{{"$ref", "#/components/schemas/" + name}};
            if (const auto* description = object.if_contains("description")) out["description"] = *description;
            return out;
        }
    json::object out;
    for (const auto& each : object) out[each.key()] = referring(each.value(), true);
    return out;
}

// The same schema with every record in it named instead.
json::value referring(const json::value& value, bool itself) {
    if (value.is_object()) return referring_object(value.get_object(), itself);
    if (!value.is_array()) return value;
    json::array out;
    for (const auto& each : value.get_array()) out.push_back(referring(each, true));
    return out;
}

json::object parameter(const std::string& name, const char* in, const std::string& meaning, json::object schema, bool required) {
    return {{"name", name}, {"in", in}, {"description", meaning}, {"required", required}, {"schema", referring(schema, true)}};
}

std::string meaning_of_path(const std::string& name) { return name == "assessment" ? "id of the assessment, or 'latest'" : "id of the " + name; }

json::object body(const Body& of) {
    const json::object schema = of.schema;
    return {{"content", json::object{{of.media, json::object{{"schema", schema.empty() ? json::value(json::object{}) : referring(schema, true)}}}}}};
}

json::object problems(const Route& route) {
    if (route.tag == "taxii") return {{"description", "what went wrong, as TAXII has it"}, {"content", json::object{{route.gives.media, json::object{{"schema", json::object{{"type", "object"}}}}}}}};
    return {{"description", "what went wrong, with the codes of the command line"}, {"content", json::object{{"application/problem+json", json::object{{"schema", json::object{{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::object operation(const Route& route, bool open) {
    json::array parameters;
    for (const std::string& part : core::split(route.pattern, '/'))
        if (part.starts_with('{')) {
            const std::string name = part.substr(1, part.size() - 2);
            parameters.push_back(parameter(name, "path", meaning_of_path(name), {{"type", "string"}}, true));
        }
    bool exported = false;
    for (const Parameter& each : route.query) {
        parameters.push_back(parameter(each.name, "query", each.meaning, each.schema, each.required));
        if (each.name == "format") exported = true;
    }
    const bool changes = route.method != "GET";
    if (!open) parameters.push_back(json::object{{"$ref", "#/components/parameters/Purpose"}});
    if (changes && !open) parameters.push_back(json::object{{"$ref", "#/components/parameters/IdempotencyKey"}});
    json::object good{{"description", route.summary}};
    if (!route.gives.schema.empty() || route.gives.media != "application/json") good = body(route.gives), good["description"] = route.summary;
    if (exported && good.contains("content")) {
        const std::array<std::pair<const char*, const char*>, 3> kinds{{{"csv", "text/csv"}, {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, {"geojson", "application/geo+json"}}};
        for (const Parameter& each : route.query)
            if (const auto* words = each.name == "format" ? each.schema.if_contains("enum") : nullptr)
                for (const auto& [word, media] : kinds)
                    if (std::any_of(words->get_array().begin(), words->get_array().end(), [&word = word](const auto& w) { return w.as_string() == word; }))
                        good["content"].as_object()[media] = json::object{{"schema", json::object{{"type", "string"}, {"contentMediaType", media}}}};
    }
    json::object out{{"operationId", route.id}, {"summary", route.summary}, {"tags", json::array{json::string(route.tag)}}, {"parameters", std::move(parameters)}};
    out["responses"] = json::object{{std::to_string(route.status), std::move(good)}, {"default", problems(route)}};
    if (!route.takes.schema.empty() || route.takes.media != "application/json") {
        out["requestBody"] = body(route.takes);
        out["requestBody"].as_object()["required"] = true;
    }
    if (open) out["security"] = json::array{};
    return out;
}

json::object problem_schema() {
    const json::object text{{"type", "string"}};
    return {{"type", "object"}, {"required", json::array{"type", "title", "status", "code"}}, {"properties", json::object{
        {"type", json::object{{"type", "string"}, {"description", "urn:threatlas:error:<code>"}}}, {"code", json::object{{"type", "string"}, {"description", "as the command line names it"}}},
        {"title", text}, {"status", json::object{{"type", "integer"}}}, {"detail", json::object{{"type", "string"}, {"description", "what to do next"}}}, {"instance", json::object{{"type", "string"}, {"description", "the request, as the log has it"}}},
        {"where", json::object{{"type", "object"}, {"properties", json::object{{"source", text}, {"row", json::object{{"type", "integer"}}}, {"column", text}}}}}}}};
}

json::object components() {
    json::object schemas;
    for (const auto& [name, schema] : records().schemas()) schemas[name] = referring(schema, false);
    schemas["Problem"] = problem_schema();
    json::array purposes;
    for (const char* each : {"contribution", "assessment", "early_warning", "joint_operation", "management", "supervision", "publication", "administration", "judicial"}) purposes.emplace_back(each);
    std::string words;
    for (const auto& each : purposes) words += (words.empty() ? "" : ", ") + std::string(each.as_string());
    return {{"schemas", std::move(schemas)},
            {"parameters", json::object{{"Purpose", parameter("Threatlas-Purpose", "header", "what this is for: one of " + words + ", alone or before ': ' and free words; without it, the role's own", {{"type", "string"}}, false)},
                                        {"IdempotencyKey", parameter("Idempotency-Key", "header", "the same key and body within 24 hours give the first answer again and change nothing", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}, false)}}},
            {"securitySchemes", json::object{{"session", json::object{{"type", "apiKey"}, {"in", "cookie"}, {"name", "threatlas_session"}, {"description", "of a signed-in person (__Host-threatlas_session over TLS); changes repeat the session's token in X-CSRF-Token"}}},
                                             {"token", json::object{{"type", "http"}, {"scheme", "bearer"}, {"description", "of a machine, with scopes"}}},
                                             {"certificate", json::object{{"type", "mutualTLS"}, {"description", "of a machine, where the server asks for one"}}}}}};
}

}  // namespace

json::object openapi(const Routes& routes, const std::string& version, const std::function<bool(const Route&)>& open) {
    json::object paths;
    for (const Route& each : routes) {
        auto& path = paths[each.pattern];
        if (!path.is_object()) path = json::object{};
        std::string method = each.method;
        std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
        path.as_object()[method] = operation(each, open(each));
    }
    return {{"openapi", "3.1.0"}, {"info", json::object{{"title", "Threatlas"}, {"version", version}, {"description", "Regional threat assessment: data, assessments, early warning, decisions. See docs/API.md."}}},
            {"security", json::array{json::object{{"session", json::array{}}}, json::object{{"token", json::array{}}}, json::object{{"certificate", json::array{}}}}},
            {"paths", std::move(paths)}, {"components", components()}};
}

}  // namespace threatlas::serve

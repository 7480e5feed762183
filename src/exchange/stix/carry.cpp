#include "exchange/stix/carry.hpp"

#include <array>

#include "core/text.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/times.hpp"

namespace threatlas::exchange::stix {

namespace json = core::json;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kEpoch = "1970-01-01T00:00:00.000Z";
constexpr std::size_t kMaxOriginators = 1000, kMaxRefs = 10'000;

const std::string& record_extension() {
    static const std::string id = extension_id("record");
    return id;
}

const json::object* extension_of(const json::object& object) {
    const auto* extensions = object.if_contains("extensions");
    if (extensions == nullptr || !extensions->is_object()) return nullptr;
    const auto* ours = extensions->get_object().if_contains(record_extension());
    return ours != nullptr ? ours->if_object() : nullptr;
}

json::array texts(const std::vector<std::string>& list) {
    json::array out;
    for (const auto& each : list) out.emplace_back(each);
    return out;
}

Result<std::string> text(const json::object& object, std::string_view key, bool needed = true) {
    const auto* value = object.if_contains(key);
    if (value == nullptr && !needed) return std::string{};
    if (value == nullptr || !value->is_string()) return fail(ErrorCode::bad_input, "the record carried has no text '" + std::string(key) + "'");
    return std::string(value->get_string());
}

Result<std::vector<std::string>> list(const json::object& object, std::string_view key, std::size_t most) {
    std::vector<std::string> out;
    const auto* value = object.if_contains(key);
    if (value == nullptr) return out;
    if (!value->is_array() || value->get_array().size() > most) return fail(ErrorCode::bad_input, "'" + std::string(key) + "' of the record carried is no list, or longer than " + std::to_string(most));
    for (const auto& each : value->get_array()) {
        if (!each.is_string()) return fail(ErrorCode::bad_input, "'" + std::string(key) + "' of the record carried is no list of texts");
        out.emplace_back(each.get_string());
    }
    return out;
}

bool in(std::string_view word, const auto& words) { return std::find(words.begin(), words.end(), word) != words.end(); }

bool refers(std::string_view type) { return type == "report" || type == "note" || type == "opinion" || type == "grouping"; }

// Where a type has its title and its text; "" where it has none.
std::pair<std::string_view, std::string_view> places_of(std::string_view type) {
    if (type == "note") return {"abstract", "content"};
    if (type == "opinion") return {"", "explanation"};
    if (type == "relationship" || type == "sighting") return {"", "description"};
    return {"name", "description"};
}

std::string text_of(const json::object& object, std::string_view key) {
    const auto* value = key.empty() ? nullptr : object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

// What the type itself must have.
void add_required(json::object& out, std::string_view type, const Carried& what) {
    if (type == "report") {
        out["published"] = out.at("created");
        out["report_types"] = json::array{"threat-report"};
    } else if (type == "grouping") {
        out["context"] = "unspecified";
    } else if (type == "note") {
        out["content"] = what.text.empty() ? what.title.empty() ? what.kind : what.title : what.text;
    } else if (type == "opinion") {
        constexpr std::array<std::string_view, 5> kWords{"strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"};
        const auto* said = what.record.if_contains("opinion");
        const bool known = said != nullptr && said->is_string() && in(std::string_view(said->get_string()), kWords);
        out["opinion"] = known ? std::string_view(said->get_string()) : "neutral";
    }
}

}  // namespace

std::string organisation_id(std::string_view organisation) { return id_of("identity", "organisation/" + std::string(organisation)); }

json::object organisation_identity(std::string_view organisation, std::string_view name) {
    return {{"type", "identity"}, {"spec_version", "2.1"}, {"id", organisation_id(organisation)}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-01T00:00:00.000Z"},
            {"name", name.empty() ? organisation : name}, {"identity_class", "organization"}, {"object_marking_refs", marking_refs("TLP:CLEAR")}};
}

json::object carry(std::string_view stix_type, const Carried& what) {
    const std::string created = to_time(what.created).value_or(std::string(kEpoch)), modified = to_time(what.modified).value_or(created);
    json::object out{{"type", stix_type}, {"spec_version", "2.1"}, {"id", id_of(stix_type, what.kind + "/" + what.id)}, {"created", created}, {"modified", modified < created ? created : modified}};
    if (!what.originators.empty()) out["created_by_ref"] = organisation_id(what.originators.front());
    if (what.revoked) out["revoked"] = true;
    const auto [title, body] = places_of(stix_type);
    if (stix_type == "note") {
        if (!what.title.empty()) out[title] = what.title;
    } else if (!title.empty()) {
        out[title] = what.title.empty() ? what.kind : what.title;
    }
    if (!what.text.empty()) out[body] = what.text;
    add_required(out, stix_type, what);
    if (refers(stix_type)) {
        json::array refs = texts(what.refs);
        if (refs.empty())
            for (const auto& each : what.originators) refs.emplace_back(organisation_id(each));
        if (refs.empty()) refs.emplace_back(organisation_id("threatlas"));
        out["object_refs"] = std::move(refs);
    }
    out["object_marking_refs"] = marking_refs(what.handling);
    json::object ours{{"extension_type", "property-extension"}, {"kind", what.kind}, {"version", 1}, {"id", what.id}, {"handling", what.handling}, {"originators", texts(what.originators)}, {"record", what.record}};
    // Only where the object itself does not say the same.
    if (text_of(out, title) != what.title) ours["title"] = what.title;
    if (text_of(out, body) != what.text) ours["text"] = what.text;
    if (!what.refs.empty()) ours["refs"] = texts(what.refs);
    out["extensions"] = json::object{{record_extension(), std::move(ours)}};
    return out;
}

bool is_carried(const json::object& object) { return extension_of(object) != nullptr; }

Result<Carried> carried(const json::object& object) {
    const json::object* ours = extension_of(object);
    if (ours == nullptr) return fail(ErrorCode::bad_input, "the object carries no record of Threatlas");
    const auto* version = ours->if_contains("version");
    if (version == nullptr || !version->is_int64() || version->get_int64() != 1) return fail(ErrorCode::bad_input, "the record carried is of a version this program does not read");
    Carried out;
    THREATLAS_TRY(out.kind, text(*ours, "kind"));
    THREATLAS_TRY(out.id, text(*ours, "id"));
    THREATLAS_TRY(out.handling, text(*ours, "handling"));
    THREATLAS_TRY(out.originators, list(*ours, "originators", kMaxOriginators));
    THREATLAS_TRY(out.refs, list(*ours, "refs", kMaxRefs));
    THREATLAS_TRY(const auto type, text(object, "type"));
    THREATLAS_TRY(const auto id, text(object, "id"));
    const auto [title, body] = places_of(type);
    out.title = text_of(ours->contains("title") ? *ours : object, ours->contains("title") ? "title" : title);
    out.text = text_of(ours->contains("text") ? *ours : object, ours->contains("text") ? "text" : body);
    if (id != id_of(type, out.kind + "/" + out.id)) return fail(ErrorCode::bad_input, "the id of the object is not that of the record it carries");
    THREATLAS_TRY(out.created, text(object, "created"));
    THREATLAS_TRY(out.modified, text(object, "modified"));
    if (!is_time(out.created, 3) || !is_time(out.modified, 3) || out.modified < out.created) return fail(ErrorCode::bad_input, "created and modified are no times, or in the wrong order");
    const auto* record = ours->if_contains("record");
    if (record == nullptr || !record->is_object()) return fail(ErrorCode::bad_input, "the extension holds no record");
    out.record = record->get_object();
    if (const auto* revoked = object.if_contains("revoked")) {
        if (!revoked->is_bool()) return fail(ErrorCode::bad_input, "'revoked' is neither true nor false");
        out.revoked = revoked->get_bool();
    }
    const std::string marked = handling_of(object);
    if (plain_handling(out.handling) != marked) out.handling = join_handling(out.handling, marked);
    return out;
}

}  // namespace threatlas::exchange::stix

#include "exchange/misp/event.hpp"

#include <algorithm>
#include <charconv>

#include "core/calendar.hpp"
#include "core/text.hpp"
#include "exchange/stix/markings.hpp"

namespace threatlas::exchange::misp {

namespace json = core::json;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMost = 1'000'000;

// MISP writes numbers as texts and as numbers.
std::string word(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->get_string());
    if (value->is_int64()) return std::to_string(value->get_int64());
    return {};
}

bool flag(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) return false;
    return value->is_bool() ? value->get_bool() : word(object, key) == "1" || word(object, key) == "true";
}

Result<int> level(const json::object& object, std::string_view key, int low, int high, int otherwise) {
    const std::string text = word(object, key);
    if (text.empty()) return otherwise;
    int out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || out < low || out > high)
        return fail(ErrorCode::bad_input, "'" + std::string(key) + "' of an event is a number from " + std::to_string(low) + " to " + std::to_string(high) + ", not '" + text.substr(0, 40) + "'");
    return out;
}

Result<const json::array*> list(const json::object& object, std::string_view key) {
    static const json::array kNone;
    const auto* value = object.if_contains(key);
    if (value == nullptr || value->is_null()) return &kNone;
    if (!value->is_array() || value->get_array().size() > kMost) return fail(ErrorCode::bad_input, "'" + std::string(key) + "' of an event is no list");
    return &value->get_array();
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < 36; ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos) return false;
    }
    return true;
}

Result<void> add_tags(const json::object& object, std::vector<std::string>& out) {
    THREATLAS_TRY(const auto* tags, list(object, "Tag"));
    for (const auto& each : *tags) {
        const auto* tag = each.if_object();
        if (tag == nullptr) return fail(ErrorCode::bad_input, "a tag is no record");
        out.push_back(word(*tag, "name"));
    }
    THREATLAS_TRY(const auto* galaxies, list(object, "Galaxy"));
    for (const auto& each : *galaxies) {
        if (!each.is_object()) return fail(ErrorCode::bad_input, "a galaxy is no record");
        THREATLAS_TRY(const auto* clusters, list(each.get_object(), "GalaxyCluster"));
        for (const auto& one : *clusters) {
            if (!one.is_object()) return fail(ErrorCode::bad_input, "a galaxy cluster is no record");
            std::string name = word(one.get_object(), "tag_name");
            if (name.empty()) name = "misp-galaxy:" + word(each.get_object(), "type") + "=\"" + word(one.get_object(), "value") + "\"";
            if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
        }
    }
    return {};
}

Result<Attribute> attribute(const json::value& value, const std::string& object) {
    const auto* in = value.if_object();
    if (in == nullptr) return fail(ErrorCode::bad_input, "an attribute is no record");
    Attribute out{word(*in, "uuid"), word(*in, "type"), word(*in, "category"), word(*in, "value"), word(*in, "comment"), word(*in, "timestamp"), object, word(*in, "object_relation"), flag(*in, "to_ids"), {}};
    if (out.type.empty()) return fail(ErrorCode::bad_input, "an attribute has no type");
    THREATLAS_CHECK(add_tags(*in, out.tags));
    return out;
}

json::array tags(const std::vector<std::string>& names) {
    json::array out;
    for (const auto& each : names) out.push_back(json::object{{"name", each}});
    return out;
}

json::object to_json(const Attribute& in, int distribution) {
    json::object out{{"uuid", in.uuid}, {"type", in.type}, {"category", in.category}, {"value", in.value}, {"to_ids", in.to_ids}, {"distribution", std::to_string(distribution == 4 ? 5 : distribution)}};
    if (!in.comment.empty()) out["comment"] = in.comment;
    if (!in.timestamp.empty()) out["timestamp"] = in.timestamp;
    if (!in.relation.empty()) out["object_relation"] = in.relation;
    if (!in.tags.empty()) out["Tag"] = tags(in.tags);
    return out;
}

bool names_person(const json::object& object) { return core::lower_ascii(word(object, "category")) == "person" || word(object, "meta-category") == "person" || word(object, "name") == "person"; }

std::size_t drop(json::object& in, std::string_view key) {
    auto* value = in.if_contains(key);
    if (value == nullptr || !value->is_array()) return 0;
    json::array kept;
    std::size_t out = 0;
    for (auto& each : value->get_array()) {
        if (each.is_object() && names_person(each.get_object())) {
            ++out;
            continue;
        }
        if (each.is_object()) out += drop(each.get_object(), "Attribute");
        kept.push_back(std::move(each));
    }
    *value = std::move(kept);
    return out;
}

}  // namespace

json::object to_json(const Event& in) {
    json::array attributes, objects;
    for (const auto& each : in.attributes) attributes.push_back(to_json(each, in.distribution));
    for (const auto& each : in.objects) {
        json::array parts;
        for (const auto& one : each.attributes) parts.push_back(to_json(one, in.distribution));
        objects.push_back(json::object{{"uuid", each.uuid}, {"name", each.name}, {"meta-category", each.meta_category}, {"description", each.description}, {"distribution", std::to_string(in.distribution == 4 ? 5 : in.distribution)}, {"Attribute", std::move(parts)}});
    }
    json::object event{{"uuid", in.uuid}, {"info", in.info}, {"date", in.date}, {"threat_level_id", std::to_string(in.threat_level)}, {"analysis", std::to_string(in.analysis)}, {"distribution", std::to_string(in.distribution)},
                       {"published", in.published}, {"Tag", tags(in.tags)}, {"Attribute", std::move(attributes)}, {"Object", std::move(objects)}};
    if (!in.timestamp.empty()) event["timestamp"] = in.timestamp;
    if (!in.organisation.empty() || !in.organisation_uuid.empty()) event["Orgc"] = json::object{{"name", in.organisation}, {"uuid", in.organisation_uuid}};
    return {{"Event", std::move(event)}};
}

Result<Event> from_json(const json::object& object) {
    const auto* inner = object.if_contains("Event");
    const json::object& in = inner != nullptr && inner->is_object() ? inner->get_object() : object;
    Event out;
    out.uuid = word(in, "uuid"), out.info = word(in, "info"), out.date = word(in, "date"), out.timestamp = word(in, "timestamp"), out.published = flag(in, "published");
    if (!is_uuid(out.uuid)) return fail(ErrorCode::bad_input, "an event of MISP has a 'uuid'");
    if (out.info.empty()) return fail(ErrorCode::bad_input, "event " + out.uuid + " has no 'info'");
    if (!out.date.empty() && !core::parse_day(out.date)) return fail(ErrorCode::bad_input, "event " + out.uuid + ": '" + out.date.substr(0, 40) + "' is no date");
    THREATLAS_TRY(out.threat_level, level(in, "threat_level_id", 1, 4, 4));
    THREATLAS_TRY(out.analysis, level(in, "analysis", 0, 2, 0));
    THREATLAS_TRY(out.distribution, level(in, "distribution", 0, 5, 0));
    if (const auto* maker = in.if_contains("Orgc"); maker != nullptr && maker->is_object()) out.organisation = word(maker->get_object(), "name"), out.organisation_uuid = word(maker->get_object(), "uuid");
    THREATLAS_CHECK(add_tags(in, out.tags));
    THREATLAS_TRY(const auto* attributes, list(in, "Attribute"));
    for (const auto& each : *attributes) {
        THREATLAS_TRY(auto one, attribute(each, ""));
        out.attributes.push_back(std::move(one));
    }
    THREATLAS_TRY(const auto* objects, list(in, "Object"));
    for (const auto& each : *objects) {
        const auto* one = each.if_object();
        if (one == nullptr) return fail(ErrorCode::bad_input, "an object of an event is no record");
        Object made{word(*one, "uuid"), word(*one, "name"), word(*one, "meta-category"), word(*one, "description"), {}};
        THREATLAS_TRY(const auto* parts, list(*one, "Attribute"));
        for (const auto& part : *parts) {
            THREATLAS_TRY(auto read, attribute(part, made.name));
            made.attributes.push_back(std::move(read));
        }
        out.objects.push_back(std::move(made));
    }
    return out;
}

Result<std::vector<json::object>> events_of(std::string_view text, std::string_view source) {
    THREATLAS_TRY(const auto value, core::parse_json(text, source));
    std::vector<json::object> out;
    const auto wrong = [&] { return fail(ErrorCode::bad_input, "no event of MISP: expected {\"Event\": {...}}, a list of them, or {\"response\": [...]}", {std::string(source), 0, ""}); };
    const auto add = [&](const json::value& each) {
        const auto* object = each.if_object();
        const auto* inner = object != nullptr ? object->if_contains("Event") : nullptr;
        if (inner != nullptr && inner->is_object()) return out.push_back(inner->get_object()), true;
        if (object != nullptr && object->contains("info") && object->contains("uuid")) return out.push_back(*object), true;
        return false;
    };
    const json::value* list = &value;
    if (const auto* object = value.if_object())
        if (const auto* response = object->if_contains("response")) list = response;
    if (const auto* items = list->if_array()) {
        for (const auto& each : *items)
            if (!add(each)) return wrong();
    } else if (!add(*list)) {
        return wrong();
    }
    return out;
}

std::size_t without_persons(json::object& event) { return drop(event, "Attribute") + drop(event, "Object"); }

std::string handling_of(const std::vector<std::string>& tags) {
    std::string out, codes;
    for (const auto& each : tags) {
        const std::string tag = core::lower_ascii(each);
        if (tag.starts_with("tlp:")) {
            std::string word = tag.substr(4);
            std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
            const std::string said = stix::plain_handling("TLP:" + word);
            if (said.empty()) return {};
            out = out.empty() ? said : stix::join_handling(out, said);
        } else if (tag.size() == 24 - 1 && tag.starts_with("threatlas:handling=\"h") && tag.back() == '"') {
            codes += std::string(" H") + tag[21];
        }
    }
    return out.empty() ? out : stix::plain_handling(out + codes);
}

std::vector<std::string> handling_tags(std::string_view handling) {
    std::string all = stix::plain_handling(handling);
    if (all.empty()) all = "TLP:RED H1 H2 H3";
    std::vector<std::string> out;
    for (const auto& each : core::split(all, ' ')) out.push_back(each.starts_with("TLP:") ? core::lower_ascii(each) : "threatlas:handling=\"" + each + "\"");
    return out;
}

int distribution_of(std::string_view handling) {
    const std::string all = stix::plain_handling(handling);
    const std::string word = all.substr(0, all.find(' '));
    if (all.find("H2") != std::string::npos) return 0;
    return word == "TLP:CLEAR" ? 3 : word == "TLP:GREEN" ? 2 : word == "TLP:AMBER" ? 1 : 0;
}

}  // namespace threatlas::exchange::misp

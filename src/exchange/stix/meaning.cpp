#include "exchange/stix/meaning.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/records.hpp"
#include "exchange/stix/times.hpp"

namespace threatlas::exchange::stix {

namespace json = core::json;

namespace {

void add_new(std::vector<std::string>& to, std::string id) {
    if (!id.empty() && std::find(to.begin(), to.end(), id) == to.end()) to.push_back(std::move(id));
}

std::string found(const std::map<std::string, std::string, std::less<>>& in, std::string_view key) {
    const auto at = in.find(key);
    return at != in.end() ? at->second : std::string{};
}

}  // namespace

bool is_person(const json::object& object) { return text_at(object, "type") == "identity" && text_at(object, "identity_class") == "individual"; }

Meaning::Meaning(const model::Catalogue& catalogue, const std::vector<json::object>& objects) : catalogue_(catalogue), vocabulary_(catalogue) {
    for (const auto& each : catalogue.codes) {
        codes_.emplace(code_id(catalogue, each.id), each.id);
        names_.emplace(core::fold_name(each.title), each.id);
        for (const auto& alias : each.aliases) names_.emplace(core::fold_name(alias), each.id);
    }
    for (const auto& each : catalogue.threats) threats_.emplace(threat_id(catalogue, each.id), each.id);
    for (const auto& each : catalogue.countries) countries_.emplace(country_id(catalogue, each.id), each.id);
    for (const auto& each : objects) objects_[std::string(text_at(each, "id"))] = &each;
}

const json::object* Meaning::find(std::string_view id) const {
    const auto at = objects_.find(id);
    return at != objects_.end() ? at->second : nullptr;
}

Says Meaning::own(const json::object& object) const {
    Says out;
    const std::string_view type = text_at(object, "type"), id = text_at(object, "id");
    if (type == "identity" || type == "relationship") return out;
    if (type == "location") {
        const std::string_view code = text_at(object, "country");
        const auto* country = code.empty() ? nullptr : catalogue_.country(code);
        add_new(out.places, country != nullptr ? country->id : found(countries_, id));
        return out;
    }
    add_new(out.codes, found(codes_, id)), add_new(out.threats, found(threats_, id));
    std::vector<std::string> tags;
    for (const char* key : {"labels", "aliases"})
        for (const auto& each : list_at(object, key))
            if (each.is_string()) tags.emplace_back(each.get_string());
    for (const auto& each : list_at(object, "external_references")) {
        const auto* reference = each.if_object();
        if (reference == nullptr) continue;
        const std::string external(text_at(*reference, "external_id"));
        tags.push_back(external);
        if (text_at(*reference, "source_name") == "threatlas-" + catalogue_.region.id) {
            if (catalogue_.code(external) != nullptr) add_new(out.codes, external);
            if (catalogue_.threat(external) != nullptr) add_new(out.threats, external);
        }
    }
    const auto named = vocabulary_.of(tags);
    for (const auto& each : named.codes) add_new(out.codes, each);
    for (const auto& each : named.threats) add_new(out.threats, each);
    if (type == "attack-pattern" || type == "tool") {
        add_new(out.codes, found(names_, core::fold_name(text_at(object, "name"))));
        for (const auto& each : list_at(object, "aliases"))
            if (each.is_string()) add_new(out.codes, found(names_, core::fold_name(std::string_view(each.get_string()))));
    }
    return out;
}

Says Meaning::of(const json::object& object) const {
    Says out = own(object);
    const auto join = [&](const json::value& ref) {
        if (!ref.is_string()) return;
        const std::string_view id(ref.get_string());
        add_new(out.codes, found(codes_, id)), add_new(out.threats, found(threats_, id)), add_new(out.places, found(countries_, id));
        const auto* other = find(id);
        if (other == nullptr) return;
        const Says theirs = own(*other);
        for (const auto& each : theirs.codes) add_new(out.codes, each);
        for (const auto& each : theirs.threats) add_new(out.threats, each);
        for (const auto& each : theirs.places) add_new(out.places, each);
    };
    for (const char* key : {"source_ref", "target_ref", "sighting_of_ref"})
        if (const auto* ref = object.if_contains(key)) join(*ref);
    for (const char* key : {"object_refs", "where_sighted_refs"})
        for (const auto& each : list_at(object, key)) join(each);
    return out;
}

std::string Meaning::handling_of(const json::object& object, std::string_view otherwise) const {
    return stix::handling_of(object, otherwise, [this](std::string_view id) { return find(id); });
}

std::vector<Seen> Meaning::seen() const {
    std::vector<Seen> out;
    for (const auto& [id, object] : objects_) {
        const std::string_view type = text_at(*object, "type");
        const bool uses = type == "relationship" && text_at(*object, "relationship_type") == "uses";
        if (type != "sighting" && !uses) continue;
        if (const auto* revoked = object->if_contains("revoked"); revoked != nullptr && revoked->is_bool() && revoked->get_bool()) continue;
        // A threat-actor or an identity may be a person: what it uses is no statement of ours.
        if (const auto who = type_of(text_at(*object, "source_ref")); uses && (who == "threat-actor" || who == "identity" || who == "user-account")) continue;
        const std::string_view what = text_at(*object, uses ? "target_ref" : "sighting_of_ref");
        std::vector<std::string> codes;
        add_new(codes, found(codes_, what));
        if (const auto* other = find(what))
            for (const auto& each : own(*other).codes) add_new(codes, each);
        if (codes.empty()) continue;
        Seen one;
        one.object = id;
        one.first = std::string(text_at(*object, uses ? "start_time" : "first_seen")), one.last = std::string(text_at(*object, uses ? "stop_time" : "last_seen"));
        std::string_view at = one.last;
        for (const char* key : {"modified", "created"})
            if (!is_time(at, 30)) at = text_at(*object, key);
        if (!is_time(at, 30)) continue;
        one.dated = std::string(at.substr(0, 10));
        const Says says = of(*object);
        one.place = says.places.size() == 1 ? says.places.front() : "";
        one.handling = handling_of(*object);
        for (const auto& code : codes) {
            one.code = code;
            const auto* known = catalogue_.code(code);
            // No free text of theirs: it may name people.
            one.text = (uses ? "Used, others say: " : "Seen by others: ") + (known != nullptr ? known->title : code) + (one.place.empty() ? "" : " in " + one.place) + (is_time(one.last, 30) ? ", last on " + one.last.substr(0, 10) : "") + ".";
            out.push_back(one);
        }
    }
    return out;
}

}  // namespace threatlas::exchange::stix

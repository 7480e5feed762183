#include "exchange/stix/records.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/schema_texts.hpp"
#include "exchange/stix/times.hpp"

namespace threatlas::exchange::stix {

namespace json = core::json;
using core::Result;
using model::Catalogue;

namespace {

constexpr std::string_view kOpen = "TLP:CLEAR", kCreated = "2020-01-01T00:00:00.000Z", kSince = "2026-01-01T00:00:00.000Z";

// '2026.3' -> the third second of 2026: a later version is a later time, on every node the same.
std::string time_of(const std::string& version) {
    int year = 0, number = 0;
    const char* end = version.data() + version.size();
    const auto first = std::from_chars(version.data(), end, year);
    if (first.ec != std::errc{} || year < 2020 || year > 9999) return std::string(kCreated);
    if (first.ptr != end && *first.ptr == '.') std::from_chars(first.ptr + 1, end, number);
    number = std::clamp(number, 0, 86'399);
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(year) + "-01-01T" + two(number / 3600) + ":" + two(number / 60 % 60) + ":" + two(number % 60) + ".000Z";
}

std::string hyphened(std::string text) {
    std::replace(text.begin(), text.end(), '_', '-');
    return text;
}

json::array texts(const std::vector<std::string>& list) {
    json::array out;
    for (const auto& each : list)
        if (!each.empty()) out.emplace_back(each);
    return out;
}

template <class T>
json::object made(std::string_view type, const std::string& kind, const std::string& id, const T& record, const Catalogue& catalogue, const std::string& title, const std::string& text, std::vector<std::string> refs = {}) {
    return carry(type, {.kind = kind, .id = id, .created = std::string(kCreated), .modified = time_of(catalogue.region.version), .title = title, .text = text, .handling = std::string(kOpen), .originators = {"regional"},
                        .record = model::to_json(record).get_object(), .refs = std::move(refs)});
}

json::array references(const Catalogue& catalogue, const std::string& id, const std::vector<std::string>& iccs) {
    json::array out{json::object{{"source_name", "threatlas-" + catalogue.region.id}, {"external_id", id}}};
    for (const auto& each : iccs) out.push_back(json::object{{"source_name", "ICCS"}, {"external_id", each}});
    return out;
}

void set_list(json::object& out, std::string_view key, const std::vector<std::string>& list) {
    if (auto values = texts(list); !values.empty()) out[key] = std::move(values);
}

std::string key(const Catalogue& catalogue, std::string_view id) { return catalogue.region.id + "/" + std::string(id); }

void add_places(const Catalogue& c, std::vector<json::object>& out) {
    auto region = made("location", "region", c.region.id, c.region, c, c.region.title, c.region.purpose);
    region["region"] = hyphened(c.region.id);
    out.push_back(std::move(region));
    for (const auto& each : c.countries) {
        auto object = made("location", "country", key(c, each.id), each, c, each.name, each.footnote);
        object["country"] = each.id;
        out.push_back(std::move(object));
    }
    for (const auto& each : c.routes) {
        auto object = made("location", "route", key(c, each.id), each, c, each.title, "Route (" + each.kind + "): " + core::join(each.path, ", "));
        object["region"] = hyphened(each.id);
        out.push_back(std::move(object));
    }
}

void add_patterns(const Catalogue& c, std::vector<json::object>& out) {
    for (const auto& each : c.threats) {
        auto object = made("attack-pattern", "threat", key(c, each.id), each, c, each.title, each.definition);
        object["kill_chain_phases"] = json::array{json::object{{"kill_chain_name", "threatlas-" + hyphened(c.region.id)}, {"phase_name", hyphened(each.area)}}};
        object["external_references"] = references(c, each.id, each.iccs);
        set_list(object, "labels", each.misp);
        out.push_back(std::move(object));
    }
    for (const auto& each : c.codes) {
        auto object = made("attack-pattern", "mo", key(c, each.id), each, c, each.title, each.definition);
        object["kill_chain_phases"] = json::array{json::object{{"kill_chain_name", "threatlas-" + hyphened(c.region.id) + "-modus-operandi"}, {"phase_name", hyphened(each.group)}}};
        object["external_references"] = references(c, each.id, each.iccs);
        set_list(object, "aliases", each.aliases);
        set_list(object, "labels", each.misp);
        out.push_back(std::move(object));
    }
}

void add_relations(const Catalogue& c, std::vector<json::object>& out) {
    const std::string time = time_of(c.region.version);
    const auto join = [&](const std::string& from, const char* type, const std::string& to, const std::string& text) { out.push_back(relation(from, type, to, text, time, kOpen, "regional")); };
    for (const auto& each : c.threats) {
        for (const auto& code : each.modi_operandi)
            if (c.code(code) != nullptr) join(code_id(c, code), "related-to", threat_id(c, each.id), "A way in which it is done.");
        if (!each.parent.empty()) join(threat_id(c, each.id), "related-to", threat_id(c, each.parent), "A special case of it.");
    }
    for (const auto& each : c.members) join(organisation_id(each.id), "located-at", country_id(c, each.country), "");
    for (const auto& each : c.routes)
        for (std::size_t i = 0; i < each.path.size(); ++i)
            if (c.country(each.path[i]) != nullptr) join(id_of("location", "route/" + key(c, each.id)), "related-to", country_id(c, c.country(each.path[i])->id), "Stage " + std::to_string(i + 1) + " of the route.");
}

// How far it is agreed that the threat is grave, or growing.
std::string_view opinion_of(const model::Claim& claim) {
    if (claim.kind == model::ClaimKind::grade) return claim.value == "low" ? "disagree" : claim.value == "high" ? "agree" : claim.value == "very_high" ? "strongly-agree" : "neutral";
    if (claim.kind == model::ClaimKind::trend) return claim.value == "falling" ? "disagree" : claim.value == "rising" ? "agree" : "neutral";
    constexpr std::array<std::string_view, 5> kWords{"strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"};
    const double fifth = std::isfinite(claim.q50) ? std::clamp(claim.q50 / 20, 0.0, 4.0) : 2.0;
    return kWords[static_cast<std::size_t>(fifth)];
}

template <class T>
Result<void> take(const Carried& what, std::vector<T>& into) {
    T record;
    THREATLAS_CHECK(model::from_json(what.record, record, what.kind + " " + what.id));
    into.push_back(std::move(record));
    return {};
}

}  // namespace

std::string threat_id(const Catalogue& catalogue, std::string_view threat) { return id_of("attack-pattern", "threat/" + key(catalogue, threat)); }
std::string code_id(const Catalogue& catalogue, std::string_view code) { return id_of("attack-pattern", "mo/" + key(catalogue, code)); }
std::string country_id(const Catalogue& catalogue, std::string_view country) { return id_of("location", "country/" + key(catalogue, country)); }
std::string region_id(const Catalogue& catalogue) { return id_of("location", "region/" + catalogue.region.id); }

json::object relation(std::string_view source, std::string_view type, std::string_view target, std::string_view description, std::string_view time, std::string_view handling, std::string_view organisation) {
    const std::string at = to_time(time).value_or(std::string(kCreated));
    json::object out{{"type", "relationship"}, {"spec_version", "2.1"}, {"id", id_of("relationship", std::string(source) + "/" + std::string(type) + "/" + std::string(target))}, {"created_by_ref", organisation_id(organisation)},
                     {"created", at < kCreated ? at : std::string(kCreated)}, {"modified", at}, {"relationship_type", type}, {"source_ref", source}, {"target_ref", target}, {"object_marking_refs", marking_refs(handling)}};
    if (!description.empty()) out["description"] = description;
    return out;
}

std::vector<json::object> of_catalogue(const Catalogue& c) {
    std::vector<json::object> out;
    out.push_back(organisation_identity("regional", c.region.title + ": working group"));
    for (const auto& each : c.members) {
        auto object = made("identity", "organisation", each.id, each, c, each.organisation, each.name);
        object["identity_class"] = "organization";
        object["sectors"] = json::array{"government-public-services"};
        out.push_back(std::move(object));
    }
    add_places(c, out);
    add_patterns(c, out);
    for (const auto& each : c.areas) {
        std::vector<std::string> refs;
        for (const auto& threat : c.threats)
            if (threat.area == each.id) refs.push_back(threat_id(c, threat.id));
        if (refs.empty()) refs.push_back(region_id(c));
        auto object = made("grouping", "area", key(c, each.id), each, c, each.title, each.summary, std::move(refs));
        object["context"] = "crime-area";
        out.push_back(std::move(object));
    }
    add_relations(c, out);
    return out;
}

json::object of_claim(const model::Claim& claim, const Catalogue& catalogue) {
    const bool opinion = claim.kind == model::ClaimKind::grade || claim.kind == model::ClaimKind::trend || claim.kind == model::ClaimKind::quantiles;
    std::vector<std::string> refs;
    if (catalogue.threat(claim.threat) != nullptr) refs.push_back(threat_id(catalogue, claim.threat));
    if (claim.kind == model::ClaimKind::modus_operandi)
        for (const auto& code : core::split(claim.value, '|'))
            if (catalogue.code(code) != nullptr) refs.push_back(code_id(catalogue, code));
    if (refs.empty()) refs.push_back(region_id(catalogue));
    const std::string created = core::iso(claim.dated), said = std::string(model::name_of(claim.kind)) + (claim.value.empty() ? "" : ": " + claim.value);
    json::object out = carry(opinion ? "opinion" : "note", {.kind = "claim", .id = claim.submission + "/" + claim.id + "/" + std::to_string(claim.row), .created = created, .modified = core::iso(std::max(claim.dated, claim.known_at)),
                                                           .title = opinion ? "" : claim.threat + (claim.threat.empty() ? "" : ", ") + std::string(model::name_of(claim.kind)), .text = claim.text.empty() ? said : claim.text,
                                                           .handling = claim.handling, .originators = {claim.organisation.empty() ? claim.source : claim.organisation}, .record = model::to_json(claim).get_object(), .refs = std::move(refs)});
    if (opinion) out["opinion"] = opinion_of(claim);
    out["labels"] = json::array{"judgement", hyphened(std::string(model::name_of(claim.kind)))};
    return out;
}

std::vector<json::object> extension_objects() {
    std::vector<json::object> out{organisation_identity("threatlas", "Threatlas")};
    const auto one = [&](std::string_view name, std::string_view title, std::string_view description) {
        out.push_back({{"type", "extension-definition"}, {"spec_version", "2.1"}, {"id", extension_id(name)}, {"created_by_ref", organisation_id("threatlas")}, {"created", kSince}, {"modified", kSince}, {"name", title},
                       {"description", description}, {"schema", schema_texts().at("threatlas-" + std::string(name))}, {"version", "1.0.0"}, {"extension_types", json::array{"property-extension"}}, {"object_marking_refs", marking_refs(kOpen)}});
    };
    one("record", "Threatlas record", "The record an object was made from, whole, so that it is read back without loss.");
    one("handling", "Threatlas handling code", "A Europol handling code (H0 to H3) as a marking.");
    return out;
}

Result<bool> read_record(const json::object& object, Records& into) {
    if (!is_carried(object)) return false;
    THREATLAS_TRY(Carried what, carried(object));
    auto& c = into.catalogue;
    if (what.kind == "region") THREATLAS_CHECK(model::from_json(what.record, c.region, "region"));
    else if (what.kind == "country") THREATLAS_CHECK(take(what, c.countries));
    else if (what.kind == "organisation") THREATLAS_CHECK(take(what, c.members));
    else if (what.kind == "area") THREATLAS_CHECK(take(what, c.areas));
    else if (what.kind == "threat") THREATLAS_CHECK(take(what, c.threats));
    else if (what.kind == "mo") THREATLAS_CHECK(take(what, c.codes));
    else if (what.kind == "route") THREATLAS_CHECK(take(what, c.routes));
    else if (what.kind == "claim") THREATLAS_CHECK(take(what, into.claims));
    else into.others.push_back(std::move(what));
    return true;
}

}  // namespace threatlas::exchange::stix

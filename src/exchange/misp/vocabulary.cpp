#include "exchange/misp/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/records.hpp"

namespace threatlas::exchange::misp {

namespace json = core::json;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

std::string word(const json::object& object, std::string_view key) { return std::string(stix::text_at(object, key)); }

std::vector<std::string> texts(const json::object& object, std::string_view key) {
    std::vector<std::string> out;
    for (const auto& each : stix::list_at(object, key))
        if (each.is_string()) out.emplace_back(each.get_string());
    return out;
}

Word galaxy_word(const std::string& type, const json::object& in) {
    Word out{text_of({"misp-galaxy", type, word(in, "value")}), word(in, "value"), word(in, "description"), word(in, "uuid"), {}, {}, in};
    if (const auto* meta = in.if_contains("meta"); meta != nullptr && meta->is_object()) out.synonyms = texts(meta->get_object(), "synonyms"), out.refs = texts(meta->get_object(), "refs");
    return out;
}

void add_taxonomy(const json::object& in, Words& out) {
    const auto add = [&](const std::string& predicate, const std::string& value, const json::object& record, const std::string& title) {
        out.words.push_back({text_of({out.name, predicate, value}), title.empty() ? value.empty() ? predicate : value : title, word(record, "description"), word(record, "uuid"), {}, {}, record});
    };
    std::vector<std::string> with_values;
    for (const auto& each : stix::list_at(in, "values")) {
        const auto* one = each.if_object();
        if (one == nullptr) continue;
        with_values.push_back(word(*one, "predicate"));
        for (const auto& entry : stix::list_at(*one, "entry"))
            if (const auto* record = entry.if_object()) add(with_values.back(), word(*record, "value"), *record, word(*record, "expanded"));
    }
    for (const auto& each : stix::list_at(in, "predicates"))
        if (const auto* record = each.if_object(); record != nullptr && std::find(with_values.begin(), with_values.end(), word(*record, "value")) == with_values.end()) add(word(*record, "value"), "", *record, word(*record, "expanded"));
}

std::string_view type_of(std::string_view galaxy) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{{"ransomware", "malware"}, {"banker", "malware"}, {"botnet", "malware"}, {"stealer", "malware"}, {"cryptominers", "malware"}, {"country", "location"},
                                                                                   {"region", "location"}, {"target-information", "location"}, {"sector", "identity"}, {"preventive-measure", "course-of-action"}}};
    for (const auto& [name, type] : kTypes)
        if (name == galaxy) return type;
    return "attack-pattern";
}

void add_new(std::vector<std::string>& to, const std::string& id) {
    if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

}  // namespace

bool parse_tag(std::string_view text, Tag& out) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || text.size() > 10'000) return false;
    const auto equal = text.find("=\"", colon);
    if (equal == std::string_view::npos) {
        if (text.find('"') != std::string_view::npos || colon + 1 == text.size()) return false;
        out = {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)), ""};
        return true;
    }
    if (text.back() != '"' || equal + 2 > text.size() - 1 || equal == colon + 1) return false;
    out = {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1, equal - colon - 1)), std::string(text.substr(equal + 2, text.size() - equal - 3))};
    return true;
}

std::string text_of(const Tag& tag) { return tag.space + ":" + tag.predicate + (tag.value.empty() ? "" : "=\"" + tag.value + "\""); }

Vocabulary::Vocabulary(const model::Catalogue& catalogue) {
    for (const auto& each : catalogue.codes)
        for (const auto& tag : each.misp) entries_.push_back({core::lower_ascii(tag), each.id, true});
    for (const auto& each : catalogue.threats)
        for (const auto& tag : each.misp) entries_.push_back({core::lower_ascii(tag), each.id, false});
}

Named Vocabulary::of(std::string_view tag) const { return of(std::vector<std::string>{std::string(tag)}); }

Named Vocabulary::of(const std::vector<std::string>& tags) const {
    Named out;
    for (const auto& each : tags) {
        const std::string text = core::lower_ascii(each);
        Tag parts;
        const bool machine = parse_tag(text, parts);
        const std::string& space = machine ? parts.space == "misp-galaxy" ? parts.predicate : parts.space : text;
        for (const auto& entry : entries_)
            if (entry.tag == text || (entry.tag.find(':') == std::string::npos && entry.tag == space)) add_new(entry.code ? out.codes : out.threats, entry.id);
    }
    return out;
}

Result<Words> words_of(std::string_view text, std::string_view source) {
    THREATLAS_TRY(const auto value, core::parse_json(text, source));
    const auto* in = value.if_object();
    const auto wrong = [&](const char* what) { return fail(ErrorCode::bad_input, what, {std::string(source), 0, ""}); };
    if (in == nullptr) return wrong("neither a galaxy nor a taxonomy of MISP");
    Words out;
    out.uuid = word(*in, "uuid");
    if (const auto* version = in->if_contains("version"); version != nullptr && version->is_int64()) out.version = version->get_int64();
    if (in->contains("namespace") && in->contains("predicates")) {
        out.kind = "taxonomy", out.name = word(*in, "namespace"), out.title = word(*in, "expanded").empty() ? out.name : word(*in, "expanded");
        if (out.name.empty()) return wrong("the taxonomy has no namespace");
        add_taxonomy(*in, out);
        return out;
    }
    if (!in->contains("type") || !in->contains("values")) return wrong("neither a galaxy (type, values) nor a taxonomy (namespace, predicates) of MISP");
    out.kind = "galaxy", out.name = word(*in, "type"), out.title = word(*in, "name");
    if (out.name.empty()) return wrong("the galaxy has no type");
    for (const auto& each : stix::list_at(*in, "values")) {
        const auto* one = each.if_object();
        if (one == nullptr || word(*one, "value").empty()) return wrong("a cluster of the galaxy has no value");
        out.words.push_back(galaxy_word(out.name, *one));
    }
    return out;
}

json::object to_stix(const Words& file, const Word& word, const Named& named, const model::Catalogue& catalogue) {
    const std::string_view type = file.kind == "galaxy" ? type_of(file.name) : "attack-pattern";
    // The words are published (CC0 or BSD-2); the version of the file is the version of the object.
    const std::int64_t version = std::clamp<std::int64_t>(file.version, 0, 999'999);
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    const std::string day = "2020-01-" + two(1 + version / 86'400) + "T" + two(version / 3600 % 24) + ":" + two(version / 60 % 60) + ":" + two(version % 60) + ".000Z";
    std::vector<std::string> about;
    for (const auto& each : named.codes) about.push_back(stix::code_id(catalogue, each));
    for (const auto& each : named.threats) about.push_back(stix::threat_id(catalogue, each));
    json::object out = stix::carry(type, {.kind = "misp_" + file.kind, .id = word.tag, .created = "2020-01-01", .modified = day, .title = word.title, .text = word.description, .handling = "TLP:CLEAR", .originators = {"misp"}, .record = word.record,
                                          .refs = std::move(about)});
    if (type == "malware") out["is_family"] = true;
    if (type == "identity") out["identity_class"] = "class";
    if (type == "location") out["region"] = file.name == "region" ? "world" : word.title.empty() ? "world" : word.title;
    json::array references{json::object{{"source_name", "misp-" + file.kind}, {"external_id", word.tag}}};
    for (const auto& each : word.refs)
        if (!each.empty()) references.push_back(json::object{{"source_name", "misp-" + file.kind}, {"url", each}});
    out["external_references"] = std::move(references);
    out["labels"] = json::array{word.tag};
    json::array aliases;
    for (const auto& each : word.synonyms)
        if (!each.empty()) aliases.emplace_back(each);
    if (!aliases.empty() && (type == "attack-pattern" || type == "malware")) out["aliases"] = std::move(aliases);
    return out;
}

}  // namespace threatlas::exchange::misp

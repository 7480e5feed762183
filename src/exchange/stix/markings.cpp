#include "exchange/stix/markings.hpp"

#include <array>
#include <optional>

#include "exchange/stix/ids.hpp"
#include "exchange/stix/look.hpp"

namespace threatlas::exchange::stix {

namespace json = core::json;

const std::string_view kTlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

namespace {

struct Word {
    std::string_view name, value, id, old_id;  // old_id: TLP 1.0
};
constexpr std::array<Word, 5> kWords{{
    {"TLP:CLEAR", "clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"},
    {"TLP:GREEN", "green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"},
    {"TLP:AMBER", "amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"},
    {"TLP:AMBER+STRICT", "amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", ""},
    {"TLP:RED", "red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"},
}};

const std::array<std::string, 4>& code_ids() {
    static const std::array<std::string, 4> ids{id_of("marking-definition", "europol/H0"), id_of("marking-definition", "europol/H1"), id_of("marking-definition", "europol/H2"), id_of("marking-definition", "europol/H3")};
    return ids;
}

// What marks say together. codes: bit k is Hk, H0 included so that it is given back.
struct Marks {
    int rank = -1;
    unsigned codes = 0;
    bool any = false, unknown = false;

    void word(std::size_t at) { rank = std::max(rank, static_cast<int>(at)), any = true; }
    bool value(std::string_view text) {
        for (std::size_t i = 0; i < kWords.size(); ++i)
            if (kWords[i].value == text || (i == 0 && text == "white")) return word(i), true;
        return false;
    }
    std::string text() const {
        if (rank < 0 || unknown) return {};
        std::string out(kWords[static_cast<std::size_t>(rank)].name);
        for (unsigned i = 0; i < 4; ++i)
            if ((codes >> i & 1) != 0) out += " H" + std::to_string(i);
        return out;
    }
};

std::optional<Marks> parse(std::string_view text) {
    Marks out;
    while (!text.empty()) {
        const auto end = text.find(' ');
        const std::string_view token = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (token.empty()) continue;
        if (out.rank < 0) {
            for (std::size_t i = 0; i < kWords.size(); ++i)
                if (token == kWords[i].name || (i == 0 && token == "TLP:WHITE")) out.word(i);
            if (out.rank < 0) return std::nullopt;
        } else if (token.size() == 2 && token[0] == 'H' && token[1] >= '0' && token[1] <= '3') {
            out.codes |= 1u << (token[1] - '0');
        } else {
            return std::nullopt;
        }
    }
    if (out.rank < 0) return std::nullopt;
    return out;
}

// What a definition that came along says of itself; false when that is nothing we know.
bool read(const json::object& definition, Marks& marks) {
    bool known = false;
    if (text_at(definition, "definition_type") == "statement") known = true;
    if (text_at(definition, "definition_type") == "tlp")
        if (const auto* body = object_at(definition, "definition")) known = marks.value(text_at(*body, "tlp"));
    if (const auto* extensions = object_at(definition, "extensions")) {
        if (const auto* tlp = object_at(*extensions, kTlpExtension)) return marks.value(text_at(*tlp, "tlp_2_0"));
        if (!extensions->empty()) return false;  // a restriction of somebody else's, in words we do not know
    }
    return known;
}

void add(std::string_view id, const Definitions& definitions, Marks& marks) {
    for (std::size_t i = 0; i < kWords.size(); ++i)
        if (id == kWords[i].id || id == kWords[i].old_id) return marks.word(i);
    for (unsigned i = 0; i < 4; ++i)
        if (id == code_ids()[i]) {
            marks.codes |= 1u << i, marks.any = true;
            return;
        }
    const json::object* definition = definitions ? definitions(id) : nullptr;
    if (definition == nullptr || !read(*definition, marks)) marks.any = marks.unknown = true;
}

Marks marks_of(const json::object& object, const Definitions& definitions) {
    Marks out;
    if (const auto* refs = object.if_contains("object_marking_refs")) {
        if (!refs->is_array()) out.any = out.unknown = true;
        else
            for (const auto& each : refs->get_array()) add(each.is_string() ? std::string_view(each.get_string()) : "", definitions, out);
    }
    if (const auto* granular = object.if_contains("granular_markings")) {
        if (!granular->is_array()) out.any = out.unknown = true;
        else
            for (const auto& each : granular->get_array()) {
                const auto* mark = each.if_object();
                if (mark == nullptr) out.any = out.unknown = true;
                else if (mark->contains("marking_ref")) add(text_at(*mark, "marking_ref"), definitions, out);
            }
    }
    return out;
}

}  // namespace

std::string extension_id(std::string_view name) { return id_of("extension-definition", "threatlas/" + std::string(name)); }

json::array marking_refs(std::string_view handling) {
    const Marks marks = parse(handling).value_or(Marks{4, 0b1110, true, false});
    json::array out{kWords[static_cast<std::size_t>(marks.rank)].id};
    for (unsigned i = 0; i < 4; ++i)
        if ((marks.codes >> i & 1) != 0) out.emplace_back(code_ids()[i]);
    return out;
}

std::vector<json::object> marking_objects() {
    constexpr std::string_view kSince = "2026-01-01T00:00:00.000Z";
    std::vector<json::object> out;
    for (const auto& each : kWords)
        out.push_back({{"type", "marking-definition"}, {"spec_version", "2.1"}, {"id", each.id}, {"created", "2022-10-01T00:00:00.000Z"}, {"name", each.name},
                       {"extensions", {{kTlpExtension, {{"extension_type", "property-extension"}, {"tlp_2_0", each.value}}}}}});
    for (unsigned i = 0; i < 4; ++i) {
        const std::string name = "H" + std::to_string(i);
        out.push_back({{"type", "marking-definition"}, {"spec_version", "2.1"}, {"id", code_ids()[i]}, {"created", kSince}, {"name", "Europol " + name},
                       {"extensions", {{extension_id("handling"), {{"extension_type", "property-extension"}, {"scheme", "europol"}, {"code", name}}}}}});
    }
    return out;
}

std::string statement_id(std::string_view statement) { return id_of("marking-definition", "statement/" + std::string(statement)); }

json::object statement_marking(std::string_view statement) {
    return {{"type", "marking-definition"}, {"spec_version", "2.1"}, {"id", statement_id(statement)}, {"created", "2026-01-01T00:00:00.000Z"}, {"definition_type", "statement"},
            {"definition", {{"statement", statement}}}};
}

std::string handling_of(const json::object& object, const Definitions& definitions) { return marks_of(object, definitions).text(); }

std::string handling_of(const json::object& object, std::string_view otherwise, const Definitions& definitions) {
    const Marks marks = marks_of(object, definitions);
    return marks.any ? marks.text() : plain_handling(otherwise);
}

std::string join_handling(std::string_view a, std::string_view b) {
    const auto left = parse(a), right = parse(b);
    if (!left || !right) return {};
    return Marks{std::max(left->rank, right->rank), left->codes | right->codes, true, false}.text();
}

std::string plain_handling(std::string_view text) {
    const auto marks = parse(text);
    return marks ? marks->text() : std::string{};
}

}  // namespace threatlas::exchange::stix

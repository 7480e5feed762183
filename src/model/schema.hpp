// JSON Schema (draft 2020-12) and the tables of docs/MODEL.md, both by walking a record's field list, so
// that neither can say anything else than the code.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/json_codec.hpp"

namespace threatlas::model {

namespace detail {

template <class T>
std::string type_words() {
    if constexpr (std::is_same_v<T, core::Day>) return "date";
    else if constexpr (std::is_same_v<T, core::Interval>) return "period";
    else if constexpr (std::is_same_v<T, bool>) return "true or false";
    else if constexpr (std::is_floating_point_v<T>) return "number";
    else if constexpr (std::is_integral_v<T>) return "whole number";
    else if constexpr (std::is_same_v<T, std::string>) return "text";
    else if constexpr (Named<T>) {
        std::string out;
        for (const auto& each : EnumNames<T>::names) out += (out.empty() ? "" : ", ") + std::string(each.second);
        return "one of " + out;
    } else if constexpr (is_optional<T>) return type_words<typename T::value_type>() + ", or nothing";
    else if constexpr (is_vector<T>) return "list of " + type_words<typename T::value_type>();
    else if constexpr (is_map<T>) return "table of names and " + type_words<typename T::mapped_type>();
    else return "record";
}

}  // namespace detail

// What a codec takes: assessment.json writes 'not known' as null, a catalogue leaves the key out.
enum class Form { json, yaml };

template <class T, Form kForm = Form::json>
json::object json_schema() {
    if constexpr (std::is_same_v<T, core::Day>) return {{"type", "string"}, {"format", "date"}};
    else if constexpr (std::is_same_v<T, core::Interval> || std::is_same_v<T, std::string>) return {{"type", "string"}};
    else if constexpr (std::is_same_v<T, bool>) return {{"type", "boolean"}};
    else if constexpr (std::is_floating_point_v<T> && kForm == Form::yaml) return {{"type", "number"}};
    else if constexpr (std::is_floating_point_v<T>) return {{"type", json::array{"number", "null"}}};   // null: not known
    else if constexpr (std::is_integral_v<T>) return {{"type", "integer"}};
    else if constexpr (Named<T>) {
        json::array names;
        for (const auto& each : EnumNames<T>::names) names.emplace_back(std::string(each.second));
        return {{"enum", std::move(names)}};
    } else if constexpr (detail::is_optional<T>) return {{"anyOf", json::array{json_schema<typename T::value_type, kForm>(), json::object{{"type", "null"}}}}};
    else if constexpr (detail::is_vector<T>) return {{"type", "array"}, {"items", json_schema<typename T::value_type, kForm>()}};
    else if constexpr (detail::is_map<T>) return {{"type", "object"}, {"additionalProperties", json_schema<typename T::mapped_type, kForm>()}};
    else {
        static_assert(Described<T>, "give the type a field list");
        json::object properties;
        json::array required;
        for_each_field<T>([&](const auto& f) {
            using Value = std::remove_cvref_t<decltype(std::declval<T>().*f.member)>;
            json::object each = json_schema<Value, kForm>();
            each["description"] = std::string(f.meaning);
            if (kForm == Form::yaml && f.required) {
                required.push_back(json::string(f.name));
                if constexpr (std::is_same_v<Value, std::string>) each["pattern"] = "[^\\s]";
                else if constexpr (detail::is_vector<Value>) each["minItems"] = 1;
                else if constexpr (detail::is_map<Value>) each["minProperties"] = 1;
            }
            properties[f.name] = std::move(each);
        });
        json::object out{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
        if (!required.empty()) out["required"] = std::move(required);
        return out;
    }
}

// With its heading: what the file is, and the version of the schema language.
inline json::object titled(json::object schema, const std::string& title) {
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = title;
    return schema;
}

// A bar would end the cell of a Markdown table.
inline std::string cell_text(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

// | field | type | meaning |, a star after what is required.
template <Described T>
std::string field_table() {
    std::string out = "| Field | Type | Meaning |\n|---|---|---|\n";
    for_each_field<T>([&](const auto& f) {
        using Value = std::remove_cvref_t<decltype(std::declval<T>().*f.member)>;
        out += "| `" + std::string(f.name) + (f.required ? "` * | " : "` | ") + detail::type_words<Value>() + " | " + cell_text(f.meaning) + " |\n";
    });
    return out;
}

}  // namespace threatlas::model

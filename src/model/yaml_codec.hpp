// YAML into described records by walking their field lists; every problem is collected with its line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "model/json_codec.hpp"

namespace threatlas::model {

class YamlProblems {
  public:
    YamlProblems(std::string file, std::vector<CatalogueProblem>& out) : file_(std::move(file)), out_(out) {}
    void add(const YAML::Node& node, std::string message) { add(static_cast<std::uint64_t>(node.Mark().line + 1), std::move(message)); }
    void add(std::uint64_t line, std::string message) { out_.push_back({file_, line, std::move(message)}); }

  private:
    std::string file_;
    std::vector<CatalogueProblem>& out_;
};

// Only what every YAML reader takes for the same number: yaml-cpp alone would read 010 as 8.
template <class T>
bool plain_number(const std::string& text, T& out) {
    const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    if (text.size() > sign + 1 && text[sign] == '0' && text[sign + 1] >= '0' && text[sign + 1] <= '9') return false;
    if constexpr (std::is_floating_point_v<T>) {
        const auto read = core::parse_number(text);
        if (read) out = static_cast<T>(*read);
        return read.has_value();
    } else {
        const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
        const auto end = std::from_chars(begin, text.data() + text.size(), out);
        return end.ec == std::errc{} && end.ptr == text.data() + text.size();
    }
}

template <class T>
void from_yaml(const YAML::Node& in, T& out, const std::string& name, YamlProblems& problems) {
    if constexpr (std::is_same_v<T, std::string>) {
        if (in.IsScalar()) out = in.Scalar();
        else problems.add(in, "'" + name + "' should be text");
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!in.IsScalar() || !YAML::convert<bool>::decode(in, out)) problems.add(in, "'" + name + "' should be true or false");
    } else if constexpr (std::is_arithmetic_v<T>) {
        if (in.IsScalar() && plain_number(in.Scalar(), out)) return;
        double odd = 0;
        if (std::is_floating_point_v<T> && in.IsScalar() && YAML::convert<double>::decode(in, odd) && !std::isfinite(odd))
            problems.add(in, "'" + name + "' is not a finite number");
        else
            problems.add(in, "'" + name + (std::is_integral_v<T> ? "' should be a whole number" : "' should be a number"));
    } else if constexpr (detail::is_vector<T>) {
        if (!in.IsSequence()) return problems.add(in, "'" + name + "' should be a list");
        for (const auto& each : in) {
            out.emplace_back();
            from_yaml(each, out.back(), name, problems);
        }
    } else if constexpr (detail::is_map<T>) {
        if (!in.IsMap()) return problems.add(in, "'" + name + "' should be a table of names and values");
        for (const auto& each : in) {
            if (!each.first.IsScalar()) {
                problems.add(each.first, "a key of " + name + " is not a word");
                continue;
            }
            if (out.contains(each.first.Scalar())) problems.add(each.first, "'" + each.first.Scalar() + "' stands twice");
            from_yaml(each.second, out[each.first.Scalar()], name + "." + each.first.Scalar(), problems);
        }
    } else {
        static_assert(Described<T>, "give the type a field list");
        if (!in.IsMap()) return problems.add(in, "'" + name + "' should be a record of names and values");
        std::vector<std::string> seen;
        for (const auto& each : in) {
            if (!each.first.IsScalar()) {
                problems.add(each.first, "a key of " + name + " is not a word");
                continue;
            }
            const std::string key = each.first.Scalar();
            bool known = false;
            for (const std::string& before : seen)
                if (before == key) problems.add(each.first, "the key '" + key + "' stands twice");
            seen.push_back(key);
            for_each_field<T>([&](const auto& f) {
                if (f.name != key || known) return;
                known = true;
                from_yaml(each.second, out.*f.member, key, problems);
            });
            if (!known) problems.add(each.first, "'" + key + "' is not a field of " + name);
        }
    }
}

template <class T>
bool says_nothing(const T& value) {
    if constexpr (std::is_same_v<T, std::string>) return core::trim(value).empty();
    else if constexpr (detail::is_vector<T> || detail::is_map<T>) return value.empty();
    else return false;
}

// Where a field of a record stands, from 1; 0 when it does not.
inline std::uint64_t line_of_key(const YAML::Node& record, std::string_view key) {
    for (const auto& each : record)
        if (each.first.IsScalar() && each.first.Scalar() == key) return static_cast<std::uint64_t>(each.first.Mark().line + 1);
    return 0;
}

// What a record lacks, at its own line, or has without saying anything, at the field's.
template <Described T>
void check_required(const YAML::Node& in, const T& record, YamlProblems& problems) {
    if (!in.IsMap()) return;
    for_each_field<T>([&](const auto& f) {
        if (!f.required) return;
        const std::uint64_t line = line_of_key(in, f.name);
        if (line == 0) problems.add(in, "'" + std::string(f.name) + "' is missing: " + std::string(f.meaning));
        else if (says_nothing(record.*f.member)) problems.add(line, "'" + std::string(f.name) + "' is empty: " + std::string(f.meaning));
    });
}

}  // namespace threatlas::model

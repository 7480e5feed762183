// JSON of any described record, both ways, by walking its field list.
// Missing keys keep the member's default; unknown keys are refused, so a typing error is seen.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/json.hpp"
#include "core/result.hpp"
#include "model/fields.hpp"

namespace threatlas::model {

namespace json = core::json;

template <class T> json::value to_json(const T& value);
template <class T> core::Result<void> from_json(const json::value& in, T& out, const std::string& where);

namespace detail {
template <class> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;
template <class> inline constexpr bool is_map = false;
template <class T> inline constexpr bool is_map<std::map<std::string, T>> = true;
template <class> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;

inline auto wrong(const std::string& where, const char* expected) {
    return core::fail(core::ErrorCode::bad_input, "'" + where + "' should be " + expected);
}
}  // namespace detail

template <class T>
json::value to_json(const T& value) {
    if constexpr (std::is_same_v<T, core::Day>) return json::value(core::iso(value));
    else if constexpr (std::is_same_v<T, core::Interval>) return json::value(core::iso(value));
    else if constexpr (std::is_same_v<T, bool> || std::is_floating_point_v<T>) return json::value(value);
    else if constexpr (std::is_integral_v<T>) {
        // As the parser does: signed wherever it fits.
        if (std::in_range<std::int64_t>(value)) return json::value(static_cast<std::int64_t>(value));
        return json::value(static_cast<std::uint64_t>(value));
    }
    else if constexpr (std::is_same_v<T, std::string>) return json::value(value);
    else if constexpr (Named<T>) return json::value(name_of(value));
    else if constexpr (detail::is_optional<T>) return value ? to_json(*value) : json::value(nullptr);
    else if constexpr (detail::is_vector<T>) {
        json::array out;
        for (const auto& each : value) out.push_back(to_json<typename T::value_type>(each));
        return out;
    } else if constexpr (detail::is_map<T>) {
        json::object out;
        for (const auto& [key, each] : value) out[key] = to_json(each);
        return out;
    } else {
        static_assert(Described<T>, "give the type a field list");
        json::object out;
        for_each_field<T>([&](const auto& f) { out[f.name] = to_json(value.*f.member); });
        return out;
    }
}

template <class T>
core::Result<void> from_json(const json::value& in, T& out, const std::string& where) {
    if constexpr (std::is_same_v<T, core::Day>) {
        if (!in.is_string()) return detail::wrong(where, "a date");
        THREATLAS_TRY(out, core::parse_day(std::string_view(in.get_string())));
    } else if constexpr (std::is_same_v<T, core::Interval>) {
        if (!in.is_string()) return detail::wrong(where, "a period");
        THREATLAS_TRY(out, core::parse_interval(std::string_view(in.get_string())));
    } else if constexpr (std::is_same_v<T, bool>) {
        if (!in.is_bool()) return detail::wrong(where, "true or false");
        out = in.get_bool();
    } else if constexpr (std::is_floating_point_v<T>) {
        if (in.is_null()) out = std::numeric_limits<T>::quiet_NaN();
        else if (in.is_number()) out = in.to_number<double>();
        else return detail::wrong(where, "a number");
    } else if constexpr (std::is_integral_v<T>) {
        boost::system::error_code error;
        out = in.is_number() ? in.to_number<T>(error) : T{};
        if (!in.is_number() || error) return detail::wrong(where, "a whole number");
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (!in.is_string()) return detail::wrong(where, "text");
        out = std::string(in.get_string());
    } else if constexpr (Named<T>) {
        if (!in.is_string() || !from_name(std::string_view(in.get_string()), out)) {
            std::string known;
            for (const auto& each : EnumNames<T>::names) known += (known.empty() ? "one of " : ", ") + std::string(each.second);
            return detail::wrong(where, known.c_str());
        }
    } else if constexpr (detail::is_optional<T>) {
        if (in.is_null()) out.reset();
        else return from_json(in, out.emplace(), where);
    } else if constexpr (detail::is_vector<T>) {
        if (!in.is_array()) return detail::wrong(where, "a list");
        out.clear();
        for (const auto& each : in.get_array()) {
            typename T::value_type item{};
            THREATLAS_CHECK(from_json(each, item, where + "[" + std::to_string(out.size()) + "]"));
            out.push_back(std::move(item));
        }
    } else if constexpr (detail::is_map<T>) {
        if (!in.is_object()) return detail::wrong(where, "a table of names and values");
        out.clear();
        for (const auto& each : in.get_object())
            THREATLAS_CHECK(from_json(each.value(), out[std::string(each.key())], where + "." + std::string(each.key())));
    } else {
        static_assert(Described<T>, "give the type a field list");
        if (!in.is_object()) return detail::wrong(where, "a record");
        std::size_t known = 0;
        core::Result<void> result;
        for_each_field<T>([&](const auto& f) {
            if (!result) return;
            const auto* value = in.get_object().if_contains(f.name);
            if (value == nullptr) return;
            ++known;
            result = from_json(*value, out.*f.member, where + "." + std::string(f.name));
        });
        if (!result) return result;
        if (known != in.get_object().size())
            for (const auto& each : in.get_object()) {
                bool found = false;
                for_each_field<T>([&](const auto& f) { found = found || f.name == std::string_view(each.key()); });
                if (!found) return core::fail(core::ErrorCode::bad_input, "'" + where + "' has no field '" + std::string(each.key()) + "'");
            }
    }
    return {};
}

}  // namespace threatlas::model

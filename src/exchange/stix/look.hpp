// Looking into an object whose form is not known yet: what is not there, or of another kind, is empty.
#pragma once

#include <string_view>

#include "core/json.hpp"

namespace threatlas::exchange::stix {

inline std::string_view text_at(const core::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}

inline const core::json::object* object_at(const core::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr ? value->if_object() : nullptr;
}

inline const core::json::array& list_at(const core::json::object& object, std::string_view key) {
    static const core::json::array kNone;
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

// 'indicator' of 'indicator--<uuid>'.
inline std::string_view type_of(std::string_view id) { return id.substr(0, id.find("--")); }

}  // namespace threatlas::exchange::stix

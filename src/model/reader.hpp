// Who reads, for whom and why. Every read of the store takes a Reader; there is no call without one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "model/fields.hpp"

namespace threatlas::model {

enum class Role : std::uint8_t { contributor, analyst, director, contact_point, auditor, administrator };

// What a read or a change is for: one word of this list, so that a rule can hang on it.
enum class Purpose : std::uint8_t { contribution, assessment, early_warning, joint_operation, management, supervision, publication, administration, judicial };

struct Reader {
    std::string person;        // account or operating-system user, for the audit log
    std::string organisation;  // member id, or 'regional' for the working group
    Role role = Role::analyst;
    std::string clearance = "TLP:RED H3";  // highest TLP word this reader may see, then handling codes: without H3 nothing marked H3
    std::string purpose;       // why: '<word>' of Purpose, or '<word>: free text'; never empty
};

template <>
struct EnumNames<Role> {
    static constexpr std::array<std::pair<Role, std::string_view>, 6> names{{
        {Role::contributor, "contributor"}, {Role::analyst, "analyst"}, {Role::director, "director"},
        {Role::contact_point, "contact_point"}, {Role::auditor, "auditor"}, {Role::administrator, "administrator"}}};
};

template <>
struct EnumNames<Purpose> {
    static constexpr std::array<std::pair<Purpose, std::string_view>, 9> names{{
        {Purpose::contribution, "contribution"}, {Purpose::assessment, "assessment"}, {Purpose::early_warning, "early_warning"}, {Purpose::joint_operation, "joint_operation"},
        {Purpose::management, "management"}, {Purpose::supervision, "supervision"}, {Purpose::publication, "publication"}, {Purpose::administration, "administration"}, {Purpose::judicial, "judicial"}}};
};

// The word of a stated purpose; none when it begins with no word of the list.
inline std::optional<Purpose> purpose_of(std::string_view stated) {
    const std::string_view word = stated.substr(0, stated.find(':'));
    for (const auto& [value, name] : EnumNames<Purpose>::names)
        if (word == name) return value;
    return std::nullopt;
}

}  // namespace threatlas::model

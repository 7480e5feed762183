// Who reads, for whom and why. Every read of the store takes a Reader; there is no call without one.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "model/fields.hpp"

namespace threatlas::model {

enum class Role : std::uint8_t { contributor, analyst, director, contact_point, auditor, administrator };

struct Reader {
    std::string person;        // account or operating-system user, for the audit log
    std::string organisation;  // member id, or 'regional' for the working group
    Role role = Role::analyst;
    std::string clearance = "TLP:RED";  // highest TLP word this reader may see
    std::string purpose;       // why: 'assessment 2026-1', 'audit'; never empty
};

template <>
struct EnumNames<Role> {
    static constexpr std::array<std::pair<Role, std::string_view>, 6> names{{
        {Role::contributor, "contributor"}, {Role::analyst, "analyst"}, {Role::director, "director"},
        {Role::contact_point, "contact_point"}, {Role::auditor, "auditor"}, {Role::administrator, "administrator"}}};
};

}  // namespace threatlas::model

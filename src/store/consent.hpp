// Leave that an originator gave to another organisation: to read what is marked for it alone, to pass
// on what is marked H2, or to mark it more mildly. Kept as a dossier of kind 'consent', so it is sealed by the audit chain; taken
// back by a step.
#pragma once

#include <string>
#include <string_view>

#include "model/fields.hpp"

namespace threatlas::store {

struct Consent {
    std::string id;            // given by the store: 'C-0123456789'
    std::string originator;    // who gave the data: member id, or source id
    std::string submission;    // only of this one, or of this bulletin, request or answer; empty: of all the originator gave or will give
    std::string to;            // organisation, or 'regional'
    std::string purpose;       // word of model::Purpose; empty: any but judicial
    std::string given_by;      // person or document that says so
    std::string until;         // last day (ISO); empty: until taken back
    bool revoked = false;
    std::string handling{};     // 'TLP:GREEN': how mildly `to` may mark what it makes of it; empty: not at all
    static constexpr auto fields() {
        using T = Consent;
        return std::make_tuple(model::field("id", &T::id, "id"), model::field("originator", &T::originator, "who gave the data"), model::field("submission", &T::submission, "only of this submission, bulletin, request or answer; empty: of all"),
            model::field("to", &T::to, "organisation that may"), model::field("purpose", &T::purpose, "purpose; empty: any but judicial"), model::field("given_by", &T::given_by, "person or document that says so"),
            model::field("until", &T::until, "last day; empty: until taken back"), model::field("revoked", &T::revoked, "taken back"), model::field("handling", &T::handling, "how mildly it may be marked by who has the consent; empty: not more mildly"));
    }
    bool in_force(std::string_view today) const { return !revoked && (until.empty() || today.substr(0, 10) <= until); }
};

}  // namespace threatlas::store

// Any record of Threatlas as a STIX 2.1 object: what every tool can read (name, text, times, markings) beside the whole
// record in a property-extension, from which the receiver reads it back without loss.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace threatlas::exchange::stix {

struct Carried {
    std::string kind, id;             // 'bulletin', and its id, which no other node gives: begin it with the organisation
    std::string created, modified;    // as to_time reads them
    std::string title, text, handling;  // handling: 'TLP:AMBER H1'; "" is the strictest
    std::vector<std::string> originators{};  // organisations; the first made the object
    core::json::object record{};      // the whole of it
    bool revoked = false;
    std::vector<std::string> refs{};  // STIX ids it is about; none: its originators. For types with object_refs
    bool operator==(const Carried&) const = default;
};

// stix_type: report, note, opinion, grouping, or another whose own required properties the caller adds; id = id_of(stix_type, kind + '/' + id), object_marking_refs by the handling.
core::json::object carry(std::string_view stix_type, const Carried& what);

// The same back: carried(carry(x)) == x up to the form of times and handling. bad_input when the extension is missing,
// ill-formed or says another id than the object's. The handling is the stricter of the text and the markings.
core::Result<Carried> carried(const core::json::object& object);
bool is_carried(const core::json::object& object);

// The identity of an organisation (identity_class organization); its id needs no catalogue.
std::string organisation_id(std::string_view organisation);
core::json::object organisation_identity(std::string_view organisation, std::string_view name);

}  // namespace threatlas::exchange::stix

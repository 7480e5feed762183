// Records of the model as STIX objects, and back: docs/STIX.md has the table. Every object carries its record whole
// (carry.hpp), so nothing is lost on the way there and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exchange/stix/carry.hpp"
#include "model/catalogue.hpp"
#include "model/claim.hpp"
#include "model/json_codec.hpp"

namespace threatlas::exchange::stix {

// Ids by which objects of other files name these.
std::string threat_id(const model::Catalogue& catalogue, std::string_view threat);
std::string code_id(const model::Catalogue& catalogue, std::string_view code);
std::string country_id(const model::Catalogue& catalogue, std::string_view country);
std::string region_id(const model::Catalogue& catalogue);

// Region, countries, routes (location), members (identity), areas (grouping), threats and codes (attack-pattern), and
// what joins them (relationship). TLP:CLEAR; `modified` follows the catalogue's version.
std::vector<core::json::object> of_catalogue(const model::Catalogue& catalogue);

// A judgement: an opinion on its threat where it grades, says a trend or gives quantiles, else a note.
core::json::object of_claim(const model::Claim& claim, const model::Catalogue& catalogue);

// A relation with a deterministic id, marked and dated as given.
core::json::object relation(std::string_view source, std::string_view type, std::string_view target, std::string_view description, std::string_view time, std::string_view handling, std::string_view organisation);

// The extension-definitions of ours with their schemas, and the identity that made them.
std::vector<core::json::object> extension_objects();

// What objects carried, in the order of coming.
struct Records {
    model::Catalogue catalogue;      // region, countries, members, areas, threats, codes, routes; the rest is no exchange
    std::vector<model::Claim> claims;
    std::vector<Carried> others;     // of kinds that are read elsewhere
};
// False for an object that carries none. bad_input as carried(), and for a record that is not what its kind says.
core::Result<bool> read_record(const core::json::object& object, Records& into);

}  // namespace threatlas::exchange::stix

// What `threatlas stix validate` says of a bundle: the schemas, and the rules of the specification that no schema says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "exchange/stix/schema.hpp"

namespace threatlas::exchange::stix {

// Of one object: its schema and that of known extensions; the id's type is its own; times exist and stand in order; refs
// name types that may stand there; extension keys and types; selectors of granular markings find something.
std::vector<Problem> problems_of(const core::json::object& object);

struct Validated {
    std::uint64_t objects = 0, faulty = 0;
    std::vector<Problem> problems;   // the first thousand
};
// Of all of a text, and between its objects: the same id and version with another content. bad_input for what is no
// JSON or has no objects at all.
core::Result<Validated> validate(std::string_view text, std::string_view source);

}  // namespace threatlas::exchange::stix

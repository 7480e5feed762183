// STIX 2.1 objects against the JSON schemas of catalogue/schema/stix (draft 7), which are written from the
// specification's facts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace threatlas::exchange::stix {

struct Problem {
    std::string id;        // of the object
    std::string path;      // '/object_refs/0'
    std::string message;
};

// Against the schema of that name ('bundle', 'attack-pattern'; one that is not there: 'any-object'). At most 20 problems
// come. Cost: tens of microseconds. Safe to call from several threads.
std::vector<Problem> against_schema(const core::json::value& value, std::string_view schema);
bool has_schema(std::string_view name);

}  // namespace threatlas::exchange::stix

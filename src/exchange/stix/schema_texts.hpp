// The files of catalogue/schema/stix by name without '.schema.json', as they stand in the program.
#pragma once

#include <map>
#include <string_view>

namespace threatlas::exchange::stix {

const std::map<std::string_view, std::string_view>& schema_texts();

}  // namespace threatlas::exchange::stix

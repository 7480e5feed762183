// Ids of STIX objects (STIX 2.1, 2.9): the same record gets the same id on every node and at every run, so that what
// is sent twice is stored once.
#pragma once

#include <string>
#include <string_view>

namespace threatlas::exchange::stix {

// UUIDv5 (RFC 4122, SHA-1) of `name` in the namespace of Threatlas; lower case, with hyphens.
std::string uuid_of(std::string_view name);

// 'attack-pattern--<uuid>' of a key such as 'mo/see/entry.window'. Another type with the same key has another UUID.
std::string id_of(std::string_view type, std::string_view key);

}  // namespace threatlas::exchange::stix

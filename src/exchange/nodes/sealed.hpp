// What is signed on an object of a feed (docs/adr/0019-nodes-and-feeds.md). Its author's node signs the object; the node
// that sends it signs that it sends this to whom, and its number in that feed. Both stand in one property-extension, which
// the author's signature does not cover, so what is passed on keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "core/result.hpp"
#include "exchange/nodes/node_key.hpp"

namespace threatlas::exchange::nodes {

struct Seal {
    std::string author, author_signature;    // over the canonical JSON of the object without the extension
    std::string from, to;                    // organisations
    std::int64_t number = 0;                 // in the feed from..to, 1, 2 ...
    std::string signature;                   // of `from`, over the four and the hash of the object
};

// The object with its author's signature; a seal that it had is gone.
core::json::object with_author(core::json::object object, std::string_view author, const NodeKey& key);
// The same, addressed. The object has an author's signature.
core::json::object with_seal(core::json::object object, std::string_view from, std::string_view to, std::int64_t number, const NodeKey& key);

// bad_input when there is none or it is ill-formed. Says nothing of who signed.
core::Result<Seal> seal_of(const core::json::object& object);
// mismatch, each.
core::Result<void> check_author(const core::json::object& object, const Seal& seal, std::string_view public_key);
core::Result<void> check_seal(const core::json::object& object, const Seal& seal, std::string_view public_key);

}  // namespace threatlas::exchange::nodes

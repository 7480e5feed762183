// What came in, object by object, as it was written: an object that we do not model is kept and given back byte for
// byte, with its number spellings, key order and whatever else a parser would even out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace threatlas::exchange::stix {

struct Slice {
    std::string_view text;      // of the object, into the text given
    std::uint64_t line = 1;
};

struct Envelope {
    core::json::object head;    // the rest of a bundle or envelope: type, id, more, next; empty for a bare list
    std::vector<Slice> slices;
};

inline constexpr std::size_t kMaxBytes = std::size_t{1} << 30, kMaxSlices = 10'000'000;

// A bundle, a TAXII envelope, a list of objects, or one object. What stands between and around the objects is checked;
// each object is not: parse_json says of each whether it is JSON. bad_input with the line. Cost: one pass, some GB/s.
core::Result<Envelope> slices(std::string_view text, std::string_view source);

// The slice as an object. bad_input for anything else than one JSON object.
core::Result<core::json::object> object_of(const Slice& slice, std::string_view source);

// A bundle of objects as they are written, in order; its id follows from them.
std::string bundle(const std::vector<std::string>& texts);

}  // namespace threatlas::exchange::stix

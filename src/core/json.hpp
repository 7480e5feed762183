// JSON values are Boost.JSON's; the writer is ours, because bundles are hashed: keys sorted, numbers
// in their shortest exact form, UTF-8, so equal values give equal bytes.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::core {

namespace json = boost::json;

// bad_input with 'source' and the line on malformed text; depth is limited to 64. Numbers are the
// nearest double to their digits; one beyond the range of a double is refused.
Result<json::value> parse_json(std::string_view text, std::string_view source);

// Canonical text; indent 0 writes one line, otherwise that many spaces a level.
// NaN and infinities are written as null: JSON has no other word for 'no number'.
std::string write_json(const json::value& value, int indent = 0);

// Shortest decimal that reads back to the same double ('0.1', '1e+22').
std::string number_text(double value);

}  // namespace threatlas::core

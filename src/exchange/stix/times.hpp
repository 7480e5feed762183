// Timestamps of STIX 2.1 (3.16): RFC 3339 in UTC with 'Z'.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace threatlas::exchange::stix {

// A day ('2026-11-29') or an RFC 3339 time in UTC, written with exactly three digits after the second, as `created`
// and `modified` must be; what is finer is cut off. None for anything else.
std::optional<std::string> to_time(std::string_view text);

// Whether it is a time that exists, ends in 'Z' and has at most `digits` places after the second (a leap second is no time here).
bool is_time(std::string_view text, int digits = 9);

}  // namespace threatlas::exchange::stix

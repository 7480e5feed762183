// Server-sent events as text, and where a reader resumes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "serve/net/message.hpp"

namespace threatlas::serve::net {

inline constexpr std::string_view kStreamOpens = "retry: 2000\n: ready\n\n";   // how long a browser waits before it comes again
inline constexpr std::string_view kStillHere = ": still here\n\n";

// Line breaks in the data become lines of data; one in the type ends the type.
void append_event(std::string& out, const Event& event);

// What Last-Event-ID says; none: nothing, or no number of ours.
std::optional<std::uint64_t> last_event_id(std::string_view header);

}  // namespace threatlas::serve::net

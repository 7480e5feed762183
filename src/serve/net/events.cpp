#include "serve/net/events.hpp"

#include <charconv>

namespace threatlas::serve::net {

void append_event(std::string& out, const Event& event) {
    out.append("id: ").append(std::to_string(event.id));
    const std::string_view type = std::string_view(event.type).substr(0, event.type.find_first_of("\r\n"));
    if (!type.empty()) out.append("\nevent: ").append(type);
    std::string_view rest = event.data;
    for (;;) {
        const std::size_t end = rest.find_first_of("\r\n");
        out.append("\ndata: ").append(rest.substr(0, end));
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
    }
    out.append("\n\n");
}

std::optional<std::uint64_t> last_event_id(std::string_view header) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), number);
    if (error != std::errc() || end != header.data() + header.size()) return std::nullopt;
    return number;
}

}  // namespace threatlas::serve::net

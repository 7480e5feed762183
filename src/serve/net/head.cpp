#include "serve/net/head.hpp"

#include <algorithm>

namespace threatlas::serve::net {
namespace {

bool odd(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

HeadSearch::Found HeadSearch::look(std::string_view received) {
    for (;;) {
        const std::size_t feed = received.find('\n', at_);
        if (feed == std::string_view::npos) {
            at_ = received.size();
            return Found::not_yet;
        }
        if (feed == 0 || received[feed - 1] != '\r') return Found::bare_line_feed;
        const bool empty = feed - line_ == 1;
        at_ = line_ = feed + 1;
        if (first_ == 0) first_ = at_;
        if (empty) return Found::end;
    }
}

std::optional<Refusal> refused_head(std::string_view head, const Limits& limits) {
    std::size_t lines = 0;
    for (std::string_view rest = head; !rest.empty(); ++lines) {
        const std::size_t end = rest.find("\r\n");
        if (end == std::string_view::npos) return Refusal{400, "a line of the head does not end in CR LF"};
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (std::any_of(line.begin(), line.end(), odd)) return Refusal{400, "the head holds a control character"};
        if (lines == 0) {
            const std::size_t from = line.find(' '), to = line.rfind(' ');
            if (from == std::string_view::npos || to <= from || line.find(' ', from + 1) != to) return Refusal{400, "the first line is not a method, an address and a version"};
            if (to - from - 1 > limits.target_bytes) return Refusal{414, "the address is too long"};
        } else if (!line.empty() && (line.front() == ' ' || line.front() == '\t')) {
            return Refusal{400, "a header line is folded"};
        }
    }
    if (lines > limits.headers + 2) return Refusal{431, "too many header lines"};
    if (head.size() > limits.header_bytes) return Refusal{431, "the head is too long"};
    return std::nullopt;
}

}  // namespace threatlas::serve::net

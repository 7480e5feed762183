// The head of a request as it was sent: what a lenient reader would repair, and two readers would read differently, is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "serve/net/server.hpp"

namespace threatlas::serve::net {

struct Refusal {
    int status = 400;
    std::string sentence;
};

// Finds the end of a head in what has been received so far; remembers how far it has looked.
class HeadSearch {
  public:
    enum class Found { not_yet, end, bare_line_feed };
    Found look(std::string_view received);
    std::size_t end() const { return at_; }          // after the empty line, when found
    std::size_t first_line() const { return first_; }  // its length with the line end; 0: not complete yet

  private:
    std::size_t at_ = 0, first_ = 0, line_ = 0;
};

// A head up to and with its empty line. 400: lines that do not end in CR LF, folded lines, control characters; 414; 431.
std::optional<Refusal> refused_head(std::string_view head, const Limits& limits);

}  // namespace threatlas::serve::net

// What an SMTP server says (RFC 5321, 4.2), byte by byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::mail {

struct Reply {
    int code = 0;                     // 200-599
    std::vector<std::string> lines;   // without the code
    bool says(std::string_view keyword) const;                  // of EHLO: 'STARTTLS', whatever the case
    std::string_view after(std::string_view keyword) const;     // 'PLAIN LOGIN' of 'AUTH PLAIN LOGIN'
    std::string text() const;         // for the log: one line of printable ASCII, at most 200 bytes
};

class ReplyReader {
  public:
    // Takes up to the end of the reply and says how much. bad_input: no reply, a line of more than 2000 bytes, or more than 200 lines.
    core::Result<std::size_t> take(std::string_view bytes);
    bool done() const { return done_; }
    Reply& reply() { return reply_; }

  private:
    core::Result<void> line();
    std::string line_;
    bool done_ = false;
    Reply reply_;
};

}  // namespace threatlas::exchange::mail

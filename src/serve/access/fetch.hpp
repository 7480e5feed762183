// One small request to a server we were told to trust: for sign-in elsewhere. HTTP/1.0 without keep-alive, so that an
// answer ends with the connection; certificates are checked against the system's authorities.
#pragma once

#include <string>

#include "core/result.hpp"

namespace threatlas::serve::access {

struct Fetch {
    std::string url;              // https://..., or http://127.0.0.1 and http://localhost when allowed
    std::string form;             // application/x-www-form-urlencoded: makes it a POST
    std::string authorization;    // value of the header; empty: none
    bool allow_http = false;      // loopback alone
};

// The body of a 200. unavailable: not reached within five seconds for each step, not to be trusted, or another status (the body is
// not repeated: it may hold secrets). At most 1 MiB.
core::Result<std::string> fetch(const Fetch& request);

// As in a form: everything but letters, digits and '-._~' escaped.
std::string form_escaped(std::string_view text);

}  // namespace threatlas::serve::access

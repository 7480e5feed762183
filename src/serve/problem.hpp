// What goes wrong, as application/problem+json (RFC 9457), with the same codes as the command line.
#pragma once

#include <string>

#include "core/result.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve {

net::Response problem(const core::Error& error, const std::string& request_id);
// Where the status says more than the code: 401, 405, 413, 415, 429 ...
net::Response problem(int status, core::ErrorCode code, const std::string& detail, const std::string& request_id);

}  // namespace threatlas::serve

// A line a request on standard error: who knows the address knows nothing more. Never a query, a cookie, a token
// or a body.
#pragma once

#include <memory>
#include <string>

#include "serve/dispatch.hpp"

namespace spdlog {
class logger;
}

namespace threatlas::serve {

class RequestLog {
  public:
    explicit RequestLog(bool on);
    void handled(const net::Request& request, const Handled& what);
    // What never became a request: refused, or an answer that broke.
    void noted(const net::Peer& peer, int status, const std::string& sentence);
    void say(const std::string& sentence);   // of the server itself

  private:
    std::shared_ptr<spdlog::logger> log_;
};

}  // namespace threatlas::serve

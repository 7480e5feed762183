// What the server counts of itself, as Prometheus reads it.
#pragma once

#include <memory>
#include <string>

#include "serve/net/server.hpp"

namespace threatlas::serve {

class Metrics {
  public:
    Metrics();
    ~Metrics();
    // route: its id, or 'none' and 'page'; never an address that somebody made up.
    void handled(const std::string& route, int status, double seconds);
    // The text format, with the connections' counts beside.
    std::string text(const net::Counts& counts) const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace threatlas::serve

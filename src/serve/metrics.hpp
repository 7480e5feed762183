// What the server counts of itself, as Prometheus reads it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "serve/net/server.hpp"

namespace threatlas::serve {

class Metrics {
  public:
    Metrics();
    ~Metrics();
    // route: its id, or 'none' and 'page'; never an address that somebody made up.
    void handled(const std::string& route, int status, double seconds);
    // A value read when it is asked for: jobs running, rows cached. Before the first text().
    void gauge(std::string name, std::string help, std::function<double()> read);
    // The text format, with the connections' counts beside.
    std::string text(const net::Counts& counts) const;

  private:
    struct Families;
    struct Gauge {
        std::string name, help;
        std::function<double()> read;
    };
    std::unique_ptr<Families> families_;
    std::vector<Gauge> gauges_;
};

}  // namespace threatlas::serve

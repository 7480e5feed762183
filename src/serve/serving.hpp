// The whole server: store, catalogue, who may come in, routes, dashboard; started, and stopped by a signal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "serve/dispatch.hpp"
#include "serve/net/server.hpp"
#include "serve/service.hpp"

namespace threatlas::serve {

struct ServeOptions {
    std::string data_folder, catalogue_folder, version;
    std::string store{};  // postgres://...; empty: the embedded store in data_folder
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string key_file;      // of encrypted fields; empty: beside the data folder
    net::Tls tls{};
    unsigned workers = 4;
    bool log = true;           // a line a request, to standard error
    unsigned sync_every = 30;  // seconds between two rounds with the peers; 0: none
};

class Serving {
  public:
    virtual ~Serving() = default;   // stops
    static core::Result<std::unique_ptr<Serving>> start(const ServeOptions& options);
    virtual std::uint16_t port() const = 0;
    // The secret of the one-time link that makes the first administrator; empty when there are people.
    virtual const std::string& setup_secret() const = 0;
    virtual void stop() = 0;
};

}  // namespace threatlas::serve

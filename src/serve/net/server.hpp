// The HTTP/1.1 server: connections, TLS, limits, deadlines, compression, streams. Knows nothing of
// what is served. Event loops read and write; handlers run on workers.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::net {

struct Tls {
    std::string certificate, key;   // PEM files; empty: no TLS
    std::string client_authority;   // PEM file of who signs client certificates; empty: none is asked for
    bool client_required = false;
};

struct Limits {
    std::size_t connections = 8192, connections_each = 4096;   // in all, and of one address
    std::size_t header_bytes = 16 * 1024, headers = 100, target_bytes = 8 * 1024;
    std::uint64_t body_in_memory = 1 << 20, body = std::uint64_t{256} << 20;   // spooled between the two; refused (413) above
    std::chrono::milliseconds handshake{5000}, header{10000}, idle{60000}, write{30000};
    std::uint64_t body_rate = 1024; // bytes a second, at least, averaged over body_window
    std::chrono::milliseconds body_window{10000}, heartbeat{15000};   // heartbeat: of a stream of events without any
    std::size_t streams = 2048;     // of events, at a time
    std::size_t waiting = 2048;     // requests for whom no worker is free; 503 above
    std::chrono::milliseconds grace{5000};   // for what is under way when the server is stopped
};

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;         // 0: any free one
    unsigned loops = 2, workers = 4;
    Tls tls{};
    Limits limits{};
    std::string spool_folder;       // of bodies above body_in_memory
    // Answers that cost microseconds and never block (a cached page): tried on the event loop before
    // a worker is asked; status 0: not one of those.
    Handler quick{};
    // What no handler hears of, for the log: a request refused before there was one (4xx, 503), an answer that broke
    // half-way (500). Called on any thread; quick.
    std::function<void(const Peer& peer, int status, const std::string& sentence)> noted{};
};

// Counted since the start; for /metrics.
struct Counts {
    std::uint64_t connections = 0, open = 0, refused = 0, requests = 0, streams = 0, timeouts = 0, malformed = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0;
};

class Server {
  public:
    virtual ~Server() = default;    // stops
    // unavailable when the address cannot be listened on, bad_input for a certificate or key that cannot be read.
    static core::Result<std::unique_ptr<Server>> start(const Options& options, Handler handler);
    virtual std::uint16_t port() const = 0;
    virtual void wake() = 0;        // streams of events look for new ones
    // Takes no more connections, lets what is under way finish (at most Limits::grace), ends streams. Not to be
    // called by a handler, whose end it waits for.
    virtual void stop() = 0;
    virtual Counts counts() const = 0;
};

}  // namespace threatlas::serve::net

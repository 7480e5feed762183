// A connection that never waits beyond a deadline: plain, or TLS from the start or from some point on. TLS works on memory, so
// that one loop reads and writes for both.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace threatlas::exchange::net {

using Moment = std::chrono::steady_clock::time_point;

struct Trust {                        // PEM files
    std::string authorities{};        // who signs servers' certificates; empty: the system's
    std::string certificate{}, key{}; // of ourselves; empty: none is shown
};

// Asked for each address a name stands for, as numbers ('192.0.2.1'), before it is spoken to; none: any will do.
using Reachable = std::function<bool(std::string_view address)>;

class Line {
  public:
    Line(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {}
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line();

    // unavailable with the reason. The host may be a name, or numbers, IPv6 in brackets.
    core::Result<void> connect(Moment until, const Reachable& reachable = {});
    core::Result<void> secure(const Trust& trust, Moment until);
    bool secured() const { return tls_ != nullptr; }
    bool send(std::string_view bytes, Moment until);           // false: cut, or the deadline
    // As of recv(): 0 the end, which over TLS the other side must have said; less than 0 an error or the deadline.
    int receive(char* into, std::size_t size, Moment until);
    // The other side has closed it, or says what nobody asked for.
    bool ended() const;
    tl::unexpected<core::Error> unreached(const std::string& why) const;

  private:
    struct Free {
        void operator()(ssl_st* each) const;
        void operator()(ssl_ctx_st* each) const;
    };
    bool wait(short what, Moment until) const;
    bool send_raw(std::string_view bytes, Moment until) const;
    bool flush(Moment until) const;
    int receive_raw(char* into, std::size_t size, Moment until) const;
    int fill(Moment until) const;

    std::string host_, port_;
    int socket_ = -1;
    std::unique_ptr<ssl_ctx_st, Free> context_;
    std::unique_ptr<ssl_st, Free> tls_;
};

}  // namespace threatlas::exchange::net

// Bytes in, requests out: the boundary between what anybody may send and what a handler sees. Without sockets, so
// that it can be tested and fuzzed by itself.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "serve/net/head.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::net {

class RequestReader {
  public:
    enum class Step {
        more,       // receive more
        go_ahead,   // once: the peer waits for '100 Continue' before it sends the body
        whole,      // take() it
        refused     // for good: where the next request begins is not known
    };
    RequestReader(const Limits& limits, const std::string& spool_folder);
    ~RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

    std::span<char> room();              // where to receive to; valid until the next call
    void received(std::size_t bytes);    // how much of it was filled
    Step step();

    bool begun() const;                  // bytes of a request are here
    bool in_body() const;
    const Refusal& refusal() const;
    bool keep_alive() const;             // of the request that is whole
    bool old() const;                    // it is HTTP/1.0
    Request take();                      // after whole; peer and id are the caller's to fill
    void release();                      // between requests: gives memory back

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace threatlas::serve::net

// Where the body of a request ends: after so many bytes, or after its last chunk. Chunks are read strictly: no extensions
// (nobody sends them but who hopes that two readers differ), trailers are checked and dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "serve/net/body_sink.hpp"
#include "serve/net/head.hpp"

namespace threatlas::serve::net {

class BodyReader {
  public:
    // length: none when it comes in chunks, which together may be `limit` long.
    BodyReader(std::optional<std::uint64_t> length, std::uint64_t limit);
    // How many of the bytes belonged to the body; 400, 413, and 503 when they cannot be kept.
    std::size_t take(std::string_view bytes, BodySink& sink);
    bool done() const { return state_ == State::done; }
    const std::optional<Refusal>& refusal() const { return refusal_; }

  private:
    enum class State { size, size_end, data, data_return, data_end, line_begin, line, line_end, last_end, done };
    void next(char c);
    void refuse(int status, const char* why) { refusal_ = Refusal{status, why}; }

    State state_;
    bool chunked_;
    std::uint64_t left_, limit_, total_ = 0;
    int digits_ = 0;
    std::size_t trailers_ = 0;
    std::optional<Refusal> refusal_;
};

}  // namespace threatlas::serve::net

// The bytes of an HTTP/1.x answer, piece by piece. What is odd is refused, never repaired.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "exchange/http/client.hpp"

namespace threatlas::exchange::http {

class AnswerReader {
  public:
    // head_only: of HEAD, which has no body.
    AnswerReader(std::size_t most, bool head_only) : most_(most), head_only_(head_only) {}

    // bad_input: no HTTP, or more than `most`. What comes after the end is an error too: nothing else was asked for.
    core::Result<void> take(std::string_view bytes);
    // The connection has ended. unavailable when the answer had not.
    core::Result<void> end();
    bool done() const { return state_ == State::done; }
    bool begun() const { return begun_; }
    bool keeps() const { return keeps_; }   // the connection may be used again
    Answer& answer() { return answer_; }

  private:
    enum class State { head, sized, until_close, chunk_size, chunk, chunk_end, trailers, done };
    core::Result<void> head();
    core::Result<std::size_t> line(std::string_view bytes);   // what it took; whole when line_ ends in '\n'
    core::Result<void> line_done();

    std::size_t most_;
    bool head_only_, keeps_ = false, begun_ = false;
    State state_ = State::head;
    std::string line_;
    std::uint64_t left_ = 0;
    std::size_t head_bytes_ = 0;
    Answer answer_;
};

}  // namespace threatlas::exchange::http

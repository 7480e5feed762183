// Takes the body of a request: in memory while it is small, else in a file of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::net {

class BodySink {
  public:
    BodySink(std::string folder, std::uint64_t in_memory) : folder_(std::move(folder)), in_memory_(in_memory) {}
    BodySink(const BodySink&) = delete;
    BodySink& operator=(const BodySink&) = delete;
    ~BodySink();

    core::Result<void> add(std::string_view piece);   // unavailable when the file cannot be written
    core::Result<void> finish(Request& into);

  private:
    core::Result<void> write(std::string_view piece);

    std::string folder_, text_, path_;
    std::uint64_t in_memory_, bytes_ = 0;
    int file_ = -1;
};

}  // namespace threatlas::serve::net

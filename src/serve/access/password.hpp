// Passwords: argon2id (libsodium, 3 passes over 64 MiB), never more than a few at a time, and the same work
// whether or not there is anything to compare with.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::serve::access {

struct Cost {
    std::uint64_t passes = 3;
    std::size_t memory = std::size_t{64} << 20;
};

class Passwords {
  public:
    // at_once: hashes under way; waiting: callers that may wait for one, each at most five seconds.
    explicit Passwords(Cost cost = {}, unsigned at_once = 2, unsigned waiting = 6);

    // unavailable: too many at a time, try again in a second.
    core::Result<std::string> hash(std::string_view password);
    // An empty `stored` costs the same and is never right.
    core::Result<bool> verify(std::string_view stored, std::string_view password);
    std::uint64_t count() const { return count_; }   // of hashes computed

  private:
    class Turn;
    core::Result<void> enter();
    void leave();

    Cost cost_;
    unsigned free_, waiting_;
    std::mutex lock_;
    std::condition_variable freed_;
    std::atomic<std::uint64_t> count_ = 0;
    std::string nobody_;   // the hash of a password nobody has
};

// bad_input, in words: shorter than 12 characters, longer than 1024 bytes, holds the name, or is one everybody tries.
core::Result<void> check_password(std::string_view password, std::string_view name);

}  // namespace threatlas::serve::access

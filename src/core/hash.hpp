// SHA-256 (libsodium), in lower-case hexadecimal. Used for content identity and audit chains.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::core {

std::string sha256(std::string_view bytes);
// Streams the file: constant memory. not_found or unavailable when it cannot be read.
Result<std::string> sha256_file(const std::string& path);

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(const void* bytes, std::size_t size);
    void add(std::string_view text) { add(text.data(), text.size()); }
    std::string finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace threatlas::core

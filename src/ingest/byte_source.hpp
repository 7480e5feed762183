// Bytes of a file, plain or gzip (told by its first two bytes), in constant memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::ingest {

class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // Up to size bytes; 0 only at the end. bad_input for a damaged or truncated .gz, unavailable for a
    // disk that cannot be read.
    virtual core::Result<std::size_t> read(char* into, std::size_t size) = 0;
    virtual std::uint64_t offset() const = 0;  // bytes of the file itself (compressed, for .gz) read so far
    virtual std::uint64_t total() const = 0;   // size of the file
};

// not_found when there is none; bad_usage for a folder.
core::Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path);
// Over text the caller keeps alive: tests and fuzzing.
std::unique_ptr<ByteSource> bytes_of(std::string_view text);

}  // namespace threatlas::ingest

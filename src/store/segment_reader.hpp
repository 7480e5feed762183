// Reads a segment. Nothing in the file is believed: sizes are checked against the file, codes
// against the dictionary, content against the hashes. bad_input: not a segment, or a version we do
// not know; mismatch: a segment whose content is not what its name says. Never a crash.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/file_io.hpp"
#include "store/segment_format.hpp"

namespace threatlas::store {

struct ColumnView {
    segment::ColumnHead head{};
    const std::uint8_t* data = nullptr;
};

// One checked chunk; views point into the buffer it was read to.
struct Chunk {
    std::uint32_t rows = 0;
    std::array<ColumnView, segment::columns> columns;
};

class Segment {
  public:
    struct ChunkEntry {
        std::uint64_t offset = 0, bytes = 0;
        std::uint32_t rows = 0;
        std::int32_t known_first = 0, known_last = 0;
        segment::Digest hash{};
    };

    // `name` is the hash the file must have; empty takes the file's own (tests).
    static core::Result<Segment> open(const std::string& path, const std::string& name);
    core::Result<Chunk> read(std::size_t chunk, std::vector<std::uint8_t>& buffer) const;

    std::size_t words() const { return ends_.size(); }
    std::string_view word(std::size_t code) const;
    std::uint8_t usage(std::size_t code) const {
        return static_cast<std::uint8_t>(letters_[usage_at_ + code]);
    }
    bool has_nature(unsigned nature) const { return (natures_ >> nature & 1u) != 0; }
    const std::vector<ChunkEntry>& chunks() const { return chunks_; }
    std::uint64_t rows() const { return rows_; }
    std::uint64_t bytes() const { return bytes_; }
    const std::string& hash() const { return hash_; }

  private:
    core::Result<void> parse_footer(std::string footer, std::uint64_t footer_at);

    File file_;
    std::string hash_, letters_;  // letters_: the footer as read
    std::size_t letters_at_ = 0, usage_at_ = 0;
    std::vector<std::uint32_t> ends_;
    std::uint16_t natures_ = 0;
    std::vector<ChunkEntry> chunks_;
    std::uint64_t rows_ = 0, bytes_ = 0;
};

// Rows of a chunk that are wanted, ascending; null stands for all of them.
using Kept = const std::vector<std::uint32_t>*;

void decode_codes(const Chunk& chunk, segment::Column column, Kept kept,
                  std::span<const std::uint32_t> to_code, std::uint32_t* out);
void decode(const Chunk& chunk, segment::Column column, Kept kept, std::int32_t* out);
void decode(const Chunk& chunk, segment::Column column, Kept kept, std::uint8_t* out);
void decode(const Chunk& chunk, segment::Column column, Kept kept, std::uint64_t* out);
void decode(const Chunk& chunk, segment::Column column, Kept kept, double* out);

}  // namespace threatlas::store

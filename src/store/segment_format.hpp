// The segment: the observations of one submission, in columns, never changed once written.
// Little endian throughout.
//
//   header    8 bytes 'TLSEG' 0 0 and the version
//   chunks    each: u32 rows, u32 zero, one 16-byte ColumnHead a column, then the columns' data in
//             the same order, each padded to 8 bytes
//   footer    (a word may stand twice, with two codes) u32 words, u32 bytes of words, the words' ends (u32 each), the words, one usage byte
//             a word (which filterable columns use it), u16 bit set of natures, u32 chunks, then
//             per chunk: u64 offset, u64 bytes, u32 rows, i32 first and last known_at, 32 bytes of
//             hash
//   trailer   u64 footer offset, u64 footer bytes, 32 bytes BLAKE2b-256 of header and footer,
//   'TLSEGEND'
//
// The hash in the trailer is the segment's name: it covers the footer, and the footer covers each
// chunk, so chunks are checked in parallel as they are read. BLAKE2b because libsodium's takes a
// third of the time of its SHA-256 (docs/adr/0005-store-engine.md).
#pragma once

#include <sodium.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace threatlas::store::segment {

enum Column : std::size_t {
    what,
    member,
    place,
    unit,
    dims,
    flags,
    evaluation,
    handling,
    source,
    file,  // codes of words
    begin,
    end,
    known_at,
    state,
    nature,
    statement,
    row,  // whole numbers
    value,
    upper,  // doubles
    columns,
};
constexpr std::size_t kTexts = file + 1;

// How a column of a chunk is held: offsets from `base` in 0, 1, 2, 4 or 8 bytes each.
enum Kind : std::uint8_t {
    whole = 0,         // base + offset
    raw_double = 1,    // eight bytes each
    whole_double = 2,  // doubles that are whole numbers below 2^53: base + offset
    as_value = 3,      // the same as the `value` column
};

struct ColumnHead {
    std::uint8_t kind = whole, width = 0;
    std::array<std::uint8_t, 6> zero{};
    std::int64_t base = 0;
};
static_assert(sizeof(ColumnHead) == 16);

// Bits of a word's usage byte.
enum Usage : std::uint8_t { in_what = 1, in_member = 2, in_place = 4, in_handling = 8 };

using Digest = std::array<std::uint8_t, 32>;

constexpr std::array<char, 8> kHeader{'T', 'L', 'S', 'E', 'G', 0, 0, 1};
constexpr std::array<char, 8> kEnd{'T', 'L', 'S', 'E', 'G', 'E', 'N', 'D'};
constexpr std::size_t kTrailerBytes = 8 + 8 + 32 + 8;
constexpr std::size_t kChunkHeadBytes = 8 + columns * sizeof(ColumnHead);
constexpr std::size_t kChunkEntryBytes = 8 + 8 + 4 + 4 + 4 + 32;
constexpr std::uint32_t kChunkRows = 1u << 18;

constexpr std::size_t padded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

template <class T>
T load(const std::uint8_t* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

Digest digest(const void* bytes, std::size_t size);

// The same, of what comes in pieces.
class Hasher {
  public:
    Hasher();
    void add(const void* bytes, std::size_t size);
    Digest finish();

  private:
    crypto_generichash_blake2b_state state_;
};

}  // namespace threatlas::store::segment

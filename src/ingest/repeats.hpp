// Which rows were seen before: a flat open-addressing table of 64-bit keys, 16 bytes a slot, at most
// 70 % full; 5 million rows take 128 MiB. From 12 million rows on the table is written out, sorted, to an
// unnamed temporary file and begun anew; a Bloom filter (128 MiB, 4 bits a key set) tells which keys may be there.
// So memory stays below 450 MiB whatever the file's size. Two different rows share a key with
// probability n^2 / 2^65 (n = 5 million: 7e-7 over the whole file).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

namespace threatlas::ingest {

// splitmix64's finaliser (Steele, Lea and Flood 2014).
inline std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}
inline std::uint64_t combine(std::uint64_t seed, std::uint64_t next) { return mix(seed ^ mix(next)); }
inline std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return mix(hash);
}

class Repeats {
  public:
    struct Answer {
        bool seen = false, same = false;  // same: with equal content
        std::uint64_t row = 0;            // where it was first seen
    };
    // most_slots: a power of two; the table never grows beyond it unless no temporary file can be had.
    explicit Repeats(std::size_t most_slots = std::size_t{1} << 24) : most_(most_slots), slots_(std::min<std::size_t>(4096, most_slots)) {}

    // Cost: constant; one read of 4 KiB for each written-out run that may hold the key.
    Answer see(std::uint64_t key, std::uint64_t content, std::uint64_t row);

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t content = 0, row = 0;
    };
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    struct Run {   // sorted slots in a file, with every 256th key at hand
        std::unique_ptr<std::FILE, Close> file;
        std::vector<std::uint64_t> fences;
        std::size_t size = 0;
    };
    void make_room();
    void hash_into(std::size_t size);
    bool write_out();
    bool find(const Run& run, std::uint64_t key, Slot& out) const;
    bool filter(std::uint64_t key, bool set);

    std::size_t most_;
    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    std::vector<Run> runs_;
    std::vector<std::uint64_t> filter_;
};

}  // namespace threatlas::ingest

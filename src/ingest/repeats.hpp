// Which rows were seen before: a flat open-addressing table of 64-bit keys, 16 bytes a slot, at most
// 70 % full; 5 million rows take 128 MiB. Two different rows share a key with probability n^2 / 2^65
// (n = 5 million: 7e-7 over the whole file).
#pragma once

#include <algorithm>
#include <cstdint>
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
    Answer see(std::uint64_t key, std::uint64_t content, std::uint64_t row) {
        if ((used_ + 1) * 10 > slots_.size() * 7) grow();
        key = std::max<std::uint64_t>(key, 1);  // 0 marks a free slot
        const auto mark = static_cast<std::uint32_t>(content >> 32);
        for (std::size_t at = key & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            Slot& slot = slots_[at];
            if (slot.key == 0) {
                slot = {key, mark, static_cast<std::uint32_t>(std::min<std::uint64_t>(row, UINT32_MAX))};
                ++used_;
                return {};
            }
            if (slot.key == key) return {true, slot.content == mark, slot.row};
        }
    }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t content = 0, row = 0;
    };
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.key == 0) continue;
            std::size_t at = slot.key & (slots_.size() - 1);
            while (slots_[at].key != 0) at = (at + 1) & (slots_.size() - 1);
            slots_[at] = slot;
        }
    }
    std::vector<Slot> slots_ = std::vector<Slot>(4096);
    std::size_t used_ = 0;
};

}  // namespace threatlas::ingest

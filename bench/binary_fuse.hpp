// A binary fuse filter of four positions (Graf and Lemire 2022), as far as the decision in ADR 21 needs one: made, packed, looked up in.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace bench {

class BinaryFuse {
  public:
    // Keys: distinct and uniform.
    BinaryFuse(const std::vector<std::uint64_t>& keys, unsigned bits) : bits_(bits) {
        const double n = std::max<double>(2, static_cast<double>(keys.size()));
        segment_ = 1U << static_cast<unsigned>(std::max(2.0, std::floor(std::log(n) / std::log(2.91) - 0.5)));
        const double factor = std::max(1.075, 0.77 + 0.305 * std::log(600000.0) / std::log(n));
        segments_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(n * factor / static_cast<double>(segment_))) - 3);
        const std::size_t slots = (segments_ + 3) * segment_;
        std::vector<std::uint64_t> order(keys.size()), sums(slots);
        std::vector<std::uint32_t> counts(slots);
        std::vector<std::size_t> alone, where(keys.size());
        for (seed_ = 1;; ++seed_) {
            std::fill(sums.begin(), sums.end(), 0), std::fill(counts.begin(), counts.end(), 0U);
            for (const auto key : keys)
                for (const auto at : places(key)) sums[at] ^= key, ++counts[at];
            alone.clear();
            for (std::size_t i = 0; i < slots; ++i)
                if (counts[i] == 1) alone.push_back(i);
            std::size_t done = 0;
            while (!alone.empty()) {
                const std::size_t at = alone.back();
                alone.pop_back();
                if (counts[at] != 1) continue;
                const std::uint64_t key = sums[at];
                order[done] = key, where[done++] = at;
                for (const auto each : places(key)) {
                    sums[each] ^= key;
                    if (--counts[each] == 1) alone.push_back(each);
                }
            }
            if (done == keys.size()) break;
        }
        packed_.assign((slots * bits_ + 7) / 8 + 8, 0);
        for (std::size_t i = keys.size(); i-- > 0;) {
            std::uint64_t value = print(order[i]);
            for (const auto at : places(order[i])) value ^= read(at);
            write(where[i], value);
        }
    }
    bool contains(std::uint64_t key) const {
        std::uint64_t value = print(key);
        for (const auto at : places(key)) value ^= read(at);
        return value == 0;
    }
    std::size_t bytes() const { return packed_.size(); }

  private:
    static std::uint64_t mixed(std::uint64_t key) {
        key ^= key >> 33, key *= 0xff51afd7ed558ccdULL, key ^= key >> 33, key *= 0xc4ceb9fe1a85ec53ULL;
        return key ^ key >> 33;
    }
    std::uint64_t print(std::uint64_t key) const { return mixed(key * 0x9e3779b97f4a7c15ULL) & ((std::uint64_t{1} << bits_) - 1); }
    std::array<std::size_t, 4> places(std::uint64_t key) const {
        const std::uint64_t hash = mixed(key + seed_);
        __extension__ typedef unsigned __int128 Wide;
        const auto first = static_cast<std::size_t>(static_cast<Wide>(hash) * (segments_ * segment_) >> 64);
        const std::size_t mask = segment_ - 1;
        return {first, (first + segment_) ^ (hash & mask), (first + 2 * segment_) ^ ((hash >> 18) & mask), (first + 3 * segment_) ^ ((hash >> 36) & mask)};
    }
    std::uint64_t read(std::size_t slot) const {
        const std::size_t bit = slot * bits_;
        std::uint64_t word;
        std::memcpy(&word, packed_.data() + bit / 8, 8);
        return word >> (bit % 8) & ((std::uint64_t{1} << bits_) - 1);
    }
    void write(std::size_t slot, std::uint64_t value) {   // where there were zeros
        const std::size_t bit = slot * bits_;
        std::uint64_t word;
        std::memcpy(&word, packed_.data() + bit / 8, 8);
        word |= value << (bit % 8);
        std::memcpy(packed_.data() + bit / 8, &word, 8);
    }

    unsigned bits_;
    std::size_t segment_ = 0;
    std::uint64_t segments_ = 0, seed_ = 0;
    std::vector<unsigned char> packed_;
};

}  // namespace bench

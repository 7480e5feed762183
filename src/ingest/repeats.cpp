#include "ingest/repeats.hpp"

#include <unistd.h>

namespace threatlas::ingest {
namespace {

constexpr std::size_t kFence = 256, kFilterBits = std::size_t{1} << 30;

}  // namespace

Repeats::Answer Repeats::see(std::uint64_t key, std::uint64_t content, std::uint64_t row) {
    if ((used_ + 1) * 10 > slots_.size() * 7) make_room();
    key = std::max<std::uint64_t>(key, 1);  // 0 marks a free slot
    const auto mark = static_cast<std::uint32_t>(content >> 32);
    std::size_t at = key & (slots_.size() - 1);
    for (; slots_[at].key != 0; at = (at + 1) & (slots_.size() - 1))
        if (slots_[at].key == key) return {true, slots_[at].content == mark, slots_[at].row};
    if (!runs_.empty() && filter(key, false))
        for (const Run& run : runs_)
            if (Slot old; find(run, key, old)) return {true, old.content == mark, old.row};
    slots_[at] = {key, mark, static_cast<std::uint32_t>(std::min<std::uint64_t>(row, UINT32_MAX))};
    ++used_;
    return {};
}

void Repeats::make_room() {
    if (slots_.size() < most_ || !write_out()) hash_into(slots_.size() * 2);
}

void Repeats::hash_into(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.key == 0) continue;
        std::size_t at = slot.key & (size - 1);
        while (slots_[at].key != 0) at = (at + 1) & (size - 1);
        slots_[at] = slot;
    }
}

// False when no temporary file can be had or filled.
bool Repeats::write_out() {
    Run run;
    run.file.reset(std::tmpfile());
    if (run.file == nullptr) return false;
    std::sort(slots_.begin(), slots_.end(), [](const Slot& a, const Slot& b) { return a.key < b.key; });
    const auto first = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.key != 0; });
    run.size = static_cast<std::size_t>(slots_.end() - first);
    const bool whole = std::fwrite(&*first, sizeof(Slot), run.size, run.file.get()) == run.size && std::fflush(run.file.get()) == 0;
    if (!whole) return false;   // the table is sorted now: the caller hashes it anew
    if (filter_.empty()) filter_.assign(std::min(kFilterBits, most_ * 64) / 64, 0);
    for (auto slot = first; slot != slots_.end(); ++slot) {
        if (static_cast<std::size_t>(slot - first) % kFence == 0) run.fences.push_back(slot->key);
        filter(slot->key, true);
    }
    std::fill(slots_.begin(), slots_.end(), Slot{});
    used_ = 0;
    runs_.push_back(std::move(run));
    return true;
}

bool Repeats::find(const Run& run, std::uint64_t key, Slot& out) const {
    const auto after = std::upper_bound(run.fences.begin(), run.fences.end(), key);
    if (after == run.fences.begin()) return false;
    const auto begin = static_cast<std::size_t>(after - run.fences.begin() - 1) * kFence;
    Slot block[kFence];
    const std::size_t count = std::min(kFence, run.size - begin);
    const auto got = pread(fileno(run.file.get()), block, count * sizeof(Slot), static_cast<off_t>(begin * sizeof(Slot)));
    if (got != static_cast<ssize_t>(count * sizeof(Slot))) return false;
    const auto found = std::lower_bound(block, block + count, key, [](const Slot& slot, std::uint64_t wanted) { return slot.key < wanted; });
    if (found == block + count || found->key != key) return false;
    out = *found;
    return true;
}

// Bloom filter with four bits a key (Kirsch and Mitzenmacher 2008: two hashes make them all).
bool Repeats::filter(std::uint64_t key, bool set) {
    const std::uint64_t bits = filter_.size() * 64, one = mix(key), two = mix(one) | 1;
    bool all = true;
    for (std::uint64_t i = 0; i < 4; ++i) {
        const std::uint64_t bit = (one + i * two) % bits;
        std::uint64_t& word = filter_[bit / 64];
        all = all && ((word >> (bit % 64)) & 1U) != 0;
        if (set) word |= std::uint64_t{1} << (bit % 64);
    }
    return all;
}

}  // namespace threatlas::ingest

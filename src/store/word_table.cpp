#include "store/word_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace threatlas::store {

using core::Result;

std::uint32_t WordTable::number(std::string_view word) {
    std::uint64_t head = 0, tail = 0;
    const std::size_t part = std::min<std::size_t>(word.size(), 8);
    if (part > 0) {
        std::memcpy(&head, word.data(), part);
        std::memcpy(&tail, word.data() + word.size() - part, part);
    }
    const std::uint64_t mixed = (head ^ std::rotl(tail, 29) ^ word.size()) * 0x9e3779b97f4a7c15ull;
    std::uint32_t& recent = recent_[mixed >> 52];
    if (is(recent, word)) return recent;

    if (ends_.size() * 2 >= slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(word));
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask) {
        const std::uint32_t held = slots_[at] - 1;
        if (hashes_[held] == hash && text(held) == word) return recent = first_ + held;
    }
    letters_ += word;
    ends_.push_back(letters_.size());
    hashes_.push_back(hash);
    uses_.push_back(0);
    slots_[at] = static_cast<std::uint32_t>(ends_.size());
    return recent = first_ + slots_[at] - 1;
}

bool WordTable::use(std::uint32_t number, std::uint8_t bits) {
    std::uint8_t& present = uses_[number - first_];
    const bool fresh = (present | bits) != present;
    present = static_cast<std::uint8_t>(present | bits);
    return fresh;
}

std::size_t WordTable::held_bytes() const {
    return letters_.size() + ends_.size() * (sizeof(std::size_t) + sizeof(std::uint32_t) + 1) +
           slots_.size() * sizeof(std::uint32_t);
}

void WordTable::grow() {
    slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t held = 0; held < hashes_.size(); ++held) {
        std::size_t at = hashes_[held] & mask;
        while (slots_[at] != 0) at = (at + 1) & mask;
        slots_[at] = held + 1;
    }
}

// As the file has them: over all words, those spilled before included.
std::vector<std::uint32_t> WordTable::ends_in_file() const {
    std::vector<std::uint32_t> ends(ends_.size());
    for (std::size_t i = 0; i < ends.size(); ++i)
        ends[i] = static_cast<std::uint32_t>(spilled_letters_ + ends_[i]);
    return ends;
}

Result<void> WordTable::spill() {
    if (first_ == 0) {
        int number = 0;
        for (File* file : {&spilled_ends_, &spilled_words_, &spilled_uses_}) {
            const std::string path = spool_ + "." + std::to_string(number++) + ".part";
            THREATLAS_TRY(*file, File::create(path));
            ::unlink(path.c_str());  // it goes with the process, however that ends
        }
    }
    const auto ends = ends_in_file();
    THREATLAS_CHECK(spilled_ends_.write(ends.data(), ends.size() * sizeof ends[0]));
    THREATLAS_CHECK(spilled_words_.write(letters_.data(), letters_.size()));
    THREATLAS_CHECK(spilled_uses_.write(uses_.data(), uses_.size()));
    first_ += static_cast<std::uint32_t>(ends_.size());
    spilled_letters_ += letters_.size();
    letters_.clear();
    ends_.clear();
    hashes_.clear();
    uses_.clear();
    std::fill(slots_.begin(), slots_.end(), 0);
    std::fill(recent_.begin(), recent_.end(), kNone);
    return {};
}

Result<void> WordTable::copy(const File& file, std::uint64_t bytes, const Emit& emit) const {
    std::vector<char> buffer(std::min<std::uint64_t>(bytes, 1 << 20));
    for (std::uint64_t at = 0; at < bytes;) {
        const auto piece =
            static_cast<std::size_t>(std::min<std::uint64_t>(bytes - at, buffer.size()));
        THREATLAS_CHECK(file.read_at(at, buffer.data(), piece));
        THREATLAS_CHECK(emit(buffer.data(), piece));
        at += piece;
    }
    return {};
}

Result<void> WordTable::write(const Emit& emit) const {
    const auto ends = ends_in_file();
    THREATLAS_CHECK(copy(spilled_ends_, std::uint64_t{first_} * sizeof(std::uint32_t), emit));
    THREATLAS_CHECK(emit(ends.data(), ends.size() * sizeof(std::uint32_t)));
    THREATLAS_CHECK(copy(spilled_words_, spilled_letters_, emit));
    THREATLAS_CHECK(emit(letters_.data(), letters_.size()));
    THREATLAS_CHECK(copy(spilled_uses_, first_, emit));
    return emit(uses_.data(), uses_.size());
}

}  // namespace threatlas::store

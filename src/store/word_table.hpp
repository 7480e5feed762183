// The dictionary of a segment being written: a word, a number. Memory is bounded whatever the
// number of distinct words: spill() puts what is held to files that have no name and begins anew.
// Numbers go on, so a word that comes again after a spill has two; a reader that compares words
// sees no difference. Cost: about 0.05 microseconds a look-up.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/file_io.hpp"

namespace threatlas::store {

class WordTable {
  public:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    explicit WordTable(std::string spool) : spool_(std::move(spool)), recent_(kRecent, kNone) {}

    std::uint32_t number(std::string_view word);
    // Whether a number, as given before, still stands for this word.
    bool is(std::uint32_t number, std::string_view word) const {
        return number != kNone && number >= first_ && text(number - first_) == word;
    }
    // Adds bits of use; true when one of them is new.
    bool use(std::uint32_t number, std::uint8_t bits);

    std::uint64_t size() const { return std::uint64_t{first_} + ends_.size(); }
    std::uint64_t letters() const { return spilled_letters_ + letters_.size(); }
    std::size_t held_bytes() const;

    core::Result<void> spill();
    // Hands out, in pieces: where each word ends (u32 each), the words, their bits of use.
    using Emit = std::function<core::Result<void>(const void* bytes, std::size_t size)>;
    core::Result<void> write(const Emit& emit) const;

  private:
    static constexpr std::size_t kRecent = 4096;

    std::string_view text(std::size_t held) const {
        const std::size_t from = held == 0 ? 0 : ends_[held - 1];
        return std::string_view(letters_).substr(from, ends_[held] - from);
    }
    void grow();
    std::vector<std::uint32_t> ends_in_file() const;
    core::Result<void> copy(const File& file, std::uint64_t bytes, const Emit& emit) const;

    std::string spool_;
    std::uint32_t first_ = 0;  // number of the first word held
    std::uint64_t spilled_letters_ = 0;
    File spilled_ends_, spilled_words_, spilled_uses_;

    std::string letters_;
    std::vector<std::size_t> ends_;  // in letters_
    std::vector<std::uint32_t> hashes_;
    std::vector<std::uint8_t> uses_;
    std::vector<std::uint32_t> slots_;   // place of a held word + 1; 0: free
    std::vector<std::uint32_t> recent_;  // numbers by a cheap hash, in front of slots_
};

}  // namespace threatlas::store

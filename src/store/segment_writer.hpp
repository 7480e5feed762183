// Writes one segment, chunk by chunk: memory is one chunk and a bounded dictionary, whatever the
// number of rows and of distinct texts. Cost: about 0.2 microseconds a row when texts repeat.
#pragma once

#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "model/observation.hpp"
#include "store/file_io.hpp"
#include "store/rights.hpp"
#include "store/segment_format.hpp"
#include "store/word_table.hpp"

namespace threatlas::store {

struct SegmentSummary {
    std::string hash;  // BLAKE2b-256 in hexadecimal
    std::uint64_t rows = 0, bytes = 0;
    int mildest_handling = 0;
    std::set<std::pair<std::string, std::string>> marks{};  // marking and originator, every pair that is there
};

class SegmentWriter {
  public:
    static core::Result<std::unique_ptr<SegmentWriter>> create(const std::string& path);
    // unavailable on a full disk; after that every call fails the same way.
    core::Result<void> add(const model::Observation& observation) { return add(observation, pack_dims(observation.dims)); }
    // With its dims packed already; those of the observation are not looked at.
    core::Result<void> add(const model::Observation& observation, std::string_view dims);
    core::Result<SegmentSummary> finish();  // on the disk when it returns
    std::uint64_t rows() const { return rows_; }
    std::size_t held_bytes() const { return words_.held_bytes(); }  // of texts, in memory

  private:
    struct ChunkEntry {
        std::uint64_t offset = 0, bytes = 0;
        std::uint32_t rows = 0;
        std::int32_t known_first = 0, known_last = 0;
        segment::Digest hash{};
    };

    explicit SegmentWriter(File file);
    std::uint32_t code(segment::Column column, std::string_view text);
    core::Result<void> write(const void* bytes, std::size_t size);
    core::Result<void> flush();
    core::Result<void> bound_words();
    core::Result<segment::Digest> write_footer();

    File file_;
    std::uint64_t offset_ = 0, rows_ = 0;
    bool failed_ = false;
    core::Error failure_;

    WordTable words_;
    std::array<std::uint32_t, segment::kTexts> last_{};  // code of the last text, per column
    int mildest_ = kStrictest;
    std::unordered_set<std::uint64_t> marked_;  // codes of a marking and an originator that are in marks_
    std::set<std::pair<std::string, std::string>> marks_;
    std::uint16_t natures_ = 0;

    std::array<std::vector<std::uint32_t>, segment::kTexts> texts_;
    std::vector<std::int32_t> begin_, end_, known_at_;
    std::vector<std::uint8_t> state_, nature_, statement_;
    std::vector<std::uint64_t> row_;
    std::vector<double> value_, upper_;
    std::vector<ChunkEntry> chunks_;
    std::vector<std::uint8_t> buffer_;
};

std::string hex(const segment::Digest& digest);

}  // namespace threatlas::store

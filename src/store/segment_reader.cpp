#include "store/segment_reader.hpp"

#include <algorithm>
#include <cstring>

#include "model/observation.hpp"
#include "store/segment_writer.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

using segment::load;

// Takes values off the front of a text and remembers when it ran out.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}
    template <class T>
    T take() {
        T value{};
        if (text_.size() - at_ < sizeof value)
            ok_ = false;
        else
            std::memcpy(&value, text_.data() + at_, sizeof value), at_ += sizeof value;
        return value;
    }
    std::size_t skip(std::size_t bytes) {
        const std::size_t from = at_;
        if (text_.size() - at_ < bytes)
            ok_ = false;
        else
            at_ += bytes;
        return from;
    }
    bool ok() const { return ok_; }
    bool done() const { return ok_ && at_ == text_.size(); }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

template <class Narrow>
std::uint64_t largest(const std::uint8_t* data, std::size_t rows) {
    Narrow high = 0;
    for (std::size_t i = 0; i < rows; ++i)
        high = std::max(high, load<Narrow>(data + i * sizeof(Narrow)));
    return high;
}

std::uint64_t largest_offset(const ColumnView& view, std::size_t rows) {
    switch (view.head.width) {
        case 1:
            return largest<std::uint8_t>(view.data, rows);
        case 2:
            return largest<std::uint16_t>(view.data, rows);
        case 4:
            return largest<std::uint32_t>(view.data, rows);
        case 8:
            return largest<std::uint64_t>(view.data, rows);
        default:
            return 0;
    }
}

// Whether base + every offset of a whole column lies in [low, high].
bool within(const ColumnView& view, std::size_t rows, std::int64_t low, std::int64_t high) {
    if (view.head.base < low || view.head.base > high) return false;
    return largest_offset(view, rows) <=
           static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(view.head.base);
}

bool believable(const Chunk& chunk, std::size_t words) {
    using namespace segment;
    for (std::size_t c = 0; c < kTexts; ++c)
        if (!within(chunk.columns[c], chunk.rows, 0, static_cast<std::int64_t>(words) - 1))
            return false;
    for (const Column c : {begin, end, known_at})
        if (!within(chunk.columns[c], chunk.rows, INT32_MIN, INT32_MAX)) return false;
    const auto last = [](const auto& names) { return static_cast<std::int64_t>(names.size()) - 1; };
    if (!within(chunk.columns[state], chunk.rows, 0, last(model::EnumNames<model::State>::names)) ||
        !within(chunk.columns[nature], chunk.rows, 0,
                last(model::EnumNames<model::Nature>::names)) ||
        !within(chunk.columns[statement], chunk.rows, 0,
                last(model::EnumNames<model::Statement>::names)))
        return false;
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    for (const Column c : {value, upper})
        if (chunk.columns[c].head.kind == whole_double &&
            !within(chunk.columns[c], chunk.rows, -kExact, kExact))
            return false;
    return true;
}

bool fitting_kind(std::size_t column, const segment::ColumnHead& head) {
    using namespace segment;
    if (head.width != 0 && head.width != 1 && head.width != 2 && head.width != 4 && head.width != 8)
        return false;
    if (column < value) return head.kind == whole;
    if (head.kind == raw_double) return head.width == 8;
    if (head.kind == as_value) return column == upper && head.width == 0;
    return head.kind == whole_double;
}

}  // namespace

std::string_view Segment::word(std::size_t code) const {
    const std::size_t from = code == 0 ? 0 : ends_[code - 1];
    return std::string_view(letters_).substr(letters_at_ + from, ends_[code] - from);
}

Result<Segment> Segment::open(const std::string& path, const std::string& name) {
    using namespace segment;
    const core::Location where{path, 0, ""};
    Segment self;
    THREATLAS_TRY(self.file_, File::read(path));
    THREATLAS_TRY(self.bytes_, self.file_.size());
    if (self.bytes_ < kHeader.size() + kTrailerBytes)
        return fail(ErrorCode::bad_input, "too short to be a segment", where);
    std::array<char, 8> header{};
    std::array<std::uint8_t, kTrailerBytes> trailer{};
    THREATLAS_CHECK(self.file_.read_at(0, header.data(), header.size()));
    THREATLAS_CHECK(
        self.file_.read_at(self.bytes_ - kTrailerBytes, trailer.data(), trailer.size()));
    if (!std::equal(header.begin(), header.end() - 1, kHeader.begin()))
        return fail(ErrorCode::bad_input, "not a segment", where);
    if (header.back() != kHeader.back())
        return fail(ErrorCode::bad_input,
                    "a segment of version " + std::to_string(header.back()) +
                        ", which this program does not know",
                    where);
    if (std::memcmp(trailer.data() + 48, kEnd.data(), kEnd.size()) != 0)
        return fail(ErrorCode::bad_input, "the segment's end is missing", where);
    const auto footer_at = load<std::uint64_t>(trailer.data()),
               footer_bytes = load<std::uint64_t>(trailer.data() + 8);
    const std::uint64_t room = self.bytes_ - kTrailerBytes;
    if (footer_at < kHeader.size() || footer_at > room || footer_bytes != room - footer_at)
        return fail(ErrorCode::bad_input, "the segment's footer lies outside the file", where);
    std::string footer(footer_bytes, '\0');
    THREATLAS_CHECK(self.file_.read_at(footer_at, footer.data(), footer.size()));
    Hasher hasher;
    hasher.add(header.data(), header.size());
    hasher.add(footer.data(), footer.size());
    const Digest found = hasher.finish();
    self.hash_ = hex(found);
    if (std::memcmp(found.data(), trailer.data() + 16, found.size()) != 0 ||
        (!name.empty() && name != self.hash_))
        return fail(ErrorCode::mismatch, "the segment's footer is not what was written", where);
    THREATLAS_CHECK(self.parse_footer(std::move(footer), footer_at));
    return self;
}

Result<void> Segment::parse_footer(std::string footer, std::uint64_t footer_at) {
    using namespace segment;
    const auto wrong = [&](const char* what) {
        return fail(ErrorCode::bad_input, what, {file_.path(), 0, ""});
    };
    letters_ = std::move(footer);
    Cursor cursor(letters_);
    const auto count = cursor.take<std::uint32_t>(), letters = cursor.take<std::uint32_t>();
    if (!cursor.ok() || count == 0 || letters_.size() / 4 < count)
        return wrong("the segment's dictionary is cut off");
    ends_.resize(count);
    std::uint32_t previous = 0;
    for (auto& end_of_word : ends_) {
        end_of_word = cursor.take<std::uint32_t>();
        if (end_of_word < previous) return wrong("the segment's dictionary is not in order");
        previous = end_of_word;
    }
    if (previous != letters) return wrong("the segment's dictionary has another length");
    letters_at_ = cursor.skip(letters);
    usage_at_ = cursor.skip(count);
    natures_ = cursor.take<std::uint16_t>();
    const auto chunks = cursor.take<std::uint32_t>();
    if (!cursor.ok() || letters_.size() / kChunkEntryBytes < chunks)
        return wrong("the segment's list of chunks is cut off");
    std::uint64_t expected = kHeader.size();
    for (std::uint32_t i = 0; i < chunks; ++i) {
        ChunkEntry entry;
        entry.offset = cursor.take<std::uint64_t>();
        entry.bytes = cursor.take<std::uint64_t>();
        entry.rows = cursor.take<std::uint32_t>();
        entry.known_first = cursor.take<std::int32_t>();
        entry.known_last = cursor.take<std::int32_t>();
        entry.hash = cursor.take<Digest>();
        if (entry.offset != expected || entry.bytes > footer_at - expected ||
            entry.bytes < kChunkHeadBytes)
            return wrong("a chunk of the segment lies outside the file");
        if (entry.rows == 0 || entry.rows > kChunkRows)
            return wrong("a chunk of the segment has an impossible number of rows");
        expected += entry.bytes;
        rows_ += entry.rows;
        chunks_.push_back(entry);
    }
    if (!cursor.done() || expected != footer_at)
        return wrong("the segment holds bytes that belong to nothing");
    return {};
}

Result<Chunk> Segment::read(std::size_t index, std::vector<std::uint8_t>& buffer) const {
    using namespace segment;
    const ChunkEntry& entry = chunks_[index];
    const core::Location where{file_.path(), 0, ""};
    if (buffer.size() < entry.bytes) buffer.resize(entry.bytes);
    THREATLAS_CHECK(file_.read_at(entry.offset, buffer.data(), entry.bytes));
    if (digest(buffer.data(), entry.bytes) != entry.hash)
        return fail(
            ErrorCode::mismatch,
            "chunk " + std::to_string(index + 1) + " of the segment is not what was written",
            where);
    Chunk chunk;
    chunk.rows = load<std::uint32_t>(buffer.data());
    std::size_t at = kChunkHeadBytes;
    bool fits = chunk.rows == entry.rows;
    for (std::size_t c = 0; fits && c < columns; ++c) {
        ColumnView& view = chunk.columns[c];
        view.head = load<ColumnHead>(buffer.data() + 8 + c * sizeof(ColumnHead));
        const std::size_t size = padded(std::size_t{chunk.rows} * view.head.width);
        fits = fitting_kind(c, view.head) && size <= entry.bytes - at;
        if (!fits) break;
        view.data = buffer.data() + at;
        at += size;
    }
    if (!fits || at != entry.bytes || !believable(chunk, words()))
        return fail(ErrorCode::bad_input,
                    "chunk " + std::to_string(index + 1) + " of the segment does not hold together",
                    where);
    return chunk;
}

}  // namespace threatlas::store

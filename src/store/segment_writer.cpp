#include "store/segment_writer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "store/rights.hpp"
#include "store/snapshot.hpp"

namespace threatlas::store {

using core::Result;
using segment::ColumnHead;
using segment::Digest;

static_assert(std::endian::native == std::endian::little,
              "segments are written as they lie in memory");

Digest segment::digest(const void* bytes, std::size_t size) {
    Digest out{};
    crypto_generichash_blake2b(out.data(), out.size(), static_cast<const unsigned char*>(bytes),
                               size, nullptr, 0);
    return out;
}

segment::Hasher::Hasher() : state_{} {
    crypto_generichash_blake2b_init(&state_, nullptr, 0, sizeof(Digest));
}

void segment::Hasher::add(const void* bytes, std::size_t size) {
    crypto_generichash_blake2b_update(&state_, static_cast<const unsigned char*>(bytes), size);
}

Digest segment::Hasher::finish() {
    Digest out{};
    crypto_generichash_blake2b_final(&state_, out.data(), out.size());
    return out;
}

std::string hex(const Digest& digest) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

namespace {

// The dictionary goes to the disk after a chunk when it holds more than the first, and a chunk ends
// early when it holds more than the second: a writer's memory does not grow with the file.
constexpr std::size_t kSpillBytes = std::size_t{64} << 20, kMostBytes = std::size_t{128} << 20;

template <class T>
void put(std::string& out, const T& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class Narrow, class T>
void put_offsets(std::vector<std::uint8_t>& out, const std::vector<T>& column, std::uint64_t base) {
    const std::size_t at = out.size();
    out.resize(at + segment::padded(column.size() * sizeof(Narrow)));
    std::uint8_t* to = out.data() + at;
    for (std::size_t i = 0; i < column.size(); ++i) {
        const auto narrow = static_cast<Narrow>(
            static_cast<std::uint64_t>(static_cast<std::int64_t>(column[i])) - base);
        std::memcpy(to + i * sizeof(Narrow), &narrow, sizeof narrow);
    }
}

// Offsets from the smallest, in the fewest bytes that hold the largest.
template <class T>
ColumnHead put_whole(std::vector<std::uint8_t>& out, const std::vector<T>& column,
                     segment::Kind kind = segment::whole) {
    const auto [low, high] = std::minmax_element(column.begin(), column.end());
    ColumnHead head;
    head.kind = kind;
    head.base = static_cast<std::int64_t>(*low);
    const auto base = static_cast<std::uint64_t>(head.base);
    const std::uint64_t range = static_cast<std::uint64_t>(static_cast<std::int64_t>(*high)) - base;
    if (range == 0)
        head.width = 0;
    else if (range <= 0xff)
        head.width = 1, put_offsets<std::uint8_t>(out, column, base);
    else if (range <= 0xffff)
        head.width = 2, put_offsets<std::uint16_t>(out, column, base);
    else if (range <= 0xffffffff)
        head.width = 4, put_offsets<std::uint32_t>(out, column, base);
    else
        head.width = 8, put_offsets<std::uint64_t>(out, column, base);
    return head;
}

ColumnHead put_doubles(std::vector<std::uint8_t>& out, const std::vector<double>& column) {
    constexpr double kExact = 9007199254740992.0;
    const bool all_whole = std::all_of(column.begin(), column.end(), [](double x) {
        return x == std::trunc(x) && std::fabs(x) < kExact && !(x == 0 && std::signbit(x));
    });
    if (all_whole) return put_whole(out, column, segment::whole_double);
    ColumnHead head;
    head.kind = segment::raw_double;
    head.width = 8;
    const std::size_t at = out.size();
    out.resize(at + column.size() * sizeof(double));
    std::memcpy(out.data() + at, column.data(), column.size() * sizeof(double));
    return head;
}

}  // namespace

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(const std::string& path) {
    THREATLAS_TRY(File file, File::create(path));
    std::unique_ptr<SegmentWriter> writer(new SegmentWriter(std::move(file)));
    THREATLAS_CHECK(writer->write(segment::kHeader.data(), segment::kHeader.size()));
    return writer;
}

SegmentWriter::SegmentWriter(File file) : file_(std::move(file)), words_(file_.path() + ".words") {
    last_.fill(WordTable::kNone);
    words_.number("");
}

Result<void> SegmentWriter::write(const void* bytes, std::size_t size) {
    if (failed_) return tl::unexpected<core::Error>(failure_);
    if (auto written = file_.write(bytes, size); !written) {
        failed_ = true;
        failure_ = written.error();
        return written;
    }
    offset_ += size;
    return {};
}

std::uint32_t SegmentWriter::code(segment::Column column, std::string_view text) {
    std::uint32_t& last = last_[column];
    if (words_.is(last, text)) return last;
    last = words_.number(text);
    switch (column) {
        case segment::what:
            words_.use(last, segment::in_what);
            break;
        case segment::member:
            words_.use(last, segment::in_member);
            break;
        case segment::place:
            words_.use(last, segment::in_place);
            break;
        case segment::handling:
            if (words_.use(last, segment::in_handling))
                mildest_ = std::min(mildest_, handling_rank(text));
            break;
        default:
            break;
    }
    return last;
}

Result<void> SegmentWriter::add(const model::Observation& o, std::string_view packed) {
    if (failed_) return tl::unexpected<core::Error>(failure_);
    using namespace segment;
    texts_[what].push_back(code(what, o.what));
    texts_[member].push_back(code(member, o.member));
    texts_[place].push_back(code(place, o.place));
    texts_[unit].push_back(code(unit, o.unit));
    texts_[dims].push_back(code(dims, packed));
    texts_[flags].push_back(code(flags, o.flags));
    texts_[evaluation].push_back(code(evaluation, o.evaluation));
    texts_[handling].push_back(code(handling, o.handling));
    texts_[source].push_back(code(source, o.source));
    texts_[file].push_back(code(file, o.file));
    const std::string& originator = o.member.empty() ? o.source : o.member;
    if (marked_.insert(std::uint64_t{last_[handling]} << 32 | (o.member.empty() ? last_[source] : last_[member])).second) marks_.emplace(text(parse_marking(o.handling)), originator);
    begin_.push_back(o.period.begin.number);
    end_.push_back(o.period.end.number);
    known_at_.push_back(o.known_at.number);
    state_.push_back(static_cast<std::uint8_t>(o.state));
    nature_.push_back(static_cast<std::uint8_t>(o.nature));
    statement_.push_back(static_cast<std::uint8_t>(o.statement));
    natures_ = static_cast<std::uint16_t>(natures_ | (1u << static_cast<unsigned>(o.nature)));
    row_.push_back(o.row);
    value_.push_back(o.value);
    upper_.push_back(o.upper);
    ++rows_;
    const bool full = value_.size() == kChunkRows || words_.held_bytes() > kMostBytes;
    return full ? flush() : Result<void>{};
}

Result<void> SegmentWriter::flush() {
    using namespace segment;
    if (value_.empty()) return {};
    std::array<ColumnHead, columns> heads{};
    buffer_.assign(kChunkHeadBytes, 0);
    for (std::size_t i = 0; i < kTexts; ++i) heads[i] = put_whole(buffer_, texts_[i]);
    heads[begin] = put_whole(buffer_, begin_);
    heads[end] = put_whole(buffer_, end_);
    heads[known_at] = put_whole(buffer_, known_at_);
    heads[state] = put_whole(buffer_, state_);
    heads[nature] = put_whole(buffer_, nature_);
    heads[statement] = put_whole(buffer_, statement_);
    heads[row] = put_whole(buffer_, row_);
    heads[value] = put_doubles(buffer_, value_);
    if (std::memcmp(value_.data(), upper_.data(), value_.size() * sizeof(double)) == 0)
        heads[upper].kind = as_value;
    else
        heads[upper] = put_doubles(buffer_, upper_);

    const auto count = static_cast<std::uint32_t>(value_.size());
    std::memcpy(buffer_.data(), &count, sizeof count);
    std::memcpy(buffer_.data() + 8, heads.data(), sizeof heads);
    const auto [first, last] = std::minmax_element(known_at_.begin(), known_at_.end());
    chunks_.push_back(
        {offset_, buffer_.size(), count, *first, *last, digest(buffer_.data(), buffer_.size())});
    THREATLAS_CHECK(write(buffer_.data(), buffer_.size()));
    for (auto& column : texts_) column.clear();
    for (auto* column : {&begin_, &end_, &known_at_}) column->clear();
    for (auto* column : {&state_, &nature_, &statement_}) column->clear();
    row_.clear();
    for (auto* column : {&value_, &upper_}) column->clear();
    return bound_words();
}

// Only between chunks: the codes of a chunk lie close together, so that they take few bytes.
Result<void> SegmentWriter::bound_words() {
    const auto bounded = [&]() -> Result<void> {
        if (words_.letters() > 0xffffffffu)
            return core::fail(core::ErrorCode::bad_input,
                              "the texts of one submission exceed 4 GiB; split the file",
                              {file_.path(), 0, ""});
        return words_.held_bytes() > kSpillBytes ? words_.spill() : Result<void>{};
    }();
    if (!bounded) {
        failed_ = true;
        failure_ = bounded.error();
    }
    return bounded;
}

// The footer in pieces, each written and hashed.
Result<Digest> SegmentWriter::write_footer() {
    segment::Hasher hash;
    hash.add(segment::kHeader.data(), segment::kHeader.size());
    const auto emit = [&](const void* bytes, std::size_t size) {
        hash.add(bytes, size);
        return write(bytes, size);
    };
    std::string head, tail;
    put(head, static_cast<std::uint32_t>(words_.size()));
    put(head, static_cast<std::uint32_t>(words_.letters()));
    THREATLAS_CHECK(emit(head.data(), head.size()));
    THREATLAS_CHECK(words_.write(emit));
    put(tail, natures_);
    put(tail, static_cast<std::uint32_t>(chunks_.size()));
    for (const ChunkEntry& chunk : chunks_) {
        put(tail, chunk.offset);
        put(tail, chunk.bytes);
        put(tail, chunk.rows);
        put(tail, chunk.known_first);
        put(tail, chunk.known_last);
        put(tail, chunk.hash);
    }
    THREATLAS_CHECK(emit(tail.data(), tail.size()));
    return hash.finish();
}

Result<SegmentSummary> SegmentWriter::finish() {
    THREATLAS_CHECK(flush());
    THREATLAS_CHECK(bound_words());
    const std::uint64_t footer_at = offset_;
    THREATLAS_TRY(const Digest hash, write_footer());
    std::string trailer;
    put(trailer, footer_at);
    put(trailer, offset_ - footer_at);
    put(trailer, hash);
    put(trailer, segment::kEnd);
    THREATLAS_CHECK(write(trailer.data(), trailer.size()));
    THREATLAS_CHECK(file_.sync());
    file_.close();
    return SegmentSummary{hex(hash), rows_, offset_, mildest_, std::move(marks_)};
}

}  // namespace threatlas::store

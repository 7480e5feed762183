// The file of a part, little-endian:
//   0 'TLGF'  4 version  5 base (1) or increment (0)  6 value bits  7 zero  8 key id (16)  24 epoch  28 serial  32 day  36 cap (8)  44 follows (32)
//   76 added  80 removed  84 bytes of added  88 bytes of removed  92 the two streams  then the signature (64) over all before it
// A stream: gaps between sorted values less one (the first: the value), Golomb-Rice: quotient in zeros closed by a one, then `rice` bits, highest
// first; filled up with zeros to a byte. rice = value bits - bit width of the count, near the best for uniform values, so a part has one encoding.
#include <algorithm>
#include <bit>
#include <cstring>

#include "exchange/matching/filter.hpp"

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kMagic = "TLGF";
constexpr unsigned char kVersion = 1;
constexpr std::size_t kHead = 92, kSignature = sizeof(Signature);

unsigned rice_of(unsigned bits, std::size_t count) { return bits - static_cast<unsigned>(std::bit_width(count)); }

class BitWriter {
  public:
    explicit BitWriter(std::string& out) : out_(out) {}
    void write(std::uint64_t value, unsigned bits) {   // at most 32
        held_ = held_ << bits | value, count_ += bits;
        while (count_ >= 8) count_ -= 8, out_.push_back(static_cast<char>(held_ >> count_ & 255));
    }
    void close() {
        if (count_ > 0) write(0, 8 - count_);
    }

  private:
    std::string& out_;
    std::uint64_t held_ = 0;
    unsigned count_ = 0;
};

std::string stream_of(const std::vector<std::uint64_t>& values, unsigned bits) {
    std::string out;
    if (values.empty()) return out;
    const unsigned rice = rice_of(bits, values.size());
    out.reserve(values.size() * (rice + 2) / 8 + 16);
    BitWriter writer(out);
    std::uint64_t next = 0;
    for (const std::uint64_t value : values) {
        const std::uint64_t gap = value - next;
        std::uint64_t quotient = gap >> rice;
        for (; quotient >= 32; quotient -= 32) writer.write(0, 32);
        writer.write(1, static_cast<unsigned>(quotient) + 1);
        const std::uint64_t rest = gap & ((std::uint64_t{1} << rice) - 1);
        if (rice > 32) writer.write(rest >> 32, rice - 32);
        writer.write(rest & 0xffffffff, std::min(rice, 32U));
        next = value + 1;
    }
    writer.close();
    return out;
}

class BitReader {
  public:
    explicit BitReader(Bytes bytes) : bytes_(bytes), size_(8 * bytes.size()) {}
    std::size_t left() const { return size_ - at_; }
    // 57 bits or more from here on, the first highest; zeros behind the end.
    std::uint64_t peek() const {
        const std::size_t byte = at_ / 8;
        std::uint64_t word = 0;
        if (byte + 8 <= bytes_.size()) {
            std::memcpy(&word, bytes_.data() + byte, 8);
            word = __builtin_bswap64(word);
        } else {
            for (std::size_t i = 0; i < 8; ++i) word = word << 8 | (byte + i < bytes_.size() ? bytes_[byte + i] : 0);
        }
        return word << (at_ % 8);
    }
    // Zeros up to the next one, at most `most`; false when there are more, or the end comes first.
    bool unary(std::uint64_t most, std::uint64_t& out) {
        out = 0;
        while (true) {
            const auto zeros = std::min<std::size_t>(static_cast<std::size_t>(std::countl_zero(peek())), 56);
            if (zeros < 56) {
                out += zeros, at_ += zeros + 1;
                return out <= most && at_ <= size_;
            }
            out += 56, at_ += 56;
            if (out > most || at_ >= size_) return false;
        }
    }
    bool read(unsigned bits, std::uint64_t& out) {   // at most 32
        if (left() < bits) return false;
        out = bits == 0 ? 0 : peek() >> (64 - bits), at_ += bits;
        return true;
    }

  private:
    Bytes bytes_;
    std::size_t size_, at_ = 0;
};

Result<std::vector<std::uint64_t>> values_in(Bytes stream, std::size_t count, unsigned bits) {
    const auto refuse = [] { return fail(ErrorCode::bad_input, "the values of a filter are not written as they should be"); };
    std::vector<std::uint64_t> out;
    if (count == 0) {
        if (!stream.empty()) return refuse();
        return out;
    }
    const unsigned rice = rice_of(bits, count);
    if (stream.size() < (count * (rice + 1) + 7) / 8) return refuse();   // before memory is taken
    out.reserve(count);
    const std::uint64_t top = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    BitReader reader(stream);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t quotient = 0, high = 0, low = 0;
        if (i > 0 && next == 0) return refuse();                          // behind the highest value of 64 bits
        if (next > top || !reader.unary((top - next) >> rice, quotient)) return refuse();
        if (rice > 32 && !reader.read(rice - 32, high)) return refuse();
        if (!reader.read(std::min(rice, 32U), low)) return refuse();
        const std::uint64_t gap = quotient << rice | high << std::min(rice, 32U) | low;
        if (gap > top - next) return refuse();
        out.push_back(next + gap);
        next = next + gap + 1;
    }
    std::uint64_t filling = 0;
    if (reader.left() >= 8 || !reader.read(static_cast<unsigned>(reader.left()), filling) || filling != 0) return refuse();
    return out;
}

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 255));
}
std::uint64_t get(Bytes bytes, std::size_t at, std::size_t size) {
    std::uint64_t out = 0;
    for (std::size_t i = size; i-- > 0;) out = out << 8 | bytes[at + i];
    return out;
}

}  // namespace

Result<std::string> encode(const Part& part, const Sign& sign) {
    THREATLAS_CHECK(check_part(part));
    const PartHeader& head = part.header;
    const unsigned bits = value_bits(head.cap);
    const std::string added = stream_of(part.added, bits), removed = stream_of(part.removed, bits);
    std::string out(kMagic);
    put(out, kVersion, 1), put(out, head.base ? 1 : 0, 1), put(out, bits, 1), put(out, 0, 1);
    out.append(reinterpret_cast<const char*>(head.key.data()), head.key.size());
    put(out, head.epoch, 4), put(out, head.serial, 4), put(out, static_cast<std::uint32_t>(head.day), 4), put(out, head.cap, 8);
    out.append(reinterpret_cast<const char*>(head.follows.data()), head.follows.size());
    put(out, part.added.size(), 4), put(out, part.removed.size(), 4), put(out, added.size(), 4), put(out, removed.size(), 4);
    out += added;
    out += removed;
    THREATLAS_TRY(const Signature signature, sign(bytes_of(out)));
    out.append(reinterpret_cast<const char*>(signature.data()), signature.size());
    return out;
}

Result<Part> decode_part(Bytes encoded, const Verify& verify) {
    const auto refuse = [](const char* why) { return fail(ErrorCode::bad_input, std::string("this is no part of a filter: ") + why); };
    if (encoded.size() < kHead + kSignature || std::memcmp(encoded.data(), kMagic.data(), kMagic.size()) != 0) return refuse("its head is missing");
    if (encoded[4] != kVersion) return refuse("it is of another version");
    const Bytes body = encoded.first(encoded.size() - kSignature);
    Signature signature;
    std::copy_n(encoded.end() - static_cast<std::ptrdiff_t>(kSignature), kSignature, signature.begin());
    if (!verify(body, signature)) return fail(ErrorCode::mismatch, "the signature of a filter is not its holder's");
    Part out;
    PartHeader& head = out.header;
    if (encoded[5] > 1 || encoded[7] != 0) return refuse("it is neither base nor increment");
    head.base = encoded[5] == 1;
    std::copy_n(encoded.begin() + 8, head.key.size(), head.key.begin());
    head.epoch = static_cast<std::uint32_t>(get(body, 24, 4)), head.serial = static_cast<std::uint32_t>(get(body, 28, 4));
    head.day = static_cast<std::int32_t>(static_cast<std::uint32_t>(get(body, 32, 4)));
    head.cap = get(body, 36, 8);
    std::copy_n(encoded.begin() + 44, head.follows.size(), head.follows.begin());
    const std::uint64_t added = get(body, 76, 4), removed = get(body, 80, 4), added_bytes = get(body, 84, 4), removed_bytes = get(body, 88, 4);
    if (head.cap == 0 || head.cap > kMaxCap || added > head.cap || removed > head.cap) return refuse("its counts do not fit its cap");
    if (encoded[6] != value_bits(head.cap)) return refuse("its values are not as long as its cap asks for");
    if (body.size() != kHead + added_bytes + removed_bytes) return refuse("its length is not what its head says");
    THREATLAS_TRY(out.added, values_in(body.subspan(kHead, added_bytes), added, encoded[6]));
    THREATLAS_TRY(out.removed, values_in(body.subspan(kHead + added_bytes), removed, encoded[6]));
    THREATLAS_CHECK(check_part(out));
    return out;
}

}  // namespace threatlas::exchange::matching

#include "exchange/matching/group.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "core/parallel.hpp"
#include "exchange/matching/kernel.hpp"

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kChunk = 128;     // elements a task: a millisecond with lanes, six without
constexpr std::size_t kFew = 5;         // below that, eight lanes are slower than one after another

// Expanding begins with a block of zeros: hashed once.
const crypto_hash_sha512_state& after_zeros() {
    static const crypto_hash_sha512_state it = [] {
        crypto_hash_sha512_state state;
        const std::array<unsigned char, 128> zeros{};
        crypto_hash_sha512_init(&state);
        crypto_hash_sha512_update(&state, zeros.data(), zeros.size());
        return state;
    }();
    return it;
}

tl::unexpected<core::Error> no_element(std::size_t place) {
    return fail(ErrorCode::bad_input, "this is not the encoding of an element of ristretto255, or it is the identity", {"", place + 1, ""});
}

// work(first, count) over pieces of a list; the first error in the list's order.
Result<void> in_pieces(std::size_t count, const std::function<Result<void>(std::size_t, std::size_t)>& work) {
    if (count <= kChunk) return work(0, count);
    std::vector<Result<void>> said((count + kChunk - 1) / kChunk);
    core::parallel_for(said.size(), [&](std::size_t i) { said[i] = work(i * kChunk, std::min(kChunk, count - i * kChunk)); });
    for (auto& each : said) THREATLAS_CHECK(std::move(each));
    return {};
}

Result<void> multiply_piece(const unsigned char* scalars, std::size_t stride, const Element* elements, std::size_t count, Element* out, std::size_t place) {
    if (count < kFew) {
        for (std::size_t i = 0; i < count; ++i)
            if ((elements[i].bytes[31] & 0x80) != 0 || crypto_scalarmult_ristretto255(out[i].bytes.data(), scalars + stride * i, elements[i].bytes.data()) != 0) return no_element(place + i);
        return {};
    }
    const std::size_t good = best_kernel().multiply(scalars, stride, elements->bytes.data(), count, out->bytes.data());
    if (good != count) return no_element(place + good);
    return {};
}

Result<void> uniform_of(std::string_view input, std::string_view dst, unsigned char* out) {
    if (input.size() > kMaxInputBytes) return fail(ErrorCode::bad_input, "an identifier is longer than 65,535 bytes");
    return expand_message_xmd(bytes_of(input), bytes_of(dst), {out, 64});
}

}  // namespace

static_assert(sizeof(Element) == kElementBytes, "lists of elements are handed on as bytes");

Scalar Scalar::random() {
    Scalar out;
    crypto_core_ristretto255_scalar_random(out.bytes_.data());
    return out;
}
Result<Scalar> Scalar::from(Bytes bytes) {
    if (bytes.size() != kScalarBytes) return fail(ErrorCode::bad_input, "a scalar has 32 bytes");
    std::array<unsigned char, 64> wide{};
    std::copy(bytes.begin(), bytes.end(), wide.begin());
    Scalar out = reduced(wide);
    sodium_memzero(wide.data(), wide.size());
    if (sodium_memcmp(out.bytes_.data(), bytes.data(), kScalarBytes) != 0 || out.is_zero()) return fail(ErrorCode::bad_input, "a scalar is zero or not below the order of the group");
    return out;
}
Scalar Scalar::reduced(const std::array<unsigned char, 64>& wide) {
    Scalar out;
    crypto_core_ristretto255_scalar_reduce(out.bytes_.data(), wide.data());
    return out;
}
Scalar::Scalar(Scalar&& other) noexcept : bytes_(other.bytes_) { sodium_memzero(other.bytes_.data(), other.bytes_.size()); }
Scalar& Scalar::operator=(Scalar&& other) noexcept {
    if (this != &other) bytes_ = other.bytes_, sodium_memzero(other.bytes_.data(), other.bytes_.size());
    return *this;
}
Scalar::~Scalar() { sodium_memzero(bytes_.data(), bytes_.size()); }
Scalar Scalar::clone() const {
    Scalar out;
    out.bytes_ = bytes_;
    return out;
}
bool Scalar::is_zero() const { return sodium_is_zero(bytes_.data(), bytes_.size()) != 0; }
Scalar Scalar::times(const Scalar& other) const {
    Scalar out;
    crypto_core_ristretto255_scalar_mul(out.bytes_.data(), bytes_.data(), other.bytes_.data());
    return out;
}
Scalar Scalar::minus(const Scalar& other) const {
    Scalar out;
    crypto_core_ristretto255_scalar_sub(out.bytes_.data(), bytes_.data(), other.bytes_.data());
    return out;
}
Scalar Scalar::inverse() const {
    Scalar out;
    static_cast<void>(crypto_core_ristretto255_scalar_invert(out.bytes_.data(), bytes_.data()));
    return out;
}

Result<void> expand_message_xmd(Bytes message, Bytes dst, std::span<unsigned char> out) {
    const std::size_t blocks = (out.size() + 63) / 64;
    if (blocks > 255 || dst.size() > 255) return fail(ErrorCode::internal, "expand_message_xmd was asked for too much");
    const auto tag_size = static_cast<unsigned char>(dst.size());
    const std::array<unsigned char, 3> size_and_zero{static_cast<unsigned char>(out.size() >> 8), static_cast<unsigned char>(out.size() & 255), 0};
    std::array<unsigned char, 64> first{}, block{};
    crypto_hash_sha512_state state = after_zeros();
    const auto add = [&](Bytes bytes) { crypto_hash_sha512_update(&state, bytes.data(), bytes.size()); };
    add(message), add(size_and_zero), add(dst), add({&tag_size, 1});
    crypto_hash_sha512_final(&state, first.data());
    for (std::size_t i = 1; i <= blocks; ++i) {
        for (std::size_t k = 0; k < 64; ++k) block[k] = static_cast<unsigned char>(block[k] ^ first[k]);
        const auto number = static_cast<unsigned char>(i);
        crypto_hash_sha512_init(&state);
        add(block), add({&number, 1}), add(dst), add({&tag_size, 1});
        crypto_hash_sha512_final(&state, block.data());
        std::memcpy(out.data() + 64 * (i - 1), block.data(), std::min<std::size_t>(64, out.size() - 64 * (i - 1)));
    }
    sodium_memzero(first.data(), first.size()), sodium_memzero(block.data(), block.size()), sodium_memzero(&state, sizeof state);
    return {};
}

Result<Element> element(Bytes encoded) {
    if (encoded.size() != kElementBytes) return fail(ErrorCode::bad_input, "an element has 32 bytes");
    Element out;
    std::copy(encoded.begin(), encoded.end(), out.bytes.begin());
    // libsodium 1.0.18 does not look at the highest bit: 1.0.19 does.
    if ((encoded[31] & 0x80) != 0 || out == Element{} || crypto_core_ristretto255_is_valid_point(out.bytes.data()) != 1) return no_element(0);
    return out;
}

Result<std::vector<Element>> elements(Bytes encoded) {
    if (encoded.size() % kElementBytes != 0) return fail(ErrorCode::bad_input, "an element has 32 bytes");
    std::vector<Element> out(encoded.size() / kElementBytes);
    if (out.empty()) return out;
    std::memcpy(out.data(), encoded.data(), encoded.size());
    THREATLAS_CHECK(in_pieces(out.size(), [&](std::size_t first, std::size_t count) -> Result<void> {
        const std::size_t good = best_kernel().check(out[first].bytes.data(), count);
        if (good != count) return no_element(first + good);
        return {};
    }));
    return out;
}

Result<Element> hash_to_group(std::string_view input, std::string_view dst) {
    std::array<unsigned char, 64> uniform;
    THREATLAS_CHECK(uniform_of(input, dst, uniform.data()));
    Element out;
    crypto_core_ristretto255_from_hash(out.bytes.data(), uniform.data());
    sodium_memzero(uniform.data(), uniform.size());
    if (out == Element{}) return no_element(0);
    return out;
}

Result<Scalar> hash_to_scalar(Bytes message, std::string_view dst) {
    std::array<unsigned char, 64> wide;
    THREATLAS_CHECK(expand_message_xmd(message, bytes_of(dst), wide));
    Scalar out = Scalar::reduced(wide);
    sodium_memzero(wide.data(), wide.size());
    return out;
}

Element multiply_base(const Scalar& scalar) {
    Element out;
    static_cast<void>(crypto_scalarmult_ristretto255_base(out.bytes.data(), scalar.data()));
    return out;
}

Result<std::vector<Element>> multiply(const Scalar& scalar, std::span<const Element> elements) {
    std::vector<Element> out(elements.size());
    THREATLAS_CHECK(in_pieces(elements.size(), [&](std::size_t first, std::size_t count) { return multiply_piece(scalar.data(), 0, elements.data() + first, count, out.data() + first, first); }));
    return out;
}

Result<std::vector<Element>> multiply_each(std::span<const Scalar> scalars, std::span<const Element> elements) {
    if (scalars.size() != elements.size()) return fail(ErrorCode::internal, "there are not as many scalars as elements");
    std::vector<Element> out(elements.size());
    THREATLAS_CHECK(in_pieces(elements.size(), [&](std::size_t first, std::size_t count) {
        std::array<unsigned char, kScalarBytes * kChunk> flat;
        for (std::size_t i = 0; i < count; ++i) std::memcpy(flat.data() + kScalarBytes * i, scalars[first + i].data(), kScalarBytes);
        auto said = multiply_piece(flat.data(), kScalarBytes, elements.data() + first, count, out.data() + first, first);
        sodium_memzero(flat.data(), flat.size());
        return said;
    }));
    return out;
}

Result<std::vector<Element>> hash_and_multiply(const Scalar& scalar, std::span<const std::string> inputs, std::string_view dst) {
    std::vector<Element> out(inputs.size());
    THREATLAS_CHECK(in_pieces(inputs.size(), [&](std::size_t first, std::size_t count) -> Result<void> {
        std::array<unsigned char, 64 * kChunk> uniform;
        for (std::size_t i = 0; i < count; ++i)
            if (auto said = uniform_of(inputs[first + i], dst, uniform.data() + 64 * i); !said) {
                said.error().where.row = first + i + 1;
                return said;
            }
        best_kernel().map_and_multiply(scalar.data(), uniform.data(), count, out[first].bytes.data());
        sodium_memzero(uniform.data(), uniform.size());
        for (std::size_t i = 0; i < count; ++i)
            if (out[first + i] == Element{}) return no_element(first + i);
        return {};
    }));
    return out;
}

Result<Element> weighted_sum(std::span<const unsigned char> weights, std::span<const Element> elements) {
    if (weights.size() != kScalarBytes * elements.size()) return fail(ErrorCode::internal, "there are not as many weights as elements");
    std::vector<Element> parts((elements.size() + kChunk - 1) / kChunk);
    THREATLAS_CHECK(in_pieces(elements.size(), [&](std::size_t first, std::size_t count) -> Result<void> {
        const Kernel& kernel = count < kFew ? portable_kernel() : best_kernel();
        const std::size_t good = kernel.sum(weights.data() + kScalarBytes * first, elements[first].bytes.data(), count, parts[first / kChunk].bytes.data());
        if (good != count) return no_element(first + good);
        return {};
    }));
    Element out{};
    for (const auto& part : parts)
        if (crypto_core_ristretto255_add(out.bytes.data(), out.bytes.data(), part.bytes.data()) != 0) return fail(ErrorCode::internal, "a sum of elements is no element");
    if (out == Element{}) return fail(ErrorCode::bad_input, "a sum of elements is the identity");
    return out;
}

}  // namespace threatlas::exchange::matching

#include "exchange/matching/filter.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

Sign ed25519_signer(Bytes secret_key_64) {
    struct Key {
        std::array<unsigned char, crypto_sign_SECRETKEYBYTES> bytes{};
        ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
    };
    const auto key = std::make_shared<Key>();
    const bool whole = secret_key_64.size() == key->bytes.size();
    if (whole) std::copy(secret_key_64.begin(), secret_key_64.end(), key->bytes.begin());
    return [key, whole](Bytes message) -> Result<Signature> {
        if (!whole) return fail(ErrorCode::bad_input, "a signing key has 64 bytes");
        Signature out;
        crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), key->bytes.data());
        return out;
    };
}

Verify ed25519_verifier(Bytes public_key_32) {
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    const bool whole = public_key_32.size() == key.size();
    if (whole) std::copy(public_key_32.begin(), public_key_32.end(), key.begin());
    return [key, whole](Bytes message, const Signature& signature) { return whole && crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0; };
}

Digest digest_of(std::string_view encoded) {
    Digest out;
    crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(encoded.data()), encoded.size());
    return out;
}

unsigned value_bits(std::uint64_t cap) { return 40 + static_cast<unsigned>(std::bit_width(std::max<std::uint64_t>(cap, 1) - 1)); }

std::uint64_t value_of(const Output& output, std::uint64_t cap) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) out = out << 8 | output[i];
    return out >> (64 - value_bits(cap));
}

Result<void> check_part(const Part& part) {
    const PartHeader& head = part.header;
    if (head.cap == 0 || head.cap > kMaxCap) return fail(ErrorCode::bad_input, "the cap of a filter lies between 1 and " + std::to_string(kMaxCap));
    if (part.added.size() > head.cap || part.removed.size() > head.cap) return fail(ErrorCode::bad_input, "a filter holds more values than its cap");
    if (head.base && (!part.removed.empty() || head.follows != Digest{})) return fail(ErrorCode::bad_input, "a base of a filter follows nothing and removes nothing");
    if (!head.base && head.serial == 0) return fail(ErrorCode::bad_input, "the first part of a filter is a base");
    for (auto a = part.added.begin(), r = part.removed.begin(); a != part.added.end() && r != part.removed.end();) {
        if (*a == *r) return fail(ErrorCode::bad_input, "a part of a filter adds and removes the same value");
        if (*a < *r) ++a;
        else ++r;
    }
    return {};
}

Result<Part> make_part(PartHeader header, std::span<const Output> added, std::span<const Output> removed) {
    if (header.cap == 0 || header.cap > kMaxCap) return fail(ErrorCode::bad_input, "the cap of a filter lies between 1 and " + std::to_string(kMaxCap));
    const auto values = [&](std::span<const Output> outputs) {
        std::vector<std::uint64_t> out;
        out.reserve(outputs.size());
        for (const auto& each : outputs) out.push_back(value_of(each, header.cap));
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    };
    Part out{header, values(added), values(removed)};
    THREATLAS_CHECK(check_part(out));
    return out;
}

Result<bool> Filter::take(const Part& part, const Digest& digest) {
    THREATLAS_CHECK(check_part(part));
    const PartHeader& head = part.header;
    if (any_ && head.epoch < header_.epoch) return fail(ErrorCode::conflict, "this part is of a key that was replaced");
    const bool same_epoch = any_ && head.epoch == header_.epoch;
    if (same_epoch && (head.key != header_.key || head.cap != header_.cap)) return fail(ErrorCode::conflict, "this part is of another key or cap in the same epoch");
    if (same_epoch && head.serial <= header_.serial) return false;
    if (head.base) {
        values_ = part.added;
    } else {
        if (!same_epoch || head.serial != header_.serial + 1 || head.follows != last_) return fail(ErrorCode::conflict, "the part before this one is missing: ask for the newest base and what follows it");
        std::vector<std::uint64_t> kept, all;
        kept.reserve(values_.size());
        std::set_difference(values_.begin(), values_.end(), part.removed.begin(), part.removed.end(), std::back_inserter(kept));
        all.reserve(kept.size() + part.added.size());
        std::set_union(kept.begin(), kept.end(), part.added.begin(), part.added.end(), std::back_inserter(all));
        if (all.size() > head.cap) return fail(ErrorCode::bad_input, "with this part the filter holds more values than its cap");
        values_ = std::move(all);
    }
    header_ = head, any_ = true, last_ = digest;
    index();
    return true;
}

// Buckets by the leading bits, one or two values each: outputs are uniform. A holder that crowds them makes its own filter slow, by a logarithm.
void Filter::index() {
    const auto bits = static_cast<unsigned>(std::max(1, static_cast<int>(std::bit_width(values_.size())) - 1));
    shift_ = value_bits(header_.cap) - bits;
    starts_.assign((std::size_t{1} << bits) + 1, 0);
    for (const std::uint64_t each : values_) ++starts_[(each >> shift_) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

bool Filter::holds(std::uint64_t value) const {
    const std::uint64_t bucket = value >> shift_;
    const auto first = values_.begin() + starts_[bucket], last = values_.begin() + starts_[bucket + 1];
    if (last - first > 16) return std::binary_search(first, last, value);
    bool found = false;
    for (auto each = first; each != last; ++each) found = found || *each == value;
    return found;
}

bool Filter::contains(const Output& output) const { return any_ && holds(value_of(output, header_.cap)); }

std::vector<std::uint8_t> Filter::contains(std::span<const Output> outputs) const {
    std::vector<std::uint8_t> out(outputs.size(), 0);
    if (!any_) return out;
    constexpr std::size_t kAhead = 16;
    std::array<std::uint64_t, kAhead> values{};
    for (std::size_t at = 0; at < outputs.size(); at += kAhead) {
        const std::size_t count = std::min(kAhead, outputs.size() - at);
        for (std::size_t i = 0; i < count; ++i) values[i] = value_of(outputs[at + i], header_.cap), __builtin_prefetch(&starts_[values[i] >> shift_]);
        for (std::size_t i = 0; i < count; ++i) __builtin_prefetch(values_.data() + starts_[values[i] >> shift_]);
        for (std::size_t i = 0; i < count; ++i) out[at + i] = holds(values[i]) ? 1 : 0;
    }
    return out;
}

Part Filter::folded() const {
    Part out{header_, values_, {}};
    out.header.base = true, out.header.follows = {}, out.header.serial = header_.serial + 1;
    return out;
}

}  // namespace threatlas::exchange::matching

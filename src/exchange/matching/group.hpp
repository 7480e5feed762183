// The prime-order group ristretto255 (RFC 9496) with SHA-512, as private matching uses it: elements, secret scalars,
// hashing (RFC 9380 expand_message_xmd), and multiplication of many elements by one secret.
//
// Shapes: an element and a scalar are 32 bytes each, little-endian, one encoding each. Non-canonical encodings, points
// off the group, the identity, scalars of zero or not below the order are bad_input everywhere, with the place in the list as row.
// Secrets: time and memory access do not depend on scalars or on hashed inputs (they do on lengths and counts, which are public);
// scalars are wiped when they end. Lists are worked on by core::threads() threads.
// Cost on one core of an AMD EPYC 9005: docs/PERFORMANCE.md, 'private matching'. Source: RFC 9380, 9496; libsodium 1.0.18.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::matching {

inline constexpr std::size_t kElementBytes = 32, kScalarBytes = 32;
inline constexpr std::size_t kMaxInputBytes = 65'535;   // of one identifier: RFC 9497 writes its length in two bytes

using Bytes = std::span<const unsigned char>;
inline Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const unsigned char*>(text.data()), text.size()}; }

// Public. Made by element() and by what returns elements; whatever takes one checks it again as it decodes it.
struct Element {
    std::array<unsigned char, kElementBytes> bytes{};
    friend auto operator<=>(const Element&, const Element&) = default;
};

// Secret, in 1 .. order-1; wiped when it ends. Copies are made by clone(), so that none is made by chance.
class Scalar {
  public:
    static Scalar random();
    static core::Result<Scalar> from(Bytes bytes);                    // canonical only
    static Scalar reduced(const std::array<unsigned char, 64>& wide);   // modulo the order; may be zero: see is_zero
    Scalar(Scalar&& other) noexcept;
    Scalar& operator=(Scalar&& other) noexcept;
    Scalar(const Scalar&) = delete;
    Scalar& operator=(const Scalar&) = delete;
    ~Scalar();
    Scalar clone() const;
    bool is_zero() const;
    const unsigned char* data() const { return bytes_.data(); }
    // Modulo the order.
    Scalar times(const Scalar& other) const;
    Scalar minus(const Scalar& other) const;
    Scalar inverse() const;                                           // not of zero

  private:
    Scalar() = default;
    std::array<unsigned char, kScalarBytes> bytes_{};
};

// RFC 9380, 5.3.1 with SHA-512: out.size() bytes, at most 16,320; dst at most 255 bytes. internal otherwise.
core::Result<void> expand_message_xmd(Bytes message, Bytes dst, std::span<unsigned char> out);

core::Result<Element> element(Bytes encoded);
// A list of encodings one after another.
core::Result<std::vector<Element>> elements(Bytes encoded);
// bad_input for an input longer than kMaxInputBytes, or (chance 2^-252) one that hashes to the identity.
core::Result<Element> hash_to_group(std::string_view input, std::string_view dst);
core::Result<Scalar> hash_to_scalar(Bytes message, std::string_view dst);

// The scalar times the base point, and times every element, in their order.
Element multiply_base(const Scalar& scalar);
core::Result<std::vector<Element>> multiply(const Scalar& scalar, std::span<const Element> elements);
// Each element by a scalar of its own; as many scalars as elements.
core::Result<std::vector<Element>> multiply_each(std::span<const Scalar> scalars, std::span<const Element> elements);
// The sum of elements, each times a public weight of 32 bytes, little-endian, below the order. In time that depends on the weights.
// bad_input also when the sum is the identity.
core::Result<Element> weighted_sum(Bytes weights, std::span<const Element> elements);
// hash_to_group of every input, then times the scalar: what a holder does with its list.
core::Result<std::vector<Element>> hash_and_multiply(const Scalar& scalar, std::span<const std::string> inputs, std::string_view dst);

}  // namespace threatlas::exchange::matching

// What a holder publishes of its list: values of F(key, identifier), cut to so many bits that a stranger's value is in it with
// chance 2^-40 at most, as a Golomb-coded set; one base a key, then daily parts of what was added and removed.
//
// Each value is the first `value_bits(cap)` = 40 + ceil(log2 cap) bits of an output, so with at most `cap` values in all parts
// together the chance of a false hit is at most cap / 2^value_bits <= 2^-40 a look-up, however many parts there are. Size: about
// value_bits - log2(count) + 1.6 bits a value, 41.6 at a full cap: 5.2 MB a million.
// What leaks to who has the file and not the key: counts, and that a part adds or removes so many. Not whether an identifier is in it:
// that needs the key, or an answered query. If the key leaks, whoever has the file can try identifiers at will: destroy both at re-key.
// Errors: bad_input for bytes no honest holder writes, mismatch for another signature or key, conflict for parts that do not follow each other.
// Cost: making and decoding linear, O(count) memory (8 to 16 bytes a value once loaded); a look-up two reads of memory.
// Source: Golomb (1966), Rice (1979); compared with binary fuse filters (Graf and Lemire 2022) in docs/adr/0021-private-matching.md.
#pragma once

#include <functional>
#include <optional>

#include "exchange/matching/voprf.hpp"

namespace threatlas::exchange::matching {

inline constexpr std::uint64_t kMaxCap = std::uint64_t{1} << 24;   // values of one holder under one key

using Signature = std::array<unsigned char, 64>;                   // Ed25519, of the holder's node
using Sign = std::function<core::Result<Signature>(Bytes message)>;
using Verify = std::function<bool(Bytes message, const Signature& signature)>;
Sign ed25519_signer(Bytes secret_key_64);                          // keeps a copy, wiped when the last copy of the function ends
Verify ed25519_verifier(Bytes public_key_32);

using Digest = std::array<unsigned char, 32>;                      // SHA-256

struct PartHeader {
    KeyId key{};
    std::uint32_t epoch = 0;            // counts keys, one a quarter; never falls
    std::uint32_t serial = 0;           // counts the parts of an epoch; a base stands for all before it, an increment follows serial - 1
    bool base = true;
    std::int32_t day = 0;               // days since 1970-01-01
    std::uint64_t cap = 0;              // most values the holder may ever have under this key, as agreed among the members; 1 .. kMaxCap
    Digest follows{};                   // SHA-256 of the encoded part before; zeros for a base
};

// One file. Values are sorted and distinct; `removed` is empty in a base.
struct Part {
    PartHeader header;
    std::vector<std::uint64_t> added, removed;
};

unsigned value_bits(std::uint64_t cap);
std::uint64_t value_of(const Output& output, std::uint64_t cap);

// Repeats count once. bad_input: a cap out of range or exceeded, an increment with serial 0, a base that removes, a value both added and removed.
core::Result<Part> make_part(PartHeader header, std::span<const Output> added, std::span<const Output> removed = {});
// What make_part and decode_part refuse, of a part put together otherwise; its values sorted and distinct.
core::Result<void> check_part(const Part& part);
// Signed over everything. Deterministic: the same part, the same bytes (Ed25519 is).
core::Result<std::string> encode(const Part& part, const Sign& sign);
Digest digest_of(std::string_view encoded);
// Hostile bytes: checked before memory is taken; one encoding a part. `verify` is of the holder's key as its card gives it.
core::Result<Part> decode_part(Bytes encoded, const Verify& verify);

// What a reader keeps of one holder: base and increments, looked up as one.
class Filter {
  public:
    // Takes parts in order. True: taken; false: already in it (same or earlier serial). conflict: one before is missing, another
    // history (digest) or a lower epoch: ask for the base. bad_input: more values than the cap.
    // What is added twice is there once; two of the holder's items share a value, and are removed as one, with chance cap^2 / 2^(value_bits + 1) = 2^-21 in all.
    // A base of a newer serial or epoch replaces everything: re-key and folding are the same thing to a reader.
    core::Result<bool> take(const Part& part, const Digest& digest);
    bool empty() const { return values_.empty(); }
    std::size_t size() const { return values_.size(); }
    const PartHeader& header() const { return header_; }   // of the newest part
    bool contains(const Output& output) const;
    // Many at once, their reads of memory overlapped: one byte each, 1 for a hit.
    std::vector<std::uint8_t> contains(std::span<const Output> outputs) const;
    // Everything so far as one base, to publish as the next part.
    Part folded() const;

  private:
    void index();
    bool holds(std::uint64_t value) const;
    PartHeader header_;
    bool any_ = false;
    Digest last_{};
    std::vector<std::uint64_t> values_;   // sorted
    std::vector<std::uint32_t> starts_;   // of each bucket of equal leading bits
    unsigned shift_ = 0;
};

}  // namespace threatlas::exchange::matching

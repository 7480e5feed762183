// The messages of a bulk session, little-endian: 'TLMB', version, type, session (16), sequence (4), count (4), then by type
//   hello    kind, role, own cap (4), peer cap (4), agreement (32), Ed25519 signature (64) over all before it; count: items the sender brings
//   points   count elements
//   replies  count times 10 bytes
// Errors: bad_input for bytes no honest side sends. Each message is exactly as long as its count says, 1 to kBulkBatch.
#pragma once

#include "exchange/matching/bulk.hpp"

namespace threatlas::exchange::matching {

enum class BulkType : std::uint8_t { hello = 1, points = 2, replies = 3 };
using Session = std::array<unsigned char, 16>;
using Reply = std::array<unsigned char, kReplyBytes>;

struct BulkHead {
    Session session{};
    std::uint32_t sequence = 0;
    BulkType type = BulkType::hello;
    std::uint32_t count = 0;
};

core::Result<BulkHead> decode_head(Bytes message);
core::Result<std::string> make_hello(BulkRole role, const BulkTerms& terms, std::uint32_t items, const Sign& sign);
// How many items the peer brings. mismatch: signed by another, or other terms than ours; not_allowed: more than agreed.
core::Result<std::uint32_t> check_hello(Bytes message, BulkRole own_role, const BulkTerms& own_terms, const Verify& verify);
std::string encode_points(const BulkHead& head, std::span<const Element> elements);
core::Result<std::vector<Element>> decode_points(Bytes message);
std::string encode_replies(const BulkHead& head, std::span<const Reply> replies);
core::Result<std::vector<Reply>> decode_replies(Bytes message);
Reply reply_of(const Session& session, const Element& element);

}  // namespace threatlas::exchange::matching

#include "exchange/matching/hostile.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "exchange/matching/bulk_messages.hpp"

namespace threatlas::exchange::matching {
namespace {

void must(bool holds) {
    if (!holds) std::abort();
}
bool same(const std::string& text, Bytes bytes) { return text.size() == bytes.size() && std::memcmp(text.data(), bytes.data(), bytes.size()) == 0; }

}  // namespace

bool try_filter(Bytes bytes) {
    Signature signature{};
    const auto part = decode_part(bytes, [&](Bytes, const Signature& given) {
        signature = given;
        return true;
    });
    if (!part) return false;
    const auto again = encode(*part, [&](Bytes) -> core::Result<Signature> { return signature; });
    must(again.has_value() && same(*again, bytes));
    Filter filter;
    Part base = *part;
    base.header.base = true, base.header.follows = {}, base.removed.clear();
    must(filter.take(base, {}).has_value() && filter.size() == base.added.size());
    const unsigned shift = 64 - value_bits(base.header.cap);
    for (const std::uint64_t value : base.added) {
        Output output{};
        for (std::size_t i = 0; i < 8; ++i) output[i] = static_cast<unsigned char>((value << shift) >> (56 - 8 * i));
        must(filter.contains(output));
    }
    Part next = *part;
    if (!next.header.base) {
        next.header.serial = base.header.serial + 1, next.header.follows = {};
        static_cast<void>(filter.take(next, {}));
    }
    return true;
}

bool try_evaluation(Bytes bytes) {
    if (const auto request = decode_request(bytes)) {
        must(same(encode(*request), bytes));
        return true;
    }
    const auto response = decode_response(bytes);
    if (response) must(same(encode(*response), bytes));
    return response.has_value();
}

bool try_bulk(Bytes bytes) {
    if (bytes.empty()) return false;
    BulkTerms terms;
    terms.session.fill(7), terms.own_cap = terms.peer_cap = 5'000, terms.kind = (bytes[0] & 2) != 0 ? BulkKind::cardinality : BulkKind::intersection;
    const BulkRole role = (bytes[0] & 1) != 0 ? BulkRole::holder : BulkRole::asker;
    auto party = BulkParty::begin(role, terms, {"a", "b", "c"}, [](Bytes) -> core::Result<Signature> { return Signature{}; }, [](Bytes, const Signature&) { return true; });
    must(party.has_value());
    for (bytes = bytes.subspan(1); bytes.size() >= 4;) {
        const std::size_t size = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<std::size_t>(bytes[3]) << 24;
        bytes = bytes.subspan(4);
        const Bytes message = bytes.first(std::min(size, bytes.size()));
        bytes = bytes.subspan(message.size());
        if (const auto head = decode_head(message)) {
            const auto points = decode_points(message);
            const auto replies = decode_replies(message);
            must(!points || same(encode_points(*head, *points), message));
            must(!replies || same(encode_replies(*head, *replies), message));
        }
        while (true) {
            const auto said = party->next();
            if (!said || said->empty()) break;
            must(decode_head(bytes_of(*said)).has_value());
        }
        if (!party->take(message)) return false;
    }
    while (true) {
        const auto said = party->next();
        if (!said || said->empty()) break;
    }
    if (!party->done()) return false;
    const auto result = party->result();
    must(result.has_value() && result->common <= 3 && result->items.size() <= 3);
    return true;
}

}  // namespace threatlas::exchange::matching

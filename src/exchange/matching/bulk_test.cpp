#include "exchange/matching/bulk.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <set>

#include "exchange/matching/bulk_messages.hpp"

namespace threatlas::exchange::matching {
namespace {

using core::ErrorCode;

struct Signer {
    Sign sign;
    Verify verify;
};
Signer signer(unsigned char seed) {
    std::array<unsigned char, 32> bytes{seed}, public_key;
    std::array<unsigned char, 64> secret;
    crypto_sign_seed_keypair(public_key.data(), secret.data(), bytes.data());
    return {ed25519_signer(secret), ed25519_verifier(public_key)};
}

BulkTerms terms(BulkKind kind = BulkKind::intersection, std::uint32_t own = 10'000, std::uint32_t peer = 10'000) {
    BulkTerms out;
    out.session[0] = 42, out.kind = kind, out.own_cap = own, out.peer_cap = peer, out.agreement[3] = 1;
    return out;
}
std::vector<std::string> items(int first, int count) {
    std::vector<std::string> out;
    for (int i = first; i < first + count; ++i) out.push_back("plate:RS:BG-" + std::to_string(i));
    return out;
}
core::Result<BulkParty> party(BulkRole role, std::vector<std::string> list, const BulkTerms& with = terms()) {
    const auto asker = signer(1), holder = signer(2);
    return role == BulkRole::asker ? BulkParty::begin(role, with, std::move(list), asker.sign, holder.verify) : BulkParty::begin(role, with, std::move(list), holder.sign, asker.verify);
}

// Lets both talk until neither has anything to say; every message seen. Stops at the first error.
core::Result<std::vector<std::string>> talk(BulkParty& asker, BulkParty& holder) {
    std::vector<std::string> seen;
    while (!asker.done() || !holder.done()) {
        bool moved = false;
        for (auto [from, to] : {std::pair(&asker, &holder), std::pair(&holder, &asker)}) {
            if (from->done()) continue;
            THREATLAS_TRY(const std::string message, from->next());
            if (message.empty()) continue;
            THREATLAS_CHECK(to->take(bytes_of(message)));
            seen.push_back(message);
            moved = true;
        }
        if (!moved) return core::fail(ErrorCode::internal, "both wait");
    }
    return seen;
}

RC_GTEST_PROP(Bulk, EqualsTheSetsThemselves, ()) {
    const auto kind = *rc::gen::element(BulkKind::intersection, BulkKind::cardinality);
    const auto mine = *rc::gen::nonEmpty<std::set<std::string>>(), also = *rc::gen::nonEmpty<std::set<std::string>>();
    std::set<std::string> theirs = also;
    for (const auto& each : mine)
        if (*rc::gen::inRange(0, 2) == 0) theirs.insert(each);
    const std::vector<std::string> left(mine.begin(), mine.end()), right(theirs.begin(), theirs.end());
    auto asker = party(BulkRole::asker, left, terms(kind)), holder = party(BulkRole::holder, right, terms(kind));
    RC_ASSERT(asker.has_value());
    RC_ASSERT(holder.has_value());
    RC_ASSERT(talk(*asker, *holder).has_value());
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (theirs.count(left[i]) == 1) expected.push_back(static_cast<std::uint32_t>(i));
    const auto result = asker->result();
    RC_ASSERT(result->common == expected.size());
    RC_ASSERT(result->items == (kind == BulkKind::intersection ? expected : std::vector<std::uint32_t>{}));
    RC_ASSERT(result->peer_items == right.size());
    RC_ASSERT(holder->result()->common == 0u);
    RC_ASSERT(holder->result()->peer_items == left.size());
}

TEST(Bulk, MoreThanABatchEachWay) {
    for (const auto kind : {BulkKind::intersection, BulkKind::cardinality}) {
        auto asker = party(BulkRole::asker, items(0, 5'000), terms(kind)), holder = party(BulkRole::holder, items(4'990, 4'200), terms(kind));
        const auto seen = talk(*asker, *holder);
        ASSERT_TRUE(seen) << core::describe(seen.error());
        EXPECT_EQ(asker->result()->common, 10u);
        std::size_t bytes = 0;
        for (const auto& each : *seen) bytes += each.size();
        EXPECT_EQ(bytes, 5'000u * 42 + 4'200u * 32 + 6 * 30 + 2 * 136);
        if (kind == BulkKind::intersection) { EXPECT_EQ(asker->result()->items, (std::vector<std::uint32_t>{4990, 4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999})); }
    }
}

// What the holder sees of the same list in two sessions has nothing in common; nor have the replies.
TEST(Bulk, SessionsCannotBeLinked) {
    std::set<Element> elements;
    std::set<Reply> replies;
    for (int session = 0; session < 2; ++session) {
        auto asker = party(BulkRole::asker, items(0, 50)), holder = party(BulkRole::holder, items(0, 50));
        const auto seen = talk(*asker, *holder);
        ASSERT_TRUE(seen);
        for (const auto& message : *seen) {
            const auto type = decode_head(bytes_of(message))->type;
            if (type == BulkType::points) {
                const auto some = decode_points(bytes_of(message));
                for (const auto& each : *some) EXPECT_TRUE(elements.insert(each).second);
            } else if (type == BulkType::replies) {
                const auto some = decode_replies(bytes_of(message));
                for (const auto& each : *some) EXPECT_TRUE(replies.insert(each).second);
            }
        }
    }
    EXPECT_EQ(elements.size(), 200u);
    EXPECT_EQ(replies.size(), 100u);
}

// Cardinality: sorted replies, whatever the order of the asker's items; and none before all are there.
TEST(Bulk, CardinalityRepliesAreSortedAndLast) {
    auto asker = party(BulkRole::asker, items(0, 5'000), terms(BulkKind::cardinality)), holder = party(BulkRole::holder, items(0, 10), terms(BulkKind::cardinality));
    const auto seen = talk(*asker, *holder);
    ASSERT_TRUE(seen);
    std::vector<Reply> replies;
    std::size_t points = 0;
    for (const auto& message : *seen) {
        const auto head = decode_head(bytes_of(message));
        if (head->type == BulkType::points) points += head->count;
        if (head->type == BulkType::replies) {
            EXPECT_EQ(points, 5'010u);
            const auto some = *decode_replies(bytes_of(message));
            replies.insert(replies.end(), some.begin(), some.end());
        }
    }
    EXPECT_TRUE(std::is_sorted(replies.begin(), replies.end()));
    EXPECT_EQ(replies.size(), 5'000u);
    EXPECT_EQ(asker->result()->common, 10u);
}

TEST(Bulk, BeginningRefuses) {
    EXPECT_EQ(party(BulkRole::asker, {}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(party(BulkRole::asker, {"a", "b", "a"}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(party(BulkRole::asker, items(0, 11), terms(BulkKind::intersection, 10)).error().code, ErrorCode::not_allowed);
    EXPECT_FALSE(party(BulkRole::asker, items(0, 1), terms(BulkKind::intersection, 0)));
    EXPECT_FALSE(party(BulkRole::asker, {std::string(kMaxInputBytes + 1, 'a')}));
    auto early = party(BulkRole::asker, items(0, 1));
    EXPECT_EQ(early->result().error().code, ErrorCode::conflict);
}

TEST(Bulk, AnotherAgreementIsRefused) {
    const auto refused = [](BulkTerms other) {
        auto asker = party(BulkRole::asker, items(0, 5), other), holder = party(BulkRole::holder, items(0, 5));
        const auto seen = talk(*asker, *holder);
        return seen ? ErrorCode::internal : seen.error().code;
    };
    EXPECT_EQ(refused(terms()), ErrorCode::internal);   // the control: all is well
    BulkTerms other = terms();
    other.agreement[3] = 2;
    EXPECT_EQ(refused(other), ErrorCode::mismatch);
    other = terms(BulkKind::cardinality);
    EXPECT_EQ(refused(other), ErrorCode::mismatch);
    other = terms();
    other.session[0] = 1;
    EXPECT_EQ(refused(other), ErrorCode::mismatch);
    EXPECT_EQ(refused(terms(BulkKind::intersection, 9'999)), ErrorCode::mismatch);
    // Signed by somebody else.
    const auto stranger = signer(3), right = signer(1);
    auto asker = BulkParty::begin(BulkRole::asker, terms(), items(0, 5), stranger.sign, signer(2).verify);
    auto holder = party(BulkRole::holder, items(0, 5));
    EXPECT_EQ(holder->take(bytes_of(*asker->next())).error().code, ErrorCode::mismatch);
    EXPECT_EQ(holder->next().error().code, ErrorCode::conflict);   // over
    // Its own hello sent back.
    auto mirrored = party(BulkRole::asker, items(0, 5));
    EXPECT_EQ(mirrored->take(bytes_of(*mirrored->next())).error().code, ErrorCode::mismatch);
    // More than the cap, signed all the same.
    auto capped = party(BulkRole::holder, items(0, 5), terms(BulkKind::intersection, 10'000, 4));
    EXPECT_EQ(capped->take(bytes_of(*make_hello(BulkRole::asker, terms(BulkKind::intersection, 4), 5, right.sign))).error().code, ErrorCode::not_allowed);
}

struct Met {
    BulkParty asker, holder;
    std::string first;   // the asker's items, not yet taken
};
Met met(int asked, int held, BulkKind kind = BulkKind::intersection) {
    auto asker = *party(BulkRole::asker, items(0, asked), terms(kind));
    auto holder = *party(BulkRole::holder, items(0, held), terms(kind));
    EXPECT_TRUE(holder.take(bytes_of(*asker.next())));
    EXPECT_TRUE(asker.take(bytes_of(*holder.next())));
    std::string first = *asker.next();
    return {std::move(asker), std::move(holder), std::move(first)};
}

TEST(Bulk, OrderIsKept) {
    auto twice = met(5, 5);
    EXPECT_TRUE(twice.holder.take(bytes_of(twice.first)));
    EXPECT_EQ(twice.holder.take(bytes_of(twice.first)).error().code, ErrorCode::conflict);
    auto missing = met(5'000, 5);
    EXPECT_EQ(missing.holder.take(bytes_of(*missing.asker.next())).error().code, ErrorCode::conflict);
    auto early = party(BulkRole::holder, items(0, 5));
    EXPECT_FALSE(early->take(bytes_of(met(5, 5).first)));
}

TEST(Bulk, LiesAreRefused) {
    const BulkTerms t = terms();
    const auto elements_of = [](int first, int count) { return *hash_and_multiply(Scalar::random(), items(first, count), "test"); };
    auto more = met(5, 5);
    EXPECT_EQ(more.holder.take(bytes_of(encode_points({t.session, 1}, elements_of(0, 6)))).error().code, ErrorCode::bad_input);
    auto identity = met(5, 5);
    EXPECT_EQ(identity.holder.take(bytes_of(encode_points({t.session, 1}, std::vector<Element>(5)))).error().code, ErrorCode::bad_input);
    auto odd = met(5, 5);
    auto bad = elements_of(0, 5);
    bad[4].bytes[31] |= 0x80;
    const auto said = odd.holder.take(bytes_of(encode_points({t.session, 1}, bad)));
    EXPECT_EQ(said.error().code, ErrorCode::bad_input);
    EXPECT_EQ(said.error().where.row, 5u);
    auto asked = met(5, 5);
    EXPECT_EQ(asked.holder.take(bytes_of(encode_replies({t.session, 1}, std::vector<Reply>(5)))).error().code, ErrorCode::bad_input);   // an asker replies not
    auto eager = met(5, 5);
    EXPECT_EQ(eager.asker.take(bytes_of(encode_replies({t.session, 1}, std::vector<Reply>(6)))).error().code, ErrorCode::bad_input);
    // One item sent twice, to know its reply among the others.
    auto marked = met(5, 5, BulkKind::cardinality);
    auto pair = elements_of(0, 5);
    pair[1] = pair[3];
    EXPECT_EQ(marked.holder.take(bytes_of(encode_points({t.session, 1}, pair))).error().code, ErrorCode::bad_input);
    // A holder that replies at random is not caught; it finds nothing.
    auto garbage = met(5, 5);
    EXPECT_TRUE(garbage.asker.take(bytes_of(encode_replies({t.session, 1}, std::vector<Reply>(5)))));
    EXPECT_TRUE(garbage.asker.take(bytes_of(encode_points({t.session, 2}, elements_of(0, 5)))));
    EXPECT_EQ(garbage.asker.result()->common, 0u);
}

TEST(BulkMessages, AreExactlySoLong) {
    const std::string good = met(5, 5).first;
    EXPECT_TRUE(decode_points(bytes_of(good)));
    for (std::size_t i = 0; i < good.size(); ++i) EXPECT_FALSE(decode_points(bytes_of(good).first(i)));
    EXPECT_FALSE(decode_points(bytes_of(good + "x")));
    EXPECT_FALSE(decode_replies(bytes_of(good)));
    for (const std::size_t at : {0U, 4U, 5U, 26U, 29U}) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x40);
        EXPECT_FALSE(decode_points(bytes_of(bad))) << at;
    }
}

}  // namespace
}  // namespace threatlas::exchange::matching

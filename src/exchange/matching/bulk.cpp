#include "exchange/matching/bulk.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>

#include "exchange/matching/bulk_messages.hpp"

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kTag = "threatlas-matching-V1-bulk-ristretto255_XMD:SHA-512_R255MAP_RO_";

// Draws of libsodium: the order tells nothing about the list.
std::vector<std::uint32_t> shuffled(std::size_t count) {
    std::vector<std::uint32_t> out(count);
    std::iota(out.begin(), out.end(), 0U);
    for (std::size_t i = count; i > 1; --i) std::swap(out[i - 1], out[randombytes_uniform(static_cast<std::uint32_t>(i))]);
    return out;
}

bool repeats(const std::vector<std::string>& items) {
    std::vector<std::string_view> sorted(items.begin(), items.end());
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

}  // namespace

struct BulkParty::State {
    BulkRole role = BulkRole::asker;
    BulkTerms terms;
    Verify verify;
    std::optional<Scalar> secret;
    std::vector<std::string> items;
    std::vector<std::uint32_t> order;   // of sending
    std::string hello;
    std::uint32_t own = 0, peer = 0;    // items
    std::uint32_t sent = 0, taken = 0;  // elements of either side
    std::uint32_t said = 0, heard = 0;  // messages
    bool greeted = false, met = false, failed = false;
    std::vector<Reply> replies;         // asker: heard; holder: to be said, from `replied` on
    std::size_t replied = 0;
    std::vector<Reply> theirs;          // asker: a*(b*H(y))
    std::optional<BulkResult> result;

    bool asker() const { return role == BulkRole::asker; }
    bool finished() const { return greeted && met && sent == own && taken == peer && (asker() ? replies.size() == own : replied == peer); }

    Result<std::vector<Reply>> cut(std::span<const Element> elements) const {
        THREATLAS_TRY(const auto times, multiply(*secret, elements));
        std::vector<Reply> out(times.size());
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = reply_of(terms.session, times[i]);
        return out;
    }
    Result<std::string> points() {
        const std::uint32_t count = std::min<std::uint32_t>(kBulkBatch, own - sent);
        std::vector<std::string> batch(count);
        for (std::uint32_t i = 0; i < count; ++i) batch[i] = std::move(items[order[sent + i]]);
        THREATLAS_TRY(const auto elements, hash_and_multiply(*secret, batch, kTag));
        for (auto& each : batch) sodium_memzero(each.data(), each.size());
        sent += count;
        return encode_points({terms.session, said++}, elements);
    }
    Result<std::string> some_replies() {
        const std::size_t count = std::min<std::size_t>(kBulkBatch, replies.size() - replied);
        std::string out = encode_replies({terms.session, said++}, std::span(replies).subspan(replied, count));
        replied += count;
        return out;
    }
    Result<std::string> next() {
        if (!greeted) {
            greeted = true, ++said;
            return hello;
        }
        if (!met) return std::string();
        if (!asker() && replied < replies.size() && (terms.kind == BulkKind::intersection || taken == peer)) return some_replies();
        if (sent < own) return points();
        return std::string();
    }
    Result<void> take_points(Bytes message) {
        THREATLAS_TRY(const auto elements, decode_points(message));
        if (elements.size() > peer - taken) return fail(ErrorCode::bad_input, "the peer sends more items than its hello counted");
        THREATLAS_TRY(auto made, cut(elements));
        taken += static_cast<std::uint32_t>(elements.size());
        auto& kept = asker() ? theirs : replies;
        kept.insert(kept.end(), made.begin(), made.end());
        if (asker() || terms.kind == BulkKind::intersection || taken != peer) return {};
        std::sort(replies.begin(), replies.end());   // their order tells nothing of the asker's
        if (std::adjacent_find(replies.begin(), replies.end()) != replies.end()) return fail(ErrorCode::bad_input, "the peer sent an item twice");
        return {};
    }
    Result<void> take_replies(Bytes message) {
        if (!asker()) return fail(ErrorCode::bad_input, "an asker sends no replies");
        THREATLAS_TRY(const auto some, decode_replies(message));
        const std::size_t due = terms.kind == BulkKind::intersection ? sent : sent == own ? own : 0;
        if (some.size() > due - std::min(due, replies.size())) return fail(ErrorCode::bad_input, "the peer replies to items that were not sent");
        replies.insert(replies.end(), some.begin(), some.end());
        return {};
    }
    Result<void> take(Bytes message) {
        THREATLAS_TRY(const BulkHead head, decode_head(message));
        if (head.session != terms.session) return fail(ErrorCode::mismatch, "the message is of another session");
        if (head.sequence != heard) return fail(ErrorCode::conflict, "a message of the peer is missing, or came twice");
        if ((head.type == BulkType::hello) != !met) return fail(ErrorCode::bad_input, "a session begins with one hello of each side");
        if (head.type == BulkType::hello) {
            THREATLAS_TRY(peer, check_hello(message, role, terms, verify));
            met = true;
        } else if (head.type == BulkType::points) {
            THREATLAS_CHECK(take_points(message));
        } else {
            THREATLAS_CHECK(take_replies(message));
        }
        ++heard;
        return {};
    }
    Result<void> settle() {
        if (!finished() || result) return {};
        secret.reset();
        items.clear(), items.shrink_to_fit();
        result = BulkResult{peer, 0, {}};
        if (!asker()) return {};
        std::sort(theirs.begin(), theirs.end());
        if (std::adjacent_find(theirs.begin(), theirs.end()) != theirs.end()) return fail(ErrorCode::bad_input, "the peer sent an item twice");
        for (std::size_t i = 0; i < replies.size(); ++i) {
            if (!std::binary_search(theirs.begin(), theirs.end(), replies[i])) continue;
            ++result->common;
            if (terms.kind == BulkKind::intersection) result->items.push_back(order[i]);
        }
        std::sort(result->items.begin(), result->items.end());
        replies.clear(), theirs.clear(), order.clear();
        replies.shrink_to_fit(), theirs.shrink_to_fit(), order.shrink_to_fit();
        return {};
    }
};

BulkParty::BulkParty(std::unique_ptr<State> state) : state_(std::move(state)) {}
BulkParty::BulkParty(BulkParty&&) noexcept = default;
BulkParty& BulkParty::operator=(BulkParty&&) noexcept = default;
BulkParty::~BulkParty() = default;

Result<BulkParty> BulkParty::begin(BulkRole role, const BulkTerms& terms, std::vector<std::string> items, const Sign& sign, Verify verify) {
    for (const std::uint32_t cap : {terms.own_cap, terms.peer_cap})
        if (cap == 0 || cap > kMaxBulkItems) return fail(ErrorCode::bad_input, "a cap lies between 1 and " + std::to_string(kMaxBulkItems));
    if (items.empty()) return fail(ErrorCode::bad_input, "there is nothing to compare");
    if (items.size() > terms.own_cap) return fail(ErrorCode::not_allowed, "the list holds " + std::to_string(items.size()) + " items, agreed were at most " + std::to_string(terms.own_cap));
    if (repeats(items)) return fail(ErrorCode::bad_input, "an item stands twice in the list");
    for (const auto& each : items)
        if (each.size() > kMaxInputBytes) return fail(ErrorCode::bad_input, "an identifier is longer than 65,535 bytes");
    auto state = std::make_unique<State>();
    state->role = role, state->terms = terms, state->verify = std::move(verify), state->own = static_cast<std::uint32_t>(items.size());
    state->secret = Scalar::random();
    state->order = shuffled(items.size());
    state->items = std::move(items);
    THREATLAS_TRY(state->hello, make_hello(role, terms, state->own, sign));
    return BulkParty(std::move(state));
}

Result<std::string> BulkParty::next() {
    if (state_->failed) return fail(ErrorCode::conflict, "the session is over after an error: begin another");
    auto out = state_->next();
    if (out)
        if (auto said = state_->settle(); !said) out = tl::unexpected(said.error());
    if (!out) state_->failed = true, state_->secret.reset();
    return out;
}

Result<void> BulkParty::take(Bytes message) {
    if (state_->failed) return fail(ErrorCode::conflict, "the session is over after an error: begin another");
    if (state_->result) return fail(ErrorCode::conflict, "the session is over");
    auto said = state_->take(message);
    if (said) said = state_->settle();
    if (!said) state_->failed = true, state_->secret.reset();
    return said;
}

bool BulkParty::done() const { return state_->result.has_value() && !state_->failed; }

Result<BulkResult> BulkParty::result() const {
    if (!done()) return fail(ErrorCode::conflict, "the session is not over yet");
    return *state_->result;
}

}  // namespace threatlas::exchange::matching

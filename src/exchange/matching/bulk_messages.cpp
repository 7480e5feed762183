#include "exchange/matching/bulk_messages.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kMagic = "TLMB";
constexpr unsigned char kVersion = 1;
constexpr std::size_t kHead = 30, kHello = kHead + 2 + 4 + 4 + 32, kSignature = sizeof(Signature);

void put(std::string& out, std::uint32_t value) {
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 255));
}
std::uint32_t get(Bytes bytes, std::size_t at) {
    std::uint32_t out = 0;
    for (std::size_t i = 4; i-- > 0;) out = out << 8 | bytes[at + i];
    return out;
}
template <class Array>
void append(std::string& out, const Array& bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string head_of(BulkType type, const BulkHead& head, std::size_t count) {
    std::string out(kMagic);
    out.push_back(static_cast<char>(kVersion)), out.push_back(static_cast<char>(type));
    append(out, head.session);
    put(out, head.sequence), put(out, static_cast<std::uint32_t>(count));
    return out;
}

tl::unexpected<core::Error> refuse(const char* why) { return fail(ErrorCode::bad_input, std::string("this is no message of a bulk comparison: ") + why); }

// What a sender of this role and these terms writes before its signature.
std::string hello_of(BulkRole role, const BulkTerms& terms, std::uint32_t items) {
    std::string out = head_of(BulkType::hello, {terms.session, 0}, items);
    out.push_back(static_cast<char>(terms.kind)), out.push_back(static_cast<char>(role));
    put(out, terms.own_cap), put(out, terms.peer_cap);
    append(out, terms.agreement);
    return out;
}

}  // namespace

Result<BulkHead> decode_head(Bytes message) {
    if (message.size() < kHead || std::memcmp(message.data(), kMagic.data(), kMagic.size()) != 0) return refuse("its head is missing");
    if (message[4] != kVersion) return refuse("it is of another version");
    if (message[5] < 1 || message[5] > 3) return refuse("its type is unknown");
    BulkHead out;
    out.type = static_cast<BulkType>(message[5]);
    std::copy_n(message.begin() + 6, out.session.size(), out.session.begin());
    out.sequence = get(message, 22), out.count = get(message, 26);
    const std::size_t most = out.type == BulkType::hello ? kMaxBulkItems : kBulkBatch;
    if (out.count == 0 || out.count > most) return refuse("it holds too many items, or none");
    const std::size_t size = out.type == BulkType::hello ? kHello + kSignature : kHead + out.count * (out.type == BulkType::points ? kElementBytes : kReplyBytes);
    if (message.size() != size) return refuse("its length is not that of its count");
    return out;
}

Result<std::string> make_hello(BulkRole role, const BulkTerms& terms, std::uint32_t items, const Sign& sign) {
    std::string out = hello_of(role, terms, items);
    THREATLAS_TRY(const Signature signature, sign(bytes_of(out)));
    append(out, signature);
    return out;
}

Result<std::uint32_t> check_hello(Bytes message, BulkRole own_role, const BulkTerms& own_terms, const Verify& verify) {
    THREATLAS_TRY(const BulkHead head, decode_head(message));
    if (head.type != BulkType::hello) return refuse("it is no hello");
    BulkTerms terms = own_terms;
    std::swap(terms.own_cap, terms.peer_cap);
    const BulkRole role = own_role == BulkRole::asker ? BulkRole::holder : BulkRole::asker;
    const std::string expected = hello_of(role, terms, head.count);
    const Bytes signed_part = message.first(kHello);
    if (std::memcmp(expected.data(), signed_part.data(), kHello) != 0) return fail(ErrorCode::mismatch, "the peer's session, kind, caps or agreement are not ours");
    Signature signature;
    std::copy_n(message.begin() + static_cast<std::ptrdiff_t>(kHello), kSignature, signature.begin());
    if (!verify(signed_part, signature)) return fail(ErrorCode::mismatch, "the hello is not signed by the peer");
    if (head.count > own_terms.peer_cap) return fail(ErrorCode::not_allowed, "the peer brings " + std::to_string(head.count) + " items, agreed were at most " + std::to_string(own_terms.peer_cap));
    return head.count;
}

std::string encode_points(const BulkHead& head, std::span<const Element> elements) {
    std::string out = head_of(BulkType::points, head, elements.size());
    out.append(reinterpret_cast<const char*>(elements.data()), kElementBytes * elements.size());
    return out;
}

Result<std::vector<Element>> decode_points(Bytes message) {
    THREATLAS_TRY(const BulkHead head, decode_head(message));
    if (head.type != BulkType::points) return refuse("it holds no elements");
    return elements(message.subspan(kHead));
}

std::string encode_replies(const BulkHead& head, std::span<const Reply> replies) {
    std::string out = head_of(BulkType::replies, head, replies.size());
    for (const auto& each : replies) append(out, each);
    return out;
}

Result<std::vector<Reply>> decode_replies(Bytes message) {
    THREATLAS_TRY(const BulkHead head, decode_head(message));
    if (head.type != BulkType::replies) return refuse("it holds no replies");
    std::vector<Reply> out(head.count);
    std::memcpy(out.data(), message.data() + kHead, out.size() * kReplyBytes);
    return out;
}

Reply reply_of(const Session& session, const Element& element) {
    constexpr std::string_view kTag = "threatlas/matching/bulk/";
    std::array<unsigned char, kTag.size() + sizeof(Session) + kElementBytes> text;
    std::copy(kTag.begin(), kTag.end(), text.begin());
    std::copy(session.begin(), session.end(), text.begin() + kTag.size());
    std::copy(element.bytes.begin(), element.bytes.end(), text.begin() + kTag.size() + sizeof(Session));
    std::array<unsigned char, 64> hash;
    crypto_hash_sha512(hash.data(), text.data(), text.size());
    Reply out;
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

}  // namespace threatlas::exchange::matching

#include <algorithm>
#include <cstring>

#include "exchange/matching/voprf.hpp"

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::string_view kQuery = "TLVQ", kReply = "TLVR";
constexpr std::size_t kHead = 4 + 1 + 1 + 16 + 4;
constexpr unsigned char kVersion = 1;

std::string message(std::string_view magic, Mode mode, const KeyId& key, std::span<const Element> elements, const Proof* proof) {
    std::string out;
    out.reserve(kHead + kElementBytes * elements.size() + sizeof(Proof));
    out.append(magic);
    out.push_back(static_cast<char>(kVersion)), out.push_back(static_cast<char>(mode));
    out.append(reinterpret_cast<const char*>(key.data()), key.size());
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>((elements.size() >> (8 * i)) & 255));
    out.append(reinterpret_cast<const char*>(elements.data()), kElementBytes * elements.size());
    if (proof != nullptr) out.append(reinterpret_cast<const char*>(proof->data()), proof->size());
    return out;
}

Result<void> parse(Bytes message, std::string_view magic, std::size_t max_items, Mode& mode, KeyId& key, std::vector<Element>& out, Proof* proof) {
    const auto refuse = [](const char* why) { return fail(ErrorCode::bad_input, std::string("this is no message of private matching: ") + why); };
    if (message.size() < kHead || std::memcmp(message.data(), magic.data(), 4) != 0) return refuse("its head is missing");
    if (message[4] != kVersion) return refuse("it is of another version");
    if (message[5] > 1) return refuse("its mode is unknown");
    mode = static_cast<Mode>(message[5]);
    std::copy_n(message.begin() + 6, key.size(), key.begin());
    std::size_t count = 0;
    for (int i = 3; i >= 0; --i) count = count << 8 | message[22 + static_cast<std::size_t>(i)];
    if (count == 0 || count > std::min(max_items, kMaxBatch)) return refuse("it holds too many identifiers, or none");
    const std::size_t tail = proof != nullptr && mode == Mode::voprf ? sizeof(Proof) : 0;
    if (message.size() != kHead + kElementBytes * count + tail) return refuse("its length is not that of its count");
    THREATLAS_TRY(out, elements(message.subspan(kHead, kElementBytes * count)));
    if (tail != 0) std::copy_n(message.end() - static_cast<std::ptrdiff_t>(tail), tail, proof->begin());
    return {};
}

}  // namespace

std::string encode(const Request& request) { return message(kQuery, request.mode, request.key, request.blinded, nullptr); }
std::string encode(const Response& response) { return message(kReply, response.mode, response.key, response.evaluated, response.mode == Mode::voprf ? &response.proof : nullptr); }

Result<Request> decode_request(Bytes message, std::size_t max_items) {
    Request out;
    THREATLAS_CHECK(parse(message, kQuery, max_items, out.mode, out.key, out.blinded, nullptr));
    return out;
}

Result<Response> decode_response(Bytes message, std::size_t max_items) {
    Response out;
    THREATLAS_CHECK(parse(message, kReply, max_items, out.mode, out.key, out.evaluated, &out.proof));
    return out;
}

}  // namespace threatlas::exchange::matching

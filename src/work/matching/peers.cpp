// Other nodes: reached, asked for what they publish, and believed only as far as it verifies.
#include "work/matching/peers.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/peers.hpp"
#include "work/matching/parts.hpp"
#include "work/nodes/node.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace http = exchange::http;
namespace crypto = exchange::matching;

Result<std::string> Line::ask(const std::string& method, const std::string& path, const std::string& body, std::size_t most) {
    std::string base = peer_.address;
    while (base.ends_with('/')) base.pop_back();
    http::Ask request{.method = method, .url = base + "/api/v1/matching/" + path, .headers = {{"Authorization", "Bearer " + peer_.token}, {"Accept", "application/json"}}, .body = body, .most = most};
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    THREATLAS_TRY(const auto answer, client_.ask(request));
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    std::string said;
    if (const auto problem = core::parse_json(answer.body.substr(0, 10'000), "answer"); problem && problem->is_object())
        if (const auto* detail = problem->get_object().if_contains("detail"); detail != nullptr && detail->is_string()) said = shown(std::string_view(detail->get_string()));
    const ErrorCode code = answer.status == 401 || answer.status == 403 ? ErrorCode::not_allowed : answer.status == 404 ? ErrorCode::not_found : answer.status == 409 ? ErrorCode::conflict : answer.status == 400 || answer.status == 422 ? ErrorCode::bad_input : ErrorCode::unavailable;
    return fail(code, peer_.organisation + " answered " + std::to_string(answer.status) + (said.empty() ? "" : ": " + said));
}

Result<std::vector<store::MatchPeer>> Desk::known_peers() {
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(auto out, tables->peers());
    THREATLAS_TRY(auto* nodes, store::peers_of(store_));
    THREATLAS_TRY(const auto all, nodes->all());
    for (const auto& each : all) {
        if (each.removed || std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.organisation == each.organisation; })) continue;
        THREATLAS_TRY(const auto value, core::parse_json(each.access, "access"));
        PeerAccess access;
        THREATLAS_CHECK(model::from_json(value, access, "access"));
        if (each.address.empty() || (access.token.empty() && access.certificate.empty())) continue;   // it comes to us, we do not come in there
        out.push_back({each.organisation, each.address, each.public_key, access.token, access.authorities, access.certificate, access.key});
    }
    return out;
}

Result<store::MatchPeer> Desk::peer(const std::string& organisation) {
    THREATLAS_TRY(const auto all, known_peers());
    for (const auto& each : all)
        if (each.organisation == organisation) return each;
    return fail(ErrorCode::not_found, "there is no peer '" + shown(organisation, 60) + "'; 'threatlas node add' or 'threatlas match peer add' names one");
}

Result<void> Desk::set_peer(const model::Reader& who, const store::MatchPeer& peer) {
    THREATLAS_TRY(const Settings settings, this->settings());
    if (peer.organisation.empty() || peer.organisation.size() > 40 || peer.organisation == settings.organisation || peer.organisation.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) return fail(ErrorCode::bad_input, "name the peer's organisation, another than one's own");
    THREATLAS_CHECK(http::place_of(peer.address));
    THREATLAS_CHECK(verifier(peer.public_key));
    if (peer.token.empty() && peer.certificate.empty()) return fail(ErrorCode::bad_input, "a peer is reached with a token or a client certificate that it gave us");
    {
        const std::lock_guard guard(lock_);
        filters_.erase(peer.organisation);
    }
    THREATLAS_TRY(auto* tables, this->tables());
    return tables->set_peer(who, peer);
}

Result<void> Desk::drop_peer(const model::Reader& who, const std::string& organisation) {
    THREATLAS_TRY(auto* tables, this->tables());
    {
        const std::lock_guard guard(lock_);
        filters_.erase(organisation);
    }
    return tables->drop_peer(who, organisation);
}

Result<std::shared_ptr<const crypto::Filter>> Desk::filter_of(const std::string& organisation, const store::MatchPeer& peer) {
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const auto list, tables->parts(organisation, false));
    if (list.empty()) return fail(ErrorCode::not_found, "no filter of " + organisation + " has been fetched yet");
    const std::lock_guard guard(lock_);
    if (const auto found = filters_.find(organisation); found != filters_.end() && found->second.newest == list.back().digest) return found->second.filter;
    THREATLAS_TRY(const auto verify, verifier(peer.public_key));
    THREATLAS_TRY(const auto parts, tables->parts(organisation, true));
    auto filter = std::make_shared<crypto::Filter>();
    for (const auto& each : parts) {
        THREATLAS_TRY(const auto part, crypto::decode_part(crypto::bytes_of(each.bytes), verify));
        THREATLAS_CHECK(filter->take(part, crypto::digest_of(each.bytes)));
    }
    filters_[organisation] = {list.back().digest, filter};
    return std::shared_ptr<const crypto::Filter>(filter);
}

namespace {

Result<void> fits(const Commitment& commitment, const store::MatchPeer& peer) {
    THREATLAS_TRY(const auto verify, verifier(peer.public_key));
    crypto::Signature signature{};
    if (!from_hexadecimal(commitment.signature, signature) || !verify(crypto::bytes_of(signed_text(commitment)), signature)) return fail(ErrorCode::mismatch, "what " + peer.organisation + " published is not signed with the key it gave us");
    if (commitment.organisation != peer.organisation) return fail(ErrorCode::mismatch, "what " + peer.organisation + " published is another organisation's");
    crypto::Element key;
    crypto::KeyId id{};
    if (!from_hexadecimal(commitment.public_key, key.bytes) || !from_hexadecimal(commitment.key_id, id) || crypto::key_id(crypto::Mode::voprf, key) != id) return fail(ErrorCode::mismatch, "the key that " + peer.organisation + " published is not the one it names");
    if (commitment.epoch < 1 || commitment.cap < 1 || commitment.cap > static_cast<std::int64_t>(crypto::kMaxCap) || commitment.values < 0 || commitment.values > commitment.cap || commitment.parts.empty() || !commitment.parts.front().base)
        return fail(ErrorCode::mismatch, "what " + peer.organisation + " published is not possible");
    return {};
}

}  // namespace

Result<void> Desk::fetch(const model::Reader& who, const std::string& organisation) {
    THREATLAS_TRY(const store::MatchPeer peer, this->peer(organisation));
    THREATLAS_TRY(auto* tables, this->tables());
    Line line(peer);
    THREATLAS_TRY(const std::string text, line.ask("GET", "published", "", std::size_t{1} << 20));
    const auto lied = [&](const core::Error& error) -> Result<void> {
        if (error.code == ErrorCode::mismatch || error.code == ErrorCode::bad_input) THREATLAS_CHECK(raise(who, {.id = {}, .rule = "proof", .side = "asked", .party = organisation, .day = {}, .text = "what it published does not verify: " + error.message, .at = {}, .state = "open", .steps = {}}));
        return tl::unexpected(error);
    };
    const auto commitment = read_commitment(text);
    if (!commitment) return lied(commitment.error());
    if (const auto good = fits(*commitment, peer); !good) return lied(good.error());
    THREATLAS_TRY(const std::string before, tables->commitment(organisation));
    THREATLAS_TRY(const auto known, tables->parts(organisation, false));
    if (!before.empty()) {
        const auto old = read_commitment(before);
        if (old && commitment->epoch < old->epoch) return lied({ErrorCode::mismatch, organisation + " has gone back to an older key", {}});
        if (old && commitment->epoch == old->epoch && commitment->public_key != old->public_key) return lied({ErrorCode::mismatch, organisation + " shows two keys for one epoch", {}});
    }
    THREATLAS_TRY(const auto verify, verifier(peer.public_key));
    // The files are tried out before any is kept.
    crypto::Filter whole;
    std::vector<store::MatchPart> fresh;
    for (const auto& each : commitment->parts) {
        const auto had = std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.epoch == static_cast<std::uint32_t>(commitment->epoch) && one.serial == static_cast<std::uint32_t>(each.serial) && one.digest == each.digest; });
        store::MatchPart part{organisation, static_cast<std::uint32_t>(commitment->epoch), static_cast<std::uint32_t>(each.serial), each.base, static_cast<std::int32_t>(each.day), each.digest, "", 0};
        if (had != known.end()) {
            THREATLAS_TRY(auto stored, tables->part(organisation, part.epoch, part.serial));
            part.bytes = std::move(stored->bytes);
        } else {
            if (each.bytes < 1 || each.bytes > (std::int64_t{256} << 20)) return lied({ErrorCode::mismatch, "a part of " + organisation + " has an impossible size", {}});
            THREATLAS_TRY(part.bytes, line.ask("GET", "parts/" + std::to_string(commitment->epoch) + "/" + std::to_string(each.serial), "", static_cast<std::size_t>(each.bytes)));
        }
        const auto digest = crypto::digest_of(part.bytes);
        if (hexadecimal(digest) != each.digest) return lied({ErrorCode::mismatch, "a part of " + organisation + " is not the one it signed for", {}});
        const auto decoded = crypto::decode_part(crypto::bytes_of(part.bytes), verify);
        if (!decoded) return lied(decoded.error());
        if (hexadecimal(decoded->header.key) != commitment->key_id || decoded->header.epoch != part.epoch || decoded->header.serial != part.serial || decoded->header.base != part.base || decoded->header.cap != static_cast<std::uint64_t>(commitment->cap)) return lied({ErrorCode::mismatch, "a part of " + organisation + " is of another key or cap than it signed for", {}});
        if (const auto taken = whole.take(*decoded, digest); !taken) return lied(taken.error());
        if (had == known.end()) fresh.push_back(std::move(part));
    }
    for (const auto& each : fresh) THREATLAS_CHECK(tables->keep(who, each));
    return tables->keep_commitment(organisation, text);
}

}  // namespace threatlas::work::matching

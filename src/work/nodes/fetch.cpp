// A peer's feed over TAXII, page by page.
#include <memory>

#include "exchange/taxii/client.hpp"
#include "model/json_codec.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::work {

namespace taxii = exchange::taxii;
using core::ErrorCode;
using core::Result;

namespace {

std::string feed_url(const store::StoredPeer& peer, const std::string& own) {
    std::string base = peer.address;
    while (base.ends_with('/')) base.pop_back();
    return base + std::string(kFeedRoot) + "collections/" + feed_id(peer.organisation, own) + "/";
}

// What cannot even be read is kept as the text it is.
core::json::value value_of(const taxii::SentObject& object) {
    auto value = core::parse_json(object.text, "object");
    if (value && object.fault.empty()) return std::move(*value);
    return core::json::value(core::json::string(std::string_view(object.text).substr(0, 64 * 1024)));
}

}  // namespace

Result<FetchPage> taxii_feed(const store::StoredPeer& peer, const std::string& own) {
    PeerAccess access;
    THREATLAS_TRY(const auto stored, core::parse_json(peer.access, "access of " + peer.organisation));
    THREATLAS_CHECK(model::from_json(stored, access, "access of " + peer.organisation));
    if (access.token.empty() && access.certificate.empty()) return core::fail(ErrorCode::not_allowed, "'" + peer.organisation + "' has given us no token yet: 'threatlas node add CARD.json --token ...'");
    taxii::Login login;
    login.token = access.token, login.trust = {access.authorities, access.certificate, access.key};
    taxii::ClientLimits limits;
    limits.page_bytes = std::size_t{32} << 20, limits.page_objects = 1000, limits.pages = 1, limits.deadline = std::chrono::milliseconds(30'000);
    const auto client = std::make_shared<taxii::Client>(std::move(login), limits);
    const auto most = std::make_shared<int>(100);
    return FetchPage([client, most, url = feed_url(peer, own)](const std::string& resume) -> Result<FeedPage> {
        for (;;) {
            FeedPage page;
            const auto polled = client->poll(url, resume, {{"limit", std::to_string(*most)}, {"match[version]", "all"}}, [&](const taxii::Page& got) -> Result<void> {
                for (const auto& each : got.objects) page.objects.push_back(value_of(each));
                return {};
            });
            // A page may be too large only for what is in it.
            if (!polled && polled.error().code == ErrorCode::bad_input && *most > 1) {
                *most = *most > 10 ? 10 : 1;
                continue;
            }
            if (!polled) return tl::unexpected(polled.error());
            page.resume = polled->state, page.more = polled->more;
            return page;
        }
    });
}

}  // namespace threatlas::work

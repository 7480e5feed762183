#include "work/nodes/post.hpp"

#include <algorithm>
#include <mutex>

#include "core/hash.hpp"
#include "exchange/nodes/sealed.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/times.hpp"
#include "work/nodes/node.hpp"

namespace threatlas::work {

namespace json = core::json;
namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMost = std::size_t{8} << 20;

std::string_view stix_type(std::string_view kind) { return kind == "bulletin" || kind == "profile" ? "report" : "note"; }

// An object with its author's signature, and what it is known by.
struct Signed {
    json::object object;
    std::string modified, hash;
};

// Ours. The versions of an object have to grow whatever the clock did, so one that would not is moved behind the last.
Result<Signed> own_version(store::Peers& peers, const std::string& own, const stix::Carried& what, const std::string& id, const exchange::nodes::NodeKey& key) {
    stix::Carried stamped = what;
    if (stamped.originators.empty()) stamped.originators = {own};
    Signed out;
    out.hash = core::sha256(core::write_json(stix::carry(stix_type(what.kind), stamped)));
    THREATLAS_TRY(out.modified, peers.posted_as(id, out.hash));
    if (out.modified.empty()) {
        const auto wished = stix::to_time(what.modified);
        if (!wished || !stix::to_time(what.created)) return fail(ErrorCode::bad_input, "what is posted needs the moments it was made and changed");
        THREATLAS_TRY(const std::string latest, peers.latest_posted(id));
        out.modified = *wished;
        if (!latest.empty() && out.modified <= latest) {
            const auto last = store::moment_of(latest);
            out.modified = stix::to_time(store::moment_text(last.value_or(0) + 1000)).value_or(latest);
        }
    }
    stamped.modified = out.modified;
    if (const auto created = stix::to_time(what.created); created && *created > out.modified) stamped.created = out.modified;
    out.object = exchange::nodes::with_author(stix::carry(stix_type(what.kind), stamped), own, key);
    return out;
}

// Another's, as its node signed it.
Result<Signed> passed_on(store::Peers& peers, const std::string& author, const stix::Carried& what, const std::string& id) {
    THREATLAS_TRY(const auto arrival, peers.latest(author, id));
    const auto refuse = [&] { return fail(ErrorCode::not_allowed, "a record of '" + author + "' is passed on as its node signed it, and this one did not come so"); };
    if (!arrival) return refuse();
    THREATLAS_TRY(const auto value, core::parse_json(arrival->body, id));
    if (!value.is_object()) return refuse();
    THREATLAS_TRY(const stix::Carried came, stix::carried(value.get_object()));
    if (core::write_json(came.record) != core::write_json(what.record) || came.revoked != what.revoked) return refuse();
    return Signed{value.get_object(), arrival->modified, core::sha256("passed on " + arrival->hash)};
}

}  // namespace

Result<std::string> own_organisation(store::Store& store) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto own, peers->own());
    return own ? own->organisation : std::string();
}

Result<void> fill_feed(store::Store& store, const std::string& own, const std::string& peer) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    for (;;) {
        THREATLAS_TRY(const auto waiting, peers->waiting(peer, 50));
        if (waiting.empty()) return {};
        const model::Reader reader = node_reader(own);
        THREATLAS_TRY(const auto feed, store.collections().collection(reader, std::string(kFeedRoot), feed_id(own, peer)));
        std::vector<store::NewObject> objects;
        for (const auto& each : waiting) {
            THREATLAS_TRY(const auto value, core::parse_json(each.body, each.object));
            THREATLAS_TRY(const stix::Carried what, stix::carried(value.as_object()));
            objects.push_back({.id = each.object, .type = std::string(stix_type(what.kind)), .version = each.modified, .media = {}, .text = each.body, .handling = what.handling, .originators = what.originators});
        }
        THREATLAS_TRY(const auto added, store.collections().add(reader, feed, objects));
        for (const auto& each : added)
            if (each.outcome == store::AddedObject::Outcome::refused) return fail(ErrorCode::internal, "the feed of '" + peer + "' refuses what was posted: " + each.reason);
        THREATLAS_CHECK(peers->in_feed(peer, waiting.back().number));
    }
}

Result<Posted> post(store::Store& store, const model::Reader& who, const std::vector<std::string>& organisations, const stix::Carried& what) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto own, peers->own());
    Posted out;
    std::vector<std::string> to;
    for (const auto& each : organisations) {
        if (std::find(to.begin(), to.end(), each) != to.end() || std::find(out.here.begin(), out.here.end(), each) != out.here.end()) continue;
        std::optional<store::StoredPeer> peer;
        if (own && each != own->organisation) {
            THREATLAS_TRY(peer, peers->find(each));
        }
        (peer && !peer->removed ? to : out.here).push_back(each);
    }
    if (to.empty()) return out;
    if (what.kind.empty() || what.id.empty()) return fail(ErrorCode::bad_input, "what is posted needs a kind and an id");
    THREATLAS_TRY(const auto key, node_key(store));
    const std::string id = stix::id_of(stix_type(what.kind), what.kind + "/" + what.id), author = what.originators.empty() ? own->organisation : what.originators.front();
    static std::mutex one_at_a_time;   // versions are counted on; of two processes, the table refuses the second
    const std::lock_guard guard(one_at_a_time);
    THREATLAS_TRY(const Signed ready, author == own->organisation ? own_version(*peers, own->organisation, what, id, key) : passed_on(*peers, author, what, id));
    if (core::write_json(ready.object).size() > kMost) return fail(ErrorCode::bad_input, "what is posted has at most 8 MiB");
    for (const auto& each : to) {
        THREATLAS_CHECK(peers->post(who, each, id, ready.modified, ready.hash, what.kind + " " + what.id, [&](std::int64_t number) -> Result<std::string> { return core::write_json(exchange::nodes::with_seal(ready.object, own->organisation, each, number, key)); }));
        THREATLAS_CHECK(fill_feed(store, own->organisation, each));
        out.sent.push_back(each);
    }
    return out;
}

}  // namespace threatlas::work

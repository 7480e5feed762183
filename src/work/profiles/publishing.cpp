// Out to those who subscribed, and back again.
#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/ids.hpp"
#include "model/json_codec.hpp"
#include "store/peers.hpp"
#include "store/rights.hpp"
#include "work/disclosure.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/post.hpp"
#include "work/profiles/kept.hpp"

namespace threatlas::work {

namespace kept = profiles_kept;
namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

namespace {

bool among(const std::vector<std::string>& list, const std::string& each) { return std::find(list.begin(), list.end(), each) != list.end(); }

// Why an organisation may not have it; empty: it may. Publishing is the compiler's consent for what is its own.
Result<std::string> refusal(store::Store& store, const ProfileView& view, const std::string& organisation, bool named) {
    const store::Marking marking = store::parse_marking(view.line.handling);
    if (marking.rank >= store::kStrictest && !named) return std::string("TLP:RED goes to those who are named alone");
    if (!marking.controlled()) return std::string();
    THREATLAS_TRY(const auto sight, store.sight({"node", organisation, Role::contact_point, "TLP:RED H3", "assessment: profile " + view.line.id}));
    for (const auto& owner : view.line.originators)
        if (owner != view.line.organisation && !sight.entitled(owner)) return "'" + owner + "' has not consented that " + organisation + " has it";
    return std::string();
}

Result<std::vector<std::string>> subscribers(store::Store& store, const model::Reader& who, const std::string& area) {
    THREATLAS_TRY(const auto all, profile_subscriptions(store, who));
    std::vector<std::string> out;
    for (const auto& each : all)
        if (among(each.areas, area)) out.push_back(each.organisation);
    return out;
}

// The node itself looks after what it keeps, whoever's marks bind it; what goes out is asked for each recipient.
model::Reader own_reader(const std::string& purpose) { return node_reader(std::string(store::kRegional), purpose); }

}  // namespace

namespace profiles_kept {

Result<ProfileSent> send(store::Store& store, const model::Reader& who, const ProfileView& view, const std::vector<std::string>& named) {
    ProfileSent out;
    std::vector<std::string> to;
    const bool withdrawn = view.line.state == "withdrawn";
    if (!withdrawn) {
        THREATLAS_TRY(to, subscribers(store, who, view.line.area));
    }
    for (const auto& each : named)
        if (!among(to, each)) to.push_back(each);
    std::vector<std::string> may;
    for (const auto& each : to) {
        if (each == view.line.organisation) continue;
        THREATLAS_TRY(const std::string why, withdrawn ? Result<std::string>(std::string()) : refusal(store, view, each, among(named, each)));
        if (why.empty()) may.push_back(each);
        else out.refused.emplace_back(each, why);
    }
    if (may.empty()) return out;
    THREATLAS_TRY(const stix::Carried what, carried(view));
    THREATLAS_TRY(const Posted posted, post(store, who, may, what));
    out.sent = posted.sent, out.here = posted.here;
    std::vector<std::string> fresh;
    for (const auto& each : posted.sent)
        if (!among(view.line.sent, each)) fresh.push_back(each);
    if (!fresh.empty()) THREATLAS_CHECK(step(store, who, view.line.id, "sent", "", fresh));
    return out;
}

}  // namespace profiles_kept

Result<void> profile_may_leave(store::Store& store, const model::Reader& who, const ProfileView& view) { return may_leave(store, who, view.line.handling, view.line.originators); }

Result<std::pair<ProfileView, ProfileSent>> publish_profile(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& id, const std::vector<std::string>& named) {
    if (who.role != Role::director) return fail(ErrorCode::not_allowed, "a profile is published by a director");
    for (const auto& each : named)
        if (catalogue.member(each) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + each + "'");
    THREATLAS_TRY(ProfileView view, profile(store, who, id));
    THREATLAS_CHECK(kept::may_work(who, view));
    if (view.line.state == "draft") return fail(ErrorCode::conflict, "profile " + view.line.id + " is a draft: a director approves it first");
    if (view.line.state == "withdrawn") return fail(ErrorCode::conflict, "profile " + view.line.id + " was withdrawn");
    THREATLAS_TRY(const std::string own, own_organisation(store));
    if (!own.empty() && own != view.line.organisation) return fail(ErrorCode::not_allowed, "this is the node of " + own + ": it sends no profile of " + view.line.organisation);
    THREATLAS_CHECK(profile_may_leave(store, who, view));
    if (view.line.state != "published") {
        THREATLAS_CHECK(kept::step(store, who, view.line.id, "published", core::join(named, ", ")));
        THREATLAS_CHECK(store.audit(who, "publish", "profile " + view.line.id + " " + view.line.edition + " " + view.line.handling));
        THREATLAS_TRY(view, profile(store, who, view.line.id));
    }
    THREATLAS_TRY(ProfileSent sent, kept::send(store, who, view, named));
    THREATLAS_TRY(view, profile(store, who, view.line.id));
    return std::pair{std::move(view), std::move(sent)};
}

Result<ProfileView> withdraw_profile(store::Store& store, const model::Reader& who, const std::string& id, const std::string& reason) {
    if (who.role != Role::director) return fail(ErrorCode::not_allowed, "a profile is withdrawn by a director");
    if (core::trim(reason).empty() || reason.size() > 4000 || !core::is_utf8(reason)) return fail(ErrorCode::bad_input, "say why it is withdrawn, in at most 4000 bytes");
    THREATLAS_TRY(ProfileView view, profile(store, who, id));
    THREATLAS_CHECK(kept::may_work(who, view));
    if (view.line.state == "withdrawn") return fail(ErrorCode::conflict, "profile " + view.line.id + " was withdrawn already");
    THREATLAS_TRY(const std::string own, own_organisation(store));
    if (!own.empty() && own != view.line.organisation) return fail(ErrorCode::not_allowed, "it is " + view.line.organisation + "'s to withdraw");
    THREATLAS_CHECK(kept::step(store, who, view.line.id, "withdrawn", reason));
    THREATLAS_TRY(view, profile(store, who, view.line.id));
    THREATLAS_CHECK(kept::send(store, who, view, view.line.sent));
    return profile(store, who, view.line.id);
}

Result<std::vector<ProfileSubscription>> profile_subscriptions(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(const auto dossiers, store.dossiers(reader, kept::kSubscription));
    std::vector<ProfileSubscription> out;
    for (const auto& each : dossiers) {
        ProfileSubscription one;
        one.organisation = each.id;
        for (const auto& step : each.steps) {
            THREATLAS_TRY(const auto body, core::parse_json(step.json, "subscription of " + each.id));
            one.areas.clear(), one.at = step.at, one.person = step.person;
            if (const auto* object = body.if_object())
                if (const auto* areas = object->if_contains("areas"); areas != nullptr && areas->is_array())
                    for (const auto& area : areas->get_array())
                        if (area.is_string()) one.areas.emplace_back(area.get_string());
        }
        out.push_back(std::move(one));
    }
    return out;
}

namespace {

Result<void> keep_subscription(store::Store& store, const model::Reader& who, const std::string& organisation, const std::vector<std::string>& areas) {
    THREATLAS_TRY(const bool fresh, store.open_dossier(who, {.kind = kept::kSubscription, .id = organisation, .handling = "TLP:GREEN", .at = {}, .json = "{}", .steps = {}}));
    if (!fresh) {
        THREATLAS_TRY(const auto all, profile_subscriptions(store, who));
        for (const auto& each : all)
            if (each.organisation == organisation && each.areas == areas && !each.at.empty()) return {};
    }
    return store.add_step(who, kept::kSubscription, organisation, "set", core::write_json({{"areas", model::to_json(areas)}}));
}

// Our own word to all peers; nothing when they have it.
Result<void> tell_peers(store::Store& store, const model::Reader& who, const ProfileSubscription& subscription) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto all, peers->all());
    std::vector<std::string> to;
    for (const auto& each : all)
        if (!each.removed) to.push_back(each.organisation);
    if (to.empty()) return {};
    stix::Carried what{.kind = kept::kSubscription, .id = subscription.organisation, .created = subscription.at, .modified = subscription.at, .title = "Profiles wanted", .text = "Areas: " + core::join(subscription.areas, ", "), .handling = "TLP:GREEN", .originators = {subscription.organisation}, .record = {{"areas", model::to_json(subscription.areas)}}};
    return post(store, who, to, what).map([](const Posted&) {});
}

Result<void> receive_subscription(store::Store& store, const model::Catalogue& catalogue, const Peer& from, const stix::Carried& what) {
    if (from.passed_on() || what.id != from.organisation) return fail(ErrorCode::not_allowed, "a member subscribes for itself alone");
    const auto* areas = what.record.if_contains("areas");
    if (areas == nullptr || !areas->is_array() || areas->get_array().size() > 100) return fail(ErrorCode::bad_input, "a subscription has a list of areas");
    std::vector<std::string> wanted;
    for (const auto& each : areas->get_array()) {
        if (!each.is_string() || each.get_string().size() > 64) return fail(ErrorCode::bad_input, "a subscription has a list of areas");
        // An area of a newer catalogue than ours is no error: nothing is compiled of it here.
        if (std::any_of(catalogue.areas.begin(), catalogue.areas.end(), [&](const auto& area) { return each.get_string() == area.id; })) wanted.emplace_back(each.get_string());
    }
    THREATLAS_TRY(const std::string own, own_organisation(store));
    return keep_subscription(store, feed_reader(from, own, kept::kSubscription), from.organisation, wanted);
}

Result<void> receive_profile(store::Store& store, const Peer& from, const stix::Carried& what) {
    THREATLAS_TRY(const publish::AreaProfile p, publish::read_profile(what.record, "profile"));
    if (p.organisation != from.author || p.id != what.id) return fail(ErrorCode::not_allowed, "it is a profile of another than who signed it");
    if (p.edition == "public" && store::handling_rank(what.handling) != store::kMildest) return fail(ErrorCode::bad_input, "a public edition is TLP:CLEAR");
    THREATLAS_TRY(const std::string own, own_organisation(store));
    const model::Reader who = feed_reader(from, own, kept::kKind);
    // What binds us is the stricter of what is said within and of the marking outside.
    const std::string handling = store::join_handling(p.handling, what.handling), text = core::write_json(what.record);
    store::Dossier head{.kind = kept::kKind, .id = p.id, .handling = handling, .at = {}, .json = text, .steps = {}, .originators = what.originators};
    head.audience = {own};
    THREATLAS_TRY(const bool fresh, store.open_dossier(who, head));
    THREATLAS_TRY(const auto all, kept::all(store, who));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.line.id == p.id; });
    if (found == all.end()) return fail(ErrorCode::not_allowed, "its marking shuts out those it is addressed to");
    if (!fresh && core::write_json(model::to_json(found->profile)) != text) {
        publish::AreaProfile same = p;
        same.handling = found->profile.handling;
        if (core::write_json(model::to_json(same)) != core::write_json(model::to_json(found->profile))) return fail(ErrorCode::conflict, "profile " + p.id + " came before and said something else");
    }
    if (found->line.state == "withdrawn") return {};
    if (what.revoked) return kept::step(store, who, p.id, "withdrawn", "by " + from.author);
    if (found->line.steps.empty()) return kept::step(store, who, p.id, "published", "received over the feed of " + from.organisation);
    return {};
}

// What a kill left unsent, and what those have not who subscribed since.
Result<void> outstanding(store::Store& store) {
    THREATLAS_TRY(const std::string own, own_organisation(store));
    if (own.empty()) return {};
    const model::Reader who = own_reader("administration: profiles to subscribers");
    THREATLAS_TRY(const auto subscriptions, profile_subscriptions(store, who));
    for (const auto& each : subscriptions)
        if (each.organisation == own && !each.at.empty()) THREATLAS_CHECK(tell_peers(store, who, each));
    THREATLAS_TRY(const auto all, kept::all(store, who));
    for (const auto& view : all) {
        if (view.line.organisation != own || (view.line.state != "published" && view.line.state != "withdrawn")) continue;
        std::vector<std::string> named = view.line.sent;
        for (const auto& step : view.line.steps)
            if (step.action == "published")
                for (auto& each : core::split(step.text, ','))
                    if (const std::string name(core::trim(each)); !name.empty() && !among(named, name)) named.push_back(name);
        const bool nobody = view.line.sent.empty();
        if (!view.line.newest && !nobody && view.line.state != "withdrawn") continue;
        if (view.line.state == "withdrawn" && nobody) continue;
        THREATLAS_CHECK(kept::send(store, who, view, named));
    }
    return {};
}

}  // namespace

Result<ProfileSubscription> subscribe_profiles(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& organisation, std::vector<std::string> areas) {
    if (who.role == Role::contributor || who.role == Role::auditor || who.role == Role::administrator) return fail(ErrorCode::not_allowed, "profiles are subscribed to by analysts, directors and contact points");
    if (organisation != who.organisation && who.organisation != store::kRegional) return fail(ErrorCode::not_allowed, "one subscribes for one's own organisation");
    if (organisation != store::kRegional && catalogue.member(organisation) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + organisation + "'");
    std::sort(areas.begin(), areas.end());
    areas.erase(std::unique(areas.begin(), areas.end()), areas.end());
    for (const auto& each : areas)
        if (std::none_of(catalogue.areas.begin(), catalogue.areas.end(), [&](const auto& area) { return area.id == each; })) return fail(ErrorCode::bad_input, "the catalogue has no crime area '" + each + "'");
    THREATLAS_CHECK(keep_subscription(store, who, organisation, areas));
    THREATLAS_TRY(const auto all, profile_subscriptions(store, who));
    THREATLAS_TRY(const std::string own, own_organisation(store));
    for (const auto& each : all)
        if (each.organisation == organisation) {
            if (organisation == own) THREATLAS_CHECK(tell_peers(store, who, each));
            return each;
        }
    return fail(ErrorCode::internal, "a subscription that was kept is not there");
}

void add_profiles(Receivers& receivers, store::Store& store, const model::Catalogue& catalogue) {
    receivers.add(kept::kKind, [&store](const Peer& from, const stix::Carried& what) { return receive_profile(store, from, what); });
    receivers.add(kept::kSubscription, [&store, &catalogue](const Peer& from, const stix::Carried& what) { return receive_subscription(store, catalogue, from, what); });
    receivers.outstanding([&store] { return outstanding(store); });
}

}  // namespace threatlas::work

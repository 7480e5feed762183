// A profile's way: compiled, approved, published to who subscribed on another node, taken back; and who may not have it.
#include "work/profiles/profiles.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "assess/assess.hpp"
#include "core/hash.hpp"
#include "exchange/stix/carry.hpp"
#include "ingest/test_region.hpp"
#include "model/json_codec.hpp"
#include "store/collections.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using core::Result;
using ingest::testing::Folder;
using ingest::testing::must;
using model::Role;

const model::Catalogue& shipped() {
    static const model::Catalogue loaded = must(model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see"));
    return loaded;
}

model::Reader person(const std::string& organisation, Role role = Role::director, const std::string& purpose = "management") { return {"p-" + organisation, organisation, role, "TLP:RED H3", purpose}; }
model::Reader regional(Role role = Role::director) { return person("regional", role); }

struct Node {
    Folder folder;
    std::string organisation;
    std::unique_ptr<store::Store> store;
    Receivers receivers;
    explicit Node(const std::string& name) : organisation(name), store(must(store::Store::create(folder / "store"))) {
        must(init_node(*store, regional(Role::administrator), shipped(), name, "http://127.0.0.1:9", {}, core::Day{20000}));
        add_profiles(receivers, *store, shipped());
    }
    void knows(Node& other) { EXPECT_EQ(must(add_peer(*store, regional(Role::administrator), shipped(), must(own_card(*other.store)), {.access = {"t", "", "", ""}})).organisation, other.organisation); }
    SyncOutcome sync(Node& of) {
        SyncOptions options;
        options.now = true;
        options.fetch = [&](const auto&, const auto&) -> Result<FetchPage> {
            return FetchPage([&](const std::string& resume) -> Result<FeedPage> {
                const model::Reader reader{must(must(store::peers_of(*of.store))->find(organisation))->machine, organisation, Role::contact_point, "TLP:RED H3", "early_warning"};
                THREATLAS_TRY(const auto collection, of.store->collections().collection(reader, std::string(kFeedRoot), feed_id(of.organisation, organisation)));
                store::ObjectFilter filter;
                filter.after = resume.empty() ? 0 : std::stoll(resume), filter.all = true;
                THREATLAS_TRY(const auto page, of.store->collections().page(reader, collection, filter));
                FeedPage out{{}, resume, page.more};
                for (const auto& each : page.objects) out.objects.push_back(must(core::parse_json(each.text, "feed"))), out.resume = std::to_string(each.number);
                return out;
            });
        };
        return must(sync_peers(*store, shipped(), receivers, options)).at(0);
    }
    void assessed(const std::string& handling, const std::vector<std::string>& originators, int rank = 1) {
        assess::Assessment a;
        a.id = "see-" + std::to_string(rank), a.manifest.created_for = "Test", a.manifest.as_of = core::Day{19700};
        for (const auto& threat : shipped().threats) {
            if (threat.area != "drugs") continue;
            assess::ThreatResult t;
            t.threat = threat.id, t.area = threat.area, t.title = threat.title, t.rank = rank++, t.rank_low = 1, t.rank_high = 9, t.trend.word = "not assessed";
            a.ranking.push_back(t);
        }
        const std::string text = core::write_json(model::to_json(a));
        must(store->save_assessment(regional(Role::analyst), {a.id, "Test", core::sha256(text), a.manifest.as_of, handling, originators}, text));
    }
};

struct Two {
    Node a{"rs_mup"}, b{"bg_mvr"};
    Two() { a.knows(b), b.knows(a); }
};

TEST(Profiles, GoFromEvidenceToWhoSubscribed) {
    Two t;
    t.a.assessed("TLP:AMBER", {"rs_mup"});
    auto made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    EXPECT_TRUE(made.is_new);
    EXPECT_EQ(made.line.id, "rs_mup.drugs.1");
    EXPECT_EQ(made.line.state, "draft");
    EXPECT_EQ(made.line.handling, "TLP:AMBER");
    EXPECT_FALSE(must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"})).is_new) << "nothing has changed";
    EXPECT_EQ(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {}).error().code, ErrorCode::conflict) << "not before it is approved";
    EXPECT_EQ(approve_profile(*t.a.store, regional(Role::analyst), made.line.id, "").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(approve_profile(*t.a.store, person("me_up"), made.line.id, "").error().code, ErrorCode::not_found) << "a draft is nobody else's";
    EXPECT_EQ(must(approve_profile(*t.a.store, person("rs_mup"), made.line.id, "good")).line.state, "approved");
    EXPECT_EQ(approve_profile(*t.a.store, person("rs_mup"), made.line.id, "").error().code, ErrorCode::conflict);

    must(subscribe_profiles(*t.b.store, person("bg_mvr", Role::analyst), shipped(), "bg_mvr", {"drugs", "cyber"}));
    EXPECT_EQ(subscribe_profiles(*t.b.store, person("bg_mvr", Role::analyst), shipped(), "bg_mvr", {"weather"}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(t.a.sync(t.b).handed, 1);
    EXPECT_EQ(must(profile_subscriptions(*t.a.store, regional())).at(0).areas, (std::vector<std::string>{"cyber", "drugs"}));
    const auto out = must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {}));
    EXPECT_EQ(out.second.sent, std::vector<std::string>{"bg_mvr"});
    EXPECT_EQ(out.first.line.sent, std::vector<std::string>{"bg_mvr"});
    EXPECT_EQ(t.b.sync(t.a).handed, 1);
    auto there = must(profile(*t.b.store, person("bg_mvr"), "drugs"));
    EXPECT_EQ(there.line.id, made.line.id);
    EXPECT_EQ(there.line.state, "published");
    EXPECT_EQ(there.line.organisation, "rs_mup");
    EXPECT_EQ(core::write_json(model::to_json(there.profile.sections)), core::write_json(model::to_json(made.profile.sections)));
    EXPECT_EQ(profile(*t.b.store, person("me_up"), made.line.id).error().code, ErrorCode::not_found) << "addressed to one member alone";
    EXPECT_EQ(t.b.sync(t.a).handed, 0);

    // What changed: a version more, and who subscribes later gets the newest.
    t.a.assessed("TLP:AMBER", {"rs_mup"}, 5);
    made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    EXPECT_EQ(made.line.version, 2);
    EXPECT_FALSE(publish::compare_profiles(there.profile, made.profile).changes.empty());
    must(approve_profile(*t.a.store, regional(), made.line.id, ""));
    must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {}));
    EXPECT_EQ(t.b.sync(t.a).handed, 1);
    EXPECT_EQ(must(profile(*t.b.store, person("bg_mvr"), "drugs")).line.version, 2);

    must(withdraw_profile(*t.a.store, regional(), made.line.id, "a row was wrong"));
    EXPECT_EQ(withdraw_profile(*t.a.store, regional(), made.line.id, "again").error().code, ErrorCode::conflict);
    EXPECT_EQ(t.b.sync(t.a).handed, 1);
    EXPECT_EQ(must(profile(*t.b.store, person("bg_mvr"), made.line.id)).line.state, "withdrawn");
    EXPECT_EQ(must(profile(*t.b.store, person("bg_mvr"), "drugs")).line.version, 1);
    for (Node* each : {&t.a, &t.b}) EXPECT_TRUE(each->store->verify_audit({"aud", "regional", Role::auditor, "TLP:CLEAR", "supervision"}));
}

TEST(Profiles, AKillBetweenPublishingAndSendingLosesNothing) {
    Two t;
    t.a.assessed("TLP:GREEN", {});
    const auto made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    must(approve_profile(*t.a.store, regional(), made.line.id, ""));
    must(t.a.store->add_step(regional(), "profile", made.line.id, "published", "{\"text\":\"bg_mvr\"}"));   // and then nothing more
    EXPECT_EQ(t.b.sync(t.a).handed, 0);
    t.a.sync(t.b);   // our own round posts again what it finds unsent
    EXPECT_EQ(t.b.sync(t.a).handed, 1);
    t.a.sync(t.b);
    EXPECT_EQ(t.b.sync(t.a).handed, 0);
}

TEST(Profiles, GoNowhereWithoutConsent) {
    Two t;
    must(subscribe_profiles(*t.a.store, regional(), shipped(), "bg_mvr", {"drugs"}));
    t.a.assessed("TLP:AMBER+STRICT", {"me_up"});
    auto made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    EXPECT_EQ(made.line.originators, std::vector<std::string>{"me_up"});
    must(approve_profile(*t.a.store, regional(), made.line.id, ""));
    auto out = must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {}));
    ASSERT_EQ(out.second.refused.size(), 1U);
    EXPECT_NE(out.second.refused[0].second.find("me_up"), std::string::npos);
    EXPECT_EQ(t.b.sync(t.a).handed, 0);
    must(t.a.store->give_consent(regional(), {.id = {}, .originator = "me_up", .submission = {}, .to = "bg_mvr", .purpose = {}, .given_by = "letter 7", .until = {}}));
    out = must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {}));
    EXPECT_EQ(out.second.sent, std::vector<std::string>{"bg_mvr"});
    EXPECT_EQ(t.b.sync(t.a).handed, 1);
    EXPECT_EQ(must(profile(*t.b.store, person("bg_mvr"), "drugs")).line.handling, "TLP:AMBER+STRICT");
    EXPECT_EQ(profile_may_leave(*t.b.store, person("bg_mvr"), must(profile(*t.b.store, person("bg_mvr"), "drugs"))).error().code, ErrorCode::not_allowed) << "received is not free to be passed on";

    t.a.assessed("TLP:RED", {"rs_mup"}, 3);
    made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    must(approve_profile(*t.a.store, regional(), made.line.id, ""));
    EXPECT_EQ(must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {})).second.refused.size(), 1U) << "RED goes to who is named alone";
    EXPECT_EQ(must(publish_profile(*t.a.store, regional(), shipped(), made.line.id, {"bg_mvr"})).second.sent, std::vector<std::string>{"bg_mvr"});

    t.a.assessed("TLP:AMBER H2", {"me_up"}, 7);
    made = must(compile_profile(*t.a.store, person("me_up", Role::analyst), shipped(), {.area = "drugs"}));
    EXPECT_EQ(made.line.organisation, "me_up");
    must(approve_profile(*t.a.store, person("me_up"), made.line.id, ""));
    EXPECT_EQ(publish_profile(*t.a.store, person("me_up"), shipped(), made.line.id, {}).error().code, ErrorCode::not_allowed) << "this node speaks for its own organisation";
}

TEST(Profiles, OfAnotherAreNotBelieved) {
    Two t;
    t.a.assessed("TLP:GREEN", {});
    const auto made = must(compile_profile(*t.a.store, regional(Role::analyst), shipped(), {.area = "drugs"}));
    const auto* receive = t.b.receivers.find("profile");
    ASSERT_NE(receive, nullptr);
    exchange::stix::Carried what{.kind = "profile", .id = made.line.id, .created = "2026-11-29", .modified = "2026-11-29", .title = {}, .text = {}, .handling = "TLP:GREEN", .originators = {"rs_mup"}, .record = model::to_json(made.profile).as_object()};
    const Peer from{"rs_mup", "rs_mup", ""};
    EXPECT_TRUE((*receive)(from, what));
    EXPECT_TRUE((*receive)(from, what)) << "twice is once";
    EXPECT_EQ((*receive)({"rs_mup", "me_up", ""}, what).error().code, ErrorCode::not_allowed);
    auto other = what;
    other.id = "rs_mup.drugs.9";
    EXPECT_EQ((*receive)(from, other).error().code, ErrorCode::not_allowed);
    other = what;
    other.record["title"] = "Something else";
    EXPECT_EQ((*receive)(from, other).error().code, ErrorCode::conflict);
    other.record["sections"] = "x";
    EXPECT_EQ((*receive)(from, other).error().code, ErrorCode::bad_input);
}

}  // namespace
}  // namespace threatlas::work

// Two nodes in one process: what one posts the other takes in, once, whatever happens on the way.
#include "work/nodes/sync.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "exchange/nodes/sealed.hpp"
#include "exchange/stix/carry.hpp"
#include "ingest/test_region.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work {
namespace {

namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;
using ingest::testing::Folder;
using ingest::testing::must;

model::Reader admin() { return {"adm", "regional", model::Role::administrator, "TLP:RED H3", "administration: test"}; }

// A node with what it was handed, and a clock of its own.
struct Node {
    Folder folder;
    std::string organisation, now = "2026-11-29T10:00:00Z";
    std::int64_t seconds = 1'796'000'000;
    std::unique_ptr<store::Store> store;
    model::Catalogue catalogue = ingest::testing::region();
    Receivers receivers;
    std::map<std::string, std::string> handed;   // id -> text of the last version
    std::vector<std::string> order;
    Result<void> answer;                         // of the receiver

    explicit Node(const std::string& name) : organisation(name) {
        store = must(store::Store::create(folder / "store", {.clock = [this] { return now; }}));
        must(init_node(*store, admin(), catalogue, name, "http://127.0.0.1:9", {}, core::Day{20000}));
        receivers.add("note", [this](const Peer& from, const stix::Carried& what) -> Result<void> {
            if (!answer) return answer;
            if (from.author != what.originators.front()) return fail(ErrorCode::not_allowed, "no");
            handed[what.id] = what.text + (what.revoked ? " revoked" : ""), order.push_back(what.text);
            return {};
        });
    }
    void knows(Node& other) {
        const auto made = must(add_peer(*store, admin(), catalogue, must(own_card(*other.store)), {.access = {"t", "", "", ""}}));
        EXPECT_FALSE(made.organisation.empty());
    }
    Posted say(const std::string& to, const std::string& id, const std::string& text, const std::string& at, bool revoked = false) {
        return must(post(*store, admin(), {to}, {.kind = "note", .id = id, .created = at, .modified = at, .title = id, .text = text, .handling = "TLP:AMBER", .originators = {organisation}, .record = {{"text", text}}, .revoked = revoked}));
    }
    // Pages of the feed at `of` for us.
    FetchPage feed(Node& of, std::size_t limit = 2) const {
        return [this, &of, limit](const std::string& resume) -> Result<FeedPage> {
            const model::Reader reader{must(must(store::peers_of(*of.store))->find(organisation))->machine, organisation, model::Role::contact_point, "TLP:RED H3", "early_warning"};
            THREATLAS_TRY(const auto collection, of.store->collections().collection(reader, std::string(kFeedRoot), feed_id(of.organisation, organisation)));
            store::ObjectFilter filter;
            if (!resume.empty() && resume.find_first_not_of("0123456789") != std::string::npos) return FeedPage{{}, resume, false};   // a place that a liar gave
            filter.after = resume.empty() ? 0 : std::stoll(resume), filter.limit = limit, filter.all = true;
            THREATLAS_TRY(const auto page, of.store->collections().page(reader, collection, filter));
            FeedPage out{{}, resume, page.more};
            for (const auto& each : page.objects) out.objects.push_back(must(core::parse_json(each.text, "feed"))), out.resume = std::to_string(each.number);
            return out;
        };
    }
    SyncOutcome sync(const FetchPage& fetch, bool now_ = true, bool retry = false) {
        SyncOptions options;
        options.now = now_, options.retry_aside = retry, options.clock = [this] { return seconds; }, options.fetch = [&](const auto&, const auto&) -> Result<FetchPage> { return fetch; };
        auto all = must(sync_peers(*store, catalogue, receivers, options));
        return all.at(0);
    }
    PeerLine line() const { return must(peer_lines(*store)).at(0); }
};

struct Two {
    Node a{"rs_mup"}, b{"me_up"};
    Two() { a.knows(b), b.knows(a); }
};

TEST(Nodes, WhatIsPostedArrivesOnceAndInOrder) {
    Two t;
    for (int i = 0; i < 7; ++i) EXPECT_EQ(t.a.say("me_up", "rs_mup/" + std::to_string(i), "text " + std::to_string(i), "2026-11-29T10:00:0" + std::to_string(i) + "Z").sent, std::vector<std::string>{"me_up"});
    t.a.say("me_up", "rs_mup/3", "text 3", "2026-11-29T10:00:03Z");   // again: nothing
    EXPECT_EQ(t.a.say("bg_mvr", "rs_mup/9", "x", "2026-11-29").here, std::vector<std::string>{"bg_mvr"}) << "who has no node reads here";
    auto done = t.b.sync(t.b.feed(t.a));
    EXPECT_EQ(done.handed, 7); EXPECT_TRUE(done.whole); EXPECT_EQ(done.error, "");
    EXPECT_EQ(t.b.order.front(), "text 0"); EXPECT_EQ(t.b.order.back(), "text 6");
    done = t.b.sync(t.b.feed(t.a));
    EXPECT_EQ(done.handed + done.known + done.aside, 0) << "the place in the feed is kept";
    EXPECT_EQ(t.b.line().state, "in step"); EXPECT_EQ(t.b.line().received, 7); EXPECT_EQ(t.b.line().missing, 0);
    EXPECT_EQ(t.a.line().posted, 7); EXPECT_EQ(t.a.line().waiting, 0);
    EXPECT_EQ(t.a.line().state, "never reached");
}

TEST(Nodes, DuplicatesAndAnyOrderChangeNothing) {
    Two t;
    for (int i = 0; i < 5; ++i) t.a.say("me_up", "rs_mup/1", "version " + std::to_string(i), "2026-11-29T10:00:0" + std::to_string(i) + "Z");
    std::vector<core::json::value> all;
    for (std::string resume;;) {
        const auto page = must(t.b.feed(t.a)(resume));
        all.insert(all.end(), page.objects.begin(), page.objects.end());
        resume = page.resume;
        if (!page.more) break;
    }
    ASSERT_EQ(all.size(), 5U);
    std::reverse(all.begin(), all.end());
    auto twice = all;
    twice.insert(twice.end(), all.begin(), all.end());
    const auto done = t.b.sync([&](const std::string&) -> Result<FeedPage> { return FeedPage{twice, "end", false}; });
    EXPECT_EQ(done.handed, 5); EXPECT_EQ(done.known, 5);
    EXPECT_EQ(t.b.order, std::vector<std::string>{"version 4"}) << "an older version that comes later is not handed over";
    EXPECT_EQ(t.b.line().missing, 0);
}

TEST(Nodes, NoClockOfTheOtherSideDecides) {
    Two t;
    t.a.now = "2026-11-30T10:00:00Z";           // a day ahead
    t.a.say("me_up", "rs_mup/1", "first", "2026-11-30T10:00:00Z");
    t.b.sync(t.b.feed(t.a));
    t.a.now = "2026-11-28T10:00:00Z";           // put right, and beyond: two days back
    t.a.say("me_up", "rs_mup/1", "second", "2026-11-28T10:00:00Z");
    t.a.say("me_up", "rs_mup/2", "other", "2026-11-28T10:00:01Z");
    const auto done = t.b.sync(t.b.feed(t.a));
    EXPECT_EQ(done.handed, 2); EXPECT_EQ(done.aside, 0);
    EXPECT_EQ(t.b.handed.at("rs_mup/1"), "second"); EXPECT_EQ(t.b.handed.at("rs_mup/2"), "other");
    t.a.say("me_up", "rs_mup/1", "second", "2026-11-28T11:00:00Z", true);
    t.b.sync(t.b.feed(t.a));
    EXPECT_EQ(t.b.handed.at("rs_mup/1"), "second revoked");
}

TEST(Nodes, AFailureOfOursComesAgainAndOneOfTheirsIsSetAside) {
    Two t;
    t.a.say("me_up", "rs_mup/1", "one", "2026-11-29");
    t.a.say("me_up", "rs_mup/2", "two", "2026-11-29");
    t.b.answer = fail(ErrorCode::unavailable, "the disk is full");
    auto done = t.b.sync(t.b.feed(t.a));
    EXPECT_NE(done.error.find("the disk is full"), std::string::npos); EXPECT_EQ(done.handed + done.aside, 0);
    EXPECT_EQ(t.b.line().state, "failing"); EXPECT_EQ(t.b.line().failures, 1);
    EXPECT_TRUE(t.b.sync(t.b.feed(t.a), false).skipped) << "not before its time";
    t.b.answer = fail(ErrorCode::not_found, "of something that has not come");
    t.b.seconds += 31;
    done = t.b.sync(t.b.feed(t.a), false);
    EXPECT_EQ(done.aside, 2); EXPECT_EQ(done.error, "") << "poison does not hold up the feed";
    EXPECT_EQ(t.b.line().aside, 2); EXPECT_EQ(t.b.line().state, "in step");
    t.b.answer = {};
    t.a.say("me_up", "rs_mup/3", "three", "2026-11-29");
    done = t.b.sync(t.b.feed(t.a));
    EXPECT_EQ(done.handed, 3) << "what waited for another is tried again after it";
    EXPECT_EQ(t.b.handed.size(), 3U); EXPECT_EQ(t.b.line().aside, 0);
}

TEST(Nodes, WhoLiesIsNotBelieved) {
    Two t;
    Node third("bg_mvr");
    t.b.knows(third);
    t.a.say("me_up", "rs_mup/1", "one", "2026-11-29");
    const auto object = must(t.b.feed(t.a)(""))
                            .objects.at(0).as_object();
    const auto key = must(node_key(*t.a.store));
    std::vector<core::json::value> lies;
    auto changed = object;
    changed["name"] = "other", lies.push_back(changed);                                                        // changed on the way
    lies.push_back(exchange::nodes::with_seal(object, "rs_mup", "bg_mvr", 2, key));                            // for another
    lies.push_back(exchange::nodes::with_seal(object, "bg_mvr", "me_up", 3, key));                             // over another's feed
    lies.push_back(exchange::nodes::with_seal(exchange::nodes::with_author(object, "bg_mvr", key), "rs_mup", "me_up", 4, key));   // in another's name
    lies.push_back(exchange::nodes::with_seal(exchange::nodes::with_author(object, "mk_mvr", must(node_key(*third.store))), "rs_mup", "me_up", 5, key));   // of a node nobody knows
    stix::Carried forged{.kind = "note", .id = "bg_mvr/1", .created = "2026-11-29", .modified = "2026-11-29", .title = "x", .text = "x", .handling = "TLP:CLEAR", .originators = {"bg_mvr"}, .record = {}};
    lies.push_back(exchange::nodes::with_seal(exchange::nodes::with_author(stix::carry("note", forged), "rs_mup", key), "rs_mup", "me_up", 6, key));       // the record says another
    forged.kind = "decree", forged.originators = {"rs_mup"};
    lies.push_back(exchange::nodes::with_seal(exchange::nodes::with_author(stix::carry("note", forged), "rs_mup", key), "rs_mup", "me_up", 7, key));       // of a kind nobody takes
    for (const char* text : {"1", "\"x\"", "[]", "{}", "null"}) lies.push_back(must(core::parse_json(text, "x")));
    const auto done = t.b.sync([&](const std::string&) -> Result<FeedPage> { return FeedPage{lies, "end", false}; });
    EXPECT_EQ(done.aside, static_cast<std::int64_t>(lies.size())); EXPECT_EQ(done.handed, 0);
    EXPECT_TRUE(t.b.handed.empty());
    for (const auto& each : must(must(store::peers_of(*t.b.store))->aside("rs_mup", 100, true))) EXPECT_FALSE(each.reason.empty() || each.body.empty());
    EXPECT_EQ(t.b.sync(t.b.feed(t.a)).handed, 0) << "the place in the feed was moved by the liar: its own loss";
    // The true one, by whichever page.
    EXPECT_EQ(t.b.sync([&](const std::string&) -> Result<FeedPage> { return FeedPage{{object}, "later", false}; }).handed, 1);
}

TEST(Nodes, TwoTextsUnderOneVersionAreSeen) {
    Two t;
    const auto key = must(node_key(*t.a.store));
    const auto with = [&](const char* text, std::int64_t number) {
        return core::json::value(exchange::nodes::with_seal(exchange::nodes::with_author(stix::carry("note", {.kind = "note", .id = "rs_mup/1", .created = "2026-11-29", .modified = "2026-11-29", .title = "t", .text = text, .handling = "TLP:CLEAR", .originators = {"rs_mup"}, .record = {}}), "rs_mup", key), "rs_mup", "me_up", number, key));
    };
    const auto done = t.b.sync([&](const std::string&) -> Result<FeedPage> { return FeedPage{{with("one", 1), with("two", 3)}, "end", false}; });
    EXPECT_EQ(done.handed, 1); EXPECT_EQ(done.aside, 1);
    EXPECT_EQ(t.b.handed.at("rs_mup/1"), "one");
    EXPECT_EQ(t.b.line().missing, 1) << "number 2 never came";
    EXPECT_EQ(t.b.line().state, "behind");
}

TEST(Nodes, PagesWithoutEndEnd) {
    Two t;
    int asked = 0;
    const auto done = t.b.sync([&](const std::string&) -> Result<FeedPage> { return FeedPage{{}, std::to_string(++asked), true}; });
    EXPECT_NE(done.error.find("without end"), std::string::npos);
    EXPECT_LE(asked, 25);
    EXPECT_EQ(t.b.line().state, "failing");
}

TEST(Nodes, ARecordIsPassedOnAsItsAuthorSignedIt) {
    Two t;
    Node c("bg_mvr");
    t.b.knows(c), c.knows(t.b);
    t.a.say("me_up", "rs_mup/1", "one", "2026-11-29");
    ASSERT_EQ(t.b.sync(t.b.feed(t.a)).handed, 1);
    const auto value = must(core::parse_json(must(must(store::peers_of(*t.b.store))->latest("rs_mup", stix::carry("note", {.kind = "note", .id = "rs_mup/1", .created = {}, .modified = {}, .title = {}, .text = {}, .handling = {}}).at("id").as_string().c_str()))->body, "x"));
    auto what = must(stix::carried(value.as_object()));
    EXPECT_EQ(must(post(*t.b.store, admin(), {"bg_mvr"}, what)).sent, std::vector<std::string>{"bg_mvr"});
    EXPECT_EQ(c.sync(c.feed(t.b)).aside, 1) << "the author's node is not known there yet";
    c.knows(t.a);
    SyncOptions options;
    options.only = "me_up", options.now = options.retry_aside = true, options.fetch = [&](const auto&, const auto&) -> Result<FetchPage> { return c.feed(t.b); };
    const auto done = must(sync_peers(*c.store, c.catalogue, c.receivers, options));
    EXPECT_EQ(done.at(0).handed, 1);
    EXPECT_EQ(c.handed.at("rs_mup/1"), "one");
    what.record["text"] = "something else";
    EXPECT_EQ(post(*t.b.store, admin(), {"bg_mvr"}, what).error().code, ErrorCode::not_allowed);
}

TEST(Nodes, PeersComeAndGo) {
    Two t;
    auto card = must(own_card(*t.b.store));
    EXPECT_EQ(must(add_peer(*t.a.store, admin(), t.a.catalogue, card, {})).token, "") << "known already: no second token";
    EXPECT_NE(must(add_peer(*t.a.store, admin(), t.a.catalogue, card, {.access = {}, .certificate = {}, .new_token = true})).token, "");
    const auto other = exchange::nodes::signed_card(card, must(exchange::nodes::NodeKey::of_seed(std::string(64, '7'))));
    EXPECT_EQ(add_peer(*t.a.store, admin(), t.a.catalogue, other, {}).error().code, ErrorCode::conflict);
    EXPECT_TRUE(must(add_peer(*t.a.store, admin(), t.a.catalogue, other, {.access = {}, .certificate = {}, .new_token = false, .new_key = true})).new_key);
    EXPECT_EQ(add_peer(*t.a.store, admin(), t.a.catalogue, must(own_card(*t.a.store)), {}).error().code, ErrorCode::bad_input);
    must(remove_peer(*t.a.store, admin(), "me_up"));
    EXPECT_EQ(remove_peer(*t.a.store, admin(), "me_up").error().code, ErrorCode::not_found);
    EXPECT_EQ(t.a.say("me_up", "rs_mup/1", "x", "2026-11-29").sent.size(), 0U);
    EXPECT_EQ(t.a.line().state, "removed");
    EXPECT_EQ(init_node(*t.a.store, admin(), t.a.catalogue, "me_up", "", {}, core::Day{20000}).error().code, ErrorCode::conflict);
    EXPECT_TRUE(t.a.store->verify_audit({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}));
    std::filesystem::permissions(must(store::peers_of(*t.a.store))->key_path(), std::filesystem::perms::group_read, std::filesystem::perm_options::add);
    EXPECT_EQ(node_key(*t.a.store).error().code, ErrorCode::not_allowed);
}

TEST(Nodes, PauseGrowsToAnHour) {
    EXPECT_EQ(pause_after(0, 30), 0); EXPECT_EQ(pause_after(1, 30), 30); EXPECT_EQ(pause_after(3, 30), 120); EXPECT_EQ(pause_after(100, 30), 3600);
}

}  // namespace
}  // namespace threatlas::work

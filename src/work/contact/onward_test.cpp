// Three nodes, of which the first does not know the third: what the second passed on follows its originator there.
#include <gtest/gtest.h>

#include "ingest/test_region.hpp"
#include "store/desk.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/papers.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::work::contact {
namespace {

using core::Result;
using ingest::testing::Folder;
using ingest::testing::must;
using model::Bulletin;

model::Reader admin() { return {"adm", "regional", model::Role::administrator, "TLP:RED H3", "administration: test"}; }
model::Reader point(const std::string& organisation) { return {"p-" + organisation, organisation, model::Role::contact_point, "TLP:RED H3", "joint_operation"}; }

struct Node {
    Folder folder;
    std::string organisation;
    model::Catalogue catalogue = ingest::testing::region();
    std::unique_ptr<store::Store> store = must(store::Store::create(folder / "store", {.clock = {}, .key_file = folder / "key"}));
    Receivers all = receivers(*store, catalogue);
    explicit Node(const std::string& own) : organisation(own) { must(init_node(*store, admin(), catalogue, own, "http://127.0.0.1:9", {}, core::Day{20000})); }
    Desk desk() const { return {*store, catalogue}; }
    void knows(const Node& other) { must(add_peer(*store, admin(), catalogue, must(own_card(*other.store)), {.access = {"t", "", "", ""}})); }
    // A round with one peer: what it has for us.
    void sync(const Node& of) {
        const FetchPage fetch = [&](const std::string& resume) -> Result<FeedPage> {
            const model::Reader reader{must(must(store::peers_of(*of.store))->find(organisation))->machine, organisation, model::Role::contact_point, "TLP:RED H3", "early_warning"};
            THREATLAS_TRY(const auto collection, of.store->collections().collection(reader, std::string(kFeedRoot), feed_id(of.organisation, organisation)));
            store::ObjectFilter filter;
            filter.after = resume.empty() ? 0 : std::stoll(resume), filter.limit = 100, filter.all = true;
            THREATLAS_TRY(const auto page, of.store->collections().page(reader, collection, filter));
            FeedPage out{{}, resume, page.more};
            for (const auto& each : page.objects) out.objects.push_back(must(core::parse_json(each.text, "feed"))), out.resume = std::to_string(each.number);
            return out;
        };
        SyncOptions options;
        options.now = true;
        options.fetch = [&](const store::StoredPeer& peer, const auto&) -> Result<FetchPage> {
            if (peer.organisation != of.organisation) return core::fail(core::ErrorCode::unavailable, "not now");
            return fetch;
        };
        for (const auto& each : must(sync_peers(*store, catalogue, all, options)))
            if (each.organisation == of.organisation) {
                EXPECT_EQ(each.error + std::to_string(each.aside), "0");
            }
    }
    std::string text_of(const std::string& id) const {
        const auto held = opened<Bulletin>(desk(), point(organisation), id);
        return held ? held->record.text + (held->record.state == "withdrawn" ? "withdrawn" : "") : std::string(core::error_row(held.error().code).name);
    }
};

TEST(Onward, WhatWasPassedOnFollowsItsOriginator) {
    Node rs("rs_mup"), bg("bg_mvr"), me("me_up");
    rs.knows(bg), bg.knows(rs), bg.knows(me), me.knows(bg), me.knows(rs);
    Bulletin b;
    b.kind = "warning", b.title = "Title", b.text = "First", b.handling = "TLP:AMBER", b.recipients = {"bg_mvr"};
    const auto made = must(give(rs.desk(), point("rs_mup"), b)).record;
    const auto given = must(consent_to(rs.desk(), point("rs_mup"), "bulletin", made.id, "me_up", "", ""));
    bg.sync(rs);
    must(forward<Bulletin>(bg.desk(), point("bg_mvr"), made.id, {"me_up"}, ""));
    me.sync(bg);
    EXPECT_EQ(me.text_of(made.id), "First");
    Bulletin better = made;
    better.text = "Second";
    must(correct(rs.desk(), point("rs_mup"), better, "Better"));   // before it knows of the passing on
    bg.sync(rs), bg.sync(rs), me.sync(bg);
    EXPECT_EQ(me.text_of(made.id), "Second");
    must(take_back(rs.desk(), point("rs_mup"), given.id, "No more"));
    bg.sync(rs), bg.sync(rs), me.sync(bg);
    EXPECT_EQ(bg.text_of(made.id), "Second");
    EXPECT_EQ(me.text_of(made.id), "not_allowed");
    // A correction and the withdrawal of the consent in one round: the correction was to go on, and does not.
    const auto again = must(consent_to(rs.desk(), point("rs_mup"), "bulletin", made.id, "me_up", "", ""));
    bg.sync(rs);
    better.text = "Between";
    must(correct(rs.desk(), point("rs_mup"), better, "Better"));
    must(take_back(rs.desk(), point("rs_mup"), again.id, "No more"));
    bg.sync(rs), bg.sync(rs), me.sync(bg);
    EXPECT_EQ(bg.text_of(made.id), "Between");
    for (const auto& each : must(kept_papers(me.desk(), point("me_up"), "bulletin", made.id))) EXPECT_EQ(core::write_json(each.record).find("Between"), std::string::npos);
    better.text = "Third";
    must(correct(rs.desk(), point("rs_mup"), better, "Better"));
    bg.sync(rs), bg.sync(rs), me.sync(bg);
    EXPECT_EQ(bg.text_of(made.id), "Third");
    EXPECT_EQ(me.text_of(made.id), "not_allowed");
    must(end<Bulletin>(rs.desk(), point("rs_mup"), made.id, "withdrawn", "A film"));
    bg.sync(rs), bg.sync(rs), me.sync(bg);
    EXPECT_EQ(me.text_of(made.id), "withdrawn");
}

// Killed after it was recorded and before anybody was told; and before it was recorded.
TEST(Onward, AConsentIsToldAfterAKill) {
    Node rs("rs_mup"), bg("bg_mvr");
    rs.knows(bg), bg.knows(rs);
    Bulletin b;
    b.kind = "warning", b.title = "Title", b.text = "First", b.handling = "TLP:AMBER", b.recipients = {"bg_mvr"};
    const auto made = must(give(rs.desk(), point("rs_mup"), b)).record;
    const auto noted = [&](const std::string& id) { must(must(rs.store->desk())->put(point("rs_mup"), {.kind = "consent_to_tell", .id = id, .organisation = "rs_mup", .made = rs.desk().now(), .body = "null"}, {})); };
    noted("C-rs_mup-0000000001"), noted("C-rs_mup-0000000002");
    must(rs.store->give_consent(point("rs_mup"), {.id = "C-rs_mup-0000000001", .originator = "rs_mup", .submission = made.id, .to = "me_up", .purpose = {}, .given_by = "desk", .until = {}, .revoked = false, .handling = {}}));
    must(tell_again(rs.desk()));
    must(tell_again(rs.desk()));
    bg.sync(rs);
    const auto told = must(consents_of(bg.desk(), point("bg_mvr"), "bulletin", made.id));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().to, "me_up");
    EXPECT_FALSE(told.front().revoked);
    EXPECT_TRUE(forward<Bulletin>(bg.desk(), point("bg_mvr"), made.id, {"me_up"}, ""));
}

}  // namespace
}  // namespace threatlas::work::contact

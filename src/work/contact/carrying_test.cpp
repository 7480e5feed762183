// Two nodes' stores, and everything between them duplicated and in any order; a peer that says what it may not.
#include "work/contact/carrying.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "core/hash.hpp"
#include "ingest/test_region.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/files.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work::contact {
namespace {

using core::ErrorCode;
using exchange::stix::Carried;
using ingest::testing::Folder;
using ingest::testing::must;
using model::Bulletin;

model::Reader point(const std::string& organisation) { return {"p-" + organisation, organisation, model::Role::contact_point, "TLP:RED H3", "joint_operation"}; }

struct Node {
    Folder folder;
    model::Catalogue catalogue = ingest::testing::region();
    std::unique_ptr<store::Store> store = must(store::Store::create(folder / "store", {.clock = {}, .key_file = folder / "key"}));
    Receivers all = receivers(*store, catalogue);
    explicit Node(const std::string& own) {
        if (!own.empty()) must(init_node(*store, {"admin", "regional", model::Role::administrator, "TLP:RED H3", "administration"}, catalogue, own, "https://" + own + ".example", {}, core::Day{20000}));
    }
    Desk desk() const { return {*store, catalogue}; }
    core::Result<void> receive(const Carried& what, const std::string& author = "rs_mup", const std::string& by = {}) const { return (*all.find(what.kind))({by.empty() ? author : by, author, "https://x.example"}, what); }
};

// Bulletins as rs_mup's node would send them.
class Carrying : public ::testing::Test {
  protected:
    Node from_{""}, to_{"bg_mvr"};
    std::string id_;
    std::vector<Carried> versions() {
        Bulletin b;
        b.kind = "warning", b.title = "Title", b.text = "Text", b.handling = "TLP:AMBER", b.recipients = {"bg_mvr"};
        auto made = must(give(from_.desk(), point("rs_mup"), b));
        id_ = made.record.id;
        made.record.text = "Better";
        must(correct(from_.desk(), point("rs_mup"), made.record, "Better"));
        must(end<Bulletin>(from_.desk(), point("rs_mup"), id_, "withdrawn", "Wrong"));
        std::vector<Carried> out;
        for (const auto& each : must(papers(from_.desk(), point("rs_mup"), "bulletin", id_))) out.push_back(carried_of(each));
        return out;
    }
};

TEST_F(Carrying, ArrivesInAnyOrderAndTwice) {
    const auto sent = versions();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_TRUE(sent[2].revoked);
    EXPECT_LT(sent[0].modified, sent[1].modified);
    EXPECT_LT(sent[1].modified, sent[2].modified);
    std::vector<std::size_t> order{0, 1, 2};
    do {
        const Node node("bg_mvr");
        for (const std::size_t each : order) must(node.receive(sent[each])), must(node.receive(sent[each]));
        const auto held = must(opened<Bulletin>(node.desk(), point("bg_mvr"), id_));
        EXPECT_EQ(held.record.version, 3U);
        EXPECT_EQ(held.record.state, "withdrawn");
        EXPECT_EQ(held.record.text, "");
        EXPECT_EQ(must(papers(node.desk(), point("bg_mvr"), "bulletin", id_)).size(), 3U) << "none lost, none twice";
        EXPECT_EQ(must(listed<Bulletin>(node.desk(), point("bg_mvr"))).size(), 1U);
        must(node.store->verify_audit({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}));
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(Carrying, IsRefusedFromWhoMayNotSayIt) {
    const auto sent = versions();
    EXPECT_EQ(to_.receive(sent[0], "me_up").error().code, ErrorCode::not_allowed) << "another's";
    const Node other("mk_mvr");
    EXPECT_EQ(other.receive(sent[0]).error().code, ErrorCode::not_allowed) << "not addressed";
    must(other.receive(sent[0], "rs_mup", "bg_mvr"));   // passed on, as its author signed it
    const auto spoilt = [&](auto spoil) {
        Carried what = sent[0];
        spoil(what);
        const auto done = to_.receive(what);
        return !done && done.error().code != ErrorCode::unavailable && done.error().code != ErrorCode::internal;
    };
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["version"] = 0; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["version"] = "x"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["id"] = "N-bg_mvr-0123456789"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["id"] = "%"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["originator"] = "bg_mvr"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["state"] = "withdrawn"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["text"] = "\x1b[2J"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["title"] = "two\nlines"; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record["surprise"] = 1; }));
    EXPECT_TRUE(spoilt([](Carried& c) { c.record.clear(); }));
    EXPECT_TRUE(must(papers(to_.desk(), point("bg_mvr"), "bulletin")).empty());
    must(to_.receive(sent[0]));
    Carried twice = sent[0];
    twice.record["text"] = "Something else under the same version";
    EXPECT_EQ(to_.receive(twice).error().code, ErrorCode::conflict);
    EXPECT_EQ(must(opened<Bulletin>(to_.desk(), point("bg_mvr"), id_)).record.text, "Text");
}

TEST_F(Carrying, MarkingsComeOutNoMilder) {
    auto sent = versions();
    sent[0].handling = "TLP:RED";   // the object's marking is stricter than its text's
    must(to_.receive(sent[0]));
    EXPECT_EQ(must(papers(to_.desk(), point("bg_mvr"), "bulletin", id_)).front().handling, "TLP:RED");
    sent[1].handling = "";
    must(to_.receive(sent[1]));
    EXPECT_EQ(must(papers(to_.desk(), point("bg_mvr"), "bulletin", id_)).back().handling, "TLP:RED H1 H2 H3");
}

TEST_F(Carrying, ReceiptsAreTakenFromWhoHasIt) {
    const Node node("rs_mup");
    Bulletin b;
    b.kind = "warning", b.title = "Title", b.text = "Text", b.handling = "TLP:AMBER", b.recipients = {"bg_mvr"};
    const auto made = must(give(node.desk(), point("rs_mup"), b));
    const auto receipt = [&](const std::string& organisation, const std::string& state, std::uint64_t version = 1, std::vector<std::string> to = {}) {
        const model::Acknowledgement what{"bulletin", made.record.id, version, organisation, state, "2026-11-29T11:00:00Z", "", std::move(to)};
        return Carried{.kind = "receipt", .id = organisation + "/receipt/x", .created = what.at, .modified = what.at, .title = "r", .text = {}, .handling = "TLP:AMBER", .originators = {organisation}, .record = model::to_json(what).as_object(), .revoked = false, .refs = {}};
    };
    EXPECT_EQ(node.receive(receipt("bg_mvr", "read", 2), "bg_mvr").error().code, ErrorCode::not_found) << "of a version that is not there: it may come";
    EXPECT_EQ(node.receive(receipt("bg_mvr", "read"), "me_up").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(node.receive(receipt("me_up", "read"), "me_up").error().code, ErrorCode::not_found) << "nobody sent it there";
    EXPECT_EQ(node.receive(receipt("bg_mvr", "burnt"), "bg_mvr").error().code, ErrorCode::bad_input);
    for (int i = 0; i < 2; ++i) must(node.receive(receipt("bg_mvr", "acknowledged"), "bg_mvr")), must(node.receive(receipt("bg_mvr", "fetched"), "bg_mvr"));
    must(node.receive(receipt("bg_mvr", "forwarded", 1, {"me_up"}), "bg_mvr"));
    must(node.receive(receipt("me_up", "read"), "me_up"));
    const auto shown = must(opened<Bulletin>(node.desk(), point("rs_mup"), made.record.id));
    ASSERT_EQ(shown.receipts.size(), 2U);
    EXPECT_FALSE(shown.receipts[0].acknowledged.empty());
    EXPECT_EQ(shown.receipts[1].organisation, "me_up");
    EXPECT_EQ(shown.receipts[1].forwarded_by, "bg_mvr");
    EXPECT_TRUE(has(must(end<Bulletin>(node.desk(), point("rs_mup"), made.record.id, "withdrawn", "x")).record.recipients, "me_up"));
}

TEST_F(Carrying, FilesComeInPartsInAnyOrder) {
    std::string content;
    while (content.size() < 1'300'000) content += "line " + std::to_string(content.size()) + "\n";
    const std::string hash = core::sha256(content);
    const auto part = [&](std::uint64_t i, std::string_view bytes) {
        std::string data(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
        sodium_bin2base64(data.data(), data.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
        data.resize(data.find('\0'));
        return Carried{.kind = "file", .id = "rs_mup/file/" + hash + "/" + std::to_string(i), .created = "2026-11-29T11:00:00Z", .modified = "2026-11-29T11:00:00Z", .title = "f", .text = {}, .handling = "TLP:AMBER", .originators = {"rs_mup"},
                       .record = core::json::object{{"sha256", hash}, {"part", i}, {"parts", 3}, {"data", data}}, .revoked = false, .refs = {}};
    };
    constexpr std::size_t kPart = 512 * 1024;
    const std::string_view all(content);
    must(to_.receive(part(2, all.substr(2 * kPart))));
    must(to_.receive(part(2, all.substr(2 * kPart))));
    must(to_.receive(part(0, all.substr(0, kPart))));
    store::Desk* kept = must(to_.store->desk());
    EXPECT_FALSE(kept->file("rs_mup", hash));
    must(to_.receive(part(1, all.substr(kPart, kPart))));
    EXPECT_EQ(must(kept->file("rs_mup", hash)), content);
    must(to_.receive(part(1, all.substr(kPart, kPart))));
    EXPECT_TRUE(must(kept->items("part")).empty());
    // What is not what its hash says is not kept, and does not stay.
    auto wrong = part(0, "MZ");
    wrong.record["parts"] = 1, wrong.record["sha256"] = std::string(64, 'a');
    EXPECT_EQ(to_.receive(wrong).error().code, ErrorCode::bad_input);
    EXPECT_TRUE(must(kept->items("part")).empty());
    wrong.record["parts"] = 100;
    EXPECT_EQ(to_.receive(wrong).error().code, ErrorCode::bad_input);
    wrong.record["parts"] = 1, wrong.record["data"] = "***";
    EXPECT_EQ(to_.receive(wrong).error().code, ErrorCode::bad_input);
}

TEST_F(Carrying, ConsentsComeFromWhoGivesThem) {
    const store::Consent given{.id = "C-1", .originator = "rs_mup", .submission = "N-rs_mup-1", .to = "me_up", .purpose = {}, .given_by = "desk", .until = {}, .revoked = false, .handling = {}};
    const Carried what{.kind = "consent", .id = "rs_mup/consent/C-1", .created = "2026-11-29T11:00:00Z", .modified = "2026-11-29T11:00:00Z", .title = "c", .text = {}, .handling = "TLP:AMBER", .originators = {"rs_mup"}, .record = model::to_json(given).as_object(), .revoked = false, .refs = {}};
    EXPECT_EQ(to_.receive(what, "me_up").error().code, ErrorCode::not_allowed);
    must(to_.receive(what));
    must(to_.receive(what));
    EXPECT_EQ(must(to_.store->consents(point("rs_mup"))).size(), 1U);
}

Carried consent(const std::string& id, const std::string& originator, const std::string& subject, const std::string& to, bool revoked, const std::string& reason = {}) {
    const store::Consent given{.id = id, .originator = originator, .submission = subject, .to = to, .purpose = {}, .given_by = "desk", .until = {}, .revoked = revoked, .handling = {}};
    return {.kind = "consent", .id = originator + "/consent/" + id, .created = "2026-11-29T11:00:00Z", .modified = "2026-11-29T11:00:00Z", .title = "c", .text = reason, .handling = "TLP:AMBER", .originators = {originator}, .record = model::to_json(given).as_object(), .revoked = revoked, .refs = {}};
}

// bg_mvr has it, and passes it on as long as rs_mup consents; whatever comes twice or in another order, the withdrawal wins.
TEST_F(Carrying, AConsentTakenBackWinsInAnyOrder) {
    const auto sent = versions();
    const Carried given = consent("C-1", "rs_mup", id_, "me_up", false), over = consent("C-1", "rs_mup", id_, "me_up", true, "They published it");
    const auto passes_on = [&](const Node& node) { return forward<Bulletin>(node.desk(), point("bg_mvr"), id_, {"me_up"}, ""); };
    {
        const Node node("bg_mvr");
        must(node.receive(sent[0]));
        EXPECT_EQ(passes_on(node).error().code, ErrorCode::not_allowed);
        must(node.receive(given));
        EXPECT_TRUE(passes_on(node)) << "without the withdrawal it goes";
    }
    const std::vector<const Carried*> all{&given, &over, &sent[0]};
    std::vector<std::size_t> order{0, 1, 2};
    do {
        const Node node("bg_mvr");
        for (int twice = 0; twice < 2; ++twice)
            for (const std::size_t each : order) must(node.receive(*all[each])), must(node.receive(*all[each]));
        EXPECT_EQ(passes_on(node).error().code, ErrorCode::not_allowed);
        const auto kept = must(consents_of(node.desk(), point("bg_mvr"), "bulletin", id_));
        ASSERT_EQ(kept.size(), 1U) << "shown here too";
        EXPECT_TRUE(kept.front().revoked);
        must(node.store->verify_audit({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}));
    } while (std::next_permutation(order.begin(), order.end()));
}

// me_up has it through bg_mvr, by consent alone.
TEST_F(Carrying, WhatCameByAConsentIsNotReadAfterIt) {
    const auto sent = versions();
    for (const bool first : {false, true}) {
        const Node node("me_up");
        const Carried over = consent("C-1", "rs_mup", id_, "me_up", true, "No more");
        if (first) must(node.receive(over));
        must(node.receive(sent[0], "rs_mup", "bg_mvr"));
        if (!first) {
            EXPECT_EQ(must(opened<Bulletin>(node.desk(), point("me_up"), id_)).record.text, "Text");
            must(node.receive(over));
        }
        EXPECT_EQ(opened<Bulletin>(node.desk(), point("me_up"), id_).error().code, ErrorCode::not_allowed);
        EXPECT_TRUE(must(listed<Bulletin>(node.desk(), point("me_up"))).empty());
        EXPECT_TRUE(must(papers(node.desk(), point("me_up"), "bulletin")).empty());
        must(node.receive(sent[1], "rs_mup", "bg_mvr"));   // a correction that was on its way
        EXPECT_TRUE(must(listed<Bulletin>(node.desk(), point("me_up"))).empty());
        must(node.receive(sent[2], "rs_mup", "bg_mvr"));
        EXPECT_EQ(must(opened<Bulletin>(node.desk(), point("me_up"), id_)).record.state, "withdrawn");
    }
    // Who was addressed reads on, whatever else it was consented to.
    const Node node("bg_mvr");
    must(node.receive(sent[0]));
    must(node.receive(consent("C-2", "rs_mup", id_, "bg_mvr", true)));
    EXPECT_TRUE(opened<Bulletin>(node.desk(), point("bg_mvr"), id_));
}

TEST_F(Carrying, OnlyTheOriginatorTakesBack) {
    const auto sent = versions();
    must(to_.receive(sent[0]));
    must(to_.receive(consent("C-1", "rs_mup", id_, "me_up", false)));
    EXPECT_EQ(to_.receive(consent("C-1", "rs_mup", id_, "me_up", true), "me_up").error().code, ErrorCode::not_allowed) << "in another's name";
    must(to_.receive(consent("C-1", "me_up", id_, "me_up", true), "me_up"));   // in its own name: nothing of rs_mup's
    auto spoilt = consent("C-1", "rs_mup", id_, "me_up", true);
    spoilt.revoked = false;
    EXPECT_EQ(to_.receive(spoilt).error().code, ErrorCode::bad_input);
    spoilt = consent("C-1", "rs_mup", id_, "me_up", true), spoilt.id = "rs_mup/consent/C-2";
    EXPECT_EQ(to_.receive(spoilt).error().code, ErrorCode::bad_input);
    EXPECT_EQ(to_.receive(consent("C-1", "rs_mup", id_, "mk_mvr", false)).error().code, ErrorCode::conflict) << "another text under the same id";
    EXPECT_EQ(to_.receive(consent("%", "rs_mup", id_, "mk_mvr", false)).error().code, ErrorCode::bad_input);
    must(to_.receive(consent("C-1", "rs_mup", id_, "mk_mvr", true, "x"), "rs_mup", "mk_mvr"));   // passed on, and says something else: over is over
    EXPECT_EQ(forward<Bulletin>(to_.desk(), point("bg_mvr"), id_, {"me_up"}, "").error().code, ErrorCode::not_allowed);
    must(to_.receive(consent("C-3", "rs_mup", id_, "me_up", false)));
    EXPECT_TRUE(forward<Bulletin>(to_.desk(), point("bg_mvr"), id_, {"me_up"}, "")) << "a new consent is a new consent";
}

}  // namespace
}  // namespace threatlas::work::contact

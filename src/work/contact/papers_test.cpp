#include "work/contact/papers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/text.hpp"
#include "ingest/test_region.hpp"
#include "store/desk.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/deliver.hpp"
#include "work/contact/directory.hpp"
#include "work/contact/files.hpp"
#include "work/contact/spread.hpp"

namespace threatlas::work::contact {
namespace {

using core::ErrorCode;
using ingest::testing::Folder;
using ingest::testing::must;
using model::Answer;
using model::Bulletin;
using model::Request;

model::Reader point(const std::string& organisation, const std::string& clearance = "TLP:RED H3") { return {"p-" + organisation, organisation, model::Role::contact_point, clearance, "joint_operation"}; }

class Papers : public ::testing::Test {
  protected:
    Folder folder_;
    model::Catalogue catalogue_ = ingest::testing::region();
    std::unique_ptr<store::Store> store_ = must(store::Store::create(folder_ / "store", {.clock = {}, .key_file = folder_ / "key"}));
    std::int64_t now_ = 1'790'000'000;
    Desk desk_{*store_, catalogue_, [this] { return now_; }};

    static Bulletin bulletin(const std::string& handling = "TLP:AMBER", std::vector<std::string> to = {"bg_mvr", "me_up"}) {
        Bulletin b;
        b.kind = "new_mo", b.title = "Relay theft", b.text = "Two persons, one device at the door.", b.threats = {"property.vehicle_theft"}, b.mos = {"tool.electronic"}, b.places = {"RS"}, b.handling = handling, b.recipients = std::move(to);
        return b;
    }
    std::vector<std::string> seen_by(const std::string& organisation) {
        std::vector<std::string> out;
        for (const auto& each : must(listed<Bulletin>(desk_, point(organisation)))) out.push_back(each.record.title);
        return out;
    }
    const model::Receipt& receipt(const std::vector<model::Receipt>& all, const std::string& organisation) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.organisation == organisation; });
        EXPECT_NE(found, all.end()) << organisation;
        return *found;
    }
};

TEST_F(Papers, ABulletinIsSentReadAndAcknowledged) {
    const auto made = must(give(desk_, point("rs_mup"), bulletin()));
    EXPECT_TRUE(made.record.id.starts_with("N-rs_mup-"));
    EXPECT_EQ(made.record.originator, "rs_mup");
    EXPECT_EQ(made.receipts.size(), 2U);
    EXPECT_FALSE(receipt(made.receipts, "bg_mvr").sent.empty());
    EXPECT_TRUE(receipt(made.receipts, "bg_mvr").fetched.empty());
    EXPECT_EQ(seen_by("bg_mvr").size(), 1U);
    EXPECT_EQ(seen_by("mk_mvr").size(), 0U) << "it is not addressed to them";
    const auto own = [&] { return must(opened<Bulletin>(desk_, point("rs_mup"), made.record.id)).receipts; };
    EXPECT_FALSE(receipt(own(), "bg_mvr").fetched.empty());
    EXPECT_TRUE(receipt(own(), "bg_mvr").read.empty());
    const auto theirs = must(opened<Bulletin>(desk_, point("bg_mvr"), made.record.id.substr(0, 12)));
    EXPECT_EQ(theirs.receipts.size(), 1U) << "what others did is for the originator";
    EXPECT_FALSE(receipt(own(), "bg_mvr").read.empty());
    must(acknowledge<Bulletin>(desk_, point("bg_mvr"), made.record.id, "Seen, we look"));
    must(acknowledge<Bulletin>(desk_, point("bg_mvr"), made.record.id, "Again"));
    EXPECT_EQ(receipt(own(), "bg_mvr").note, "Seen, we look");
    EXPECT_TRUE(receipt(own(), "me_up").fetched.empty());
    EXPECT_EQ(acknowledge<Bulletin>(desk_, point("rs_mup"), made.record.id, "").error().code, ErrorCode::conflict);
    EXPECT_EQ(opened<Bulletin>(desk_, point("mk_mvr"), made.record.id).error().code, ErrorCode::not_found);
    // Who only looks after the log leaves no receipt.
    auto auditor = point("me_up");
    auditor.role = model::Role::auditor;
    must(listed<Bulletin>(desk_, auditor));
    EXPECT_TRUE(receipt(own(), "me_up").fetched.empty());
    EXPECT_TRUE(store_->verify_audit({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}));
}

TEST_F(Papers, WhatIsMarkedForOneIsForNobodyElse) {
    for (const char* handling : {"TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED", "TLP:GREEN H2"}) {
        const auto made = must(give(desk_, point("rs_mup"), bulletin(handling, {"bg_mvr"})));
        EXPECT_TRUE(opened<Bulletin>(desk_, point("bg_mvr"), made.record.id)) << handling;
        for (const char* other : {"me_up", "mk_mvr", "regional"}) EXPECT_FALSE(opened<Bulletin>(desk_, point(other), made.record.id)) << handling << " " << other;
        const bool mild = std::string(handling) == "TLP:GREEN H2";
        EXPECT_EQ(opened<Bulletin>(desk_, point("bg_mvr", "TLP:GREEN"), made.record.id).has_value(), mild) << handling;
    }
    must(give(desk_, point("rs_mup"), bulletin("TLP:GREEN", {"bg_mvr"})));
    EXPECT_EQ(seen_by("mk_mvr").size(), 1U);
}

TEST_F(Papers, CorrectionsAndWithdrawalsReachAllWhoHadIt) {
    const auto made = must(give(desk_, point("rs_mup"), bulletin()));
    must(acknowledge<Bulletin>(desk_, point("bg_mvr"), made.record.id, ""));
    Bulletin better = made.record;
    better.text = "Three persons.", better.recipients = {"mk_mvr"};
    EXPECT_EQ(correct(desk_, point("rs_mup"), better, "").error().code, ErrorCode::bad_input) << "a correction says why";
    EXPECT_EQ(correct(desk_, point("bg_mvr"), better, "x").error().code, ErrorCode::not_allowed);
    const auto second = must(correct(desk_, point("rs_mup"), better, "One more was seen"));
    EXPECT_EQ(second.record.version, 2U);
    EXPECT_EQ(second.record.issued, made.record.issued);
    EXPECT_GT(second.record.modified, made.record.modified);
    EXPECT_EQ(second.record.recipients.size(), 3U) << "nobody who had the first is left out";
    EXPECT_TRUE(receipt(second.receipts, "bg_mvr").acknowledged.empty()) << "the correction is acknowledged by itself";
    EXPECT_EQ(must(opened<Bulletin>(desk_, point("bg_mvr"), made.record.id)).record.text, "Three persons.");
    EXPECT_EQ(must(opened<Bulletin>(desk_, point("bg_mvr"), made.record.id, 1)).record.version, 1U);
    now_ -= 86'400;   // a clock put back: versions go on
    const auto last = must(end<Bulletin>(desk_, point("rs_mup"), made.record.id, "withdrawn", "It was a film"));
    EXPECT_GT(last.record.modified, second.record.modified);
    EXPECT_EQ(last.record.state, "withdrawn");
    EXPECT_EQ(last.record.text, "");
    EXPECT_EQ(last.record.title, "Withdrawn");
    EXPECT_FALSE(opened<Bulletin>(desk_, point("bg_mvr"), made.record.id, 1)) << "what is withdrawn is not read any more";
    EXPECT_TRUE(opened<Bulletin>(desk_, point("rs_mup"), made.record.id, 1));
    const auto seen = must(acknowledge<Bulletin>(desk_, point("me_up"), made.record.id, "Taken off the wall"));
    EXPECT_EQ(seen.record.reason, "It was a film");
    EXPECT_FALSE(receipt(must(opened<Bulletin>(desk_, point("rs_mup"), made.record.id)).receipts, "me_up").acknowledged.empty());
    EXPECT_EQ(end<Bulletin>(desk_, point("rs_mup"), made.record.id, "withdrawn", "again").error().code, ErrorCode::conflict);
    EXPECT_EQ(correct(desk_, point("rs_mup"), better, "x").error().code, ErrorCode::conflict);
}

TEST_F(Papers, PassingOnNeedsTheOriginatorsConsentAndCorrectionsFollow) {
    const auto made = must(give(desk_, point("rs_mup"), bulletin("TLP:AMBER H2", {"bg_mvr"})));
    const auto id = made.record.id;
    EXPECT_EQ(forward<Bulletin>(desk_, point("bg_mvr"), id, {"mk_mvr"}, "").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(consent_to(desk_, point("bg_mvr"), "bulletin", id, "mk_mvr", "", "").error().code, ErrorCode::not_allowed) << "nobody consents for the originator";
    must(consent_to(desk_, point("rs_mup"), "bulletin", id, "mk_mvr", "", ""));
    must(forward<Bulletin>(desk_, point("bg_mvr"), id, {"mk_mvr"}, "They asked"));
    EXPECT_EQ(forward<Bulletin>(desk_, point("bg_mvr"), id, {"me_up"}, "").error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(opened<Bulletin>(desk_, point("mk_mvr"), id));
    EXPECT_EQ(receipt(must(opened<Bulletin>(desk_, point("rs_mup"), id)).receipts, "mk_mvr").forwarded_by, "bg_mvr");
    EXPECT_FALSE(receipt(must(opened<Bulletin>(desk_, point("rs_mup"), id)).receipts, "mk_mvr").read.empty());
    const auto last = must(end<Bulletin>(desk_, point("rs_mup"), id, "withdrawn", "Wrong"));
    EXPECT_TRUE(has(last.record.recipients, "mk_mvr")) << "a withdrawal goes where the bulletin went";
    // What is open to all needs no leave.
    const auto green = must(give(desk_, point("rs_mup"), bulletin("TLP:GREEN", {"bg_mvr"})));
    EXPECT_TRUE(forward<Bulletin>(desk_, point("bg_mvr"), green.record.id, {"me_up"}, ""));
}

TEST_F(Papers, AConsentTakenBackEndsWhatItAdmittedTo) {
    const auto made = must(give(desk_, point("rs_mup"), bulletin("TLP:AMBER H2", {"bg_mvr"})));
    const auto id = made.record.id;
    const auto given = must(consent_to(desk_, point("rs_mup"), "bulletin", id, "mk_mvr", "", ""));
    const auto other = must(consent_to(desk_, point("rs_mup"), "bulletin", id, "me_up", "", ""));
    must(forward<Bulletin>(desk_, point("bg_mvr"), id, {"mk_mvr", "me_up"}, ""));
    EXPECT_TRUE(opened<Bulletin>(desk_, point("mk_mvr"), id));
    // A correction goes to whom it was passed on to, so that they are named in it from then on.
    Bulletin better = made.record;
    better.text = "Three persons.";
    EXPECT_TRUE(has(must(correct(desk_, point("rs_mup"), better, "One more")).record.recipients, "mk_mvr"));
    EXPECT_EQ(take_back(desk_, point("bg_mvr"), given.id, "x").error().code, ErrorCode::not_found) << "nobody takes back another's";
    EXPECT_EQ(take_back(desk_, point("mk_mvr"), given.id, "x").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(take_back(desk_, point("rs_mup"), given.id, " ").error().code, ErrorCode::bad_input) << "it says why";
    EXPECT_TRUE(must(take_back(desk_, point("rs_mup"), given.id, "They passed it on")).revoked);
    EXPECT_EQ(take_back(desk_, point("rs_mup"), given.id, "again").error().code, ErrorCode::conflict);
    EXPECT_EQ(opened<Bulletin>(desk_, point("mk_mvr"), id).error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(seen_by("mk_mvr").empty());
    EXPECT_EQ(seen_by("me_up").size(), 1U) << "another's consent stands";
    EXPECT_EQ(seen_by("bg_mvr").size(), 1U) << "who was addressed needed none";
    for (const char* each : {"rs_mup", "bg_mvr"}) {
        const auto all = must(consents_of(desk_, point(each), "bulletin", id));
        ASSERT_EQ(all.size(), 2U) << each;
        for (const auto& one : all) EXPECT_EQ(one.revoked, one.id == given.id);
    }
    EXPECT_EQ(consents_of(desk_, point("mk_mvr"), "bulletin", id).error().code, ErrorCode::not_found);
    better.text = "Four persons.";
    const auto third = must(correct(desk_, point("rs_mup"), better, "And one more"));
    EXPECT_FALSE(has(third.record.recipients, "mk_mvr")) << "a correction does not go there any more";
    EXPECT_TRUE(has(third.record.recipients, "me_up"));
    EXPECT_TRUE(seen_by("mk_mvr").empty());
    // What a recipient is consented to besides is no leave to read, and reading stays when it is taken back.
    const auto milder = must(consent_to(desk_, point("rs_mup"), "bulletin", id, "bg_mvr", "TLP:GREEN", ""));
    must(take_back(desk_, point("rs_mup"), milder.id, "No"));
    EXPECT_EQ(seen_by("bg_mvr").size(), 1U);
    // Given again, it is there again; a withdrawal reaches everyone who ever had it.
    const auto again = must(consent_to(desk_, point("rs_mup"), "bulletin", id, "mk_mvr", "", ""));
    EXPECT_EQ(seen_by("mk_mvr").size(), 1U);
    must(take_back(desk_, point("rs_mup"), again.id, "No"));
    EXPECT_TRUE(seen_by("mk_mvr").empty());
    must(end<Bulletin>(desk_, point("rs_mup"), id, "withdrawn", "A film"));
    EXPECT_EQ(seen_by("mk_mvr"), std::vector<std::string>{"Withdrawn"});
    (void)other;
    EXPECT_TRUE(store_->verify_audit({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}));
}

TEST_F(Papers, WhatIsMadeOfOthersCarriesTheirMarks) {
    const auto red = must(give(desk_, point("rs_mup"), bulletin("TLP:RED H1", {"bg_mvr"})));
    Bulletin own = bulletin("", {"me_up"});
    own.derived_from = {red.record.id};
    EXPECT_EQ(give(desk_, point("bg_mvr"), own).error().code, ErrorCode::not_allowed) << "me_up was not sent what it is made of";
    must(consent_to(desk_, point("rs_mup"), "bulletin", red.record.id, "me_up", "", ""));
    const auto derived = must(give(desk_, point("bg_mvr"), own));
    EXPECT_EQ(derived.record.handling, "TLP:RED H1");
    EXPECT_EQ(derived.record.originators, (std::vector<std::string>{"bg_mvr", "rs_mup"}));
    own.handling = "TLP:GREEN";
    EXPECT_EQ(give(desk_, point("bg_mvr"), own).error().code, ErrorCode::not_allowed);
    must(consent_to(desk_, point("rs_mup"), "bulletin", red.record.id, "bg_mvr", "TLP:GREEN", ""));
    EXPECT_EQ(must(give(desk_, point("bg_mvr"), own)).record.handling, "TLP:GREEN");
    // A correction does not mark the derived more mildly than its inputs' owners said.
    Bulletin milder = derived.record;
    milder.handling = "TLP:CLEAR";
    EXPECT_EQ(correct(desk_, point("bg_mvr"), milder, "x").error().code, ErrorCode::not_allowed);
    own.derived_from = {"N-rs_mup-0000000000"};
    EXPECT_EQ(give(desk_, point("bg_mvr"), own).error().code, ErrorCode::bad_input);
}

TEST_F(Papers, ABulletinHoldsToItsLastDayAndIsNotSentAnewAfterIt) {
    constexpr std::int64_t kDay = 86'400;
    const std::int64_t midnight = now_ / kDay * kDay;
    model::Subscription wanted;
    wanted.email = "desk@police.example", wanted.digest = "daily";
    must(subscribe(desk_, point("bg_mvr"), "", wanted));
    model::Webhook hook;
    hook.url = "http://127.0.0.1:9/hook";
    must(add_webhook(desk_, point("bg_mvr"), "", hook));
    Bulletin b = bulletin("TLP:GREEN", {"bg_mvr"});
    b.valid_until = iso_time(midnight + kDay).substr(0, 10);
    const auto made = must(give(desk_, point("rs_mup"), b));
    Bulletin endless = bulletin("TLP:GREEN", {"bg_mvr"});
    endless.title = "Without an end";
    must(give(desk_, point("rs_mup"), endless));
    const auto id = made.record.id;
    const auto is_expired = [&] { return must(opened<Bulletin>(desk_, point("bg_mvr"), id)).expired; };
    EXPECT_FALSE(made.expired);
    for (const std::int64_t holds : {midnight + kDay - 1, midnight + kDay, midnight + 2 * kDay - 1}) {   // the day before, the last day's two ends
        now_ = holds;
        EXPECT_FALSE(is_expired()) << iso_time(now_);
    }
    EXPECT_TRUE(forward<Bulletin>(desk_, point("bg_mvr"), id, {"me_up"}, "")) << "to the last second";
    now_ = midnight + 2 * kDay;
    EXPECT_TRUE(is_expired());
    for (const char* each : {"rs_mup", "bg_mvr"}) {
        const auto all = must(listed<Bulletin>(desk_, point(each)));
        ASSERT_EQ(all.size(), 2U);
        EXPECT_EQ(all[0].record.title, "Without an end");
        EXPECT_FALSE(all[0].expired) << "what has no last day does not expire";
        EXPECT_TRUE(all[1].expired) << "listed after what still holds, to who gave it too";
    }
    const auto refused = forward<Bulletin>(desk_, point("bg_mvr"), id, {"mk_mvr"}, "");
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_NE(refused.error().message.find("has expired"), std::string::npos) << refused.error().message;
    // What waited to be sent is not sent any more, and the log says why; what still holds is tried.
    ContactSettings settings;
    settings.mail.host = "127.0.0.1", settings.mail.port = "9", settings.mail.security = "none", settings.mail.from = "desk@threatlas.example";
    must(deliver_mail(desk_, settings));
    must(deliver_webhooks(desk_, settings));
    std::size_t dropped = 0, tried = 0;
    for (const auto& each : must(must(store_->desk())->deliveries("bg_mvr"))) {
        ASSERT_EQ(each.attempts.size(), 1U) << each.channel << " " << each.subject;
        const bool ours = each.subject.find(id) != std::string::npos;
        ++(ours ? dropped : tried);
        EXPECT_EQ(each.state == "dropped", ours) << each.attempts.front().outcome;
        EXPECT_EQ(each.attempts.front().outcome.find("has expired") != std::string::npos, ours) << each.attempts.front().outcome;
    }
    EXPECT_EQ(dropped, 2U) << "by e-mail and by webhook";
    EXPECT_EQ(tried, 2U);
    EXPECT_TRUE(acknowledge<Bulletin>(desk_, point("bg_mvr"), id, "Late")) << "it can still be read and acknowledged";
    // A correction needs a last day that is to come, and then it holds again.
    Bulletin better = made.record;
    better.text = "Still so.";
    EXPECT_EQ(correct(desk_, point("rs_mup"), better, "Again").error().code, ErrorCode::bad_input);
    better.valid_until = iso_time(now_).substr(0, 10);
    EXPECT_FALSE(must(correct(desk_, point("rs_mup"), better, "Again")).expired);
    now_ += kDay;
    EXPECT_TRUE(is_expired());
    EXPECT_FALSE(must(end<Bulletin>(desk_, point("rs_mup"), id, "withdrawn", "Wrong all along")).expired) << "a withdrawal still reaches everyone";
}

TEST_F(Papers, ARequestIsAnsweredOnceEachAndClosed) {
    Request r;
    r.title = "Grey van", r.questions = {"Known to you?", "Where seen last?"}, r.recipients = {"bg_mvr", "me_up"}, r.deadline = "2026-12-31";
    const auto asked = must(give(desk_, point("rs_mup"), r));
    EXPECT_EQ(asked.record.state, "open");
    Answer a;
    a.request = asked.record.id, a.answers = {"Yes", "Sofia"};
    EXPECT_EQ(give(desk_, point("mk_mvr"), a).error().code, ErrorCode::not_found) << "they were not asked";
    EXPECT_EQ(give(desk_, point("rs_mup"), a).error().code, ErrorCode::conflict);
    const auto answered = must(give(desk_, point("bg_mvr"), a));
    EXPECT_EQ(answered.record.recipients, (std::vector<std::string>{"rs_mup"})) << "an answer goes to who asked";
    EXPECT_EQ(must(listed<Answer>(desk_, point("rs_mup"))).size(), 1U);
    EXPECT_EQ(must(listed<Answer>(desk_, point("me_up"))).size(), 0U);
    a.answers = {"a", "b", "c"};
    EXPECT_EQ(give(desk_, point("me_up"), a).error().code, ErrorCode::bad_input);
    a.answers.clear();
    EXPECT_EQ(give(desk_, point("me_up"), a).error().code, ErrorCode::bad_input) << "an answer says something";
    a.outcome = "nothing_known";
    must(give(desk_, point("me_up"), a));
    EXPECT_EQ(end<Request>(desk_, point("bg_mvr"), asked.record.id, "closed", "").error().code, ErrorCode::not_allowed);
    const auto closed = must(end<Request>(desk_, point("rs_mup"), asked.record.id, "closed", ""));
    EXPECT_EQ(closed.record.questions.size(), 2U);
    EXPECT_EQ(give(desk_, point("me_up"), a).error().code, ErrorCode::conflict);
    r.deadline = "2020-01-01";
    EXPECT_EQ(give(desk_, point("rs_mup"), r).error().code, ErrorCode::bad_input);
    r.deadline.clear(), r.kind = "match";
    EXPECT_EQ(give(desk_, point("rs_mup"), r).error().code, ErrorCode::bad_input) << "a match names its hit";
}

TEST_F(Papers, WhatIsWrongIsRefused) {
    const auto refused = [&](auto spoil) {
        Bulletin b = bulletin();
        spoil(b);
        return give(desk_, point("rs_mup"), b).error().code == ErrorCode::bad_input;
    };
    EXPECT_TRUE(refused([](Bulletin& b) { b.kind = "rumour"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.title = " "; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.title = "two\nlines"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.text = std::string(30'000, 'x'); }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.text = "\x1b[2J"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.threats = {"none"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.mos = {"none"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.places = {"ZZ"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.language = "english"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.handling = "secret"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.recipients = {"nobody"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.recipients = {"rs_mup"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.valid_until = "2020-01-01"; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.derived_from = {"%"}; }));
    EXPECT_TRUE(refused([](Bulletin& b) { b.attachments = {{"a.pdf", "", std::string(64, '0'), 0}}; }));
    auto contributor = point("rs_mup");
    contributor.role = model::Role::contributor;
    EXPECT_EQ(give(desk_, contributor, bulletin()).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(opened<Bulletin>(desk_, point("rs_mup"), "%").error().code, ErrorCode::not_found);
}

TEST_F(Papers, FilesAreKnownByTheirContentAndGoWhereTheBulletinGoes) {
    const std::string pdf = "%PDF-1.4\nnothing\n";
    const auto kept = must(keep_file(desk_, point("rs_mup"), "../../etc/plan\n.pdf", pdf));
    EXPECT_EQ(kept.name, "plan_.pdf");
    EXPECT_EQ(kept.media, "application/pdf");
    Bulletin b = bulletin("TLP:AMBER H2", {"bg_mvr"});
    b.attachments = {{"plan.pdf", "text/html", kept.sha256, 1}};
    EXPECT_FALSE(give(desk_, point("me_up"), b)) << "a hash alone does not get a file of others";
    const auto made = must(give(desk_, point("rs_mup"), b));
    EXPECT_EQ(made.record.attachments.front().media, "application/pdf") << "by its content, whatever is said";
    EXPECT_EQ(must(file_of<Bulletin>(desk_, point("rs_mup"), made.record.id, kept.sha256)).content, pdf);
    EXPECT_EQ(file_of<Bulletin>(desk_, point("bg_mvr"), made.record.id, kept.sha256).error().code, ErrorCode::not_allowed) << "H2: not saved without consent";
    must(consent_to(desk_, point("rs_mup"), "bulletin", made.record.id, "bg_mvr", "", ""));
    EXPECT_TRUE(file_of<Bulletin>(desk_, point("bg_mvr"), made.record.id, kept.sha256));
    EXPECT_FALSE(file_of<Bulletin>(desk_, point("me_up"), made.record.id, kept.sha256));
    for (const std::string& bad : {std::string(), std::string("MZ\x90\0\3", 5), std::string("\x7f" "ELF"), std::string("#!/bin/sh\n"), std::string("<html>"), std::string("<svg/>"), std::string("PK\3\4 word/document.xml word/vbaProject.bin"), std::string("PK\3\4 x"), std::string("%PDF-1.4 /JavaScript"), std::string("\xff\xfe"),
                                  std::string(kMostFile + 1, 'x')})
        EXPECT_FALSE(media_of(bad)) << bad.substr(0, 40);
    EXPECT_EQ(must(media_of("a,b\r\n1,2\r\n")), "text/plain");
    EXPECT_EQ(must(media_of("PK\3\4 xl/workbook.xml")), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    EXPECT_EQ(plain_name("..."), "file");
    EXPECT_EQ(plain_name(std::string(300, 'a') + ".pdf").size(), 100U);
}

TEST_F(Papers, SubscriptionsTakeWhatTheyAskFor) {
    must(give(desk_, point("rs_mup"), bulletin()));
    const auto all = must(papers(desk_, point("bg_mvr"), "bulletin"));
    ASSERT_EQ(all.size(), 1U);
    const auto fits = [&](auto set) {
        model::Subscription s;
        set(s);
        return matches(catalogue_, s, all.front());
    };
    EXPECT_TRUE(fits([](auto&) {}));
    EXPECT_TRUE(fits([](auto& s) { s.kinds = {"bulletin"}; }));
    EXPECT_TRUE(fits([](auto& s) { s.kinds = {"new_mo"}; }));
    EXPECT_FALSE(fits([](auto& s) { s.kinds = {"warning", "request"}; }));
    EXPECT_TRUE(fits([](auto& s) { s.threats = {"property.vehicle_theft"}, s.places = {"RS", "ME"}, s.mos = {"tool.electronic"}, s.languages = {"en"}; }));
    EXPECT_FALSE(fits([](auto& s) { s.threats = {"drugs.cannabis"}; }));
    EXPECT_FALSE(fits([](auto& s) { s.places = {"BG"}; }));
    EXPECT_FALSE(fits([](auto& s) { s.mos = {"forgery.vin"}; }));
    EXPECT_FALSE(fits([](auto& s) { s.languages = {"sr"}; }));
}

TEST_F(Papers, EachTargetIsToldOnceAndOfWhatComesAfter) {
    model::Subscription wanted;
    wanted.email = "desk@police.example", wanted.digest = "at_once", wanted.threats = {"property.vehicle_theft"};
    const auto subscribed = must(subscribe(desk_, point("bg_mvr"), "", wanted));
    wanted.threats = {"drugs.cannabis"};
    must(subscribe(desk_, point("bg_mvr"), "", wanted));
    wanted.email = "desk@police.example\r\nBcc: x@y.example";
    EXPECT_FALSE(subscribe(desk_, point("bg_mvr"), "", wanted));
    const auto made = must(give(desk_, point("rs_mup"), bulletin()));
    store::Desk* kept = must(store_->desk());
    EXPECT_EQ(must(kept->deliveries("bg_mvr")).size(), 1U);
    must(spread(desk_));
    must(spread(desk_));
    EXPECT_EQ(must(kept->deliveries("bg_mvr")).size(), 1U);
    Bulletin other = made.record;
    other.threats = {"cyber.ransomware"};
    must(correct(desk_, point("rs_mup"), other, "It was something else"));
    EXPECT_EQ(must(kept->deliveries("bg_mvr")).size(), 2U) << "who was told is told that it was wrong";
    EXPECT_EQ(must(kept->deliveries("me_up")).size(), 0U);
    EXPECT_EQ(unsubscribe(desk_, point("me_up"), subscribed.id).error().code, ErrorCode::not_found);
    must(unsubscribe(desk_, point("bg_mvr"), subscribed.id));
    for (const auto& each : must(kept->deliveries("bg_mvr"))) EXPECT_EQ(each.state, "dropped");
}

TEST_F(Papers, WhatAClosedAccountSubscribedToIsTakenOver) {
    model::Subscription wanted;
    wanted.email = "desk@police.example", wanted.clearance = "TLP:RED H3";
    const auto lost = must(subscribe(desk_, point("bg_mvr"), "p-gone", wanted)), held = must(subscribe(desk_, point("bg_mvr"), "", wanted));
    EXPECT_TRUE(must(closed(desk_, lost))) << "there is no such account";
    EXPECT_FALSE(must(closed(desk_, held)));
    EXPECT_EQ(take_over<model::Subscription>(desk_, point("me_up"), "", lost.id).error().code, ErrorCode::not_found) << "another organisation's";
    EXPECT_EQ(take_over<model::Subscription>(desk_, point("bg_mvr"), "", held.id).error().code, ErrorCode::conflict) << "nobody takes what is somebody's";
    auto contributor = point("bg_mvr");
    contributor.role = model::Role::contributor;
    EXPECT_EQ(take_over<model::Subscription>(desk_, contributor, "", lost.id).error().code, ErrorCode::not_allowed);
    const auto taken = must(take_over<model::Subscription>(desk_, point("bg_mvr", "TLP:AMBER"), "", lost.id));
    EXPECT_EQ(taken.clearance, "TLP:AMBER") << "with the rights of who took it over";
    EXPECT_EQ(taken.email, lost.email);
    EXPECT_FALSE(must(closed(desk_, taken)));
    EXPECT_EQ(must(subscriptions(desk_, point("bg_mvr"))).size(), 2U);
    model::Webhook hook;
    hook.url = "https://hook.example/x";
    const auto called = must(add_webhook(desk_, point("bg_mvr"), "p-gone", hook));
    EXPECT_EQ(must(desk_state(desk_, point("bg_mvr"), folder_ / "")).closed, 1U);
    EXPECT_EQ(must(take_over<model::Webhook>(desk_, point("bg_mvr"), "", called.id)).secret, "");
    EXPECT_EQ(must(all_webhooks(desk_)).front().secret, called.secret) << "the machine knows it still";
    EXPECT_EQ(must(desk_state(desk_, point("bg_mvr"), folder_ / "")).closed, 0U);
}

TEST_F(Papers, SettingsThatCannotBeUsedAreNamed) {
    const std::string data = folder_ / "";
    EXPECT_EQ(must(desk_state(desk_, point("bg_mvr"), data)).settings, "none");
    const auto write = [&](const std::string& text) {
        must(core::write_file(data + "/contact.json", text));
        std::filesystem::permissions(data + "/contact.json", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    };
    write(R"({"link":"https://desk.example"})");
    EXPECT_EQ(must(desk_state(desk_, point("bg_mvr"), data)).settings, "used");
    write(R"({"mial":{"password":"a secret"}})");
    const auto now = must(desk_state(desk_, point("bg_mvr"), data));
    EXPECT_EQ(now.settings, "broken");
    EXPECT_NE(now.problem.find("mial"), std::string::npos) << now.problem;
    EXPECT_EQ(now.problem.find("a secret"), std::string::npos) << now.problem;
    EXPECT_FALSE(now.mail);
}

TEST_F(Papers, TheDirectoryIsKeptByItsOrganisations) {
    model::ContactPoint p;
    p.desk = "Duty desk", p.hours = "24/7", p.zone = "Europe/Belgrade", p.email = "desk@mup.example", p.languages = {"sr", "en"}, p.address = "https://node.mup.example";
    const auto made = must(save_contact_point(desk_, point("rs_mup"), p));
    EXPECT_EQ(made.organisation, "rs_mup");
    EXPECT_EQ(must(contact_points(desk_)).size(), 1U);
    auto spoilt = made;
    spoilt.hours = "sometimes";
    EXPECT_FALSE(save_contact_point(desk_, point("rs_mup"), spoilt));
    spoilt = made, spoilt.zone = "Nowhere";
    EXPECT_FALSE(save_contact_point(desk_, point("rs_mup"), spoilt));
    spoilt = made, spoilt.address = "http://node.mup.example";
    EXPECT_FALSE(save_contact_point(desk_, point("rs_mup"), spoilt));
    EXPECT_FALSE(save_contact_point(desk_, point("bg_mvr"), made)) << "another's";
    EXPECT_FALSE(drop_contact_point(desk_, point("bg_mvr"), made.id));
    must(drop_contact_point(desk_, point("rs_mup"), made.id));
    model::Webhook hook;
    hook.url = "http://intranet.example/hook";
    EXPECT_FALSE(add_webhook(desk_, point("rs_mup"), "", hook)) << "plain HTTP is for loopback";
    hook.url = "https://hook.example/x";
    const auto added = must(add_webhook(desk_, point("rs_mup"), "", hook));
    EXPECT_EQ(added.secret.size(), 43U);
    EXPECT_EQ(must(webhooks(desk_, point("rs_mup"))).front().secret, "") << "shown once";
    EXPECT_TRUE(must(webhooks(desk_, point("bg_mvr"))).empty());
}

}  // namespace
}  // namespace threatlas::work::contact

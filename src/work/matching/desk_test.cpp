// The holder's side without a network: what is published, what is answered, what is refused and what is noticed. Two nodes
// over HTTP: tests/e2e/matching.py.
#include "work/matching/desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "store/test_folder.hpp"
#include "work/matching/parts.hpp"

namespace threatlas::work::matching {
namespace {

using core::ErrorCode;
using store::testing::must;
namespace crypto = exchange::matching;

model::Reader pera() { return {"pera", "me_up", model::Role::contact_point, "TLP:RED H3", "joint_operation"}; }
model::Reader node_of(const std::string& organisation) { return {"m-1", organisation, model::Role::contact_point, "TLP:AMBER", "joint_operation"}; }

class MatchingDesk : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = must(store::Store::create(folder_ / "s"));
        desk_ = std::make_unique<Desk>(*store_, [this] { return now_; });
        Settings settings;
        settings.organisation = "me_up", settings.daily = 20, settings.cap = 100;
        must(desk_->set_up(pera(), settings));
    }
    Wanted phone(int number) const {
        Wanted out;
        out.kind = "phone", out.value = "+38267" + std::to_string(100000 + number), out.case_reference = "DP 1/26";
        return out;
    }
    // As a peer would ask, over values of the whole published filter.
    core::Result<std::vector<std::uint8_t>> ask(const std::vector<std::string>& texts, const std::string& id, const std::string& reference = "KT 1/26", const std::string& organisation = "rs_mup") {
        THREATLAS_TRY(const std::string published, desk_->published(node_of(organisation)));
        THREATLAS_TRY(const Commitment commitment, read_commitment(published));
        crypto::Element key;
        crypto::KeyId key_id{};
        EXPECT_TRUE(from_hexadecimal(commitment.public_key, key.bytes) && from_hexadecimal(commitment.key_id, key_id));
        THREATLAS_TRY(const auto query, crypto::blind(crypto::Mode::voprf, texts));
        THREATLAS_TRY(const auto answer, desk_->evaluate(node_of(organisation), {id, reference, "ZKP 286", base64(crypto::encode(crypto::request_of(query, key_id)))}));
        THREATLAS_TRY(const std::string message, from_base64(answer.message));
        THREATLAS_TRY(const auto response, crypto::decode_response(crypto::bytes_of(message)));
        THREATLAS_TRY(const auto outputs, crypto::finalize(query, key, response));
        THREATLAS_TRY(const auto verify, verifier(*desk_->public_key()));
        crypto::Filter filter;
        for (const auto& each : commitment.parts) {
            THREATLAS_TRY(const std::string bytes, desk_->part(node_of(organisation), commitment.epoch, each.serial));
            THREATLAS_TRY(const auto part, crypto::decode_part(crypto::bytes_of(bytes), verify));
            THREATLAS_CHECK(filter.take(part, crypto::digest_of(bytes)));
        }
        return filter.contains(outputs);
    }

    store::testing::Folder folder_;
    std::int64_t now_ = std::int64_t{20'500} * 86400 + 3600;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Desk> desk_;
};

TEST_F(MatchingDesk, WhatIsOnTheListIsFoundAndNothingElse) {
    must(desk_->add(pera(), {phone(1), phone(2)}));
    must(desk_->publish(pera()));
    EXPECT_EQ(must(ask({"phone +38267100001", "phone +38267100003"}, "Q-rs_mup-1")), (std::vector<std::uint8_t>{1, 0}));
    // An increment adds and removes.
    const auto all = must(desk_->entries(pera()));
    const auto first = std::find_if(all.begin(), all.end(), [](const auto& each) { return each.value == "+38267100001"; });
    must(desk_->remove(pera(), first->id, "case closed"));
    must(desk_->add(pera(), {phone(3)}));
    const Published part = must(desk_->publish(pera()));
    EXPECT_EQ(part.added, 1);
    EXPECT_EQ(part.removed, 1);
    EXPECT_FALSE(part.base);
    EXPECT_EQ(must(ask({"phone +38267100001", "phone +38267100002", "phone +38267100003"}, "Q-rs_mup-2")), (std::vector<std::uint8_t>{0, 1, 1}));
    EXPECT_FALSE(must(desk_->publish(pera())).changed);
    // A new key answers the same, and the old one nothing.
    const std::string before = must(desk_->published(node_of("rs_mup")));
    EXPECT_TRUE(must(desk_->publish(pera(), true)).base);
    EXPECT_NE(must(read_commitment(before)).public_key, must(read_commitment(must(desk_->published(node_of("rs_mup"))))).public_key);
    EXPECT_EQ(must(ask({"phone +38267100001", "phone +38267100002", "phone +38267100003"}, "Q-rs_mup-3")), (std::vector<std::uint8_t>{0, 1, 1}));
    // By itself, when it is due.
    now_ += std::int64_t{90} * 86400;
    EXPECT_EQ(must(desk_->publish(pera())).epoch, 3);
    EXPECT_TRUE(store_->verify_audit(store::testing::auditor()));
}

TEST_F(MatchingDesk, GroundsQuotaAndPartyAreAskedForByTheHolder) {
    must(desk_->add(pera(), {phone(1)}));
    must(desk_->publish(pera()));
    for (const auto& [reference, basis] : {std::pair{"", "ZKP 286"}, {"KT 1/26", ""}, {"  ", "ZKP 286"}, {"KT 1\n26", "ZKP 286"}}) {
        const auto refused = desk_->evaluate(node_of("rs_mup"), {"Q-rs_mup-1", reference, basis, ""});
        ASSERT_FALSE(refused);
        EXPECT_TRUE(refused.error().code == ErrorCode::not_allowed || refused.error().code == ErrorCode::bad_input);
    }
    EXPECT_EQ(desk_->evaluate(node_of("me_up"), {"Q-me_up-1", "KT 1/26", "ZKP 286", ""}).error().code, ErrorCode::not_allowed) << "one's own node asks itself nothing";
    std::vector<std::string> many;
    for (int i = 0; i < 15; ++i) many.push_back("phone +3826720" + std::to_string(1000 + i));
    EXPECT_TRUE(ask(many, "Q-rs_mup-2"));
    EXPECT_EQ(ask(many, "Q-rs_mup-2").error().code, ErrorCode::conflict) << "a message repeated is no second answer";
    const auto past = ask(many, "Q-rs_mup-3");
    ASSERT_FALSE(past);
    EXPECT_NE(past.error().message.find("5 of 20"), std::string::npos) << past.error().message;
    EXPECT_TRUE(ask(many, "Q-bg_mvr-1", "DP 2/26", "bg_mvr")) << "another party has its own";
    now_ += 86400;
    EXPECT_TRUE(ask(many, "Q-rs_mup-4")) << "and the next day";
    const auto alarms = must(desk_->alarms(pera()));
    EXPECT_TRUE(std::any_of(alarms.begin(), alarms.end(), [](const auto& each) { return each.rule == "quota" && each.party == "rs_mup"; }));
    EXPECT_TRUE(std::none_of(alarms.begin(), alarms.end(), [](const auto& each) { return each.rule == "quota" && each.party == "bg_mvr"; }));
    EXPECT_EQ(must(desk_->step_alarm(pera(), alarms.front().id, "closed", "agreed")).state, "closed");
    EXPECT_EQ(desk_->step_alarm(pera(), alarms.front().id, "closed", "again").error().code, ErrorCode::conflict);
}

TEST_F(MatchingDesk, RolesAndMembersAreKeptApart) {
    must(desk_->add(pera(), {phone(1)}));
    must(desk_->publish(pera()));
    model::Reader other = pera();
    other.organisation = "ro_igpr";
    EXPECT_EQ(desk_->entries(other).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(desk_->log(other).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(desk_->ask(other, {{{"phone", "+38267100001", "", ""}}, {}, "KT 1/26", "ZKP 286"}).error().code, ErrorCode::not_allowed);
    model::Reader auditor = pera();
    auditor.role = model::Role::auditor;
    EXPECT_EQ(desk_->entries(auditor).error().code, ErrorCode::not_allowed) << "an auditor sees the log, not the list";
    EXPECT_TRUE(desk_->log(auditor));
    EXPECT_EQ(desk_->receive(node_of("rs_mup"), {"C-rs_mup-1", "Q-rs_mup-9", "rs_mup", "me_up", "KT 1/26", "ZKP 286", "", "", 1, "open", ""}).error().code, ErrorCode::not_found) << "no contact request without a query";
    EXPECT_EQ(desk_->receive(node_of("rs_mup"), {"C-bg_mvr-1", "Q-rs_mup-9", "bg_mvr", "me_up", "KT 1/26", "ZKP 286", "", "", 1, "open", ""}).error().code, ErrorCode::bad_input) << "nor in another's name";
}

TEST_F(MatchingDesk, CapsAreKept) {
    std::vector<Wanted> rows;
    for (int i = 0; i < 101; ++i) rows.push_back(phone(i));
    EXPECT_EQ(desk_->add(pera(), rows).error().code, ErrorCode::not_allowed);
    Wanted name;
    name.kind = "person", name.value = "Somebody Else", name.case_reference = "DP 1/26";
    Wanted loose = phone(1);
    loose.case_reference.clear();
    const Added added = must(desk_->add(pera(), {name, loose, phone(7)}));
    EXPECT_EQ(added.added, 1u);
    ASSERT_EQ(added.refused.size(), 2u);
    EXPECT_NE(added.refused[0].reason.find("names alone"), std::string::npos);
    EXPECT_EQ(added.refused[0].row, 1u);
    EXPECT_EQ(added.refused[1].column, "case_reference");
}

TEST_F(MatchingDesk, AReasonThatNamesTheIdentifierIsRefused) {
    must(desk_->add(pera(), {phone(1)}));
    const std::string id = must(desk_->entries(pera())).at(0).id;
    EXPECT_EQ(desk_->remove(pera(), id, "067 100-001 is not used any more").error().code, ErrorCode::bad_input);
    EXPECT_TRUE(desk_->remove(pera(), id, "not used any more"));
    EXPECT_EQ(must(desk_->entries(pera())).size(), 0u);
}

TEST(MatchingText, AnIdentifierIsKnownInAText) {
    namespace ids = exchange::identifiers;
    const auto plate = must(ids::canonical({"plate", "BG 123-AB", "RS", ""})), person = must(ids::canonical({"person", "Đorđe Petrović", "", "1980-02-01"}));
    EXPECT_TRUE(names_it("about bg-123 ab", plate));
    EXPECT_TRUE(names_it("Petrovic's case", person));
    EXPECT_FALSE(names_it("KT 12/26", plate));
    EXPECT_FALSE(names_it("KT 12/26", person));
}

TEST_F(MatchingDesk, ASeedThatOthersMayReadIsNotUsed) {
    must(desk_->add(pera(), {phone(1)}));
    must(desk_->publish(pera()));
    namespace fs = std::filesystem;
    fs::permissions(folder_ / "s.matching.key", fs::perms::group_read, fs::perm_options::add);
    EXPECT_EQ(ask({"phone +38267100001"}, "Q-rs_mup-1").error().code, ErrorCode::not_allowed);
}

}  // namespace
}  // namespace threatlas::work::matching

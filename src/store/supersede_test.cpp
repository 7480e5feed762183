#include "store/supersede.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using testing::analyst;
using testing::auditor;
using testing::Folder;
using testing::info_of;
using testing::must;

class Supersede : public ::testing::Test {
  protected:
    void SetUp() override { store_ = must(Store::create(folder_ / "s", testing::fixed_clock())); }

    static model::Observation figure(const std::string& member, int year, double value, int known, const std::string& id = "") {
        model::Observation o;
        o.what = "iccs.ICCS05021", o.member = member, o.place = "RS", o.period = core::year_interval(year);
        o.value = o.upper = value, o.unit = "count", o.source = "member_statistics", o.known_at = core::Day{known};
        if (!id.empty()) o.dims["id"] = id;
        return o;
    }
    void give(const std::string& name, const std::vector<model::Observation>& rows, const std::vector<model::Claim>& claims = {}) {
        auto submission = must(store_->begin(analyst(), info_of("member_statistics", name)));
        for (const auto& each : rows) ASSERT_TRUE(submission->add(each));
        for (const auto& each : claims) ASSERT_TRUE(submission->add(each));
        must(submission->commit(rows.size() + claims.size()));
    }
    std::vector<double> values(std::optional<core::Day> as_of = {}) {
        const Snapshot snapshot = must(store_->snapshot(analyst(), {as_of, {}, {}, {}, true}));
        return snapshot.columns.value;
    }
    Folder folder_;
    std::unique_ptr<Store> store_;
};

using Values = std::vector<double>;

TEST_F(Supersede, the_newest_telling_of_a_figure_stands_and_the_old_one_is_seen_as_of_its_day) {
    give("first", {figure("rs_mup", 2019, 10, 100), figure("rs_mup", 2020, 20, 100)});
    give("second", {figure("rs_mup", 2020, 21, 200), figure("rs_mup", 2021, 31, 200)});
    EXPECT_THAT(values(), ::testing::UnorderedElementsAre(10, 21, 31));
    EXPECT_EQ(values(core::Day{150}), (Values{10, 20}));
}

TEST_F(Supersede, the_later_known_stands_whatever_the_order_of_taking_in) {
    give("new", {figure("rs_mup", 2020, 21, 200)});
    give("old", {figure("rs_mup", 2020, 20, 100)});
    EXPECT_EQ(values(), (Values{21}));
}

TEST_F(Supersede, what_differs_in_contributor_place_period_or_dimension_is_another_figure) {
    auto elsewhere = figure("rs_mup", 2020, 5, 200);
    elsewhere.place = "ME";
    give("first", {figure("rs_mup", 2020, 1, 100), figure("rs_mup", 2020, 2, 100, "case 7")});
    give("second", {figure("me_up", 2020, 3, 200), figure("rs_mup", 2021, 4, 200), elsewhere, figure("rs_mup", 2020, 6, 200, "case 8")});
    EXPECT_THAT(values(), ::testing::UnorderedElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(Supersede, equal_figures_of_one_submission_are_all_kept) {
    give("first", {figure("rs_mup", 2020, 1, 100), figure("rs_mup", 2020, 2, 100)});
    EXPECT_EQ(values(), (Values{1, 2}));
    give("second", {figure("rs_mup", 2020, 7, 100), figure("rs_mup", 2020, 8, 100)});
    EXPECT_EQ(values(), (Values{7, 8}));
}

TEST_F(Supersede, a_replaced_submission_is_not_mentioned_and_the_name_says_what_is_left) {
    give("first", {figure("rs_mup", 2020, 1, 100)});
    const std::string before = must(store_->snapshot(analyst(), {})).hash;
    give("second", {figure("rs_mup", 2020, 1, 100)});
    const Snapshot after = must(store_->snapshot(analyst(), {}));
    ASSERT_EQ(after.submissions.size(), 1U);
    EXPECT_EQ(after.submissions.front().file, "second.csv");
    EXPECT_NE(after.hash, before);
}

TEST_F(Supersede, an_answer_given_again_replaces_the_former_and_notes_add_up) {
    model::Claim grade;
    grade.id = "Q1", grade.threat = "drugs.heroin", grade.lens = "state_of_affairs", grade.criterion = "scale", grade.kind = model::ClaimKind::grade;
    grade.value = "low", grade.organisation = "rs_mup", grade.source = "questionnaire", grade.known_at = core::Day{100};
    model::Claim note = grade;
    note.id = "Q2", note.kind = model::ClaimKind::note, note.value = "", note.text = "through the port";
    give("first", {}, {grade, note});
    grade.value = "high", grade.known_at = core::Day{200};
    model::Claim another = note;
    another.text = "by parcel";
    give("second", {}, {grade, another, note});
    const auto claims = must(store_->snapshot(analyst(), {})).claims;
    ASSERT_EQ(claims.size(), 3U);
    EXPECT_EQ(claims[0].value, "high");
    EXPECT_EQ(claims[1].text, "by parcel");
    EXPECT_EQ(claims[2].text, "through the port");
}

TEST_F(Supersede, of_two_tellings_of_one_day_the_one_taken_in_later_stands) {
    for (const char* name : {"a", "b", "c", "d"}) give(name, {figure("rs_mup", 2020, name[0], 100)});
    EXPECT_EQ(values(), (Values{'d'}));
    EXPECT_EQ(must(store_->snapshot(analyst(), {})).replaced.size(), 3U);
}

TEST_F(Supersede, a_withdrawn_submission_is_seen_before_its_day_only_and_comes_back) {
    give("first", {figure("rs_mup", 2020, 1, 100)});
    give("second", {figure("rs_mup", 2020, 2, 200)});
    const std::string second = info_of("member_statistics", "second").id;
    must(store_->withdraw(analyst(), {second, core::Day{300}, "for the wrong member"}));
    EXPECT_EQ(values(), (Values{1}));
    EXPECT_EQ(values(core::Day{250}), (Values{2}));
    EXPECT_EQ(must(store_->withdrawals(analyst())).size(), 1U);
    const auto again = store_->withdraw(analyst(), {second, core::Day{300}, "again"});
    EXPECT_EQ(again.error().code, core::ErrorCode::conflict);
    EXPECT_EQ(store_->begin(analyst(), info_of("member_statistics", "second")).error().code, core::ErrorCode::conflict);
    must(store_->restore(analyst(), second));
    EXPECT_EQ(values(), (Values{2}));
    EXPECT_EQ(store_->restore(analyst(), second).error().code, core::ErrorCode::conflict);
    EXPECT_EQ(store_->withdraw(analyst(), {"nothing", core::Day{1}, "x"}).error().code, core::ErrorCode::not_found);
    EXPECT_EQ(store_->withdraw(analyst(), {second, core::Day{1}, "  "}).error().code, core::ErrorCode::bad_input);
    const auto log = must(store_->audit_entries(auditor()));
    EXPECT_TRUE(std::any_of(log.begin(), log.end(), [&](const AuditEntry& each) { return each.action == "withdraw" && each.object.find("wrong member") != std::string::npos; }));
    EXPECT_TRUE(store_->verify_audit(auditor()));
}

}  // namespace
}  // namespace threatlas::store

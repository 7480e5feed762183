#include "work/review.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace threatlas::work {
namespace {

TEST(Review, warns_in_time_and_withdraws_after_the_grace_unless_somebody_extends) {
    std::string pattern = (std::filesystem::temp_directory_path() / "threatlas_review_XXXXXX").string();
    const std::string folder = ::mkdtemp(pattern.data());
    {
        auto store = store::Store::create(folder + "/s", {[] { return std::string("2026-03-01T12:00:00Z"); }}).value();
        const model::Reader who{"ana", "regional", model::Role::administrator, "TLP:RED H3", "administration: review"};
        for (const std::string id : {"a", "b"}) {
            store::SubmissionInfo info;
            info.id = id, info.source = "national", info.file = id + ".csv", info.known_at = core::Day{19000}, info.review_after_years = 1;
            auto submission = store->begin(who, info).value();
            model::Observation o;
            o.what = "seizure.heroin", o.place = "BG", o.source = "national", o.unit = "count";
            ASSERT_TRUE(submission->add(o));
            ASSERT_TRUE(submission->commit(1));
        }
        const core::Day due = core::parse_day("2027-03-01").value();
        const auto on = [&](int days, bool withdraw = true) { return review(*store, who, {due.number + days}, {.warn_days = 60, .grace_days = 30, .withdraw = withdraw}).value(); };
        EXPECT_TRUE(on(-61).empty());
        EXPECT_EQ(on(-60).at(0).state, "coming");
        EXPECT_EQ(on(0).at(0).state, "due");
        EXPECT_EQ(on(30).at(1).state, "due");
        EXPECT_EQ(store->withdrawals(who).value().size(), 0u);
        ASSERT_TRUE(store->extend_review(who, {"b", {due.number + 400}, "the series runs on"}));
        EXPECT_EQ(on(31, false).at(0).state, "due");
        const auto gone = on(31);
        ASSERT_EQ(gone.size(), 1u);
        EXPECT_EQ(gone[0].submission, "a");
        EXPECT_EQ(gone[0].state, "withdrawn");
        const auto withdrawals = store->withdrawals(who).value();
        ASSERT_EQ(withdrawals.size(), 1u);
        EXPECT_EQ(withdrawals[0].reason, "its review date 2027-03-01 passed and nobody said that it is still needed");
        EXPECT_TRUE(on(31).empty());   // once
        EXPECT_EQ(store->snapshot(who, {}).value().size(), 1u);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

}  // namespace
}  // namespace threatlas::work

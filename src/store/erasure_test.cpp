#include "store/erasure.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/sqlite.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::must;

constexpr const char* kMarker = "Marker-Wojciech-77";

// Files under a folder that hold the text.
std::vector<std::string> holding(const std::string& folder, const std::string& text) {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
        if (!each.is_regular_file()) continue;
        std::ifstream file(each.path(), std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(file), {}};
        if (content.find(text) != std::string::npos) found.push_back(each.path().filename().string());
    }
    return found;
}

class Erasing : public ::testing::Test {
  protected:
    Erasing() {
        store_ = must(Store::create(folder_ / "s", testing::fixed_clock()));
        info_ = testing::info_of("frontex_detections", kMarker);  // the file's name holds it
        auto submission = must(store_->begin(analyst(), info_));
        model::Observation o = testing::observation(1);
        o.place = std::string("place ") + kMarker, o.value = 123456789;
        must(submission->add(o));
        model::Claim claim;
        claim.source = "sepca_2019", claim.organisation = "bg_mvr", claim.handling = "TLP:AMBER", claim.text = std::string("said by ") + kMarker;
        must(submission->add(claim));
        must(submission->reject({"f.csv", 7, "Name", "refused", std::string("no such code '") + kMarker + "'", std::string("row of ") + kMarker}));
        must(submission->commit(3));
        testing::ingest(*store_, testing::info_of("eurostat", "other"), 0, 20);
        const std::string row = R"({"submission":")" + info_.id + R"(","source":"frontex_detections","file":")" + kMarker + R"(.csv","place":"place )" + kMarker + R"(","value":4321.5,"row":3})";
        must(store_->save_assessment(analyst(), {"see-1", "see", "h", core::Day{1}, "TLP:AMBER"}, R"({"figures":[{"mean":61.5,"note":"said by )" + std::string(kMarker) + R"(","rows":[)" + row + "]}]}"));
        must(store_->open_dossier(analyst(), {.kind = "signal", .id = "S-1", .handling = "TLP:AMBER", .at = {}, .json = R"({"rows":[)" + row + "]}", .steps = {}}));
        must(store_->add_step(analyst(), "signal", "S-1", "assessed", R"({"rows":[)" + row + "]}"));
    }
    const testing::Folder folder_;
    std::unique_ptr<Store> store_;
    SubmissionInfo info_;
};

TEST_F(Erasing, nothing_of_the_content_is_left_in_any_file) {
    ASSERT_FALSE(holding(folder_ / "s", kMarker).empty());  // the search would find it
    ASSERT_FALSE(holding(folder_ / "s/segments", "place Marker").empty());
    must(store_->erase(analyst(), info_.id, "names of persons", true));
    EXPECT_EQ(holding(folder_ / "s", kMarker), std::vector<std::string>{});
    EXPECT_EQ(holding(folder_ / "s", "4321.5"), std::vector<std::string>{});
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "s/segments"), {}), 1);
}

TEST_F(Erasing, counts_log_and_numbers_stay_and_the_log_proves_it) {
    must(store_->erase(analyst(), info_.id, "names of persons"));
    const AuditProof proof = must(store_->prove_audit(auditor()));
    EXPECT_EQ(proof.erased, 1u);
    const auto erased = must(store_->erasures(analyst()));
    ASSERT_EQ(erased.size(), 1u);
    EXPECT_EQ(erased[0].reason, "names of persons");
    EXPECT_TRUE(erased[0].finished);
    const auto all = must(store_->submissions(analyst()));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == info_.id; });
    ASSERT_NE(found, all.end());
    EXPECT_EQ(found->accepted, 2u);
    EXPECT_EQ(found->file, info_.file);  // was not asked for
    EXPECT_EQ(must(store_->snapshot(analyst(), {})).size(), 20u);
    EXPECT_TRUE(must(store_->rejects(analyst(), info_.id)).empty());
    const std::string text = must(store_->assessment(analyst(), "see-1"));
    EXPECT_NE(text.find("61.5"), std::string::npos) << text;
    EXPECT_NE(text.find(info_.id), std::string::npos) << text;  // that there was a row, and whence
    EXPECT_EQ(text.find("4321.5"), std::string::npos) << text;
    must(store_->verify_segments(analyst(), *std::make_unique<core::NoProgress>()));
    EXPECT_EQ(must(store_->search_audit(auditor(), [] { AuditQuery q; q.action = "erase"; return q; }())).entries.size(), 1u);
    EXPECT_TRUE(must(store_->search_audit(auditor(), [] { AuditQuery q; q.text = kMarker; return q; }())).entries.size() <= 1u);
}

TEST_F(Erasing, by_who_may_with_a_reason_and_once) {
    EXPECT_EQ(store_->erase(analyst(), info_.id, " ").error().code, ErrorCode::bad_input);
    EXPECT_EQ(store_->erase(analyst(), "none", "x").error().code, ErrorCode::not_found);
    EXPECT_EQ(store_->erase({"x", "mk_mvr", model::Role::administrator, "TLP:RED H3", "administration"}, info_.id, "x").error().code, ErrorCode::not_allowed);
    {
        const auto writing = must(store_->begin(analyst(), testing::info_of("eurostat", "third")));
        EXPECT_EQ(store_->erase(analyst(), info_.id, "x").error().code, ErrorCode::conflict);
    }
    must(store_->erase(analyst(), info_.id, "x"));
    EXPECT_EQ(store_->erase(analyst(), info_.id, "x").error().code, ErrorCode::conflict);
    EXPECT_EQ(store_->begin(analyst(), info_).error().code, ErrorCode::conflict);   // it does not come back by the side door
    EXPECT_EQ(store_->withdraw(analyst(), {info_.id, core::Day{1}, "x"}).error().code, ErrorCode::conflict);
}

TEST_F(Erasing, what_is_changed_afterwards_shows) {
    must(store_->erase(analyst(), info_.id, "names of persons"));
    const auto attacked = [&](const std::string& sql, const std::string& undo) {
        must(must(Database::open(folder_ / "s/threatlas.db", false)).run("PRAGMA foreign_keys=OFF; " + sql));
        EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch) << sql;
        must(must(Database::open(folder_ / "s/threatlas.db", false)).run("PRAGMA foreign_keys=OFF; " + undo));
        ASSERT_TRUE(store_->verify_audit(auditor())) << undo;
    };
    attacked("UPDATE erasures SET reason = 'none'", "UPDATE erasures SET reason = 'names of persons'");
    attacked("INSERT INTO claims VALUES ('" + info_.id + "', 1, '{}')", "DELETE FROM claims");
    attacked("UPDATE erased_bodies SET number = number + 100, before = 'x' || before WHERE kind = 'assessment'", "UPDATE erased_bodies SET number = number - 100, before = SUBSTR(before, 2) WHERE kind = 'assessment'");
    // An ingest hidden as an erasure that nobody made.
    attacked("INSERT INTO erasures SELECT id, 'now', 'x', '', 1, 1 FROM submissions WHERE source = 'eurostat'", "DELETE FROM erasures WHERE at = 'now'");
    attacked("DELETE FROM erasures", "INSERT INTO erasures SELECT '" + info_.id + "', '2026-03-01T12:00:00Z', 'names of persons', '" + must(store_->erasures(analyst()))[0].segment + "', 1, 1");
}

TEST_F(Erasing, what_a_kill_left_is_finished_at_the_next_opening) {
    must(store_->erase(analyst(), info_.id, "x"));
    const std::string segment = must(store_->erasures(analyst()))[0].segment;
    store_.reset();
    {   // as if the kill had come after the transaction
        std::ofstream(folder_ / ("s/segments/" + segment + ".seg")) << kMarker;
        must(must(Database::open(folder_ / "s/threatlas.db", false)).run("UPDATE erasures SET finished = 0"));
    }
    store_ = must(Store::open(folder_ / "s", testing::fixed_clock()));
    EXPECT_FALSE(std::filesystem::exists(folder_ / ("s/segments/" + segment + ".seg")));
    EXPECT_TRUE(must(store_->erasures(analyst()))[0].finished);
}

TEST(RefusedText, is_not_in_the_clear_and_opens_with_its_key_alone) {
    const testing::Folder folder;
    {
        auto store = must(Store::create(folder / "s", testing::fixed_clock()));
        auto submission = must(store->begin(analyst(), testing::info_of("frontex_detections", "a")));
        must(submission->reject({"f.csv", 7, "", "refused", "no code", kMarker}));
        must(submission->commit(1));
        EXPECT_EQ(must(store->rejects(analyst(), testing::info_of("frontex_detections", "a").id))[0].original, kMarker);
        EXPECT_TRUE(store->verify_audit(auditor()));
    }
    EXPECT_EQ(holding(folder / "s", kMarker), std::vector<std::string>{});
    std::filesystem::remove(folder / "s.key");
    auto store = must(Store::open(folder / "s", testing::fixed_clock()));
    EXPECT_FALSE(store->rejects(analyst(), testing::info_of("frontex_detections", "a").id));
}

TEST(Reviews, every_submission_has_a_date_that_is_extended_with_a_reason) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s", testing::fixed_clock()));   // 2026-03-01
    testing::ingest(*store, testing::info_of("eurostat", "old"), 0, 5);        // known since 2022: counted from today
    auto told = testing::info_of("national", "short");
    told.review_after_years = 1;
    testing::ingest(*store, told, 0, 5);
    auto judged = must(store->begin(analyst(), testing::info_of("sepca_2019", "claims")));
    model::Claim claim;
    claim.handling = "TLP:CLEAR";
    must(judged->add(claim));
    must(judged->commit(1));
    const auto all = must(store->reviews(analyst()));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(core::iso(all[0].due), "2027-03-01");
    EXPECT_EQ(core::iso(all[1].due), "2029-03-01");
    EXPECT_EQ(core::iso(all[2].due), "2031-03-01");
    const core::Day later = must(core::parse_day("2028-01-01"));
    EXPECT_EQ(store->extend_review(analyst(), {all[0].submission, later, " "}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(store->extend_review(analyst(), {all[0].submission, all[0].due, "x"}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(store->extend_review(analyst(), {"none", later, "x"}).error().code, ErrorCode::not_found);
    must(store->extend_review(analyst(), {all[0].submission, later, "series runs on"}));
    EXPECT_EQ(must(store->reviews(analyst()))[0].due, later);
    EXPECT_TRUE(store->verify_audit(auditor()));
    must(must(Database::open(folder / "s/threatlas.db", false)).run("UPDATE reviews SET due = due + 1000 WHERE reason <> ''"));
    EXPECT_EQ(store->verify_audit(auditor()).error().code, ErrorCode::mismatch);
}

}  // namespace
}  // namespace threatlas::store

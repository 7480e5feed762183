#include "store/matching_proof.hpp"

#include <gtest/gtest.h>

#include "store/matching.hpp"
#include "store/sqlite.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::auditor;
using testing::must;

class MatchingProof : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = must(Store::create(folder_ / "s", testing::fixed_clock()));
        matching_ = must(Matching::of(*store_));
        for (const char* id : {"Q-1", "Q-2", "Q-3"}) must(matching_->begin(who_, query(id), 20000, 100, "served bg_mvr " + std::string(id) + " 6 evaluations"));
        MatchQuery done = query("Q-2");
        done.state = "done";
        must(matching_->finish(who_, done, "served bg_mvr Q-2: done"));
        EXPECT_EQ(matching_->begin(who_, query("Q-4"), 20000, 19, "served bg_mvr Q-4 6 evaluations").error().code, ErrorCode::not_allowed);
        must(matching_->refuse(who_, query("Q-5"), 20000, "served bg_mvr Q-5: refused, no case"));
    }
    static MatchQuery query(const std::string& id) {
        MatchQuery out;
        out.id = id, out.side = "served", out.party = "bg_mvr", out.case_reference = "DP 7", out.legal_basis = "NPK 159", out.evaluations = 6, out.state = "sent";
        return out;
    }
    void edit(const std::string& sql) {
        Database database = must(Database::open(folder_ / "s/threatlas.db", false));
        must(database.run(sql));
    }
    std::string said() {
        const auto found = store_->verify_audit(auditor());
        return found ? "" : found.error().message;
    }

    testing::Folder folder_;
    model::Reader who_{"pera", "rs_mup", model::Role::contact_point, "TLP:RED H3", "early_warning"};
    std::unique_ptr<Store> store_;
    std::unique_ptr<Matching> matching_;
};

TEST_F(MatchingProof, a_row_changed_added_or_taken_out_is_named) {
    ASSERT_EQ(said(), "") << "four rows, one of them finished, and one that was never begun";
    edit("CREATE TABLE kept AS SELECT * FROM match_queries");
    const std::pair<const char*, const char*> attacks[] = {
        {"DELETE FROM match_queries WHERE id = 'Q-1'", "row 1 of the matching log (served bg_mvr Q-1) of entry 2 is no longer in the store"},
        {"DELETE FROM match_queries WHERE id = 'Q-4'", "row 4 of the matching log (served bg_mvr Q-4) of entry 6 is no longer in the store"},
        {"UPDATE match_queries SET evaluations = 1 WHERE id = 'Q-2'", "row 2 of the matching log (served bg_mvr Q-2) differs from entry 5"},
        {"UPDATE match_queries SET party = 'me_up' WHERE id = 'Q-1'", "row 1 of the matching log (served me_up Q-1) differs from entry 2"},
        {"UPDATE match_queries SET side = 'asked' WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET id = 'Q-9' WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET at = '2020-01-01T00:00:00Z' WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET day = 1 WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET case_index = 'x' WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET sealed = (SELECT sealed FROM kept WHERE id = 'Q-3') WHERE id = 'Q-1'", "differs from entry 2"},
        {"UPDATE match_queries SET number = 7 WHERE id = 'Q-1'", "row 7 of the matching log (served bg_mvr Q-1) is in the store and its making is not in the log"},
        {"INSERT INTO match_queries SELECT 9, 'Q-6', side, party, at, day, case_index, evaluations, sealed FROM kept WHERE id = 'Q-1'", "row 9 of the matching log (served bg_mvr Q-6) is in the store and its making is not in the log"},
        {"INSERT INTO match_queries SELECT 9, 'Q-5', side, party, at, day, case_index, evaluations, sealed FROM kept WHERE id = 'Q-1'", "row 9 of the matching log (served bg_mvr Q-5) is in the store and its making is not in the log"},
        {"DELETE FROM match_queries", "served bg_mvr Q-3"}};
    for (const auto& [sql, named] : attacks) {
        edit(sql);
        const auto found = store_->verify_audit(auditor());
        ASSERT_FALSE(found) << sql;
        EXPECT_EQ(found.error().code, ErrorCode::mismatch);
        EXPECT_NE(found.error().message.find(named), std::string::npos) << sql << ": " << found.error().message;
        edit("DELETE FROM match_queries; INSERT INTO match_queries SELECT * FROM kept");
        ASSERT_EQ(said(), "") << "control: put back after " << sql;
    }
}

TEST_F(MatchingProof, the_state_before_the_last_step_does_not_come_back) {
    edit("CREATE TABLE kept AS SELECT * FROM match_queries WHERE id = 'Q-3'");
    MatchQuery done = query("Q-3");
    done.state = "done", done.hits = 1;
    must(matching_->finish(who_, done, "served bg_mvr Q-3: done"));
    EXPECT_EQ(said(), "");
    edit("DELETE FROM match_queries WHERE id = 'Q-3'; INSERT INTO match_queries SELECT * FROM kept");
    EXPECT_NE(said().find("row 3 of the matching log (served bg_mvr Q-3) differs from entry 8"), std::string::npos) << said();
}

TEST_F(MatchingProof, rows_from_before_are_known_by_their_entry) {
    must(store_->audit(who_, "match", "asked me_up M-1 2 evaluations of 1 identifier case 'a' basis 'b': sent"));
    edit("INSERT INTO match_queries SELECT 10, 'M-1', 'asked', 'me_up', at, day, case_index, evaluations, sealed FROM match_queries WHERE id = 'Q-1'");
    EXPECT_EQ(said(), "");
    edit("UPDATE match_queries SET id = 'M-2' WHERE id = 'M-1'");
    EXPECT_NE(said().find("row 10 of the matching log (asked me_up M-2)"), std::string::npos) << said();
}

}  // namespace
}  // namespace threatlas::store

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "store/audit_chain.hpp"
#include "store/sqlite.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::fixed_clock;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;

class Audit : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = must(Store::create(folder_ / "s", fixed_clock()));           // 1
        ingest(*store_, info_of("frontex_detections", "a"), 0, 10);           // 2
        must(store_->snapshot(analyst(), {}));                                // 3
        must(store_->audit(analyst(), "disclose", "report see-1 to me_up"));  // 4
    }
    void edit(const std::string& sql) {
        Database database = must(Database::open(folder_ / "s/threatlas.db", false));
        must(database.run(sql));
    }
    // verify_audit must fail and name the entry.
    void expect_mismatch(std::uint64_t entry) {
        const auto result = store_->verify_audit(auditor());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::mismatch);
        EXPECT_NE(result.error().message.find("entry " + std::to_string(entry)), std::string::npos)
            << result.error().message;
    }
    Folder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(Audit, one_entry_for_every_access) {
    EXPECT_EQ(must(store_->verify_audit(auditor())), 4u);                             // 5
    must(store_->submissions(analyst()));                                             // 6
    must(store_->rejects(analyst(), info_of("frontex_detections", "a").id));          // 7
    must(store_->assessments(analyst()));                                             // 8
    must(store_->save_assessment(analyst(), {"x", "see", "h", core::Day{1}}, "{}"));  // 9
    must(store_->assessment(analyst(), "latest"));                                    // 10
    core::NoProgress quiet;
    EXPECT_GT(must(store_->verify_segments(analyst(), quiet)), 100u);  // 11
    const auto entries = must(store_->audit_entries(auditor()));       // 12
    std::vector<std::string> actions;
    for (const AuditEntry& entry : entries) actions.push_back(entry.action);
    EXPECT_EQ(actions,
              (std::vector<std::string>{"migrate", "ingest", "read", "disclose", "read", "read",
                                        "read", "read", "assess", "read", "read", "read"}));
    EXPECT_EQ(entries[2].person, "ana");
    EXPECT_EQ(entries[2].purpose, "assessment: 2026-1");
    EXPECT_EQ(entries[2].at, "2026-03-01T12:00:00Z");
    EXPECT_NE(entries[2].object.find("rows 10"), std::string::npos);
    for (std::size_t i = 1; i < entries.size(); ++i)
        EXPECT_EQ(entries[i].previous, entries[i - 1].hash);
    EXPECT_EQ(must(store_->verify_audit(auditor())), 12u);
    model::Reader contributor = analyst();
    contributor.role = model::Role::contributor;
    EXPECT_EQ(store_->audit_entries(contributor).error().code, ErrorCode::not_allowed);
}

TEST_F(Audit, an_edited_entry_is_named) {
    for (const char* column : {"at", "person", "organisation", "role", "purpose", "action",
                               "object", "previous", "hash"}) {
        edit(std::string(
                 "CREATE TABLE kept AS SELECT * FROM audit WHERE number = 3; UPDATE audit SET ") +
             column + " = 'z' WHERE number = 3");
        expect_mismatch(3);
        edit(
            "DELETE FROM audit WHERE number = 3; INSERT INTO audit SELECT * FROM kept; DROP TABLE "
            "kept");
    }
    EXPECT_TRUE(store_->verify_audit(auditor()));
}

TEST_F(Audit, an_edited_entry_with_a_fitting_hash_breaks_the_next) {
    AuditEntry entry = must(store_->audit_entries(auditor()))[1];
    entry.object = "nothing happened";
    edit("UPDATE audit SET object = 'nothing happened', hash = '" + audit_hash(entry) +
         "' WHERE number = 2");
    expect_mismatch(3);
}

TEST_F(Audit, entries_cut_from_the_middle_and_the_end_are_missed) {
    edit("CREATE TABLE kept AS SELECT * FROM audit");
    edit("DELETE FROM audit WHERE number = 2");
    expect_mismatch(2);
    edit(
        "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DELETE FROM audit WHERE number = "
        "4");
    expect_mismatch(4);
    // With the table of the end forged too, the file beside still tells.
    edit("UPDATE audit_head SET entries = 3, hash = (SELECT hash FROM audit WHERE number = 3)");
    expect_mismatch(4);
    edit("DELETE FROM audit; UPDATE audit_head SET entries = 0, hash = ''");
    expect_mismatch(4);
}

TEST_F(Audit, a_cut_log_is_not_written_over) {
    edit("DELETE FROM audit WHERE number = 4");
    EXPECT_EQ(store_->snapshot(analyst(), {}).error().code, ErrorCode::mismatch);
    auto submission = must(store_->begin(analyst(), info_of("frontex_detections", "b")));
    must(submission->add(testing::observation(1)));
    EXPECT_EQ(submission->commit(1).error().code, ErrorCode::mismatch);
    expect_mismatch(4);
}

TEST_F(Audit, the_note_beside_may_lag_but_not_vanish_or_lie) {
    const std::string head = folder_ / "s/audit.head";
    const auto entries = must(store_->audit_entries(auditor()));
    must(core::write_file(head, "2 " + entries[1].hash + "\n"));
    EXPECT_TRUE(store_->verify_audit(auditor()));
    must(core::write_file(head, "2 " + entries[2].hash + "\n"));
    expect_mismatch(2);
    must(core::write_file(head, ""));
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);
    std::filesystem::remove(head);
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);
}

// What may be done to the database file from outside, and what of it the check names.
TEST_F(Audit, a_record_changed_added_or_taken_out_is_named) {
    const SubmissionInfo info = info_of("sepca_2019", "judgements");
    auto submission = must(store_->begin(analyst(), info));
    model::Claim claim;
    claim.id = "S01";
    claim.value = "high";
    must(submission->add(claim));
    must(submission->reject({"f.csv", 12, "value", "refused", "negative count", "a;b"}));
    must(submission->reject({"f.csv", 13, "", "duplicate", "as row 12", std::string("\0\xff", 2)}));
    must(submission->commit(3));
    must(store_->save_assessment(analyst(), {"see-1", "see", "h", core::Day{1}}, "{}"));
    const std::string other = info_of("frontex_detections", "a").id;
    must(store_->withdraw(analyst(), {info.id, core::Day{19500}, "mistaken"}));
    must(store_->restore(analyst(), info.id));
    must(store_->withdraw(analyst(), {other, core::Day{19500}, "wrong member"}));
    EXPECT_TRUE(store_->verify_audit(auditor()));
    const std::string forged = core::sha256("[]");
    const std::pair<std::string, const char*> attacks[] = {
        {"UPDATE claims SET body = replace(body, 'high', 'low')", "judgements"},
        {"UPDATE claims SET number = 7", "judgements"},
        {"DELETE FROM claims", "judgements"},
        {"INSERT INTO claims SELECT submission, 2, body FROM claims", "judgements"},
        {"UPDATE rejects SET reason = 'none'", "refused rows"},
        {"UPDATE rejects SET original = 'x' WHERE number = 2", "refused rows"},
        {"DELETE FROM rejects WHERE number = 2", "refused rows"},
        {"UPDATE submissions SET member = 'bg_mvr'", "particulars"},
        {"UPDATE submissions SET accepted = accepted + 1", "particulars"},
        {"UPDATE submissions SET mildest_handling = 4", "particulars"},
        {"UPDATE submissions SET segment = 'abc'", "particulars"},
        {"UPDATE submissions SET known_at = 5", "particulars"},
        {"DELETE FROM submissions", "no longer in the store"},
        {"INSERT INTO submissions SELECT 'other', source, member, file, mapping, known_at, "
         "rows_read, accepted, rejected, duplicates, segment, mildest_handling, taken FROM "
         "submissions "
         "LIMIT 1",
         "submission other is in the store"},
        {"INSERT INTO claims VALUES ('nobody', 1, '{}')", "belong to no submission"},
        {"INSERT INTO rejects SELECT 'nobody', number, file, row_number, column_name, verdict, "
         "reason, original, sealed FROM rejects",
         "belong to no submission"},
        {"UPDATE assessments SET body = '[]', body_hash = '" + forged + "'", "assessment see-1"},
        {"UPDATE assessments SET handling = 0", "assessment see-1"},
        {"UPDATE assessments SET id = 'see-2'", "assessment see-1"},
        {"UPDATE submissions SET taken = 9", "particulars"},
        {"UPDATE withdrawals SET day = 1", "the withdrawal of submission"},
        {"UPDATE withdrawals SET reason = 'none'", "the withdrawal of submission"},
        {"DELETE FROM withdrawals", "no longer in the store"},
        {"INSERT INTO withdrawals SELECT id, 1, 'x' FROM submissions WHERE source = 'sepca_2019'",
         "the withdrawal of submission"},
        {"DELETE FROM assessments", "assessment see-1"}};
    edit(
        "CREATE TABLE c AS SELECT * FROM claims; CREATE TABLE r AS SELECT * FROM rejects; "
        "CREATE TABLE s AS SELECT * FROM submissions; CREATE TABLE a AS SELECT * FROM assessments; "
        "CREATE TABLE w AS SELECT * FROM withdrawals");
    for (const auto& [sql, named] : attacks) {
        edit("PRAGMA foreign_keys=OFF; " + sql);
        const auto result = store_->verify_audit(auditor());
        ASSERT_FALSE(result) << sql;
        EXPECT_EQ(result.error().code, ErrorCode::mismatch);
        EXPECT_NE(result.error().message.find(named), std::string::npos)
            << sql << ": " << result.error().message;
        edit(
            "PRAGMA foreign_keys=OFF; DELETE FROM withdrawals; INSERT INTO withdrawals SELECT * "
            "FROM w; DELETE FROM claims; DELETE FROM rejects; DELETE FROM "
            "submissions; DELETE FROM assessments; INSERT INTO submissions SELECT * FROM s; "
            "INSERT INTO claims SELECT * FROM c; INSERT INTO rejects SELECT * FROM r; INSERT INTO "
            "assessments SELECT * FROM a");
        ASSERT_TRUE(store_->verify_audit(auditor())) << sql;
    }
}

TEST_F(Audit, a_table_that_is_gone_is_a_mismatch) {
    edit("DROP TABLE audit_head");
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);
    EXPECT_EQ(store_->snapshot(analyst(), {}).error().code, ErrorCode::mismatch);
}

TEST_F(Audit, a_cut_log_says_what_to_do) {
    edit("DELETE FROM audit WHERE number = 4");
    const auto result = store_->verify_audit(auditor());
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("restore"), std::string::npos) << result.error().message;
    EXPECT_EQ(result.error().message.find("audit verify"), std::string::npos);
}

TEST_F(Audit, a_damaged_or_missing_segment_is_named) {
    core::NoProgress quiet;
    const auto path = std::filesystem::directory_iterator(folder_ / "s/segments")->path();
    std::string bytes = must(core::read_file(path.string()));
    bytes[400] = static_cast<char>(bytes[400] ^ 1);
    must(core::write_file(path.string(), bytes));
    const auto damaged = store_->verify_segments(analyst(), quiet);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, ErrorCode::mismatch);
    EXPECT_EQ(damaged.error().where.source, path.string());
    EXPECT_EQ(store_->snapshot(analyst(), {}).error().code, ErrorCode::mismatch);
    std::filesystem::remove(path);
    EXPECT_EQ(store_->verify_segments(analyst(), quiet).error().code, ErrorCode::mismatch);
}

}  // namespace
}  // namespace threatlas::store

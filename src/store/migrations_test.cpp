#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "store/audit_chain.hpp"
#include "store/records.hpp"
#include "store/segment_writer.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::Folder;
using testing::must;

// A store as version `version` left it: one submission of five rows, one refused row, two audit
// entries, the second that of the submission, without the hashes that came later.
void make_old_store(const std::string& folder, int version) {
    std::filesystem::create_directories(folder + "/segments");
    auto writer = must(SegmentWriter::create(folder + "/segments/x.part"));
    for (std::uint64_t i = 0; i < 5; ++i) must(writer->add(testing::observation(i)));
    const std::string segment = must(writer->finish()).hash;
    std::filesystem::rename(folder + "/segments/x.part", folder + "/segments/" + segment + ".seg");
    Database database = must(Database::open(folder + "/threatlas.db", true));
    ASSERT_EQ(must(migrate(database, version)), 0);
    must(
        database.run("INSERT INTO submissions (id, source, member, file, mapping, known_at, "
                     "rows_read, accepted, rejected, duplicates, segment) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                     "id-1", "frontex_detections", "", "f.csv", "frontex_detections", 19000, 6, 5,
                     1, 0, segment));
    must(
        database.run("INSERT INTO rejects (submission, number, file, row_number, column_name, "
                     "verdict, reason, original) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     "id-1", 1, "f.csv", 4, "Total", "refused", "negative count", "-3"));
    AuditEntry entry;
    for (std::uint64_t number = 1; number <= 2; ++number) {
        entry = {number,     "2025-01-01T00:00:00Z",
                 "ana",      "regional",
                 "analyst",  "test",
                 "read",     "x",
                 entry.hash, ""};
        if (number == 2) {
            entry.action = "ingest";
            entry.object =
                "submission id-1 source frontex_detections rows 6 accepted 5 refused 1 duplicates "
                "0";
        }
        entry.hash = audit_hash(entry);
        must(
            database.run("INSERT INTO audit (number, at, person, organisation, role, purpose, "
                         "action, object, previous, hash) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                         number, entry.at, entry.person, entry.organisation, entry.role,
                         entry.purpose, entry.action, entry.object, entry.previous, entry.hash));
    }
    if (version < 2) return;
    must(database.run("UPDATE audit_head SET entries = 2, hash = $1", entry.hash));
    must(core::write_file(folder + "/audit.head", "2 " + entry.hash + "\n"));
}

class FromVersion : public ::testing::TestWithParam<int> {};

TEST_P(FromVersion, opens_with_everything_kept) {
    const Folder folder;
    make_old_store(folder / "s", GetParam());
    auto store = must(Store::open(folder / "s", testing::fixed_clock()));
    const Snapshot snapshot = must(store->snapshot(analyst(), {}));
    ASSERT_EQ(snapshot.size(), 5u);
    testing::expect_same(snapshot.at(3), testing::observation(3));
    EXPECT_EQ(must(store->rejects(analyst(), "id-1")).size(), 1u);
    const bool moved = GetParam() < newest_schema();
    const auto entries = must(store->audit_entries(auditor()));
    EXPECT_EQ(entries[2].action, moved ? "migrate" : "read");
    if (moved) {
        EXPECT_EQ(entries[2].object, "schema " + std::to_string(GetParam()) + " to " +
                                         std::to_string(newest_schema()));
    }
    EXPECT_EQ(must(store->verify_audit(auditor())), entries.size());
    // Rows whose handling an older version did not note are for the highest clearance only.
    EXPECT_EQ(must(store->submissions(analyst("TLP:CLEAR"))).size(), 0u);
    auto again = must(Store::open(folder / "s", testing::fixed_clock()));
    EXPECT_EQ(must(again->audit_entries(auditor())).size(), entries.size() + 3);
}

INSTANTIATE_TEST_SUITE_P(Migrations, FromVersion, ::testing::Range(1, newest_schema() + 1));

TEST(Migrations, a_submission_from_before_the_hashes_is_checked_by_its_counts) {
    for (const char* sql : {"DELETE FROM rejects", "UPDATE submissions SET accepted = 6",
                            "UPDATE submissions SET source = 'other'", "DELETE FROM submissions",
                            "UPDATE submissions SET segment = ''"}) {
        const Folder folder;
        make_old_store(folder / "s", 3);
        Database database = must(Database::open(folder / "s/threatlas.db", false));
        must(database.run(std::string("PRAGMA foreign_keys=OFF; ") + sql));
        auto store = must(Store::open(folder / "s"));
        const auto verified = store->verify_audit(auditor());
        ASSERT_FALSE(verified) << sql;
        EXPECT_EQ(verified.error().code, ErrorCode::mismatch);
        EXPECT_NE(verified.error().message.find("id-1"), std::string::npos) << sql;
    }
}

TEST(Migrations, an_assessment_from_before_is_for_the_highest_clearance) {
    const Folder folder;
    make_old_store(folder / "s", 3);
    {
        Database database = must(Database::open(folder / "s/threatlas.db", false));
        must(
            database.run("INSERT INTO assessments (number, id, created_for, content_hash, as_of, "
                         "body, body_hash) VALUES (1, 'a', 'see', 'h', 20000, '{}', $1)",
                         core::sha256("{}")));
    }
    auto store = must(Store::open(folder / "s"));
    EXPECT_EQ(store->assessment(analyst("TLP:AMBER+STRICT"), "a").error().code,
              ErrorCode::not_allowed);
    EXPECT_EQ(must(store->assessment(analyst(), "a")), "{}");
}

TEST(Migrations, a_cut_made_before_is_not_blessed_by_moving_forward) {
    const Folder folder;
    make_old_store(folder / "s", 2);
    {
        Database database = must(Database::open(folder / "s/threatlas.db", false));
        must(database.run("DELETE FROM audit WHERE number = 2"));
    }
    EXPECT_EQ(Store::open(folder / "s").error().code, ErrorCode::mismatch);
    Database database = must(Database::open(folder / "s/threatlas.db", false));
    EXPECT_EQ(must(schema_version(database)), 2);
}

TEST(Migrations, a_store_from_the_future_is_refused) {
    const Folder folder;
    must(Store::create(folder / "s"));
    {
        Database database = must(Database::open(folder / "s/threatlas.db", false));
        must(database.run("UPDATE schema_version SET version = 99"));
    }
    const auto result = Store::open(folder / "s");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::bad_input);
    EXPECT_NE(result.error().message.find("schema 99"), std::string::npos);
}

TEST(Migrations, a_file_that_is_no_database_is_refused) {
    const Folder folder;
    std::filesystem::create_directories(folder / "s");
    must(core::write_file(folder / "s/threatlas.db", std::string(5000, 'x')));
    const auto result = Store::open(folder / "s");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::bad_input);
    EXPECT_NE(result.error().message.find("damaged"), std::string::npos);
    must(core::write_file(folder / "s/threatlas.db", ""));
    EXPECT_EQ(Store::open(folder / "s").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace threatlas::store

// Checkpoints, search and the log of many reads at once.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "core/text.hpp"
#include "store/audit_chain.hpp"
#include "store/audit_queue.hpp"
#include "store/checkpoints.hpp"
#include "store/sqlite.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::must;

// Writes the whole chain anew, as someone could who has the folder: every hash fits again, the notes of the end as well.
void rewrite_chain(const std::string& folder, const std::string& person) {
    Database database = must(Database::open(folder + "/threatlas.db", false));
    std::vector<AuditEntry> entries;
    {
        Statement row = must(database.prepare("SELECT number, at, person, organisation, role, purpose, action, object FROM audit ORDER BY number"));
        while (must(row.step())) entries.push_back({static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), "", ""});
    }
    std::string previous;
    for (AuditEntry& each : entries) {
        each.person = person, each.previous = previous, each.hash = previous = audit_hash(each);
        must(database.run("UPDATE audit SET person = $1, previous = $2, hash = $3 WHERE number = $4", each.person, each.previous, each.hash, each.number));
    }
    must(database.run("UPDATE audit_head SET entries = $1, hash = $2", static_cast<std::uint64_t>(entries.size()), previous));
    must(core::write_file(folder + "/audit.head", std::to_string(entries.size()) + " " + previous + "\n"));
}

class Checkpoints : public ::testing::Test {
  protected:
    Checkpoints() {
        store_ = must(Store::create(folder_ / "s", testing::fixed_clock()));
        testing::ingest(*store_, testing::info_of("eurostat", "a"), 0, 5);
    }
    const testing::Folder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(Checkpoints, a_chain_written_anew_does_not_fit_an_earlier_one) {
    rewrite_chain(folder_ / "s", "mallory");
    ASSERT_TRUE(store_->verify_audit(auditor()));   // without a checkpoint nobody can tell
    const Checkpoint made = must(store_->checkpoint(auditor()));
    must(store_->checkpoint(auditor()));
    EXPECT_EQ(must(store_->prove_audit(auditor())).checkpoints, 2u);
    rewrite_chain(folder_ / "s", "trudy");
    const auto found = store_->prove_audit(auditor());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::mismatch);
    EXPECT_NE(found.error().message.find("written anew"), std::string::npos) << found.error().message;
    EXPECT_EQ(made.entries, 4u);   // migrate, ingest, read by verification, checkpoint
}

TEST_F(Checkpoints, taken_out_of_the_store_they_are_missed_and_a_copy_kept_elsewhere_tells) {
    const Checkpoint made = must(store_->checkpoint(auditor()));
    const std::string copy = must(core::read_file(folder_ / "s/audit.checkpoints"));
    EXPECT_EQ(copy, line_of(made));
    const auto kept = must(parse_checkpoints(copy, "copy"));
    Database database = must(Database::open(folder_ / "s/threatlas.db", false));
    must(database.run("DELETE FROM checkpoints"));
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);
    std::filesystem::remove(folder_ / "s/audit.checkpoints");
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);   // its entry is in the log
    must(database.run("DELETE FROM audit WHERE number >= 3"));                      // so that goes too, and all is written anew
    rewrite_chain(folder_ / "s", "trudy");
    ASSERT_TRUE(store_->verify_audit(auditor()));
    EXPECT_EQ(store_->prove_audit(auditor(), made.public_key, kept).error().code, ErrorCode::mismatch);
}

TEST_F(Checkpoints, another_key_and_a_forged_signature_are_refused) {
    const Checkpoint made = must(store_->checkpoint(auditor()));
    EXPECT_EQ(must(read_public_key(folder_ / "s.audit-key.pub")), made.public_key);
    struct stat info {};
    ASSERT_EQ(::stat((folder_ / "s.audit-key").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    EXPECT_TRUE(store_->prove_audit(auditor(), made.public_key));
    EXPECT_EQ(store_->prove_audit(auditor(), std::string(64, 'a')).error().code, ErrorCode::mismatch);
    Database database = must(Database::open(folder_ / "s/threatlas.db", false));
    std::string forged = made.signature;
    forged[0] = forged[0] == '0' ? '1' : '0';
    must(database.run("UPDATE checkpoints SET signature = $1", forged));
    auto changed = made;
    changed.signature = forged;
    must(core::write_file(folder_ / "s/audit.checkpoints", line_of(changed)));
    EXPECT_EQ(store_->verify_audit(auditor()).error().code, ErrorCode::mismatch);
    ASSERT_EQ(::chmod((folder_ / "s.audit-key").c_str(), 0640), 0);
    EXPECT_EQ(store_->checkpoint(auditor()).error().code, ErrorCode::not_allowed);
    EXPECT_FALSE(parse_checkpoints("1 2 3\n", "x"));
}

TEST_F(Checkpoints, the_log_is_for_auditors_and_administrators) {
    for (const auto& [role, name] : model::EnumNames<model::Role>::names) {
        const model::Reader reader{"x", "regional", role, "TLP:RED H3", "supervision"};
        const bool may = role == model::Role::auditor || role == model::Role::administrator;
        EXPECT_EQ(bool(store_->search_audit(reader, {})), may) << name;
        EXPECT_EQ(bool(store_->audit_entries(reader)), may) << name;
        EXPECT_EQ(bool(store_->verify_audit(reader)), may) << name;
        EXPECT_EQ(bool(store_->checkpoint(reader)), may) << name;
    }
}

TEST(AuditSearch, finds_by_who_what_and_when_page_by_page) {
    const testing::Folder folder;
    int minute = 0;
    auto store = must(Store::create(folder / "s", {[&minute] { return "2026-03-0" + std::to_string(1 + minute / 60) + "T12:" + std::to_string(10 + minute % 50) + ":00Z"; }}));
    for (minute = 0; minute < 120; ++minute) {
        model::Reader who = analyst();
        who.person = minute % 3 == 0 ? "ana" : "ben", who.organisation = minute % 2 == 0 ? "bg_mvr" : "regional";
        must(store->audit(who, minute % 5 == 0 ? "disclose" : "read", "figure 100%_" + std::to_string(minute) + (minute == 77 ? " Ünusual" : "")));
    }
    const auto all = [&](AuditQuery query) {
        std::vector<std::uint64_t> numbers;
        query.limit = 7;
        for (;;) {
            const AuditPage page = must(store->search_audit(auditor(), query));
            for (const auto& each : page.entries) numbers.push_back(each.number);
            if (!page.next) return numbers;
            query.after = *page.next;
        }
    };
    const auto asked = [](auto change) {
        AuditQuery query;
        query.organisation = "bg_mvr";
        change(query);
        return query;
    };
    const auto even = all(asked([](AuditQuery&) {}));
    EXPECT_EQ(even.size(), 60u);
    EXPECT_TRUE(std::is_sorted(even.rbegin(), even.rend()));
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.person = "ana"; })).size(), 20u);
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.person = "ana", q.action = "disclose"; })).size(), 4u);
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.to = "2026-03-01"; })).size(), 30u);   // a day with all of itself
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.from = "2026-03-02"; })).size(), 30u);
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.text = "100%_4"; })).size(), 6u);       // 4, 40, 42 ... : '%' and '_' are letters
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.text = "%_%_"; })).size(), 0u);
    EXPECT_EQ(all(asked([](AuditQuery& q) { q.person = "' OR 1=1 --"; })).size(), 0u);
    EXPECT_EQ(must(store->search_audit(auditor(), [] { AuditQuery q; q.text = "FIGURE 100%_77"; return q; }())).entries.size(), 1u);
    EXPECT_EQ(must(store->audit_entries(auditor())).rbegin()[1].object, "audit log searched text 'FIGURE 100%_77'");
}

TEST(AuditQueue, every_read_is_in_the_log_before_it_returns) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s"));
    AuditQueue queue(*store);
    constexpr int kThreads = 8, kReads = 40;
    std::atomic<int> missing = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kReads; ++i) {
                model::Reader who = analyst();
                who.person = "p" + std::to_string(t);
                if (!queue.read(who, "observations place " + std::to_string(i))) ++missing;
            }
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(missing, 0);
    const auto figures = queue.figures();
    EXPECT_EQ(figures.entries, static_cast<std::uint64_t>(kThreads * kReads));
    EXPECT_LT(figures.transactions, figures.entries);   // some went together
    EXPECT_EQ(must(store->verify_audit(auditor())), kThreads * kReads + 1u);
}

TEST(AuditQueue, the_same_again_within_a_minute_is_counted) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s"));
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    {
        AuditQueue queue(*store, std::chrono::seconds(60), [&] { return now; });
        for (int i = 0; i < 1000; ++i) must(queue.read(analyst(), "threat page drugs.heroin"));
        auto other = analyst();
        other.purpose = "management";
        must(queue.read(other, "threat page drugs.heroin"));   // another purpose is another read
        EXPECT_EQ(must(store->audit_entries(auditor())).size(), 4u);   // migrate, two reads, this one
        now += std::chrono::seconds(61);
        must(queue.read(analyst(), "threat page drugs.heroin"));
        const auto entries = must(store->audit_entries(auditor()));
        EXPECT_EQ(entries[4].object, "threat page drugs.heroin, again 999 times within a minute");
        EXPECT_EQ(entries[5].object, "threat page drugs.heroin");
        must(queue.read(analyst(), "threat page drugs.heroin"));
    }
    EXPECT_EQ(must(store->audit_entries(auditor())).back().object, "audit log");
    const auto found = must(store->search_audit(auditor(), [] { AuditQuery q; q.text = "again 1 times"; return q; }()));
    EXPECT_EQ(found.entries.size(), 1u);   // written when the queue went
}

TEST(AuditQueue, what_was_read_within_the_minute_is_counted_without_waiting) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s"));
    auto now = std::chrono::steady_clock::time_point{} + std::chrono::hours(1);
    AuditQueue queue(*store, std::chrono::seconds(60), [&] { return now; });
    EXPECT_FALSE(queue.again(analyst(), "page"));   // never read: somebody has to write it first
    must(queue.read(analyst(), "page"));
    EXPECT_TRUE(queue.again(analyst(), "page"));
    EXPECT_FALSE(queue.again(analyst("TLP:GREEN"), "page"));
    now += std::chrono::seconds(60);
    EXPECT_FALSE(queue.again(analyst(), "page"));
    must(queue.read(analyst(), "page"));
    EXPECT_TRUE(queue.again(analyst(), "page"));
    auto nobody = analyst();
    nobody.purpose = "curiosity";
    EXPECT_FALSE(queue.read(nobody, "page"));
    EXPECT_FALSE(queue.again(analyst(), "page"));   // the log could not be written
    must(queue.read(analyst(), "another"));
    EXPECT_TRUE(queue.again(analyst(), "page"));
    must(queue.flush());
    EXPECT_EQ(must(store->search_audit(auditor(), [] { AuditQuery q; q.text = "page, again"; return q; }())).entries.size(), 2u);
}

TEST(AuditQueue, a_read_that_cannot_be_logged_is_refused) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s"));
    AuditQueue queue(*store);
    auto nobody = analyst();
    nobody.purpose = "curiosity";
    EXPECT_FALSE(queue.read(nobody, "x"));
    EXPECT_FALSE(queue.read(nobody, "x"));   // nor is it remembered as logged
    must(core::write_file(folder / "s/audit.head", "9 " + std::string(64, 'a') + "\n"));
    EXPECT_EQ(queue.read(analyst(), "x").error().code, ErrorCode::mismatch);
}

}  // namespace
}  // namespace threatlas::store

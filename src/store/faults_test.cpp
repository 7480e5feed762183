// What a database of its own meets beside lost connections (conformance_test.cpp): a disk that is full, and the first
// machine gone for good.
#include <filesystem>

#include "core/text.hpp"
#include "store/postgres_cluster.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::Cluster;
using testing::fixed_clock;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;
using testing::observation;

StoreOptions options_in(const Folder& folder) {
    StoreOptions options = fixed_clock();
    options.key_file = folder / "test.key";
    return options;
}

TEST(PostgresFaults, a_full_disk_is_said_and_nothing_is_half_written) {
    const Folder folder;
    const std::string flag = folder / "full", library = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libfull_disk.so").string();
    ASSERT_TRUE(std::filesystem::exists(library)) << library;
    std::filesystem::permissions(folder / ".", std::filesystem::perms::others_exec | std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    Cluster cluster("", "LD_PRELOAD=" + library + " THREATLAS_FULL_DISK=" + flag);
    auto store = must(Store::create(cluster.fresh_database(), options_in(folder)));
    ingest(*store, info_of("frontex_detections", "before"), 0, 100);
    const auto tried = [&](std::uint64_t rows, std::uint64_t rejects) -> core::Result<void> {
        THREATLAS_TRY(auto submission, store->begin(analyst(), info_of("frontex_detections", "big")));
        for (std::uint64_t i = 0; i < rows; ++i) THREATLAS_CHECK(submission->add(observation(i)));
        for (std::uint64_t i = 0; i < rejects; ++i) THREATLAS_CHECK(submission->reject({"f", i, "", "refused", "why", std::string(1000, 'x')}));
        THREATLAS_TRY(const auto done, submission->commit(rows + rejects));
        return {};
    };
    must(core::write_file(flag, ""));
    for (const auto& [rows, rejects] : {std::pair{20000, 0}, std::pair{0, 2000}}) {
        const auto outcome = tried(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(rejects));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
        EXPECT_NE(outcome.error().message.find("disk"), std::string::npos) << outcome.error().message;
    }
    std::filesystem::remove(flag);
    EXPECT_EQ(must(store->submissions(analyst())).size(), 1u);
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 100u);
    must(tried(20000, 100));   // with room again the same goes through
    EXPECT_EQ(must(store->submissions(analyst())).size(), 2u);
    EXPECT_TRUE(store->verify_audit(auditor()));
    core::NoProgress quiet;
    EXPECT_TRUE(store->verify_segments(analyst(), quiet));
}

TEST(PostgresFaults, when_the_first_machine_is_gone_the_standby_goes_on_with_all_that_was_committed) {
    const Folder folder;
    Cluster first("-c wal_level=replica -c max_wal_senders=4");
    const std::string database = Cluster::database_of(first.fresh_database());
    Cluster second("", "", &first);
    // Nothing is committed that the standby has not.
    first.psql("postgres", "postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    first.psql("postgres", "postgres", "SELECT pg_reload_conf()");
    const std::string address = "postgres://threatlas_owner@/" + database + "?host=" + first.folder() + "," + second.folder();
    auto store = must(Store::create(address, options_in(folder)));
    ingest(*store, info_of("frontex_detections", "a"), 0, 1000);
    auto submission = must(store->begin(analyst(), info_of("frontex_detections", "b")));
    for (std::uint64_t i = 0; i < 1000; ++i) must(submission->add(observation(i)));
    first.die();
    const auto meanwhile = store->snapshot(analyst(), {});   // nobody takes writes: no read that is not in the log
    ASSERT_FALSE(meanwhile);
    EXPECT_EQ(meanwhile.error().code, ErrorCode::unavailable);
    second.promote();
    const auto cut = submission->commit(1000);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::unavailable);
    submission.reset();
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 1000u);   // the same store, on the other machine
    EXPECT_EQ(must(store->submissions(analyst())).size(), 1u);
    ingest(*store, info_of("frontex_detections", "b"), 0, 1000);
    EXPECT_TRUE(store->verify_audit(auditor()));
    auto again = must(Store::open(address, options_in(folder)));
    EXPECT_EQ(must(again->submissions(analyst())).size(), 2u);
}

}  // namespace
}  // namespace threatlas::store

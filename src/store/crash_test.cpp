// Killed processes, full disks, folders that may not be written: each in a child process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <set>

#include "core/random.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;
using testing::observation;

// What the child returned, or 128 + signal.
int in_child(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::size_t files(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(Crash, killed_at_any_moment_leaves_all_or_nothing) {
    const Folder folder;
    constexpr std::uint64_t kRows = 60000;
    must(Store::create(folder / "s"));
    core::Random random(1, core::stream_id("store/kill"));
    std::size_t expected = 0;
    std::set<bool> endings;
    std::chrono::microseconds undisturbed{
        0};  // how long round 0, which is not killed, takes after its signal
    for (int round = 0; round < 24; ++round) {
        const auto info = info_of("frontex_detections", "round " + std::to_string(round));
        // Some rounds are killed while rows are written, the others around the commit.
        const bool early = round % 3 == 1;
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = Store::open(folder / "s");
            if (!store) ::_exit(1);
            auto submission = (*store)->begin(analyst(), info);
            if (!submission || !*submission) ::_exit(2);
            if (early && ::write(ready[1], "r", 1) != 1) ::_exit(3);
            for (std::uint64_t i = 0; i < kRows; ++i) {
                model::Observation o = observation(i);
                o.member = "member " + std::to_string(round);  // not the same figures again
                if (!(*submission)->add(o)) ::_exit(4);
            }
            for (std::uint64_t i = 0; i < 2000; ++i)
                if (!(*submission)->reject({"f", i, "", "refused", "why", "row"})) ::_exit(5);
            if (!early && ::write(ready[1], "r", 1) != 1) ::_exit(3);
            ::_exit((*submission)->commit(kRows) ? 0 : 6);
        }
        char byte = 0;
        ASSERT_EQ(::read(ready[0], &byte, 1), 1);
        const auto start = std::chrono::steady_clock::now();
        int status = 0;
        if (round > 0) {
            const auto longest = static_cast<std::uint64_t>(undisturbed.count()) * 5 / 4 + 1;
            if (round > 1) ::usleep(static_cast<useconds_t>(random.below(longest)));
            ::kill(child, SIGKILL);
        }
        ::waitpid(child, &status, 0);
        if (round == 0)
            undisturbed = std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - start);
        ::close(ready[0]);
        ::close(ready[1]);
        ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
            << "exit " << WEXITSTATUS(status);

        auto store = must(Store::open(folder / "s"));
        const auto submissions = must(store->submissions(analyst()));
        ASSERT_TRUE(submissions.size() == expected || submissions.size() == expected + 1);
        const bool there = submissions.size() == expected + 1;
        endings.insert(there);
        expected = submissions.size();
        ASSERT_EQ(must(store->snapshot(analyst(), {})).size(), expected * kRows);
        for (const SubmissionInfo& each : submissions)
            ASSERT_EQ(must(store->rejects(analyst(), each.id)).size(), 2000u);
        ASSERT_TRUE(store->verify_audit(auditor()));
        // The next writer clears what the killed one left, and can do the same work.
        auto next = must(store->begin(analyst(), info));
        ASSERT_EQ(next == nullptr, there);
        if (next != nullptr) {
            ASSERT_EQ(files(folder / "s/segments"), expected);
        }
    }
    EXPECT_EQ(endings.size(), 2u) << "some rounds should end before the commit and some after";
}

TEST(Crash, a_full_disk_is_said_and_nothing_is_half_written) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    ingest(*store, info_of("frontex_detections", "before"), 0, 10);
    const auto limited = [&](rlim_t bytes, std::uint64_t rows, std::uint64_t rejects) {
        return in_child([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{bytes, bytes};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            auto opened = Store::open(folder / "s");
            if (!opened) return 10;
            auto submission = (*opened)->begin(analyst(), info_of("frontex_detections", "big"));
            if (!submission || !*submission) return 11;
            for (std::uint64_t i = 0; i < rows; ++i) {
                auto added = (*submission)->add(observation(i));
                if (!added)
                    return added.error().code == ErrorCode::unavailable &&
                                   added.error().message.find("disk is full") != std::string::npos
                               ? 42
                               : 12;
            }
            for (std::uint64_t i = 0; i < rejects; ++i) {
                auto rejected =
                    (*submission)->reject({"f", i, "", "refused", "why", std::string(100, 'x')});
                if (!rejected) return rejected.error().code == ErrorCode::unavailable ? 43 : 13;
            }
            auto committed = (*submission)->commit(rows);
            if (committed) return 0;
            return committed.error().code == ErrorCode::unavailable ? 44 : 14;
        });
    };
    EXPECT_EQ(limited(2'000'000, 300'000, 0), 42);  // while a chunk is written
    EXPECT_EQ(limited(2'000'000, 0, 100'000), 43);  // while refused rows are set aside
    EXPECT_EQ(limited(600'000, 100'000, 0), 44);    // at the last chunk
    EXPECT_EQ(limited(400'000, 100, 4'000), 44);    // in the database
    EXPECT_EQ(must(store->submissions(analyst())).size(), 1u);
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 10u);
    EXPECT_TRUE(store->verify_audit(auditor()));
    EXPECT_EQ(limited(RLIM_INFINITY, 100, 4'000), 0);
    EXPECT_EQ(must(store->submissions(analyst())).size(), 2u);
    EXPECT_EQ(files(folder / "s/segments"), 2u);
}

TEST(Crash, a_folder_that_may_not_be_written_is_said) {
    const Folder folder;
    must(Store::create(folder / "s"));
    ::chmod((folder / ".").c_str(), 0755);
    ::chmod((folder / "s").c_str(), 0555);
    ::chmod((folder / "s/threatlas.db").c_str(), 0444);
    const int code = in_child([&] {
        // As root nothing is read-only: become nobody.
        if (::geteuid() == 0 && ::setuid(65534) != 0) return 10;
        const auto created = Store::create(folder / "s/below");
        if (created || created.error().code != ErrorCode::unavailable) return 11;
        auto store = Store::open(folder / "s");
        if (!store)
            return store.error().code == ErrorCode::unavailable &&
                           store.error().message.find("may not be written") != std::string::npos
                       ? 42
                       : 12;
        const auto read = (*store)->snapshot(analyst(), {});
        if (read) return 13;  // unaudited
        return read.error().code == ErrorCode::unavailable ? 42 : 14;
    });
    EXPECT_EQ(code, 42);
    ::chmod((folder / "s").c_str(), 0755);
}

TEST(Crash, two_processes_cannot_ingest_at_once) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    auto mine = must(store->begin(analyst(), info_of("frontex_detections", "mine")));
    must(mine->add(observation(1)));
    EXPECT_EQ(in_child([&] {
                  auto other = Store::open(folder / "s");
                  if (!other) return 1;
                  const auto theirs =
                      (*other)->begin(analyst(), info_of("frontex_detections", "theirs"));
                  return !theirs && theirs.error().code == ErrorCode::conflict ? 42 : 2;
              }),
              42);
    must(mine->commit(1));
    EXPECT_EQ(must(store->submissions(analyst())).size(), 1u);
}

}  // namespace
}  // namespace threatlas::store

#include "core/result.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/parallel.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"

namespace threatlas::core {
namespace {

constexpr ErrorCode kAll[] = {ErrorCode::bad_usage, ErrorCode::bad_input, ErrorCode::not_found, ErrorCode::not_allowed, ErrorCode::conflict,
                              ErrorCode::not_enough_data, ErrorCode::mismatch, ErrorCode::unavailable, ErrorCode::internal};

TEST(Errors, EveryCodeHasOneRowAndItsOwnExitCode) {
    std::set<int> exits;
    std::set<std::string> names;
    for (const ErrorCode code : kAll) {
        const ErrorRow& row = error_row(code);
        EXPECT_EQ(row.code, code);
        EXPECT_GT(row.exit_code, 0);
        EXPECT_LT(row.exit_code, 126);
        EXPECT_GE(row.http_status, 400);
        exits.insert(row.exit_code), names.insert(row.name);
    }
    EXPECT_EQ(exits.size(), std::size(kAll));
    EXPECT_EQ(names.size(), std::size(kAll));
}

TEST(Errors, DescribeLeavesOutWhatIsNotKnown) {
    EXPECT_EQ(describe({ErrorCode::bad_input, "no number", {"a.csv", 12, "value"}}), "a.csv:12 [value]: no number");
    EXPECT_EQ(describe({ErrorCode::bad_input, "no number", {}}), "no number");
}

Result<int> half(int x) {
    if (x % 2 != 0) return fail(ErrorCode::bad_input, "odd");
    return x / 2;
}
Result<int> quarter(int x) {
    THREATLAS_TRY(const int once, half(x));
    return half(once);
}

TEST(Errors, TryPassesTheFirstErrorOn) {
    EXPECT_EQ(*quarter(8), 2);
    EXPECT_EQ(quarter(6).error().message, "odd");
    EXPECT_EQ(quarter(7).error().message, "odd");
}

TEST(Errors, ExitCodesStayClearOfTheShells) {
    // 1 is what a shell and a crash in a script give, 126 and above are the shell's own.
    for (const ErrorCode code : kAll) EXPECT_NE(error_row(code).exit_code, 1) << error_row(code).name;
    EXPECT_EQ(describe({ErrorCode::bad_input, "empty", {"", 3, ""}}), "row 3: empty");
    EXPECT_EQ(describe({ErrorCode::bad_input, "empty", {"a.csv", 0, "place"}}), "a.csv [place]: empty");
}

TEST(Errors, CheckReturnsTheErrorAndNothingElse) {
    const auto through = [](bool good) -> Result<int> {
        THREATLAS_CHECK(good ? half(2) : half(1));
        return 5;
    };
    EXPECT_EQ(*through(true), 5);
    EXPECT_EQ(through(false).error().message, "odd");
}

// The promise of the header: nothing depends on the number of threads, random draws included.
TEST(Parallel, DrawsByIndexAreTheSameOnAnyNumberOfThreads) {
    const auto run = [](unsigned count) {
        set_threads(count);
        std::vector<double> out(257);
        parallel_for(out.size(), [&](std::size_t i) {
            Random random(11, stream_id("parallel"), i);
            for (int k = 0; k < 100; ++k) out[i] += random.gamma(0.7) + random.normal();
        });
        set_threads(0);
        return out;
    };
    const auto one = run(1);
    EXPECT_EQ(one, run(2));
    EXPECT_EQ(one, run(4));
    EXPECT_EQ(one, run(7));
    EXPECT_NE(one[0], one[1]);
}

TEST(Parallel, AnExceptionReachesTheCallerOnAnyNumberOfThreads) {
    for (const unsigned count : {1U, 4U}) {
        set_threads(count);
        EXPECT_THROW(parallel_for(100, [](std::size_t i) { if (i == 57) throw std::runtime_error("disk"); }), std::runtime_error) << count;
    }
    set_threads(0);
}

TEST(Parallel, LoopsMayNest) {
    set_threads(3);
    std::vector<std::atomic<int>> sum(8);
    parallel_for(sum.size(), [&](std::size_t i) { parallel_for(50, [&](std::size_t k) { sum[i] += static_cast<int>(k); }); });
    set_threads(0);
    for (const auto& each : sum) EXPECT_EQ(each.load(), 1225);
    EXPECT_GE(threads(), 1U);
}

class Steps final : public Progress {
  public:
    void step(std::string_view what, std::uint64_t done, std::uint64_t total) override { seen.emplace_back(std::string(what) + ' ' + std::to_string(done) + '/' + std::to_string(total)); }
    std::vector<std::string> seen;
};

TEST(Progress, AWatcherSeesEveryStepAndNobodyNeedsToWatch) {
    const auto work = [](Progress& progress) {
        for (std::uint64_t i = 1; i <= 3; ++i) progress.step("rows", i, 3);
        return 3;
    };
    Steps steps;
    NoProgress none;
    EXPECT_EQ(work(steps), work(none));
    EXPECT_EQ(steps.seen, (std::vector<std::string>{"rows 1/3", "rows 2/3", "rows 3/3"}));
}

TEST(Parallel, EveryIndexOnceWhateverTheThreads) {
    for (const unsigned count : {1U, 2U, 4U}) {
        set_threads(count);
        std::vector<std::atomic<int>> seen(1000);
        parallel_for(seen.size(), [&](std::size_t i) { ++seen[i]; });
        for (const auto& each : seen) ASSERT_EQ(each.load(), 1);
    }
    set_threads(0);
    parallel_for(0, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace threatlas::core

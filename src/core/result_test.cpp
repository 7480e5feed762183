#include "core/result.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

#include "core/parallel.hpp"

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

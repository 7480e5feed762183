#include "ingest/repeats.hpp"

#include <gtest/gtest.h>

#include <unordered_map>

#include "core/random.hpp"

namespace threatlas::ingest {
namespace {

// Against a plain map, with a table so small that it is written out many times.
TEST(Repeats, RememberWhatWasWrittenOut) {
    for (const std::size_t most : {std::size_t{16}, std::size_t{64}, std::size_t{4096}, std::size_t{1} << 20}) {
        Repeats repeats(most);
        std::unordered_map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> oracle;   // key -> content, row
        core::Random random(11, most);
        std::size_t seen = 0;
        for (std::uint64_t row = 1; row <= 20000; ++row) {
            const std::uint64_t key = mix(random.below(15000)), content = mix(random.below(2));
            const auto answer = repeats.see(key, content, row);
            const auto [first, fresh] = oracle.emplace(key, std::pair(content, row));
            ASSERT_EQ(answer.seen, !fresh) << "row " << row << ", " << most << " slots";
            if (fresh) continue;
            ++seen;
            ASSERT_EQ(answer.row, first->second.second);
            ASSERT_EQ(answer.same, first->second.first == content);
        }
        EXPECT_GT(seen, 5000U);
    }
}

TEST(Repeats, TheKeyZeroIsAKeyLikeAnother) {
    Repeats repeats;
    EXPECT_FALSE(repeats.see(0, 1, 1).seen);
    EXPECT_TRUE(repeats.see(0, 1, 2).seen);
}

}  // namespace
}  // namespace threatlas::ingest

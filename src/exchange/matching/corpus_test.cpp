// The fuzz corpora, replayed: what is named 'good' is accepted, everything else refused.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"
#include "exchange/matching/hostile.hpp"

namespace threatlas::exchange::matching {
namespace {

std::size_t replay(const std::string& name, bool (*attempt)(Bytes)) {
    std::size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/matching_" + name)) {
        const auto bytes = core::read_file(each.path().string());
        EXPECT_TRUE(bytes);
        const std::string file = each.path().filename().string();
        EXPECT_EQ(attempt(bytes_of(*bytes)), file.starts_with("good")) << file;
        ++files;
    }
    return files;
}

TEST(MatchingCorpus, Filter) { EXPECT_GE(replay("filter", try_filter), 14u); }
TEST(MatchingCorpus, Evaluation) { EXPECT_GE(replay("evaluation", try_evaluation), 20u); }
TEST(MatchingCorpus, Bulk) { EXPECT_GE(replay("bulk", try_bulk), 30u); }

}  // namespace
}  // namespace threatlas::exchange::matching

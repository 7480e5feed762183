#include "serve/read_log.hpp"

#include <gtest/gtest.h>

namespace threatlas::serve {
namespace {

const model::Reader kAda{"p-1", "regional", model::Role::analyst, "TLP:AMBER", "assessment"}, kVera{"p-2", "rs_mup", model::Role::director, "TLP:AMBER", "management"};

TEST(ReadLog, CountsTheSameReadAndWritesTheRestAtTheEnd) {
    std::vector<std::string> written;
    {
        ReadLog log([&](const std::vector<ReadLog::Note>& notes) -> core::Result<void> {
            for (const auto& each : notes) written.push_back(each.who.person + " " + each.object);
            return {};
        }, std::chrono::hours(1));
        for (int i = 0; i < 3; ++i) EXPECT_TRUE(log.note(kAda, "threat a"));
        EXPECT_TRUE(log.note(kVera, "threat a"));
        EXPECT_TRUE(written.empty());
        EXPECT_TRUE(log.flush());
        EXPECT_EQ(written, (std::vector<std::string>{"p-1 threat a x 3", "p-2 threat a"}));
        EXPECT_TRUE(log.note(kAda, "threat b"));
    }
    EXPECT_EQ(written.back(), "p-1 threat b");
    EXPECT_EQ(written.size(), 3U);
}

TEST(ReadLog, NothingIsReadWhenItCannotBeWrittenAndNothingIsLost) {
    bool broken = true;
    std::vector<std::string> written;
    ReadLog log([&](const std::vector<ReadLog::Note>& notes) -> core::Result<void> {
        if (broken) return core::fail(core::ErrorCode::unavailable, "the disk is full");
        for (const auto& each : notes) written.push_back(each.object);
        return {};
    }, std::chrono::hours(1));
    EXPECT_TRUE(log.note(kAda, "one"));
    EXPECT_FALSE(log.flush());
    const auto refused = log.note(kAda, "two");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::unavailable);
    broken = false;
    EXPECT_TRUE(log.flush());
    EXPECT_EQ(written, (std::vector<std::string>{"one"}));
    EXPECT_TRUE(log.note(kAda, "three"));
}

}  // namespace
}  // namespace threatlas::serve

#include "work/contact/duty_hours.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"

namespace threatlas::work::contact {
namespace {

TEST(DutyHours, AreReadAndAsked) {
    const auto hours = parse_duty_hours("Mo-Fr 08:00-16:00; Sa,Su 22:00-02:00");
    ASSERT_TRUE(hours);
    EXPECT_TRUE(hours->on(0, 8 * 60));
    EXPECT_FALSE(hours->on(0, 16 * 60));
    EXPECT_FALSE(hours->on(5, 12 * 60));
    EXPECT_TRUE(hours->on(5, 23 * 60));
    EXPECT_TRUE(hours->on(6, 60)) << "Saturday's night";
    EXPECT_TRUE(hours->on(0, 119)) << "Sunday's night ends on Monday";
    EXPECT_FALSE(hours->on(0, 120));
    EXPECT_TRUE(parse_duty_hours("24/7")->on(3, 0));
    EXPECT_TRUE(parse_duty_hours("Fr-Mo 00:00-24:00")->on(6, 1439));
    for (const char* each : {"", "always", "Mo", "Mo 8:00-16:00", "Mo 08:00-25:00", "Mo 08:60-09:00", "Xx 08:00-09:00", "Mo- 08:00-09:00", "Mo 08:00-08:00", "Mo 24:00-08:00", "Mo 08:00-09:00;", "Mo 08:00 09:00"}) EXPECT_FALSE(parse_duty_hours(each)) << each;
    EXPECT_FALSE(parse_duty_hours(std::string(600, ';')));
}

TEST(DutyHours, FollowTheZoneAndItsSummerTime) {
    const auto hours = parse_duty_hours("Mo-Fr 08:00-16:00");
    ASSERT_TRUE(hours);
    // Thursday 2026-01-15 and Wednesday 2026-07-15, 07:30 UTC: 08:30 and 09:30 in Belgrade.
    EXPECT_TRUE(*on_duty(*hours, "Europe/Belgrade", 1768462200));
    EXPECT_FALSE(*on_duty(*hours, "UTC", 1768462200));
    // 06:30 UTC: 07:30 in January, 08:30 in July.
    EXPECT_FALSE(*on_duty(*hours, "Europe/Belgrade", 1768458600));
    EXPECT_TRUE(*on_duty(*hours, "Europe/Belgrade", 1784097000));
    EXPECT_FALSE(on_duty(*hours, "Europe/Nowhere", 0));
    EXPECT_TRUE(known_zone("Europe/Sofia"));
    EXPECT_FALSE(known_zone(""));
}

// What fuzzing found or might: nothing but an error or hours that answer.
TEST(DutyHours, CorpusIsAnswered) {
    std::size_t files = 0;
    for (const auto& each : std::filesystem::directory_iterator(std::string(THREATLAS_SOURCE_DIR) + "/fuzz/corpus/duty_hours")) {
        ++files;
        if (const auto hours = parse_duty_hours(*core::read_file(each.path().string()))) (void)hours->on(6, 1439);
    }
    EXPECT_GE(files, 3U);
}

}  // namespace
}  // namespace threatlas::work::contact

#include "publish/format.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace threatlas::publish {
namespace {

TEST(Format, NumbersAsPeopleReadThem) {
    EXPECT_EQ(number(764033), "764\u2009033");
    EXPECT_EQ(number(1234), "1234");
    EXPECT_EQ(number(12.44), "12.4");
    EXPECT_EQ(number(0.126), "0.13");
    EXPECT_EQ(number(-8), "−8");
    EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "–");
    EXPECT_EQ(percent(0.734), "73\u2009%");
    EXPECT_EQ(fixed(-0.04, 1), "0.0");
    EXPECT_EQ(fixed(-0.06, 1), "-0.1");
}

TEST(Format, DaysAndEscapes) {
    EXPECT_EQ(day_text(*core::make_day(2023, 12, 31)), "31 Dec 2023");
    EXPECT_EQ(escape("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

}  // namespace
}  // namespace threatlas::publish

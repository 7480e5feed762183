#include "core/hexadecimal.hpp"

#include <gtest/gtest.h>

#include <array>

namespace threatlas::core {
namespace {

TEST(Hexadecimal, AndBack) {
    const std::array<unsigned char, 3> bytes{0x00, 0x9f, 0xff};
    EXPECT_EQ(hexadecimal(bytes), "009fff");
    EXPECT_EQ(hexadecimal({}), "");
    std::array<unsigned char, 3> out{};
    EXPECT_TRUE(from_hexadecimal("009fFF", out));
    EXPECT_EQ(out, bytes);
    for (const char* bad : {"", "009ff", "009fff0", "009fff00", "009fg0", "00:9f:ff", " 009ff"}) EXPECT_FALSE(from_hexadecimal(bad, out)) << bad;
}

}  // namespace
}  // namespace threatlas::core

#include <gtest/gtest.h>

#include "assess/assess.hpp"

namespace threatlas::assess {
namespace {

EvidenceRow row(std::uint64_t number, const std::string& place) {
    EvidenceRow out;
    out.source = "a", out.file = "a.csv", out.row = number, out.place = place, out.value = 0.5 * static_cast<double>(number), out.upper = out.value;
    return out;
}

Assessment two_figures() {
    Assessment out;
    Figure one, two;
    one.id = "F-1", one.rows = {row(2, "RO"), row(3, "RO"), row(9, "BG")};
    two.id = "F-2", two.rows = {row(9, "BG"), row(2, "RO")};
    out.figures = {one, two};
    return out;
}

TEST(AssessmentJson, RowsComeBackWhereTheyWere) {
    const Assessment before = two_figures();
    const std::string text = to_json_text(before);
    const auto after = from_json_text(text, "test");
    ASSERT_TRUE(after) << core::describe(after.error());
    ASSERT_EQ(after->figures.size(), 2U);
    ASSERT_EQ(after->figures[1].rows.size(), 2U);
    EXPECT_EQ(after->figures[0].rows[1].row, 3U);
    EXPECT_EQ(after->figures[1].rows[0].place, "BG");
    EXPECT_EQ(after->figures[1].rows[1].value, 1);
    EXPECT_EQ(to_json_text(*after), text);
}

TEST(AssessmentJson, ARowIsWrittenOnce) {
    Assessment many = two_figures();
    const std::size_t before = to_json_text(many).size();
    many.figures[1].rows = many.figures[0].rows;
    EXPECT_LE(to_json_text(many).size(), before);
}

TEST(AssessmentJson, DamagedRunsAreAnErrorNotACrash) {
    const std::string text = to_json_text(two_figures());
    const std::string runs = "\"rows\": [0,2]";
    ASSERT_NE(text.find(runs), std::string::npos) << text;
    for (const char* bad : {"[0,3]", "[2,0]", "[-1,0]", "[0]", "[\"a\",1]", "7"}) {
        std::string damaged = text;
        damaged.replace(damaged.find(runs) + 8, 5, bad);
        EXPECT_FALSE(from_json_text(damaged, "test")) << bad;
    }
}

}  // namespace
}  // namespace threatlas::assess

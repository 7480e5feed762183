#include "publish/explain.hpp"

#include <gtest/gtest.h>

namespace threatlas::publish {
namespace {

assess::EvidenceRow row(const std::string& state, double value, double upper) {
    assess::EvidenceRow out;
    out.file = "a.csv", out.row = 7, out.state = state, out.value = value, out.upper = upper;
    return out;
}

TEST(Explain, AbsentAndWithheldAreNoZeros) {
    EXPECT_EQ(row_value(row("measured", 0, 0)), "0");
    EXPECT_EQ(row_value(row("absent", 0, 0)), "absent");
    EXPECT_EQ(row_value(row("withheld", 0, 0)), "withheld");
    EXPECT_EQ(row_value(row("censored", 1, 4)), "1 to 4");
}

TEST(Explain, NamesFileAndRowAndSaysWhatIsLeftOut) {
    assess::Figure figure;
    figure.id = "F-0123456789", figure.title = "Rate";
    for (int i = 0; i < 3; ++i) figure.rows.push_back(row("measured", 12, 12));
    const std::string text = explain_text({}, figure, {}, 2);
    EXPECT_NE(text.find("a.csv:7"), std::string::npos);
    EXPECT_NE(text.find("and 1 more"), std::string::npos);
}

TEST(Explain, AGradeIsShownAsToldAndAsRead) {
    assess::Assessment assessment;
    assessment.members.push_back({"rs_mup", "RS", false, 6, 2, {}});
    assess::Figure figure;
    figure.id = "F-0123456789", figure.basis = "judged", figure.contributors = {"rs_mup"};
    figure.score.q05 = 67, figure.score.q50 = 80, figure.score.q95 = 99;
    EXPECT_NE(explain_text(assessment, figure, {}, 2).find("80.0 told, 74.0 as read: the grades of rs_mup lie 6.0 points above the others'"), std::string::npos);
    figure.contributors = {"me_up"};
    EXPECT_EQ(explain_text(assessment, figure, {}, 2).find("as read"), std::string::npos);
}

}  // namespace
}  // namespace threatlas::publish

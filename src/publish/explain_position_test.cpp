#include "publish/explain_position.hpp"

#include <gtest/gtest.h>

namespace threatlas::publish {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

assess::Assessment two_threats() {
    assess::Assessment a;
    a.manifest.draws = 20000;
    for (const char* id : {"drugs.heroin", "drugs.cocaine"}) {
        assess::ThreatResult t;
        t.threat = id, t.title = id, t.rank = static_cast<int>(a.ranking.size()) + 1, t.rank_low = 1, t.rank_high = 2;
        t.criteria.push_back({"scale", {50, 10, 35, 45, 50, 55, 65}, 1, 0, 0, 1.5, {"F-0000000001"}});
        t.criteria.push_back({"trend", {40, 10, 25, 35, 40, 45, 55}, 0, 0, 1, -0.5, {}});
        a.ranking.push_back(t);
    }
    a.ranking[0].graver_than = {{"drugs.cocaine", 0.62}};
    return a;
}

TEST(ExplainPosition, IsFoundByItsIdAndByTheThreats) {
    const auto a = two_threats();
    ASSERT_NE(position(a, "R-drugs.heroin"), nullptr);
    EXPECT_EQ(position(a, "drugs.cocaine")->rank, 2);
    EXPECT_EQ(position(a, "F-0000000001"), nullptr);
    EXPECT_EQ(position(a, "R-"), nullptr);
}

TEST(ExplainPosition, OpensDownToTheEvidence) {
    const auto a = two_threats();
    const std::string text = explain_position(a, a.ranking[0], {});
    EXPECT_TRUE(has(text, "rank") || has(text, "Rank")) << text;
    EXPECT_TRUE(has(text, "1 of 2 (90 %: 1 to 2")) << text;
    EXPECT_TRUE(has(text, "F-0000000001")) << text;
    EXPECT_TRUE(has(text, "borrowed from like threats")) << text;
    EXPECT_TRUE(has(text, "drugs.cocaine")) << text;
    EXPECT_TRUE(has(text, "not assessed")) << text;   // nothing measured alone: never rank 0
}

}  // namespace
}  // namespace threatlas::publish

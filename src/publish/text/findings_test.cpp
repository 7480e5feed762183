#include "publish/text/findings.hpp"

#include <gtest/gtest.h>

namespace threatlas::publish::text {
namespace {

model::Catalogue with_words() {
    model::Catalogue c;
    c.yardsticks = {{"phia", "realistic possibility", 0.4, 0.5, ""}, {"phia", "likely", 0.55, 0.75, ""}, {"phia", "highly likely", 0.8, 0.9, ""}, {"phia", "almost certain", 0.95, 1, ""}, {"icd203", "even chance", 0.45, 0.55, ""}};
    return c;
}
assess::ThreatResult threat(const std::string& title, double p, double percent) {
    assess::ThreatResult t;
    t.title = title, t.trend.word = "rising", t.trend.p_rising = p;
    t.trend.percent_per_year.q05 = percent - 4, t.trend.percent_per_year.q50 = percent, t.trend.percent_per_year.q95 = percent + 4;
    return t;
}
assess::Assessment bands(std::initializer_list<int> list) {
    assess::Assessment a;
    for (const int band : list) {
        assess::ThreatResult t;
        t.title = "Cocaine", t.band = band;
        a.ranking.push_back(t);
    }
    return a;
}

TEST(Findings, WordsOfTheYardstickWithTheirRange) {
    EXPECT_EQ(probably(0.97, with_words()), "it is almost certain (95–100\u2009%) that");
    EXPECT_EQ(probably(0.5, with_words()), "there is a realistic possibility (40–50\u2009%) that");
    EXPECT_EQ(probably(0.79, with_words()), "it is likely (55–75\u2009%) that");   // a gap of PHIA: the less extreme word
    EXPECT_EQ(probably(0.94, with_words()), "it is highly likely (80–90\u2009%) that");
    EXPECT_EQ(probably(0.53, with_words()), "there is a realistic possibility (40–50\u2009%) that");
    EXPECT_EQ(probably(0.5, with_words(), "icd203"), "there is a even chance (45–55\u2009%) that");
}

TEST(Findings, AFallIsSaidAsAFall) {
    assess::Figure figure;
    figure.title = "Theft of cars, change a year", figure.from = "2008", figure.to = "2020";
    EXPECT_EQ(trend_sentence(threat("Theft", 0.02, -8), with_words(), &figure), "It is almost certain (95–100\u2009%) that its recorded figures fell from 2008 to 2020 (theft of cars): −8\u2009% a year (90 %: −12 to −4).");
    EXPECT_EQ(trend_sentence(threat("Theft", 0.02, -8), with_words(), nullptr), "It is almost certain (95–100\u2009%) that its recorded figures fell: −8\u2009% a year (90 %: −12 to −4).");
    assess::ThreatResult stated = threat("Theft", 0.8, 0);
    stated.trend.percent_per_year = {};
    EXPECT_EQ(trend_sentence(stated, with_words(), nullptr), "It is highly likely (80–90\u2009%) that it is rising, as sources state.");
    stated.trend.word = "not assessed";
    EXPECT_EQ(trend_sentence(stated, with_words(), nullptr), "Whether it is rising or falling could not be assessed.");
}

TEST(Findings, ThreatsOfOneWordShareASentence) {
    const auto a = threat("Cocaine trafficking", 0.99, 9), b = threat("Cannabis", 0.96, 5), c = threat("Burglary", 0.01, -9);
    const auto sentences = trend_sentences({&c, &a, &b}, with_words());
    ASSERT_EQ(sentences.size(), 2U);
    EXPECT_EQ(sentences[0], "It is almost certain (95–100\u2009%) that recorded figures of cocaine trafficking and cannabis rose over the years on record.");
    EXPECT_EQ(sentences[1], "It is almost certain (95–100\u2009%) that recorded figures of burglary fell over the years on record.");
}

TEST(Findings, TheTitleOfTheRankingSaysTheBands) {
    EXPECT_EQ(ranking_finding(bands({1, 2, 2, 3})), "Cocaine leads; the next two cannot be told apart");
    EXPECT_EQ(ranking_finding(bands({1, 1, 1, 2})), "Three threats at the top cannot be told apart; one follow");
    EXPECT_EQ(ranking_finding(bands({1})), "Cocaine");
}

TEST(Findings, ListsAndTitles) {
    EXPECT_EQ(listed({"a"}), "a");
    EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
    EXPECT_EQ(in_sentence("Drug precursors"), "drug precursors");
    EXPECT_EQ(in_sentence("ATM attacks"), "ATM attacks");
}

}  // namespace
}  // namespace threatlas::publish::text

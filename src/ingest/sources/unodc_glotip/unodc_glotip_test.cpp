#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("unodc_glotip", fixture("unodc_glotip/fixtures/glotip.csv")); }

TEST(UnodcGlotip, FewerThanFiveIsAnIntervalNotAGap) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(12).state, model::State::censored);
    EXPECT_EQ(kept.at(12).value, 1);
    EXPECT_EQ(kept.at(12).upper, 4);
    EXPECT_EQ(kept.at(13).state, model::State::measured);  // a stated zero stays one
    EXPECT_EQ(kept.at(13).value, 0);
    EXPECT_THAT(kept.why(16), HasSubstr("'<10' is neither a figure nor '<5'"));
}

TEST(UnodcGlotip, ThousandsCommaIsReadAndAnyOtherCommaRefused) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(2).value, 1011);
    EXPECT_EQ(kept.at(15).value, 12345678);
    for (const std::uint64_t row : {14U, 17U, 18U}) EXPECT_THAT(kept.why(row), StartsWith("refused txtVALUE:")) << row;
}

TEST(UnodcGlotip, NaturesAndDimensions) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(2).what, "glotip.detected_trafficking_victims.sexual_exploitation");
    EXPECT_EQ(kept.at(2).nature, model::Nature::victim);
    EXPECT_EQ(kept.at(12).nature, model::Nature::conviction);
    EXPECT_EQ(kept.at(3).dims.at("citizenship"), "albania");  // descriptive only
    EXPECT_EQ(kept.at(4).dims.at("country_of_repatriation"), "ukraine");
    EXPECT_EQ(kept.at(5).dims, (std::map<std::string, std::string>{{"age", "0_to_17_years"}, {"sex", "female"}}));
    EXPECT_EQ(core::iso(kept.at(5).known_at), "2011-07-03");
}

TEST(UnodcGlotip, OneCellTwiceIsNeverCountedTwice) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(6).value, 27);
    for (const std::uint64_t row : {7U, 8U, 9U}) EXPECT_THAT(kept.why(row), StartsWith("refused : contradicts row 6")) << row;
    EXPECT_EQ(kept.at(10).state, model::State::censored);
    EXPECT_EQ(kept.why(11), "duplicate : says the same as row 10");
    EXPECT_THAT(kept.why(19), HasSubstr("unknown country 'QQQ'"));
}

TEST(UnodcGlotip, TheShippedFileHoldsSixtySevenRepeatedCells) {
    const Kept kept = read_file("unodc_glotip", example("unodc_glotip_see.csv"));
    std::size_t censored = 0;
    for (const auto& o : kept.observations) censored += o.state == model::State::censored;
    EXPECT_EQ(kept.observations.size(), 5042U - 67U);
    EXPECT_EQ(kept.aside.size(), 67U);
    EXPECT_GT(censored, 2000U);
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

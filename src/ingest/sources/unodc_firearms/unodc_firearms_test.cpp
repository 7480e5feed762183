#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("unodc_firearms", fixture("unodc_firearms/fixtures/iafq.csv")); }

TEST(UnodcFirearms, SeizuresSurrendersAndArrests) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(2).what, "iafq.arms_surrendered.total");
    EXPECT_EQ(kept.at(2).value, 0);
    EXPECT_EQ(kept.at(3).place, "ME");
    EXPECT_EQ(kept.at(4).dims, (std::map<std::string, std::string>{{"sex", "male"}}));
    EXPECT_EQ(kept.at(5).dims, (std::map<std::string, std::string>{{"dimension", "by_location"}}));  // 'na' is no dimension
    EXPECT_EQ(kept.at(11).place, "XK");
    EXPECT_EQ(core::iso(kept.at(5).known_at), "2022-06-01");  // 2020 and 18 months would be later than the edition
}

TEST(UnodcFirearms, OneCellTwiceIsNeverCountedTwice) {
    const Kept kept = fixture_rows();
    EXPECT_THAT(kept.why(6), StartsWith("refused : contradicts row 5"));
    EXPECT_THAT(kept.why(8), StartsWith("refused : contradicts row 7"));
    EXPECT_EQ(kept.why(10), "duplicate : says the same as row 9");
    EXPECT_EQ(kept.why(12), "refused Iso3_code: unknown country 'QQQ'");
    EXPECT_THAT(kept.why(13), StartsWith("refused VALUE: 'many'"));
}

TEST(UnodcFirearms, TheShippedFileHoldsThirtyNineRepeatedCells) {
    const Kept kept = read_file("unodc_firearms", example("unodc_iafq_firearms_see.csv"));
    EXPECT_EQ(kept.observations.size(), 1899U - 39U);
    EXPECT_EQ(kept.verdicts("refused"), 17U);
    EXPECT_EQ(kept.verdicts("duplicate"), 22U);
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("unodc_cts", fixture("unodc_cts/fixtures/cts.csv")); }

TEST(UnodcCts, CountsAndRatesHaveTheirOwnCodes) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(2).what, "cts.offences.corruption");
    EXPECT_EQ(kept.at(2).unit, "count");
    EXPECT_EQ(kept.at(2).place, "XK");
    EXPECT_EQ(kept.at(2).nature, model::Nature::reported_crime);
    EXPECT_EQ(kept.at(5).what, "cts_rate.offences.corruption");
    EXPECT_EQ(kept.at(5).unit, "per_100k");
    EXPECT_EQ(kept.at(4).value, 67824.9086548226);  // Greece gives counts as computed
    EXPECT_EQ(kept.at(4).place, "GR");
}

TEST(UnodcCts, SexIsADimensionAndTotalsHaveNone) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(6).dims, (std::map<std::string, std::string>{{"dimension", "by_relationship_to_perpetrator"}, {"sex", "female"}}));
    EXPECT_EQ(kept.at(7).dims.at("sex"), "male");
    EXPECT_FALSE(kept.at(2).dims.contains("sex"));
    EXPECT_EQ(kept.at(8).value, 0);
    EXPECT_EQ(kept.at(8).state, model::State::measured);
}

TEST(UnodcCts, SaysOfEachOtherRowWhy) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.why(10), "duplicate : says the same as row 9");
    EXPECT_THAT(kept.why(11), StartsWith("refused : contradicts row 9"));
    EXPECT_EQ(kept.why(12), "refused Iso3_code: unknown country 'QQQ'");
    EXPECT_EQ(kept.why(13), "refused Unit of measurement: unknown unit 'Percentage'");
    EXPECT_EQ(kept.why(14), "refused Unit of measurement: unknown unit ''");
    EXPECT_EQ(kept.why(15), "refused Category: unknown code 'cts.offences.nonesuch'");
    EXPECT_THAT(kept.why(16), StartsWith("refused Year:"));
    EXPECT_THAT(kept.why(17), StartsWith("refused Year:"));
    for (const std::uint64_t row : {18U, 19U, 20U, 21U}) EXPECT_THAT(kept.why(row), StartsWith("refused VALUE:")) << row;
    EXPECT_THAT(kept.why(22), HasSubstr("another number of cells"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 21U);
}

TEST(UnodcCts, TheShippedFilesAreTakenInWhole) {
    std::size_t rows = 0;
    for (const char* name : {"unodc_cts_corruption_economic_see.csv", "unodc_cts_violent_sexual_see.csv"}) {
        const Kept kept = read_file("unodc_cts", example(name));
        EXPECT_TRUE(kept.aside.empty()) << kept.aside.front().reason;
        rows += kept.observations.size();
    }
    EXPECT_EQ(rows, 2872U + 2694U);
}

TEST(UnodcCts, AFileWithoutItsColumnNamesThoseThatExist) {
    Kept kept;
    const auto done = importer("unodc_cts").read(fixture("unodc_glotip/fixtures/glotip.csv"), catalogue(), kept);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("'VALUE'"));
    EXPECT_THAT(done.error().message, HasSubstr("'txtVALUE'"));
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

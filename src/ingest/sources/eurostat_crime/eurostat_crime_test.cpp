#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("eurostat_crime", fixture("eurostat_crime/fixtures/crim_off_cat.tsv")); }

TEST(EurostatCrime, AColonIsAbsentAndNeverZero) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(3, 0).value, 746);
    EXPECT_EQ(kept.at(3, 1).state, model::State::absent);
    EXPECT_EQ(kept.at(10, 1).state, model::State::measured);  // '0 ' is a zero
    EXPECT_EQ(kept.at(10, 1).value, 0);
    EXPECT_EQ(kept.at(10, 0).state, model::State::withheld);  // ': c', confidential
}

TEST(EurostatCrime, LettersAreFlagsAndAreKept) {
    const Kept kept = fixture_rows();
    std::vector<std::string> flags;
    for (std::size_t year = 0; year < 5; ++year) flags.push_back(kept.at(9, year).flags);
    EXPECT_EQ(flags, (std::vector<std::string>{"b", "bd", "e", "p", "u"}));
    EXPECT_EQ(kept.at(9, 1).value, 20);
    EXPECT_EQ(kept.at(10, 3).value, 7);  // '7b', no blank between
    EXPECT_EQ(kept.at(10, 3).flags, "b");
    EXPECT_EQ(kept.at(10, 4).flags, "");
}

TEST(EurostatCrime, CountriesByTheirOwnCodes) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(4).place, "GR");  // EL
    EXPECT_EQ(kept.at(7).place, "XK");
    EXPECT_EQ(kept.at(6).place, "GB");  // England and Wales is a part, told apart from the country
    EXPECT_EQ(kept.at(6).dims.at("part"), "UKC-L");
    EXPECT_TRUE(kept.at(4).dims.empty());
    EXPECT_EQ(kept.why(11), "refused 2008: unknown country 'EU27_2020'");
}

TEST(EurostatCrime, CountsAndRatesAreTwoThings) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(3).what, "iccs.ICCS0401");
    EXPECT_EQ(kept.at(3).unit, "count");
    EXPECT_EQ(kept.at(8).what, "iccs_rate.ICCS0401");
    EXPECT_EQ(kept.at(8).unit, "per_100k");
    EXPECT_EQ(kept.at(8).value, 19.41);
    EXPECT_EQ(kept.why(12), "refused 2008: unknown unit 'MIO_EUR'");
    EXPECT_EQ(kept.why(13), "refused 2008: unknown code 'iccs.ICCS9999'");
}

TEST(EurostatCrime, KnownEighteenMonthsLaterAndNeverAfterTheEdition) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(core::iso(kept.at(2, 0).period), "2008");
    EXPECT_EQ(core::iso(kept.at(2, 0).known_at), "2010-07-03");
    EXPECT_EQ(core::iso(kept.at(2, 4).known_at), "2022-07-01");
}

TEST(EurostatCrime, SaysOfEachOtherFigureWhy) {
    const Kept kept = fixture_rows();
    for (std::size_t year = 0; year < 5; ++year) EXPECT_THAT(kept.why(14, year), HasSubstr("is neither a figure nor ':'")) << year;
    EXPECT_THAT(kept.why(15, 4), HasSubstr("another number of cells"));  // a torn row gives nothing, not three gaps
    EXPECT_THAT(kept.why(16), HasSubstr("is not frequency A"));
    EXPECT_THAT(kept.why(17, 0), HasSubstr("says the same as row 2"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 16U * 5U);
    EXPECT_EQ(kept.rows, 16U * 5U);
    EXPECT_FALSE(kept.aside.front().original.empty());
}

TEST(EurostatCrime, NamesTheHeadingThatIsWrong) {
    const ingest::testing::Folder folder;
    for (const auto& [text, column] : {std::pair{"geo\t2019\nRO\t1\n", "geo"}, {"freq,iccs,unit,geo\\TIME_PERIOD\t2019-03\nA,ICCS0401,NR,RO\t1\n", "2019-03"}}) {
        Kept kept;
        const auto done = importer("eurostat_crime").read(folder.write("crime.tsv", text), catalogue(), kept);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, core::ErrorCode::bad_input);
        EXPECT_EQ(done.error().where.column, column);
    }
}

TEST(EurostatCrime, TheShippedFileGivesEveryCellAVerdict) {
    const Kept kept = read_file("eurostat_crime", example("eurostat_crim_off_cat.tsv"));
    std::size_t absent = 0;
    for (const auto& o : kept.observations) absent += o.state == model::State::absent;
    EXPECT_EQ(kept.observations.size(), 1558U * 13U);
    EXPECT_EQ(absent, 5424U);  // the colons of the file, counted apart
    EXPECT_TRUE(kept.aside.empty());
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

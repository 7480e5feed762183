#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("unodc_seizures", fixture("unodc_seizures/fixtures/seizures.csv")); }

TEST(UnodcSeizures, RowsAreRecordsNotLines) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(2).dims.at("place_name"), "Kapitan Andreevo\nBCP");  // a line break within the cell
    EXPECT_EQ(kept.at(3).dims.at("place_name"), "Karasovici");
}

TEST(UnodcSeizures, KeepsAmountUnitAndWay) {
    const Kept kept = fixture_rows();
    const auto& first = kept.at(9);
    EXPECT_EQ(first.what, "seizure.heroin");
    EXPECT_EQ(first.place, "BG");
    EXPECT_EQ(first.unit, "kg");
    EXPECT_EQ(first.value, 7.09);
    EXPECT_EQ(core::iso(first.period), "2012-03-30");
    EXPECT_EQ(core::iso(first.known_at), "2013-03-31");
    EXPECT_EQ(first.dims, (std::map<std::string, std::string>{{"place_name", "Vidin Ferry BCP"}, {"drug_name", "heroin"}, {"hiding_place", "car_parts"}, {"installation", "car"},
                                                              {"transport", "private_road"}, {"departure", "BG"}, {"destination", "GB"}}));
    EXPECT_EQ(kept.at(13).place, "MD");  // 'Moldova, Republic of'
    EXPECT_EQ(kept.at(13).unit, "g");    // as given, not converted
    EXPECT_EQ(kept.at(13).value, 605);
    EXPECT_EQ(kept.at(11).dims.count("departure"), 0U);  // 'Unknown' is no country
    EXPECT_EQ(kept.at(12).unit, "l");                    // 75 litres beside 14.5 kilograms: two seizures
}

TEST(UnodcSeizures, ASeizureReportedTwiceIsSetAside) {
    const Kept kept = fixture_rows();
    const std::string again = "duplicate : reports the seizure of row ";
    EXPECT_THAT(kept.why(4), StartsWith(again + "3 "));    // 'BC Karasovići' beside 'Karasovici', two coding schemes
    EXPECT_THAT(kept.why(8), StartsWith(again + "7 "));    // 4050 g, 4.05 kg
    EXPECT_THAT(kept.why(10), StartsWith(again + "9 "));   // another destination
    EXPECT_THAT(kept.why(16), StartsWith(again + "15 "));  // 'Kapitan Andreevo BCP'
    EXPECT_THAT(kept.why(18), StartsWith(again + "17 "));  // 2786 tablets, 2.786 kg
    EXPECT_THAT(kept.why(25), StartsWith(again + "24 "));  // no place: the division stands for it
    EXPECT_EQ(kept.verdicts("duplicate"), 6U);
    EXPECT_EQ(kept.at(3).dims.at("place_name"), "Karasovici");  // the first is kept, its text untouched
}

TEST(UnodcSeizures, AnotherDayDrugAmountUnitOrDivisionIsAnotherSeizure) {
    const Kept kept = fixture_rows();
    for (const std::uint64_t row : {6U, 19U, 20U, 21U, 22U, 23U, 24U}) EXPECT_EQ(kept.why(row), "") << row;
    EXPECT_EQ(kept.at(5).value, 1.63);
    EXPECT_EQ(kept.at(6).value, 1.64);  // nearly the same is not the same
}

TEST(UnodcSeizures, NothingIsGuessed) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.why(14), "refused DRUG_UNIT: no unit is stated");
    EXPECT_EQ(kept.why(26), "refused DRUG_UNIT: unknown unit 'Bucket'");
    EXPECT_EQ(kept.why(27), "refused DRUG_UNIT: no unit is stated");
    for (const std::uint64_t row : {28U, 29U, 30U}) EXPECT_THAT(kept.why(row), StartsWith("refused AMOUNT:")) << row;
    EXPECT_EQ(kept.why(31), "refused DRUG_NAME: unknown drug 'Moondust'");
    EXPECT_EQ(kept.why(32), "refused DRUG_NAME: no drug is named");
    EXPECT_EQ(kept.why(33), "refused COUNTRY: unknown country 'Atlantis'");
    EXPECT_EQ(kept.why(34), "refused COUNTRY: unknown country ''");
    EXPECT_THAT(kept.why(35), StartsWith("refused SEIZURE_DATE:"));
    EXPECT_THAT(kept.why(36), StartsWith("refused SEIZURE_DATE:"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 35U);
}

TEST(UnodcSeizures, TheShippedFileHoldsOneSeizureWithoutAUnit) {
    const Kept kept = read_file("unodc_seizures", example("unodc_ids_see.csv"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 1220U);
    EXPECT_EQ(kept.verdicts("refused"), 1U);
    EXPECT_GE(kept.verdicts("duplicate"), 51U);
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

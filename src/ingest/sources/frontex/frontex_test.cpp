#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("frontex_detections", fixture("frontex/fixtures/detections.csv")); }

TEST(Frontex, KeepsRouteBorderAndCitizenshipAsGiven) {
    const Kept kept = fixture_rows();
    const auto& first = kept.at(2);
    EXPECT_EQ(first.what, "frontex.detections");
    EXPECT_EQ(first.unit, "count");
    EXPECT_EQ(first.nature, model::Nature::detection);
    EXPECT_EQ(first.value, 631);
    EXPECT_EQ(first.place, "");  // a detection at a border belongs to no one country
    EXPECT_EQ(core::iso(first.period), "2015-01");
    EXPECT_EQ(first.dims, (std::map<std::string, std::string>{{"route", "western_balkan"}, {"border", "land"}, {"citizenship", "SYR"}}));
    EXPECT_EQ(core::iso(first.known_at), "2015-03-18");  // end of January and 45 days
    EXPECT_EQ(kept.at(8).dims.at("route"), "other_migration");
    EXPECT_EQ(kept.at(12).dims.at("route"), "arctic_route");  // not in the catalogue: keeps its own name
}

TEST(Frontex, UnknownCitizenshipIsNotKosovo) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(9).dims.at("citizenship"), "UNK");
    EXPECT_EQ(kept.at(7).dims.at("citizenship"), "XKX");
}

TEST(Frontex, InventsNoMonthAndKeepsAStatedZero) {
    const Kept kept = fixture_rows();
    std::vector<std::string> black_sea;
    for (const auto& o : kept.observations)
        if (o.dims.at("route") == "black_sea_migration") black_sea.push_back(core::iso(o.period));
    EXPECT_EQ(black_sea, (std::vector<std::string>{"2012-08", "2014-05"}));
    EXPECT_EQ(kept.at(23).value, 0);
    EXPECT_EQ(kept.at(23).state, model::State::measured);
}

TEST(Frontex, SaysOfEachOtherRowWhy) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.why(10), "duplicate : says the same as row 2");
    EXPECT_THAT(kept.why(11), StartsWith("refused : contradicts row 2"));
    EXPECT_EQ(kept.why(13), "refused route: no route is named");
    EXPECT_THAT(kept.why(14), HasSubstr("Land or Sea, not 'Air'"));
    EXPECT_THAT(kept.why(15), StartsWith("refused nat: 'SY'"));
    EXPECT_THAT(kept.why(16), StartsWith("refused t:"));
    EXPECT_THAT(kept.why(17), HasSubstr("a month (YYYY-MM) is wanted"));
    for (const std::uint64_t row : {18U, 19U, 20U, 21U}) EXPECT_THAT(kept.why(row), StartsWith("refused n:")) << row;
    EXPECT_THAT(kept.why(22), HasSubstr("another number of cells"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 22U);  // no row without a verdict
    EXPECT_EQ(kept.rows, 22U);
}

TEST(Frontex, TheShippedFileHoldsTheWesternBalkanTotalOf2015) {
    const Kept kept = read_file("frontex_detections", example("frontex_monthly_detections.csv"));
    double total = 0;
    for (const auto& o : kept.observations)
        if (o.dims.at("route") == "western_balkan" && core::iso(o.period).starts_with("2015")) total += o.value;
    EXPECT_EQ(total, 764033);
    EXPECT_EQ(kept.observations.size(), 31176U);
    EXPECT_TRUE(kept.aside.empty());
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

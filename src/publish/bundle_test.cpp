#include "publish/bundle.hpp"

#include <gtest/gtest.h>

namespace threatlas::publish {
namespace {

store::Snapshot sample() {
    store::Snapshot s;
    s.dictionary = {"iccs.ICCS0401", "", "RO", "count", "a=1,2;b=\"x\"\ny", "p", "unevaluated", "TLP:CLEAR", "eurostat_crime", "hash", "f,1.csv"};
    auto& c = s.columns;
    c.what = {0, 0}, c.member = {1, 1}, c.place = {2, 2}, c.unit = {3, 3}, c.dims = {4, 1}, c.flags = {5, 1};
    c.evaluation = {6, 6}, c.handling = {7, 7}, c.source = {8, 8}, c.submission = {9, 9}, c.file = {10, 10};
    c.begin = {17000, 17365}, c.end = {17365, 17730}, c.known_at = {18000, 18001};
    c.value = {0.1, 1e22}, c.upper = {4, 1e22}, c.state = {1, 0}, c.nature = {0, 10}, c.statement = {0, 1}, c.row = {2, 3};
    return s;
}

TEST(BundleCsv, ReadsBackWhatItWrote) {
    const std::string csv = observations_csv(sample());
    const auto again = snapshot_from_csv(csv, "test");
    ASSERT_TRUE(again) << core::describe(again.error());
    EXPECT_EQ(observations_csv(*again), csv);
    EXPECT_EQ(again->text(again->columns.dims[0]), "a=1,2;b=\"x\"\ny");
    EXPECT_EQ(again->columns.value[0], 0.1);
}

TEST(BundleCsv, RefusesEveryTruncation) {
    const std::string csv = observations_csv(sample());
    const std::size_t first_row = csv.find('\n') + 1;
    int whole = 0;
    for (std::size_t size = 0; size < csv.size(); ++size) whole += snapshot_from_csv(csv.substr(0, size), "test").has_value();
    // Only a cut between two records leaves something whole: the heading alone, and one row.
    EXPECT_EQ(whole, 2);
    EXPECT_TRUE(snapshot_from_csv(csv.substr(0, first_row), "test"));
}

TEST(BundleCsv, NamesTheDamagedRow) {
    std::string csv = observations_csv(sample());
    csv.replace(csv.rfind("2018-"), 5, "2018/");
    const auto read = snapshot_from_csv(csv, "observations.csv");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().where.source, "observations.csv");
    EXPECT_EQ(read.error().where.row, 3U);
}

}  // namespace
}  // namespace threatlas::publish

#include <gmock/gmock.h>

#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("ransomwhere", fixture("ransomwhere/fixtures/payments.csv.gz")); }

TEST(Ransomwhere, OneObservationAPaymentFromACompressedFile) {
    const Kept kept = fixture_rows();
    ASSERT_EQ(kept.observations.size(), 4U);
    const auto& first = kept.at(2);
    EXPECT_EQ(first.what, "ransom.payment");
    EXPECT_EQ(first.unit, "USD");
    EXPECT_EQ(first.nature, model::Nature::loss);
    EXPECT_EQ(first.value, 3311.31);
    EXPECT_EQ(first.place, "");
    EXPECT_EQ(core::iso(first.period), "2020-04-25");
    EXPECT_EQ(core::iso(first.known_at), "2020-05-26");
}

TEST(Ransomwhere, KeepsTheFamilyAndNoAddress) {
    for (const auto& o : fixture_rows().observations) EXPECT_EQ(o.dims.size(), 1U);
    EXPECT_EQ(fixture_rows().at(2).dims.at("family"), "netwalker_mailto");
}

TEST(Ransomwhere, SaysOfEachOtherRowWhy) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.why(5), "duplicate : the payment of row 4 again");
    EXPECT_EQ(kept.why(6), "");  // one unit of the currency more: another payment
    EXPECT_THAT(kept.why(7), StartsWith("refused amount_usd: '0.0'"));
    EXPECT_THAT(kept.why(8), StartsWith("refused amount_usd: '-4'"));
    EXPECT_THAT(kept.why(9), StartsWith("refused time_utc:"));
    EXPECT_THAT(kept.why(10), StartsWith("refused time_utc:"));
    EXPECT_EQ(kept.why(11), "refused family: no family is named");
    EXPECT_THAT(kept.why(12), StartsWith("refused amount_usd: 'inf'"));
}

TEST(Ransomwhere, TheShippedFileGivesEveryRowAVerdict) {
    const Kept kept = read_file("ransomwhere", example("ransom_payments.csv.gz"));
    EXPECT_EQ(kept.observations.size() + kept.aside.size(), 17870U);
    EXPECT_EQ(kept.verdicts("refused"), 1152U);  // dust worth less than half a cent
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

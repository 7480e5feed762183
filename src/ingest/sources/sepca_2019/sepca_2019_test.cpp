#include <gmock/gmock.h>

#include "ingest/recorder.hpp"
#include "ingest/sources/kept_test.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Sepca2019, StatementsBecomeDatedJudgementsOfOneSource) {
    const Kept kept = read_file("sepca_2019", fixture("sepca_2019/fixtures/statements.csv"));
    const auto& first = kept.claims.at(0);
    EXPECT_EQ(first.id, "S01");
    EXPECT_EQ(first.threat, "property.burglary_dwelling");
    EXPECT_EQ(first.kind, model::ClaimKind::grade);
    EXPECT_EQ(first.value, "high");
    EXPECT_EQ(first.scope, "region");
    EXPECT_EQ(first.organisation, "sepca_2019");
    EXPECT_EQ(core::iso(first.dated), "2019-12-12");
    EXPECT_EQ(core::iso(first.known_at), "2019-12-12");
    EXPECT_EQ(first.evaluation, "admiralty:B6");
    EXPECT_EQ(first.handling, "TLP:CLEAR");
    EXPECT_EQ(first.row, 2U);
    EXPECT_EQ(kept.claims.at(1).kind, model::ClaimKind::role);
    EXPECT_EQ(kept.claims.at(2).kind, model::ClaimKind::modus_operandi);
    EXPECT_EQ(kept.claims.at(2).value, "entry.window|entry.balcony|entry.key|entry.door_break");
    EXPECT_EQ(kept.claims.at(3).kind, model::ClaimKind::trend);
    EXPECT_EQ(kept.claims.at(4).kind, model::ClaimKind::note);
}

TEST(Sepca2019, UnknownWordsAndAnIdTwiceAreRefused) {
    core::NoProgress progress;
    store::SubmissionInfo info;
    info.source = "sepca_2019";
    info.known_at = importer("sepca_2019").published();
    Recorder recorder(catalogue(), info, nullptr, nullptr, progress);
    ASSERT_TRUE(importer("sepca_2019").read(fixture("sepca_2019/fixtures/statements.csv"), catalogue(), recorder));
    const Outcome outcome = recorder.finish();
    EXPECT_EQ(outcome.info.accepted, 5U);
    std::vector<std::string> said;
    for (const auto& each : outcome.first_rejects) said.push_back(std::to_string(each.row) + " " + each.column + ": " + each.reason);
    ASSERT_EQ(said.size(), 7U);
    EXPECT_EQ(said[0], "7 threat: unknown threat 'property.nonesuch'");
    EXPECT_EQ(said[1], "8 lens: unknown lens 'seventh_lens'");
    EXPECT_EQ(said[2], "9 criterion: unknown criterion 'beauty'");
    EXPECT_EQ(said[3], "10 kind: unknown kind 'rumour'");
    EXPECT_EQ(said[4], "11 value: unknown modus operandi code 'entry.teleport'");
    EXPECT_THAT(said[5], HasSubstr("not 'enormous'"));
    EXPECT_THAT(said[6], HasSubstr("was used by row 2"));
    EXPECT_THAT(outcome.first_rejects.front().original, StartsWith("T1,property,"));  // the row as it stood
}

TEST(Sepca2019, AllSixtyAreTakenIn) {
    const Kept kept = read_file("sepca_2019", example("sepca_2019_statements.csv"));
    EXPECT_EQ(kept.claims.size(), 60U);
    EXPECT_TRUE(kept.aside.empty());
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

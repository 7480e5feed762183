#include "store/dossiers.hpp"

#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::auditor;
using testing::fixed_clock;
using testing::Folder;
using testing::must;

Dossier signal(const std::string& id, const std::string& handling = "TLP:AMBER") { return {.kind = "signal", .id = id, .handling = handling, .at = {}, .json = "{\"n\":1}", .steps = {}}; }

TEST(Dossiers, KeepTheHeadAndEveryStepWithWhoAndWhen) {
    const Folder folder;
    auto store = must(Store::create(folder / "s", fixed_clock()));
    EXPECT_TRUE(must(store->open_dossier(analyst(), signal("S-1"))));
    EXPECT_FALSE(must(store->open_dossier(analyst(), signal("S-1"))));   // again: nothing to do
    must(store->add_step(analyst(), "signal", "S-1", "acknowledged", "{}"));
    must(store->add_step(analyst(), "signal", "S-1", "closed", "{\"outcome\":\"true\"}"));
    auto again = must(Store::open(folder / "s", fixed_clock()));
    const auto all = must(again->dossiers(analyst(), "signal"));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].json, "{\"n\":1}");
    ASSERT_EQ(all[0].steps.size(), 2U);
    EXPECT_EQ(all[0].steps[1].action, "closed");
    EXPECT_EQ(all[0].steps[1].person, "ana");
    EXPECT_EQ(all[0].steps[1].at, "2026-03-01T12:00:00Z");
    EXPECT_TRUE(must(again->dossiers(analyst(), "decision")).empty());
    EXPECT_GT(must(again->verify_audit(auditor())), 3U);
}

TEST(Dossiers, AreReadAndFollowedUpOnlyWithTheClearance) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    must(store->open_dossier(analyst(), signal("S-1", "TLP:RED")));
    must(store->open_dossier(analyst(), signal("S-2", "")));   // unmarked is for nobody below RED
    must(store->open_dossier(analyst(), signal("S-3", "TLP:GREEN")));
    const auto seen = must(store->dossiers(analyst("TLP:AMBER"), "signal"));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].id, "S-3");
    EXPECT_EQ(store->add_step(analyst("TLP:AMBER"), "signal", "S-1", "closed", "{}").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(store->add_step(analyst(), "signal", "S-9", "closed", "{}").error().code, ErrorCode::not_found);
    EXPECT_EQ(store->open_dossier(analyst(), signal("")).error().code, ErrorCode::bad_input);
    model::Reader nobody = analyst();
    nobody.purpose.clear();
    EXPECT_EQ(store->dossiers(nobody, "signal").error().code, ErrorCode::not_allowed);
}

TEST(Dossiers, WhatIsChangedOutsideShows) {
    for (const char* change : {"UPDATE dossiers SET body = '{}'", "UPDATE dossiers SET handling = 0", "DELETE FROM dossier_steps", "UPDATE dossier_steps SET body = '{\"outcome\":\"false\"}'", "UPDATE dossier_steps SET person = 'eve'",
                               "INSERT INTO dossiers (number, kind, id, handling, at, body) VALUES (9, 'signal', 'S-9', 0, '', '')"}) {
        const Folder folder;
        auto store = must(Store::create(folder / "s"));
        must(store->open_dossier(analyst(), signal("S-1")));
        must(store->add_step(analyst(), "signal", "S-1", "closed", "{\"outcome\":\"true\"}"));
        must(store->verify_audit(auditor()));
        {
            auto database = must(Database::open((folder / "s") + "/threatlas.db", false));
            must(database.run(std::string_view(change)));
        }
        EXPECT_EQ(store->verify_audit(auditor()).error().code, ErrorCode::mismatch) << change;
    }
}

}  // namespace
}  // namespace threatlas::store

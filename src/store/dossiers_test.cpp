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

TEST(Dossiers, WhatIsAddressedIsForWhoIsNamed) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    const auto reader = [](const std::string& organisation, const std::string& purpose = "joint_operation") { return model::Reader{"p", organisation, model::Role::contact_point, "TLP:RED H3", purpose}; };
    for (const auto& [id, handling] : {std::pair{"N-1.1", "TLP:GREEN"}, {"N-1.2", "TLP:AMBER"}, {"N-1.3", "TLP:RED"}, {"N-2.1", "TLP:AMBER H1"}}) {
        Dossier head{.kind = "bulletin", .id = id, .handling = handling, .at = {}, .json = "{}", .steps = {}, .originators = {"rs_mup"}, .audience = {"bg_mvr", "rs_mup"}};
        must(store->open_dossier(reader("rs_mup"), head));
    }
    const auto seen = [&](const model::Reader& who) { return must(store->dossiers(who, "bulletin")).size(); };
    EXPECT_EQ(seen(reader("rs_mup")), 4U);
    EXPECT_EQ(seen(reader("bg_mvr")), 4U);
    EXPECT_EQ(seen(reader("me_up")), 1U) << "what is GREEN is the community's";
    EXPECT_EQ(seen(reader("regional")), 1U) << "the working group was not addressed";
    EXPECT_EQ(seen(reader("bg_mvr", "judicial")), 3U) << "H1: being addressed is no leave for a court";
    EXPECT_EQ(must(store->dossiers_of(reader("bg_mvr"), "bulletin", "N-1")).size(), 3U);
    EXPECT_EQ(must(store->dossiers_of(reader("bg_mvr"), "bulletin", "N-1.2")).size(), 1U);
    EXPECT_EQ(must(store->dossiers_of(reader("bg_mvr"), "bulletin", "%")).size(), 0U);
    EXPECT_EQ(store->add_step(reader("me_up"), "bulletin", "N-1.3", "read", "{}").error().code, ErrorCode::not_allowed);
    must(store->give_consent(reader("rs_mup"), {.id = {}, .originator = "rs_mup", .submission = "N-1", .to = "me_up", .purpose = {}, .given_by = "desk", .until = {}, .revoked = false, .handling = {}}));
    EXPECT_EQ(seen(reader("me_up")), 3U) << "a consent for one bulletin opens this one";
    must(store->verify_audit(auditor()));
}

TEST(Dossiers, WhatIsChangedOutsideShows) {
    for (const char* change : {"UPDATE dossiers SET audience = 'me_up'", "UPDATE dossiers SET body = '{}'", "UPDATE dossiers SET handling = 0", "DELETE FROM dossier_steps", "UPDATE dossier_steps SET body = '{\"outcome\":\"false\"}'", "UPDATE dossier_steps SET person = 'eve'",
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

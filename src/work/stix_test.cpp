#include <gtest/gtest.h>

#include <algorithm>

#include "core/progress.hpp"
#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/records.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"
#include "ingest/test_region.hpp"
#include "work/library.hpp"
#include "work/misp.hpp"
#include "work/stix_export.hpp"
#include "work/stix_import.hpp"

namespace threatlas::work {
namespace {

namespace json = core::json;
namespace stix = exchange::stix;
using core::ErrorCode;
using ingest::testing::Folder;
using ingest::testing::must;

const model::Catalogue& shipped() {
    static const model::Catalogue catalogue = must(model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see"));
    return catalogue;
}

model::Reader group(const std::string& purpose = "contribution") { return {"ana", "regional", model::Role::analyst, "TLP:RED H3", purpose}; }

const std::string kExample = THREATLAS_SOURCE_DIR "/examples/stix/sighting.json";

TakeOptions how() {
    TakeOptions out;
    out.today = must(core::parse_day("2026-06-01")), out.path = kExample;
    return out;
}

Taken take(store::Store& store, const std::string& text, const TakeOptions& options) {
    core::NoProgress quiet;
    return must(take_stix(store, group(), shipped(), text, options, quiet));
}

std::vector<std::string> library_texts(store::Store& store) {
    std::vector<std::string> out;
    const auto read = each_of_library(store, group("management"), [&](const store::ExchangedObject& object) -> core::Result<void> {
        out.push_back(object.text);
        return {};
    });
    EXPECT_TRUE(read);
    return out;
}

TEST(Stix, WhatComesInIsKeptByteForByteAndPersonsAreLeftOut) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    const std::string text = must(core::read_file(kExample));
    const Taken taken = take(*store, text, how());
    EXPECT_EQ(taken.objects, 7U);
    EXPECT_EQ(taken.added, 6U);
    EXPECT_EQ(taken.persons, 1U);
    EXPECT_TRUE(taken.refused.empty());
    EXPECT_EQ(taken.codes, std::vector<std::string>{"forgery.vin"});
    const auto kept = library_texts(*store);
    const auto parts = must(stix::slices(text, "t"));
    for (const auto& each : parts.slices) EXPECT_EQ(std::count(kept.begin(), kept.end(), each.text), stix::is_person(must(stix::object_of(each, "t"))) ? 0 : 1);
    EXPECT_EQ(take(*store, text, how()).present, 6U);
    TakeOptions all = how();
    all.with_persons = true;
    EXPECT_EQ(take(*store, text, all).added, 1U);
    const auto bundle = must(stix_objects(*store, group("publication"), shipped(), {{"library"}, "latest"}));
    for (const auto& each : parts.slices) EXPECT_EQ(std::count(bundle.texts.begin(), bundle.texts.end(), each.text), 1) << each.text;
}

TEST(Stix, WhatOthersSawBecomesAJudgementThatScoresNothing) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    take(*store, must(core::read_file(kExample)), how());
    const auto snapshot = must(store->snapshot(group("assessment"), {}));
    ASSERT_FALSE(snapshot.claims.empty());
    EXPECT_EQ(snapshot.size(), 0U);
    for (const auto& each : snapshot.claims) {
        EXPECT_EQ(each.kind, model::ClaimKind::modus_operandi);
        EXPECT_EQ(each.value, "forgery.vin");
        EXPECT_EQ(each.organisation, "exchange");
    }
    EXPECT_TRUE(std::any_of(snapshot.claims.begin(), snapshot.claims.end(), [](const auto& c) { return c.scope == "rs_mup" && c.handling == "TLP:AMBER"; }));
    EXPECT_TRUE(std::any_of(snapshot.claims.begin(), snapshot.claims.end(), [](const auto& c) { return c.scope == "region" && c.handling == "TLP:GREEN"; }));
}

TEST(Stix, AnUnmarkedObjectIsTheStrictest) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    take(*store, must(core::read_file(kExample)), how());
    std::size_t strict = 0;
    const auto read = each_of_library(*store, group("management"), [&](const store::ExchangedObject& object) -> core::Result<void> {
        strict += object.handling == "TLP:RED H1 H2 H3";
        return {};
    });
    ASSERT_TRUE(read);
    EXPECT_EQ(strict, 4U);
    TakeOptions nonsense = how();
    nonsense.handling = "SECRET";
    core::NoProgress quiet;
    EXPECT_EQ(take_stix(*store, group(), shipped(), "[{}]", nonsense, quiet).error().code, ErrorCode::bad_usage);
}

TEST(Stix, WhatCannotBeKeptIsRefusedAloneAndWhatIsNoJsonAltogether) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    auto wrong = stix::of_claim({}, shipped());
    wrong["modified"] = "1960-01-01T00:00:00.000Z";
    const std::string good = core::write_json(stix::organisation_identity("x", "X"));
    const Taken taken = take(*store, "[" + core::write_json(wrong) + "," + good + ",{\"id\":3}]", how());
    EXPECT_EQ(taken.refused.size(), 2U);
    EXPECT_EQ(taken.added, 1U);
    core::NoProgress quiet;
    EXPECT_FALSE(take_stix(*store, group(), shipped(), "[" + good + ",{\"a\":nope}]", how(), quiet));
    EXPECT_EQ(library_texts(*store).size(), 1U);
    // Another content under the same id and version.
    auto other = stix::organisation_identity("x", "Y");
    const Taken again = take(*store, "[" + core::write_json(other) + "]", how());
    EXPECT_EQ(again.added, 0U);
}

TEST(Stix, EverythingWrittenIsValid) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    take(*store, must(core::read_file(kExample)), how());
    const auto bundle = must(stix_objects(*store, group("publication"), shipped(), {}));
    const auto found = must(stix::validate(stix::bundle(bundle.texts), "t"));
    EXPECT_EQ(found.faulty, 0U) << (found.problems.empty() ? "" : found.problems[0].id + found.problems[0].path + found.problems[0].message);
    EXPECT_GT(bundle.types.at("attack-pattern"), 50U);
    EXPECT_EQ(stix_objects(*store, group("publication"), shipped(), {{"everything"}, "latest"}).error().code, ErrorCode::bad_usage);
    const auto rows = must(stix_rows(shipped(), bundle.texts));
    ASSERT_EQ(rows.size(), bundle.texts.size());
    for (const auto& row : rows) EXPECT_EQ(row.size(), kStixHeadings.size());
}

TEST(Stix, WhatMayNotBeDisclosedIsLeftOut) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    store::SubmissionInfo info;
    info.id = std::string(64, 'a'), info.source = "questionnaire", info.member = "rs_mup", info.file = "q.csv", info.mapping = "questionnaire", info.known_at = core::Day{20'000};
    auto submission = must(store->begin(group(), info));
    for (const char* handling : {"TLP:AMBER", "TLP:AMBER H2"}) {
        model::Claim claim;
        claim.id = std::string("Q-") + handling, claim.threat = "property.vehicle_theft", claim.kind = model::ClaimKind::grade, claim.value = "high", claim.organisation = "rs_mup", claim.handling = handling, claim.dated = claim.known_at = core::Day{20'000};
        claim.submission = info.id, claim.source = info.source, claim.file = info.file, claim.row = 2;
        ASSERT_TRUE(submission->add(claim));
    }
    ASSERT_TRUE(submission->commit(2));
    const auto bundle = must(stix_objects(*store, group("publication"), shipped(), {{"judgements"}, "latest"}));
    EXPECT_EQ(bundle.types.at("opinion"), 1U);
    EXPECT_EQ(bundle.withheld, 1U);
}

TEST(Stix, MispEventsComeBackWithAllTheyHad) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    const std::string path = THREATLAS_SOURCE_DIR "/examples/misp/event.json", text = must(core::read_file(path));
    TakeOptions options = how();
    options.path = path;
    core::NoProgress quiet;
    const auto taken = must(take_misp(*store, group(), shipped(), text, options, quiet));
    EXPECT_EQ(taken.kind, "events");
    EXPECT_EQ(taken.taken.codes, std::vector<std::string>{"tool.explosive"});
    EXPECT_GE(taken.taken.judgements.info.accepted, 1U);
    const auto events = must(misp_events(*store, group("publication"), shipped()));
    ASSERT_EQ(events.events.size(), 1U);
    EXPECT_EQ(core::write_json(events.events[0]), core::write_json(must(core::parse_json(text, "t"))));
    EXPECT_FALSE(take_misp(*store, group(), shipped(), "{}", options, quiet));
}

}  // namespace
}  // namespace threatlas::work

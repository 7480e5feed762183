#include "exchange/stix/meaning.hpp"

#include <gtest/gtest.h>

#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/records.hpp"

namespace threatlas::exchange::stix {
namespace {

namespace json = core::json;

const model::Catalogue& shipped() {
    static const model::Catalogue catalogue = *model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
    return catalogue;
}

json::object object(std::string_view type, std::string_view key, json::object more) {
    json::object out{{"type", type}, {"spec_version", "2.1"}, {"id", id_of(type, key)}, {"created", "2026-03-01T00:00:00.000Z"}, {"modified", "2026-03-01T00:00:00.000Z"}};
    for (auto& each : more) out[each.key()] = each.value();
    return out;
}
json::object uses(std::string_view by, std::string_view what) { return object("relationship", std::string(by) + std::string(what), {{"relationship_type", "uses"}, {"source_ref", id_of(by, "who")}, {"target_ref", what}, {"description", "John Invented does it"}}); }

TEST(Meaning, PatternsAreKnownByIdReferenceTagTitleAndAlias) {
    const std::vector<json::object> all{object("attack-pattern", "a", {{"name", "ENTRY BY WINDOW"}}), object("attack-pattern", "b", {{"name", "?"}, {"labels", json::array{"misp-galaxy:financial-fraud=\"ATM Explosive Attack\""}}}),
                                        object("attack-pattern", "c", {{"name", "?"}, {"external_references", json::array{json::object{{"source_name", "threatlas-see"}, {"external_id", "forgery.vin"}}}}}), object("attack-pattern", "d", {{"name", "Something else"}})};
    const Meaning meaning(shipped(), all);
    EXPECT_EQ(meaning.of(all[0]).codes, std::vector<std::string>{"entry.window"});
    EXPECT_EQ(meaning.of(all[1]).codes, std::vector<std::string>{"tool.explosive"});
    EXPECT_EQ(meaning.of(all[2]).codes, std::vector<std::string>{"forgery.vin"});
    EXPECT_TRUE(meaning.of(all[3]).codes.empty());
    const auto report = object("report", "r", {{"object_refs", json::array{all[0].at("id"), country_id(shipped(), "RS"), threat_id(shipped(), "drugs.cocaine")}}});
    EXPECT_EQ(meaning.of(report).places, std::vector<std::string>{"RS"});
    EXPECT_EQ(meaning.of(report).threats, std::vector<std::string>{"drugs.cocaine"});
}

TEST(Meaning, WhatPersonsDoIsNoStatementAndNobodysWordsAreTakenOver) {
    const std::string code = code_id(shipped(), "entry.window");
    for (const char* by : {"threat-actor", "identity", "user-account"}) {
        const std::vector<json::object> all{uses(by, code)};
        EXPECT_TRUE(Meaning(shipped(), all).seen().empty()) << by;
    }
    std::vector<json::object> all{uses("intrusion-set", code), object("sighting", "s", {{"sighting_of_ref", code}, {"description", "John Invented"}, {"last_seen", "2026-02-03T00:00:00Z"}, {"where_sighted_refs", json::array{country_id(shipped(), "RS")}}})};
    const auto seen = Meaning(shipped(), all).seen();
    ASSERT_EQ(seen.size(), 2U);
    for (const auto& each : seen) {
        EXPECT_EQ(each.code, "entry.window");
        EXPECT_EQ(each.text.find("John"), std::string::npos);
        EXPECT_EQ(each.handling, "");
    }
    all[0]["revoked"] = true;
    EXPECT_EQ(Meaning(shipped(), all).seen().size(), 1U);
    EXPECT_EQ(Meaning(shipped(), all).seen()[0].place, "RS");
    EXPECT_EQ(Meaning(shipped(), all).seen()[0].dated, "2026-02-03");
    EXPECT_TRUE(is_person(object("identity", "p", {{"identity_class", "individual"}})));
    EXPECT_FALSE(is_person(object("identity", "o", {{"identity_class", "organization"}})));
}

}  // namespace
}  // namespace threatlas::exchange::stix

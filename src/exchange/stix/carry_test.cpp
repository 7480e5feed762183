#include "exchange/stix/carry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/times.hpp"

namespace threatlas::exchange::stix {
namespace {

namespace json = core::json;

Carried bulletin() {
    return {.kind = "bulletin", .id = "rs_mup/N-1", .created = "2026-11-29T10:00:00Z", .modified = "2026-11-29T11:00:00.5Z", .title = "Opening tools", .text = "Seen twice.", .handling = "TLP:AMBER H1", .originators = {"rs_mup"},
            .record = {{"places", json::array{"RS", "BA"}}, {"n", 3}}};
}

TEST(Carry, ComesBackWhole) {
    for (const char* type : {"report", "note", "opinion", "grouping"}) {
        const auto text = core::write_json(carry(type, bulletin()));
        const auto back = carried(core::parse_json(text, "t")->get_object());
        ASSERT_TRUE(back) << back.error().message;
        Carried expected = bulletin();
        expected.created = "2026-11-29T10:00:00.000Z", expected.modified = "2026-11-29T11:00:00.500Z";
        EXPECT_EQ(*back, expected) << type;
    }
}

TEST(Carry, SaysWhatEveryToolReads) {
    const auto object = carry("report", bulletin());
    EXPECT_EQ(object.at("name"), "Opening tools");
    EXPECT_EQ(object.at("published"), "2026-11-29T10:00:00.000Z");
    EXPECT_EQ(object.at("created_by_ref"), json::value(organisation_id("rs_mup")));
    EXPECT_EQ(handling_of(object), "TLP:AMBER H1");
    EXPECT_FALSE(object.contains("revoked"));
}

TEST(Carry, ALyingObjectIsRefused) {
    auto object = carry("note", bulletin());
    object["id"] = id_of("note", "bulletin/other");
    EXPECT_FALSE(carried(object));
    object = carry("note", bulletin());
    object["modified"] = "2020-01-01T00:00:00.000Z";
    EXPECT_FALSE(carried(object));
    object.erase("extensions");
    EXPECT_FALSE(carried(object));
    EXPECT_FALSE(is_carried(object));
}

TEST(Carry, TheStricterOfTextAndMarkingsCounts) {
    auto object = carry("note", bulletin());
    object["object_marking_refs"] = marking_refs("TLP:RED");
    EXPECT_EQ(carried(object)->handling, "TLP:RED H1");
    object["object_marking_refs"] = json::array{"marking-definition--00000000-0000-4000-8000-000000000000"};
    EXPECT_EQ(carried(object)->handling, "");
    Carried bare = bulletin();
    bare.handling = "";
    EXPECT_EQ(handling_of(carry("note", bare)), "TLP:RED H1 H2 H3");
}

TEST(Markings, PublishedIdsAndWords) {
    EXPECT_EQ(marking_refs("TLP:AMBER+STRICT").at(0), "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003");
    EXPECT_EQ(marking_refs("whatever").size(), 4u);
    EXPECT_EQ(marking_objects().size(), 9u);
    EXPECT_EQ(plain_handling("TLP:WHITE  H3 H1"), "TLP:CLEAR H1 H3");
    EXPECT_EQ(join_handling("TLP:GREEN H3", "TLP:AMBER H1"), "TLP:AMBER H1 H3");
    EXPECT_EQ(join_handling("TLP:GREEN", ""), "");
}

TEST(Markings, WhatIsNotKnownIsStrictest) {
    json::object object{{"type", "note"}};
    EXPECT_EQ(handling_of(object), "");
    EXPECT_EQ(handling_of(object, "TLP:GREEN"), "TLP:GREEN");
    const auto statement = statement_marking("(c) somebody");
    object["object_marking_refs"] = json::array{statement.at("id")};
    EXPECT_EQ(handling_of(object, "TLP:GREEN"), "");
    const Definitions known = [&](std::string_view id) { return id == std::string_view(statement.at("id").get_string()) ? &statement : nullptr; };
    EXPECT_EQ(handling_of(object, "TLP:GREEN", known), "TLP:GREEN");
    object["object_marking_refs"].get_array().emplace_back("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da");
    EXPECT_EQ(handling_of(object, known), "TLP:GREEN");
    object["granular_markings"] = json::array{json::object{{"marking_ref", marking_refs("TLP:RED").at(0)}, {"selectors", json::array{"name"}}}};
    EXPECT_EQ(handling_of(object, known), "TLP:RED");
}

RC_GTEST_PROP(Markings, ComeBackFromRefs, ()) {
    std::string handling(*rc::gen::element<std::string>("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"));
    for (int code = 0; code < 4; ++code)
        if (*rc::gen::arbitrary<bool>()) handling += " H" + std::to_string(code);
    RC_ASSERT(handling_of({{"object_marking_refs", marking_refs(handling)}}) == handling);
}

TEST(Times, OnlyThoseThatExist) {
    EXPECT_EQ(to_time("2026-11-29"), "2026-11-29T00:00:00.000Z");
    EXPECT_EQ(to_time("2026-11-29T10:00:00.123456Z"), "2026-11-29T10:00:00.123Z");
    EXPECT_FALSE(to_time("2026-02-30"));
    EXPECT_FALSE(to_time("2026-11-29T10:00:00"));
    EXPECT_FALSE(is_time("2026-11-29T24:00:00Z"));
    EXPECT_FALSE(is_time("2026-11-29T10:00:00.Z"));
    EXPECT_FALSE(is_time("2026-11-29T10:00:00.1234Z", 3));
    EXPECT_FALSE(is_time("2026-11-29T10:00:00+00:00"));
}

}  // namespace
}  // namespace threatlas::exchange::stix

#include "exchange/stix/validate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/schema_texts.hpp"
#include "exchange/stix/slices.hpp"

namespace threatlas::exchange::stix {
namespace {

namespace fs = std::filesystem;
namespace json = core::json;

json::object pattern() {
    return {{"type", "attack-pattern"}, {"spec_version", "2.1"}, {"id", id_of("attack-pattern", "x")}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-02T00:00:00.000Z"}, {"name", "Entry by window"}};
}

std::string said(const json::object& object) {
    std::string out;
    for (const auto& each : problems_of(object)) out += each.path + ": " + each.message + "\n";
    return out;
}

TEST(Validate, ASoundObjectHasNoProblem) { EXPECT_EQ(said(pattern()), ""); }

TEST(Validate, EachFaultIsNamed) {
    const auto with = [](std::string_view key, json::value value) {
        auto object = pattern();
        object[key] = std::move(value);
        return said(object);
    };
    EXPECT_NE(with("name", 3), "");
    EXPECT_NE(with("id", json::value(id_of("note", "x"))), "");
    EXPECT_NE(with("modified", "2025-01-02T00:00:00.000Z").find("is before"), std::string::npos);
    EXPECT_NE(with("created", "2026-02-30T00:00:00.000Z").find("no time that exists"), std::string::npos);
    EXPECT_NE(with("created", "2026-01-01T00:00:00Z"), "");
    EXPECT_NE(with("created_by_ref", json::value(id_of("note", "x"))), "");
    EXPECT_NE(with("object_marking_refs", json::array{id_of("identity", "x")}), "");
    EXPECT_NE(with("object_marking_refs", json::array{}), "");
    EXPECT_NE(with("confidence", 101), "");
    EXPECT_NE(with("spec_version", "2.0"), "");
    EXPECT_NE(with("extensions", json::object{{"mine", json::object{{"a", 1}}}}), "");
    EXPECT_NE(with("extensions", json::object{{id_of("extension-definition", "x"), json::object{{"a", 1}}}}).find("extension_type"), std::string::npos);
    EXPECT_EQ(with("extensions", json::object{{id_of("extension-definition", "x"), json::object{{"extension_type", "property-extension"}, {"a", 1}}}}), "");
    EXPECT_NE(with("granular_markings", json::array{json::object{{"marking_ref", marking_refs("TLP:RED").at(0)}, {"selectors", json::array{"aliases.[0]"}}}}).find("finds nothing"), std::string::npos);
    EXPECT_EQ(with("granular_markings", json::array{json::object{{"marking_ref", marking_refs("TLP:RED").at(0)}, {"selectors", json::array{"name"}}}}), "");
    EXPECT_NE(with("UPPER", 1), "");
    EXPECT_EQ(with("x_custom", 1), "");
    EXPECT_NE(said({{"type", "location"}, {"spec_version", "2.1"}, {"id", id_of("location", "x")}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-02T00:00:00.000Z"}, {"name", "nowhere"}}), "");
    EXPECT_NE(said({{"type", "relationship"}, {"spec_version", "2.1"}, {"id", id_of("relationship", "x")}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-02T00:00:00.000Z"}, {"relationship_type", "uses"}, {"source_ref", id_of("relationship", "y")}, {"target_ref", id_of("tool", "z")}}), "");
    EXPECT_EQ(said({{"type", "x-somebody"}, {"id", id_of("x-somebody", "x")}, {"free", json::array{1, 2}}}), "");
}

TEST(Validate, TheSameVersionTwice) {
    auto other = pattern();
    other["name"] = "Entry by balcony";
    const std::string once = core::write_json(pattern());
    EXPECT_EQ(validate(bundle({once, once}), "t")->faulty, 0u);
    EXPECT_EQ(validate(bundle({once, core::write_json(other)}), "t")->faulty, 1u);
}

TEST(Validate, WhatWeCarryAndMark) {
    for (const char* type : {"report", "note", "opinion", "grouping"})
        EXPECT_EQ(said(carry(type, {.kind = "bulletin", .id = "rs_mup/N-1", .created = "2026-11-29", .modified = "2026-11-29", .title = "a", .text = "b", .handling = "TLP:AMBER H1", .originators = {"rs_mup"}})), "") << type;
    for (const auto& each : marking_objects()) EXPECT_EQ(said(each), "") << each.at("name");
    EXPECT_EQ(said(statement_marking("(c)")), "");
    EXPECT_EQ(said(organisation_identity("rs_mup", "Serbia")), "");
    auto wrong = marking_objects().back();
    wrong["extensions"].get_object().begin()->value().get_object()["code"] = "H9";
    EXPECT_NE(said(wrong), "");
}

// std::regex recurses with the length of what it matches: no pattern may match without end.
TEST(Validate, PatternsAreBounded) {
    std::size_t seen = 0;
    constexpr std::string_view kKey = "\"pattern\": \"";
    for (const auto& [name, all] : schema_texts())
        for (auto at = all.find(kKey); at != std::string_view::npos; at = all.find(kKey, at + 1), ++seen) {
            const std::string body(all.substr(at + kKey.size(), all.find('"', at + kKey.size()) - at - kKey.size()));
            EXPECT_EQ(body.find_first_of("*+"), std::string::npos) << name << ": " << body;
            EXPECT_EQ(body.find(",}"), std::string::npos) << name << ": " << body;
            EXPECT_EQ(body.front(), '^') << name << ": " << body;
        }
    EXPECT_GT(seen, 40u);
    auto long_one = pattern();
    long_one["id"] = std::string(1u << 20, 'a');
    long_one["created_by_ref"] = std::string(1u << 20, '-');
    EXPECT_NE(said(long_one), "");
}

std::vector<std::string> examples() {
    std::vector<std::string> out;
    for (const auto& each : fs::directory_iterator(THREATLAS_SOURCE_DIR "/tests/oracle/stix"))
        if (each.path().extension() == ".json") out.push_back(each.path().string());
    const char* where = std::getenv("THREATLAS_CTI");
    const fs::path shared = fs::path(where != nullptr ? where : THREATLAS_SOURCE_DIR "/../shared/data/cti") / "stix/examples/threat-reports";
    std::error_code error;
    for (const auto& each : fs::directory_iterator(shared, error))
        if (each.path().extension() == ".json") out.push_back(each.path().string());
    return out;
}

TEST(Validate, PublishedExamplesAreValidAndComeBackUnchanged) {
    const auto files = examples();
    ASSERT_GE(files.size(), 5u);
    for (const auto& file : files) {
        const std::string text = *core::read_file(file);
        const auto found = validate(text, file);
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->faulty, 0u) << file << ": " << (found->problems.empty() ? "" : found->problems[0].path + " " + found->problems[0].message);
        std::vector<std::string> texts;
        const auto parts = slices(text, file);
        ASSERT_TRUE(parts);
        for (const auto& each : parts->slices) texts.emplace_back(each.text);
        const std::string ours = bundle(texts);
        const auto again = slices(ours, "again");
        ASSERT_TRUE(again);
        ASSERT_EQ(again->slices.size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(again->slices[i].text, texts[i]);
    }
}

TEST(Slices, KeepWhatAParserWouldEvenOut) {
    const std::string one = R"({ "b":1.0,"a":1,"big":123456789012345678901234567890, "e":1e+2 , "t":"\u0041\/{[\"" })";
    for (const std::string& text : {"{\"type\":\"bundle\",\"objects\":[" + one + " , " + one + "],\"id\":\"x\"}", "[" + one + "," + one + "]", "{\"objects\": [" + one + ", " + one + "]}"}) {
        const auto got = slices(text, "t");
        ASSERT_TRUE(got) << got.error().message;
        ASSERT_EQ(got->slices.size(), 2u);
        EXPECT_EQ(got->slices[1].text, one);
        EXPECT_TRUE(object_of(got->slices[1], "t"));
    }
    EXPECT_EQ(slices("{\"type\":\"note\"}", "t")->slices.size(), 1u);
    EXPECT_EQ(slices(R"({"type":"observed-data","objects":{"0":{}}})", "t")->slices.size(), 1u);
    EXPECT_EQ(slices(R"({"type":"bundle","objects":[]})", "t")->slices.size(), 0u);
    // Found by fuzzing: a bundle of nothing, as we write it, came back as an object.
    const std::string nothing = bundle({});
    EXPECT_EQ(slices(nothing, "t")->slices.size(), 0u);
    EXPECT_TRUE(slices(nothing, "t")->head.contains("id"));
    EXPECT_FALSE(slices(R"({"type":"bundle","objects":{}})", "t"));
}

TEST(Slices, BrokenTextIsRefused) {
    for (const char* text : {"", "3", "[1]", "[{}", "[{},]", "[{}{}]", "{\"objects\":[{}]", "{\"objects\":[{}]}x", "{\"objects\":[{}],\"objects\":[{}]}", "[{\"a\":\"]", "{\"objects\":[{]}]}x", "[{}] []"})
        EXPECT_FALSE(slices(text, "t")) << text;
    const auto late = slices("[{\"a\":1},\n\n{\"a\":nope}]", "t");
    ASSERT_TRUE(late);
    const auto error = object_of(late->slices[1], "t");
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().where.row, 3u);
}

}  // namespace
}  // namespace threatlas::exchange::stix

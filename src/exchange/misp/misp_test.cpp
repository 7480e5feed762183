#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/text.hpp"
#include "exchange/misp/event.hpp"
#include "exchange/misp/vocabulary.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/validate.hpp"

namespace threatlas::exchange::misp {
namespace {

namespace fs = std::filesystem;
namespace json = core::json;

constexpr const char* kEvent = R"({"Event":{"uuid":"5f2b7a3e-0001-4a10-9a00-000000000001","info":"ATM opened with gas","date":"2026-03-02","threat_level_id":"2","analysis":"1","distribution":"1","timestamp":"1772409600","published":true,
 "Orgc":{"name":"Invented","uuid":"5f2b7a3e-0002-4a10-9a00-000000000002"},
 "Tag":[{"name":"tlp:amber","colour":"#FFC000"},{"name":"threatlas:handling=\"H1\""}],
 "Galaxy":[{"type":"financial-fraud","GalaxyCluster":[{"value":"ATM Explosive Attack","tag_name":"misp-galaxy:financial-fraud=\"ATM Explosive Attack\""}]}],
 "Attribute":[{"uuid":"a","type":"text","category":"Other","value":"seen","to_ids":false,"Tag":[{"name":"ransomware:type=\"crypto-ransomware\""}]},{"uuid":"b","type":"first-name","category":"Person","value":"X"}],
 "Object":[{"uuid":"c","name":"person","meta-category":"misc","Attribute":[{"type":"text","value":"Y"}]},{"uuid":"d","name":"vehicle","meta-category":"transport","Attribute":[{"type":"text","category":"Other","value":"grey"},{"type":"text","category":"Person","value":"Z"}]}]}})";

const model::Catalogue& shipped() {
    static const model::Catalogue catalogue = *model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
    return catalogue;
}

TEST(Misp, AnEventIsRead) {
    const auto all = events_of(kEvent, "t");
    ASSERT_TRUE(all) << all.error().message;
    const auto event = from_json(all->at(0));
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->info, "ATM opened with gas");
    EXPECT_EQ(event->threat_level, 2);
    EXPECT_EQ(event->organisation, "Invented");
    EXPECT_EQ(handling_of(event->tags), "TLP:AMBER H1");
    EXPECT_EQ(Vocabulary(shipped()).of(event->tags).codes, std::vector<std::string>{"tool.explosive"});
    EXPECT_EQ(event->objects.size(), 2u);
}

TEST(Misp, PersonsAreTakenOut) {
    auto event = events_of(kEvent, "t")->at(0);
    EXPECT_EQ(without_persons(event), 3u);
    const std::string text = core::write_json(event);
    for (const char* each : {"\"X\"", "\"Y\"", "\"Z\""}) EXPECT_EQ(text.find(each), std::string::npos);
    EXPECT_NE(text.find("grey"), std::string::npos);
    EXPECT_EQ(without_persons(event), 0u);
}

TEST(Misp, WhatIsNoEventIsRefused) {
    for (const char* text : {"[]x", "{}", "3", "[1]", R"({"response":3})", R"({"Event":3})"}) EXPECT_FALSE(events_of(text, "t")) << text;
    for (const char* text : {R"({"uuid":"x","info":"y"})", R"({"uuid":"5f2b7a3e-0001-4a10-9a00-000000000001"})", R"({"uuid":"5f2b7a3e-0001-4a10-9a00-000000000001","info":"y","date":"2026-02-30"})",
                             R"({"uuid":"5f2b7a3e-0001-4a10-9a00-000000000001","info":"y","threat_level_id":"9"})", R"({"uuid":"5f2b7a3e-0001-4a10-9a00-000000000001","info":"y","Attribute":{}})"})
        EXPECT_FALSE(from_json(core::parse_json(text, "t")->get_object())) << text;
}

TEST(Misp, HandlingAndDistribution) {
    EXPECT_EQ(handling_of({"tlp:white"}), "TLP:CLEAR");
    EXPECT_EQ(handling_of({"TLP:AMBER+STRICT", "tlp:green"}), "TLP:AMBER+STRICT");
    EXPECT_EQ(handling_of({"tlp:ex:chr", "tlp:green"}), "");
    EXPECT_EQ(handling_of({}), "");
    EXPECT_EQ(handling_tags("TLP:AMBER H1"), (std::vector<std::string>{"tlp:amber", "threatlas:handling=\"H1\""}));
    EXPECT_EQ(handling_of(handling_tags("")), "TLP:RED H1 H2 H3");
    EXPECT_EQ(distribution_of("TLP:CLEAR"), 3);
    EXPECT_EQ(distribution_of("TLP:CLEAR H2"), 0);
    EXPECT_EQ(distribution_of("TLP:AMBER+STRICT"), 0);
    EXPECT_EQ(distribution_of("?"), 0);
}

std::string any_text() { return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("aZ0 :=\"\\{}\n"))); }

RC_GTEST_PROP(Misp, AnyEventComesBack, ()) {
    Event e;
    e.uuid = "5f2b7a3e-0001-4a10-9a00-000000000001", e.info = "i" + any_text(), e.date = "2026-03-02", e.timestamp = "1772409600";
    e.threat_level = *rc::gen::inRange(1, 5), e.analysis = *rc::gen::inRange(0, 3), e.distribution = *rc::gen::inRange(0, 4), e.published = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) e.organisation = "o" + any_text(), e.organisation_uuid = any_text();
    const auto attribute = [&](const std::string& object) { return Attribute{any_text(), "text", any_text(), any_text(), any_text(), any_text(), object, object.empty() ? std::string() : "text", *rc::gen::arbitrary<bool>(), {any_text()}}; };
    for (int n = *rc::gen::inRange(0, 4); n > 0; --n) e.tags.push_back(any_text()), e.attributes.push_back(attribute(""));
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n) {
        const std::string name = "n" + any_text();
        e.objects.push_back({any_text(), name, any_text(), any_text(), {attribute(name)}});
    }
    const auto text = core::write_json(to_json(e));
    const auto back = from_json(events_of(text, "t")->at(0));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == e);
}

TEST(Misp, Tags) {
    Tag tag;
    for (const char* text : {"ransomware:type=\"crypto-ransomware\"", "tlp:amber", "a:b=\"\"x\""}) {
        ASSERT_TRUE(parse_tag(text, tag)) << text;
        EXPECT_EQ(text_of(tag), text);
    }
    for (const char* text : {"", "plain", ":x", "a:", "a:b=\"", "a:=\"x\"", "a:b\"c"}) EXPECT_FALSE(parse_tag(text, tag)) << text;
    const Vocabulary words(shipped());
    EXPECT_EQ(words.of("Drugs:cocaine=\"anything\"").threats.size(), 4u);
    EXPECT_TRUE(words.of("nothing:known").threats.empty());
}

TEST(Misp, PublishedVocabularies) {
    const char* where = std::getenv("THREATLAS_CTI");
    const fs::path shared = where != nullptr ? where : THREATLAS_SOURCE_DIR "/../shared/data/cti";
    if (!fs::exists(shared / "misp_galaxy")) GTEST_SKIP() << "the published galaxies and taxonomies are not here (THREATLAS_CTI names their folder)";
    std::size_t files = 0, words = 0, codes = 0;
    const Vocabulary vocabulary(shipped());
    for (const char* folder : {"misp_galaxy", "misp_taxonomies"})
        for (const auto& each : fs::directory_iterator(shared / folder)) {
            const auto got = words_of(*core::read_file(each.path().string()), each.path().string());
            ASSERT_TRUE(got) << got.error().message;
            ++files;
            for (const auto& word : got->words) {
                ++words;
                Tag tag;
                EXPECT_TRUE(parse_tag(word.tag, tag)) << word.tag;
                const Named named = vocabulary.of(word.tag);
                codes += named.codes.size();
                if (words % 20 != 0 && named.codes.empty()) continue;
                const auto object = to_stix(*got, word, named, shipped());
                const auto found = stix::problems_of(object);
                EXPECT_TRUE(found.empty()) << core::write_json(object) << found[0].path << found[0].message;
                EXPECT_EQ(stix::carried(object)->record, word.record);
            }
        }
    EXPECT_GE(files, 30u);
    EXPECT_GT(words, 3000u);
    EXPECT_GE(codes, 5u);
}

}  // namespace
}  // namespace threatlas::exchange::misp

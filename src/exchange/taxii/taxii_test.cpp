#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"
#include "exchange/http/answer_reader.hpp"
#include "exchange/taxii/client.hpp"
#include "exchange/taxii/envelope.hpp"
#include "exchange/taxii/media.hpp"
#include "exchange/taxii/query.hpp"

namespace threatlas::exchange::taxii {
namespace {

TEST(TaxiiMedia, is_negotiated_as_http_says) {
    for (const char* accept : {"", "application/taxii+json;version=2.1", "application/taxii+json", "application/taxii+json; version=2.1", "APPLICATION/TAXII+JSON;VERSION=\"2.1\"", "*/*", "application/*;q=0.1", "text/html, application/taxii+json;q=0.5",
                               "application/taxii+json;version=2.0, application/taxii+json;version=2.1", "application/json, text/plain, */*", "application/taxii+json;version=2.0;q=1, application/taxii+json;q=0.1"})
        EXPECT_TRUE(accepts_taxii(accept)) << accept;
    for (const char* accept : {"text/html", "application/json", "application/taxii+json;version=2.0", "application/vnd.oasis.taxii+json; version=2.0", "application/taxii+json;version=2.1;q=0", "*/*, application/taxii+json;version=2.1;q=0.0", "application/taxii+json;q=x",
                               "application/stix+json;version=2.1", "garbage", ";;;,,,", "\"application/taxii+json\""})
        EXPECT_FALSE(accepts_taxii(accept)) << accept;
    for (const char* type : {"application/taxii+json;version=2.1", "application/taxii+json", "application/taxii+json; version=2.1; charset=utf-8"}) EXPECT_TRUE(is_taxii(type)) << type;
    for (const char* type : {"", "application/json", "application/taxii+json;version=2.0", "application/stix+json;version=2.1", "application/taxii+json;version=2.1, text/html", "*/*"}) EXPECT_FALSE(is_taxii(type)) << type;
}

TEST(TaxiiQuery, reads_what_an_endpoint_knows) {
    const auto query = read_query({{"added_after", "2016-02-01T00:00:01.000Z"}, {"limit", "10"}, {"next", "abc"}, {"match[id]", "a, b,a"}, {"match[type]", "indicator"}, {"match[version]", "first,2016-01-01T00:00:00Z"}, {"match[spec_version]", "2.1"}, {"match[tlp]", "green"}, {"x", "y"}}, {});
    ASSERT_TRUE(query) << query.error().message;
    EXPECT_EQ(query->ids, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(*query->limit, 10u);
    EXPECT_TRUE(query->first);
    EXPECT_EQ(query->versions.size(), 1u);
    EXPECT_EQ(query->text(), read_query({{"match[version]", "2016-01-01T00:00:00Z,first"}, {"match[spec_version]", "2.1"}, {"match[type]", "indicator"}, {"match[id]", "b,a"}, {"added_after", "2016-02-01T00:00:01.000Z"}}, {})->text());
    EXPECT_TRUE(read_query({{"match[id]", ""}, {"limit", "-1"}}, {.paging = false, .ids = false}));
    EXPECT_TRUE(read_query({}, {})->any_version());
    for (const Parameters& each : std::vector<Parameters>{{{"limit", "0"}}, {{"limit", "-20"}}, {{"limit", "ten"}}, {{"limit", ""}}, {{"limit", "1.5"}}, {{"limit", "99999999999999999999"}}, {{"added_after", "yesterday"}}, {{"added_after", "2016-02-01"}}, {{"added_after", "2016-02-01T00:00:01+01:00"}},
                                                          {{"match[version]", "all,first"}}, {{"match[version]", "newest"}}, {{"match[version]", "last,last"}}, {{"match[version]", "2016-01-01T00:00:00Z,first,2016-01-01T00:00:00Z"}}, {{"match[version]", ""}}, {{"match[id]", "a,,b"}}, {{"limit", "1"}, {"limit", "2"}}, {{"next", ""}}})
        EXPECT_EQ(read_query(each, {}).error().code, core::ErrorCode::bad_usage) << each.front().first << each.front().second;
}

TEST(TaxiiQuery, knows_ids) {
    EXPECT_TRUE(is_stix_id("indicator--d81f86b9-975b-bc0b-775e-810c5ad45a4f"));
    EXPECT_TRUE(is_stix_id("x-custom2--D81F86B9-975b-bc0b-775e-810c5ad45a4f"));
    for (const char* id : {"", "--d81f86b9-975b-bc0b-775e-810c5ad45a4f", "indicator-d81f86b9-975b-bc0b-775e-810c5ad45a4f", "Indicator--d81f86b9-975b-bc0b-775e-810c5ad45a4f", "indicator--d81f86b9-975b-bc0b-775e-810c5ad45a4", "indicator--d81f86b9-975b-bc0b-775e-810c5ad45a4fx", "a b--d81f86b9-975b-bc0b-775e-810c5ad45a4f"})
        EXPECT_FALSE(is_stix_id(id)) << id;
}

constexpr const char* kId = "indicator--d81f86b9-975b-bc0b-775e-810c5ad45a4f";

std::string with(const std::string& more) { return std::string("{\"type\":\"indicator\",\"id\":\"") + kId + "\"" + more + "}"; }

TEST(TaxiiEnvelope, keeps_each_object_as_it_came) {
    const std::string one = "{ \"id\" : \"" + std::string(kId) + "\",\n \"type\":\"indicator\", \"created\":\"2016-01-01T00:00:00Z\", \"n\": 1.50e+1, \"o\":{\"a\":[1,2,{}]}, \"s\":\"\\u00e9 \\\" ] } \" }";
    const std::string two = "{\"type\":\"artifact\",\"id\":\"artifact--6f437177-6e48-5cf8-9d9e-872a2bddd641\",\"extensions\":{}}";
    const auto envelope = Envelope::read(" {\"more\":true, \"next\":\"a\\\"b\", \"x\":[{}], \"objects\":[" + one + " \n, " + two + "] } ", 10);
    ASSERT_TRUE(envelope) << envelope.error().message;
    ASSERT_EQ(envelope->objects().size(), 2u);
    EXPECT_EQ(envelope->objects()[0].text, one);
    EXPECT_EQ(envelope->objects()[1].text, two);
    EXPECT_EQ(envelope->objects()[0].version, "2016-01-01T00:00:00Z");
    EXPECT_EQ(envelope->objects()[0].spec_version, "2.0");
    EXPECT_FALSE(envelope->objects()[0].marked);
    EXPECT_EQ(envelope->objects()[1].version, "");
    EXPECT_EQ(envelope->objects()[1].spec_version, "2.1");
    EXPECT_TRUE(envelope->objects()[1].marked);
    EXPECT_TRUE(envelope->more());
    EXPECT_EQ(envelope->next(), "a\"b");
    EXPECT_TRUE(Envelope::read("{}", 10));
    EXPECT_FALSE(Envelope::read("{}", 10)->has_objects());
}

TEST(TaxiiEnvelope, says_what_is_wrong_with_an_object) {
    const auto fault = [](const std::string& object) {
        const auto envelope = Envelope::read("{\"objects\":[" + object + "]}", 10);
        return envelope ? envelope->objects().at(0).fault : "whole: " + envelope.error().message;
    };
    EXPECT_EQ(fault(with("")), "");
    EXPECT_EQ(fault(with(",\"spec_version\":\"2.1\",\"created\":\"2016-01-01T00:00:00.000Z\",\"modified\":\"2016-01-01T00:00:00.000Z\"")), "");
    for (const std::string& odd : {with(",\"modified\":\"then\""), with(",\"created\":5"), with(",\"spec_version\":\"1.2\""), with(",\"id\":\"x\""), with(",\"\\u0069d\":\"x\""), with(",\"object_marking_refs\":[],\"object_marking_refs\":[]"), with(",\"modified\":null"),
                                   std::string("{\"id\":\"") + kId + "\"}", std::string("{\"type\":\"malware\",\"id\":\"") + kId + "\"}", std::string("{\"type\":\"indicator\",\"id\":\"indicator--1\"}")}) {
        EXPECT_NE(fault(odd), "") << odd;
        EXPECT_FALSE(fault(odd).starts_with("whole")) << odd << fault(odd);
    }
}

TEST(TaxiiEnvelope, what_is_no_envelope_is_refused_whole) {
    std::string deep = "{\"objects\":[" + with(",\"d\":" + std::string(200, '[') + std::string(200, ']')) + "]}";
    for (const std::string& text : std::vector<std::string>{"", "[", std::string("[]"), std::string("null"), std::string("{\"objects\":[}"), std::string("{\"objects\":{}}"), std::string("{\"objects\":[1]}"), std::string("{\"objects\":[{}]}"), "{\"objects\":[" + with(",\"s\":\"\\x\"") + "]}", "{\"objects\":[" + with(",\"n\":01") + "]}",
                                    "{\"objects\":[" + with(",\"s\":\"\xff\"") + "]}", "{\"objects\":[" + with("") + "]} x", "{\"objects\":[],\"objects\":[]}", std::string("{\"more\":\"yes\"}"), std::string("{\"next\":1}"), deep, "{\"objects\":[" + with(",\"n\":nul") + "]}"})
        EXPECT_FALSE(Envelope::read(text, 10)) << text.substr(0, 80);
    EXPECT_FALSE(Envelope::read("{\"objects\":[" + with("") + "," + with("") + "]}", 1));
}

// What fuzzing began with and found; the first byte says what it is read as.
TEST(TaxiiCorpus, is_read_without_harm) {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/taxii")) {
        const auto read = core::read_file(file.path().string());
        ASSERT_TRUE(read);
        if (read->empty()) continue;
        const std::string_view text = std::string_view(*read).substr(1);
        ++files;
        if (const auto envelope = Envelope::read(text, 1000)) {
            for (const auto& each : envelope->objects()) EXPECT_TRUE(each.text.starts_with('{') && each.text.ends_with('}')) << file.path();
        }
        http::AnswerReader answer(10'000, false);
        (void)answer.take(text);
        (void)read_discovery(text, "https://h/"), (void)read_root(text), (void)read_collections(text, "https://h/"), (void)read_status(text), (void)read_state(text), (void)accepts_taxii(text), (void)http::place_of(text), (void)raw_list(text, "/objects");
        EXPECT_LE(read_error(400, text).size(), 400u);
    }
    EXPECT_GE(files, 13u);
}

}  // namespace
}  // namespace threatlas::exchange::taxii

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/claim.hpp"
#include "model/json_codec.hpp"
#include "model/observation.hpp"
#include "model/schema.hpp"

namespace threatlas::model {
namespace {

template <class T>
T back(const T& value) {
    T out;
    const auto read = from_json(to_json(value), out, "x");
    EXPECT_TRUE(read) << core::describe(read.error());
    return out;
}

RC_GTEST_PROP(JsonCodec, ObservationsComeBackTheSame, (const std::string& what, const std::map<std::string, std::string>& dims, int value, std::uint16_t days)) {
    Observation o;
    o.what = what, o.dims = dims, o.value = value, o.upper = value + 1.5, o.state = State::censored, o.nature = Nature::seizure;
    o.period = {core::Day{days}, core::Day{days + 31}}, o.known_at = core::Day{days + 100}, o.row = days;
    RC_ASSERT(core::write_json(to_json(back(o))) == core::write_json(to_json(o)));
}

RC_GTEST_PROP(JsonCodec, ClaimsComeBackTheSame, (const std::string& text, double q50)) {
    Claim c;
    c.text = text, c.kind = ClaimKind::quantiles, c.q50 = q50;
    RC_ASSERT(core::write_json(to_json(back(c))) == core::write_json(to_json(c)));
}

TEST(JsonCodec, WhatIsNotAsDescribedIsRefusedByName) {
    Claim out;
    const auto refused = [&](const char* text) {
        const auto read = from_json(*core::parse_json(text, "t"), out, "claim");
        return read ? std::string("accepted") : read.error().message;
    };
    EXPECT_EQ(refused(R"({"surprise":1})"), "'claim' has no field 'surprise'");
    EXPECT_EQ(refused(R"({"text":7})"), "'claim.text' should be text");
    EXPECT_EQ(refused(R"({"q50":"much"})"), "'claim.q50' should be a number");
    EXPECT_EQ(refused(R"({"dated":"2023-02-31"})").find("accepted"), std::string::npos);
    EXPECT_NE(refused(R"({"kind":"gossip"})").find("one of "), std::string::npos);
    EXPECT_EQ(refused("[]"), "'claim' should be a record");
}

TEST(Schema, SaysWhatTheCodecTakes) {
    const auto schema = json_schema<Claim>();
    EXPECT_FALSE(schema.at("additionalProperties").as_bool());
    EXPECT_EQ(schema.at("properties").as_object().at("text").as_object().at("type"), "string");
    EXPECT_TRUE(schema.at("properties").as_object().at("kind").as_object().contains("enum"));
    EXPECT_NE(field_table<Claim>().find("| `q50` | number |"), std::string::npos);
}

}  // namespace
}  // namespace threatlas::model

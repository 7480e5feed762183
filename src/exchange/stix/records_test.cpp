#include "exchange/stix/records.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"

namespace threatlas::exchange::stix {
namespace {

namespace json = core::json;

const model::Catalogue& shipped() {
    static const model::Catalogue catalogue = *model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
    return catalogue;
}

Records read_back(const std::vector<json::object>& objects) {
    std::vector<std::string> texts;
    for (const auto& each : objects) texts.push_back(core::write_json(each));
    const std::string all = bundle(texts);
    const auto parts = slices(all, "t");
    Records out;
    for (const auto& each : parts->slices) {
        const auto got = read_record(*object_of(each, "t"), out);
        EXPECT_TRUE(got) << got.error().message;
    }
    return out;
}

template <class T>
std::string written(const T& records) { return core::write_json(model::to_json(records)); }

TEST(Records, TheShippedCatalogueComesBack) {
    const auto objects = of_catalogue(shipped());
    const Records back = read_back(objects);
    EXPECT_EQ(written(back.catalogue.region), written(shipped().region));
    EXPECT_EQ(written(back.catalogue.countries), written(shipped().countries));
    EXPECT_EQ(written(back.catalogue.members), written(shipped().members));
    EXPECT_EQ(written(back.catalogue.areas), written(shipped().areas));
    EXPECT_EQ(written(back.catalogue.threats), written(shipped().threats));
    EXPECT_EQ(written(back.catalogue.codes), written(shipped().codes));
    EXPECT_EQ(written(back.catalogue.routes), written(shipped().routes));
    std::set<std::string> ids;
    for (const auto& each : objects) {
        EXPECT_TRUE(ids.insert(std::string(each.at("id").get_string())).second) << each.at("id");
        const auto found = problems_of(each);
        EXPECT_TRUE(found.empty()) << core::write_json(each) << found[0].path << found[0].message;
    }
    for (const auto& each : objects)   // nothing points outside
        for (const char* key : {"source_ref", "target_ref", "created_by_ref"})
            if (const auto* ref = each.if_contains(key)) {
                EXPECT_TRUE(ids.contains(std::string(ref->get_string()))) << core::write_json(each);
            }
    EXPECT_GT(objects.size(), 200u);
}

TEST(Records, ALaterCatalogueIsALaterVersionOfTheSameObjects) {
    model::Catalogue later = shipped();
    later.region.version = "2026.12";
    later.threats[0].title = "Another title";
    const auto before = of_catalogue(shipped()), after = of_catalogue(later);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(before[i].at("id"), after[i].at("id"));
        if (before[i].at("id") == json::value(organisation_id("regional"))) continue;
        EXPECT_LT(std::string(before[i].at("modified").get_string()), std::string(after[i].at("modified").get_string()));
    }
}

TEST(Records, OurExtensionsAreDefined) {
    for (const auto& each : extension_objects()) EXPECT_TRUE(problems_of(each).empty()) << core::write_json(each);
}

std::string any_text() {
    static const std::vector<std::string> kPieces{"a", "Z", "0", " ", "'", "\"", "\\", "\n", ":", "{", "]", ",", "--", "TLP:RED", "null", "ž", "Ђ", "€", "\U0001F600", "/", "\x01"};
    std::string out;
    for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces))) out += piece;
    return out;
}
double any_number() {
    const double x = *rc::gen::arbitrary<double>();
    return std::isfinite(x) ? x : 0;
}

RC_GTEST_PROP(Records, AnyClaimComesBack, ()) {
    model::Claim c;
    for (auto* each : {&c.id, &c.threat, &c.lens, &c.criterion, &c.value, &c.text, &c.scope, &c.organisation, &c.evaluation, &c.source, &c.submission, &c.file}) *each = any_text();
    if (*rc::gen::arbitrary<bool>()) c.threat = "property.vehicle_theft", c.value = "entry.window|entry.key";
    c.kind = model::EnumNames<model::ClaimKind>::names[*rc::gen::inRange<std::size_t>(0, 6)].first;
    c.q10 = any_number(), c.q50 = any_number(), c.q90 = any_number();
    c.dated = core::Day{*rc::gen::inRange(0, 30000)}, c.known_at = core::Day{*rc::gen::inRange(0, 30000)};
    c.handling = *rc::gen::element<std::string>("TLP:CLEAR", "TLP:AMBER H1", "TLP:RED H1 H2 H3", "nonsense", "");
    c.row = *rc::gen::arbitrary<std::uint64_t>();
    const auto object = of_claim(c, shipped());
    const auto found = problems_of(object);
    if (!found.empty()) RC_FAIL(found[0].path + " " + found[0].message);
    const Records back = read_back({object});
    RC_ASSERT(back.claims.size() == 1u);
    RC_ASSERT(written(back.claims[0]) == written(c));
}

RC_GTEST_PROP(Records, AnyCatalogueComesBack, ()) {
    model::Catalogue c;
    c.region = {any_text(), any_text(), *rc::gen::element<std::string>("2026.1", "x", "2031.999999", "", "2027"), any_text(), any_text()};
    const auto some = [] { return *rc::gen::inRange(0, 4); };
    for (int n = some(); n > 0; --n) c.countries.push_back({any_text(), any_text(), any_text(), {any_text()}, any_text(), any_text(), {{any_text(), any_number()}}});
    for (int n = some(); n > 0; --n) c.members.push_back({any_text(), any_text(), any_text(), any_text()});
    for (int n = some(); n > 0; --n) c.areas.push_back({any_text(), any_text(), any_text()});
    for (int n = some(); n > 0; --n) {
        model::Code code;
        code.id = any_text(), code.title = any_text(), code.definition = any_text(), code.group = any_text(), code.misp = {any_text(), any_text()};
        c.codes.push_back(code);
    }
    for (int n = some(); n > 0; --n) {
        model::Threat t;
        t.id = any_text(), t.area = any_text(), t.title = any_text(), t.definition = any_text(), t.dark_figure_low = any_number(), t.harm_days_high = any_number(), t.misp = {any_text()};
        for (const auto& code : c.codes) t.modi_operandi.push_back(code.id);
        c.threats.push_back(t);
    }
    for (int n = some(); n > 0; --n) {
        model::Route r;
        r.id = any_text(), r.title = any_text(), r.kind = any_text(), r.path = {any_text()}, r.source = any_text();
        c.routes.push_back(r);
    }
    const Records back = read_back(of_catalogue(c));
    RC_ASSERT(written(back.catalogue) == written(c));
}

TEST(Records, ARecordOfAnotherShapeIsRefused) {
    auto object = of_claim({}, shipped());
    object.at("extensions").get_object().begin()->value().get_object()["record"] = json::object{{"surprise", 1}};
    Records into;
    EXPECT_FALSE(read_record(object, into));
    EXPECT_TRUE(into.claims.empty());
}

}  // namespace
}  // namespace threatlas::exchange::stix

// What is exchanged, on both engines.
#include "store/collections.hpp"

#include <map>
#include <regex>
#include <set>
#include <thread>

#include "core/text.hpp"
#include "store/postgres/connection.hpp"
#include "store/postgres_cluster.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::Cluster;
using testing::Folder;
using testing::must;

constexpr const char* kRoot = "/taxii2/see/";
constexpr const char* kId = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";

struct Place {
    Folder folder;
    std::string where;
    std::string now = "2026-03-01T12:00:00Z";
    StoreOptions options;
    explicit Place(bool postgres) : where(postgres ? Cluster::instance().fresh_database() : folder / "s") { options.clock = [this] { return now; }, options.key_file = folder / "test.key"; }
};

model::Reader of(const std::string& organisation, const std::string& clearance = "TLP:RED H3", const std::string& purpose = "joint_operation") {
    return {"m-" + organisation, organisation, model::Role::contact_point, clearance, purpose};
}

NewObject object(int i, const std::string& version = "2026-01-01T00:00:00.000Z", const std::string& handling = {}) {
    char id[80];
    std::snprintf(id, sizeof id, "indicator--00000000-0000-4000-8000-%012d", i);
    NewObject out;
    out.id = id, out.type = "indicator", out.version = version, out.handling = handling;
    out.text = "{ \"type\" : \"indicator\", \"id\":\"" + out.id + "\",  \"modified\":\"" + version + "\" }";
    return out;
}

class Exchanged : public ::testing::TestWithParam<bool> {
  protected:
    void SetUp() override {
        store_ = must(Store::create(place_.where, place_.options));
        must(all().put(analyst(), ApiRoot{kRoot, "See", "", 10 << 20}));
        collection_ = Collection{kRoot, kId, "mo", "Modi operandi", "", {"application/stix+json;version=2.1"}, {{"*", true, true}}, "TLP:AMBER", {}};
        must(all().put(analyst(), collection_));
    }
    Collections& all() { return store_->collections(); }
    std::vector<AddedObject> add(const std::vector<NewObject>& objects, const model::Reader& writer = of("ro_igpr")) { return must(all().add(writer, collection_, objects)); }
    ObjectPage page(ObjectFilter filter = {}, const model::Reader& reader = of("ro_igpr")) { return must(all().page(reader, collection_, filter)); }

    Place place_{GetParam()};
    std::unique_ptr<Store> store_;
    Collection collection_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Exchanged, ::testing::Bool(), [](const auto& each) { return each.param ? std::string("postgres") : std::string("embedded"); });

TEST_P(Exchanged, roots_and_collections_are_kept_as_given) {
    EXPECT_FALSE(must(all().put(analyst(), collection_)));
    collection_.title = "Modus operandi";
    EXPECT_TRUE(must(all().put(analyst(), collection_)));
    must(all().put(analyst(), ApiRoot{"/trustgroup1/", "Own path", "d", 2048}));
    EXPECT_EQ(must(all().roots(analyst())).size(), 2u);
    EXPECT_EQ(must(all().collection(analyst(), kRoot, "mo")).title, "Modus operandi");
    EXPECT_EQ(all().collection(analyst(), "/trustgroup1/", kId).error().code, ErrorCode::not_found);
    for (const char* path : {"/", "x/", "/x", "/a//b/", "/api/v1/", "/a/../b/", "/a b/", "/metrics/x/", "/threats/", "/Threats/", "/map/see/", "/icon.svg/"}) EXPECT_EQ(all().put(analyst(), ApiRoot{path, "t", "", 2048}).error().code, ErrorCode::bad_input) << path;
    EXPECT_TRUE(well_formed(ApiRoot{"/threats-see/", "t", "", 2048}));
    Collection odd = collection_;
    odd.id = "91A7B528-80EB-42ED-A74D-C6FBD5A26116";
    EXPECT_EQ(all().put(analyst(), odd).error().code, ErrorCode::bad_input);
    odd = collection_, odd.root = "/nowhere/";
    EXPECT_EQ(all().put(analyst(), odd).error().code, ErrorCode::not_found);
}

TEST(ApiRoots, hide_no_page_of_the_dashboard) {
    const std::string routes = must(core::read_file(THREATLAS_SOURCE_DIR "/web/src/routes.tsx"));
    const std::regex page("(?:page|open)\\('(/[a-z-]+)");
    std::set<std::string> seen;
    for (std::sregex_iterator each(routes.begin(), routes.end(), page); each != std::sregex_iterator(); ++each) seen.insert((*each)[1].str() + "/");
    EXPECT_GT(seen.size(), 12u);
    for (const std::string& path : seen) EXPECT_FALSE(well_formed(ApiRoot{path, "t", "", 2048})) << path;
}

TEST_P(Exchanged, objects_come_back_byte_by_byte_in_the_order_of_adding) {
    std::vector<NewObject> objects;
    for (int i = 0; i < 50; ++i) objects.push_back(object(i));
    objects[7].text = "{\"name\":\"Đinđić \\u0000 😀\",\n\t\"n\":1.0e5}";
    const auto added = add(objects);
    ASSERT_EQ(added.size(), 50u);
    EXPECT_EQ(moment_text(added[0].number), "2026-03-01T12:00:00.000000Z");
    EXPECT_EQ(added[49].number, added[0].number + 49);
    const auto all_of_them = page();
    ASSERT_EQ(all_of_them.objects.size(), 50u);
    EXPECT_FALSE(all_of_them.more);
    for (std::size_t i = 0; i < 50; ++i) {
        EXPECT_EQ(all_of_them.objects[i].text, objects[i].text);
        EXPECT_EQ(all_of_them.objects[i].number, added[i].number);
        EXPECT_EQ(all_of_them.objects[i].handling, "TLP:AMBER");
    }
    EXPECT_TRUE(page({.texts = false}).objects[3].text.empty());
    EXPECT_EQ(must(all().count(analyst(), collection_)), 50u);
    place_.now = "2020-01-01T00:00:00Z";   // the clock goes back: numbers do not
    EXPECT_EQ(add({object(99)})[0].number, added[49].number + 1);
    store_ = must(Store::open(place_.where, place_.options));
    EXPECT_EQ(page().objects.size(), 51u);
    EXPECT_TRUE(store_->verify_audit(testing::auditor()));
}

TEST_P(Exchanged, adding_again_changes_nothing) {
    const auto first = add({object(1)});
    auto again = object(1);
    again.text = "{\"other\":\"text\"}";
    const auto second = add({again, object(2), object(2)});
    EXPECT_EQ(second[0].outcome, AddedObject::Outcome::present);
    EXPECT_EQ(second[0].number, first[0].number);
    EXPECT_EQ(second[1].outcome, AddedObject::Outcome::added);
    EXPECT_EQ(second[2].outcome, AddedObject::Outcome::present);
    EXPECT_EQ(page().objects[0].text, object(1).text);
    auto without = object(3, "");
    EXPECT_EQ(add({without})[0].outcome, AddedObject::Outcome::added);
    EXPECT_EQ(add({without})[0].outcome, AddedObject::Outcome::present);
    without.text += " ";
    const auto changed = add({without});
    EXPECT_EQ(changed[0].outcome, AddedObject::Outcome::added);
    EXPECT_EQ(changed[0].version, moment_text(changed[0].number));
    EXPECT_EQ(add({object(4, "yesterday")})[0].outcome, AddedObject::Outcome::refused);
}

TEST_P(Exchanged, versions_and_filters) {
    const std::string one = "2026-01-01T00:00:00Z", two = "2026-01-02T00:00:00.5Z", three = "2026-01-03T00:00:00Z";
    auto old = object(1, one);
    old.spec_version = "2.0";
    auto malware = object(2, one);
    malware.id = "malware--00000000-0000-4000-8000-000000000002", malware.type = "malware";
    const auto added = add({object(1, two), old, object(1, three), malware});
    const auto versions = [&](ObjectFilter filter) {
        std::string out;
        for (const auto& each : page(std::move(filter)).objects) out += each.id.substr(0, 3) + each.version.substr(8, 2) + " ";
        return out;
    };
    EXPECT_EQ(versions({}), "ind03 mal01 ");
    EXPECT_EQ(versions({.first = true, .last = false}), "ind01 mal01 ");
    EXPECT_EQ(versions({.first = true, .last = true}), "ind01 ind03 mal01 ");
    EXPECT_EQ(versions({.last = false, .all = true}), "ind02 ind03 mal01 ");   // of two specification versions the later
    EXPECT_EQ(versions({.spec_versions = {"2.0", "2.1"}, .last = false, .all = true}), "ind02 ind01 ind03 mal01 ");
    EXPECT_EQ(versions({.last = false, .versions = {"2026-01-02T00:00:00.500000Z"}}), "ind02 ");
    EXPECT_EQ(versions({.last = true, .versions = {two}}), "ind02 ind03 mal01 ");
    EXPECT_EQ(versions({.last = false, .versions = {"never"}}), "");
    EXPECT_EQ(versions({.types = {"malware", "tool"}}), "mal01 ");
    EXPECT_EQ(versions({.ids = {object(1).id}}), "ind03 ");
    EXPECT_EQ(versions({.spec_versions = {"2.0"}}), "");
    EXPECT_EQ(versions({.after = added[2].number}), "mal01 ");
    EXPECT_EQ(versions({.ids = {"' OR 1=1 --"}}), "");
    EXPECT_EQ(must(all().remove(of("ro_igpr"), collection_, object(1).id, {.last = false, .versions = {three}})), 1u);
    EXPECT_EQ(versions({}), "ind02 mal01 ");
    EXPECT_EQ(must(all().remove(of("ro_igpr"), collection_, object(1).id, {.spec_versions = {"2.0", "2.1"}, .last = false, .all = true})), 2u);
    EXPECT_EQ(versions({}), "mal01 ");
    EXPECT_EQ(must(all().remove(of("ro_igpr"), collection_, object(1).id, {})), 0u);
    EXPECT_GT(add({object(1, three)})[0].number, added[3].number);
}

TEST_P(Exchanged, markings_decide_who_gets_it) {
    add({object(1, "2026-01-01T00:00:00Z", "TLP:GREEN"), object(2, "2026-01-01T00:00:00Z", "TLP:AMBER+STRICT"), object(3, "2026-01-01T00:00:00Z", "TLP:AMBER H2"), object(4, "2026-01-01T00:00:00Z", "TLP:AMBER H3"),
         object(5, "2026-01-01T00:00:00Z", "TLP:WHATEVER"), object(6, "2026-01-01T00:00:00Z", "TLP:AMBER H1"), object(7)});
    const auto seen = [&](const model::Reader& reader) {
        std::string out;
        for (const auto& each : page({}, reader).objects) out += each.id.back();
        return out;
    };
    EXPECT_EQ(seen(of("ro_igpr")), "1234567");
    EXPECT_EQ(seen(of("ro_igpr", "TLP:AMBER")), "1367");
    EXPECT_EQ(seen(of("bg_mvr")), "1467");
    EXPECT_EQ(seen(of("bg_mvr", "TLP:RED")), "167");
    EXPECT_EQ(seen(of("bg_mvr", "TLP:GREEN")), "1");
    EXPECT_EQ(seen(of("bg_mvr", "TLP:RED H3", "judicial")), "147");
    EXPECT_EQ(seen(analyst()), "12467");   // sees what is marked H2 for the group, and takes it out by no exit
    must(store_->give_consent(analyst(), {.id = {}, .originator = "ro_igpr", .submission = {}, .to = "bg_mvr", .purpose = {}, .given_by = "order 1", .until = {}, .revoked = false}));
    EXPECT_EQ(seen(of("bg_mvr")), "1234567");
    // What was addressed to somebody is theirs; what they are not cleared for is not.
    collection_.audience = {"rs_mup"};
    must(all().put(analyst(), collection_));
    EXPECT_EQ(seen(of("rs_mup")), "1234567");
    EXPECT_EQ(seen(of("rs_mup", "TLP:AMBER")), "1367");
    EXPECT_EQ(seen(of("al_asp")), "1467");
    // A later version that is not for the reader leaves the earlier one the latest he may have.
    add({object(1, "2026-02-01T00:00:00Z", "TLP:RED")});
    EXPECT_EQ(seen(of("al_asp")), "1467");
    EXPECT_EQ(seen(of("ro_igpr")), "2345671");
    EXPECT_EQ(must(all().remove(of("al_asp"), collection_, object(2).id, {.last = false, .all = true})), 0u);
}

TEST_P(Exchanged, grants_are_of_accounts_organisations_or_everybody) {
    collection_.grants = {{"m-ro_igpr", true, true}, {"bg_mvr", true, false}, {"rs_mup", false, true}, {"al_asp", false, false}};
    must(all().put(analyst(), collection_));
    EXPECT_TRUE(all().add(of("ro_igpr"), collection_, std::vector{object(1)}));
    EXPECT_TRUE(all().page(of("bg_mvr"), collection_, {}));
    EXPECT_EQ(all().add(of("bg_mvr"), collection_, std::vector{object(2)}).error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(all().add(of("rs_mup"), collection_, std::vector{object(2)}));
    EXPECT_EQ(all().page(of("rs_mup"), collection_, {}).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(all().remove(of("rs_mup"), collection_, object(2).id, {}).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(all().page(of("me_up"), collection_, {}).error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(collection_.may_know(of("al_asp")));
    EXPECT_FALSE(collection_.may_know(of("me_up")));
    EXPECT_EQ(all().page({"x", "", model::Role::analyst, "TLP:RED", "assessment"}, collection_, {}).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(all().page(of("bg_mvr"), {.root = kRoot, .id = "00000000-0000-4000-8000-000000000000"}, {}).error().code, ErrorCode::not_found);
}

TEST_P(Exchanged, pages_neither_repeat_nor_lose_while_others_add) {
    for (int i = 0; i < 100; ++i) add({object(i)});
    std::map<std::string, int> seen;
    std::int64_t after = 0;
    int extra = 1000;
    for (int pages = 0; pages < 200; ++pages) {
        const auto one = page({.after = after, .limit = 7});
        for (const auto& each : one.objects) ++seen[each.id], after = each.number;
        if (pages < 30) add({object(extra++), object(pages)});
        if (!one.more && pages >= 30) break;
    }
    EXPECT_EQ(seen.size(), 130u);
    for (const auto& [id, times] : seen) EXPECT_EQ(times, 1) << id;
}

TEST_P(Exchanged, statuses_are_of_the_organisation_that_asked) {
    const std::vector objects{object(1), object(2, "no")};
    must(all().add(of("ro_igpr"), collection_, objects, [](const auto& added) { return ExchangeStatus{"s-1", "{\"n\":" + std::to_string(added.size()) + "}"}; }));
    EXPECT_EQ(must(all().status(of("ro_igpr"), kRoot, "s-1")), "{\"n\":2}");
    EXPECT_EQ(all().status(of("bg_mvr"), kRoot, "s-1").error().code, ErrorCode::not_found);
    EXPECT_EQ(all().status(of("ro_igpr"), "/other/", "s-1").error().code, ErrorCode::not_found);
    must(all().put_status(analyst(), kRoot, {"s-2", "{}"}, "*"));
    EXPECT_EQ(must(all().status(of("bg_mvr"), kRoot, "s-2")), "{}");
    place_.now = "2026-03-09T12:00:00Z";
    must(all().add(of("ro_igpr"), collection_, objects, [](const auto&) { return ExchangeStatus{"s-3", "{}"}; }));
    EXPECT_EQ(all().status(of("ro_igpr"), kRoot, "s-1").error().code, ErrorCode::not_found);
    EXPECT_EQ(must(all().status(of("ro_igpr"), kRoot, "s-2")), "{}");
}

TEST_P(Exchanged, one_entry_in_the_log_for_each_request) {
    const auto entries = [&] { return must(store_->audit_entries(testing::auditor())); };
    std::vector<NewObject> objects;
    for (int i = 0; i < 20; ++i) objects.push_back(object(i));
    const std::size_t before = entries().size();
    add(objects);
    page({.limit = 5});
    const auto after = entries();
    ASSERT_EQ(after.size(), before + 3);   // looking is noted too
    EXPECT_EQ(after[before].action, "exchange");
    EXPECT_NE(after[before].object.find("added 20"), std::string::npos);
    EXPECT_EQ(after[before + 1].action, "read");
    EXPECT_NE(after[before + 1].object.find(kId), std::string::npos);
    std::string noted;
    all().note_reads_by([&](const model::Reader& reader, const std::string& object) -> core::Result<void> { return noted += reader.person + " " + object, core::Result<void>{}; });
    page({.types = {"tool"}});
    EXPECT_EQ(entries().size(), after.size() + 1);
    EXPECT_NE(noted.find("m-ro_igpr objects of /taxii2/see/"), std::string::npos) << noted;
    all().note_reads_by([](const auto&, const auto&) -> core::Result<void> { return core::fail(ErrorCode::unavailable, "the log cannot be written"); });
    EXPECT_FALSE(all().page(of("ro_igpr"), collection_, {}));
}

TEST(ExchangedInPostgres, row_level_rights_hold_for_objects) {
    Place place(true);
    {
        auto store = must(Store::create(place.where, place.options));
        must(store->collections().put(analyst(), ApiRoot{kRoot, "See", "", 10 << 20}));
        const Collection collection{kRoot, kId, "", "t", "", {"application/stix+json;version=2.1"}, {{"*", true, true}}, "TLP:AMBER", {"rs_mup"}};
        must(store->collections().put(analyst(), collection));
        const std::vector objects{object(1, "2026-01-01T00:00:00Z", "TLP:GREEN"), object(2, "2026-01-01T00:00:00Z", "TLP:RED")};
        must(store->collections().add(of("ro_igpr"), collection, objects));
    }
    auto connection = must(postgres::Connection::open(place.where));
    const auto rows = [&](postgres::Settings settings) {
        connection->act_for(std::move(settings));
        auto row = must(connection->prepare("SELECT COUNT(*) FROM collection_objects"));
        must(row->step());
        return row->integer(0);
    };
    EXPECT_EQ(rows({.organisation = "ro_igpr", .role = "analyst", .clearance = "TLP:RED", .codes = "", .purpose = "assessment", .consents = ""}), 2);
    EXPECT_EQ(rows({.organisation = "rs_mup", .role = "analyst", .clearance = "TLP:RED", .codes = "", .purpose = "assessment", .consents = ""}), 2);
    EXPECT_EQ(rows({.organisation = "bg_mvr", .role = "analyst", .clearance = "TLP:RED", .codes = "", .purpose = "assessment", .consents = ""}), 1);
    EXPECT_EQ(rows({.organisation = "rs_mup", .role = "analyst", .clearance = "TLP:GREEN", .codes = "", .purpose = "assessment", .consents = ""}), 1);
    EXPECT_EQ(rows({}), 0);
}

TEST(Moments, are_read_and_written_to_the_microsecond) {
    for (const char* text : {"2016-12-21T10:30:59.123456Z", "1970-01-01T00:00:00.000000Z", "2099-12-31T23:59:59.999999Z"}) EXPECT_EQ(moment_text(*moment_of(text)), text);
    EXPECT_EQ(moment_of("2016-12-21T10:30:59Z"), moment_of("2016-12-21T10:30:59.000Z"));
    EXPECT_EQ(*moment_of("2016-12-21T10:30:59.1234569Z"), *moment_of("2016-12-21T10:30:59.123456Z"));
    for (const char* text : {"", "2016-12-21", "2016-12-21T10:30:59", "2016-12-21T10:30:59+00:00", "2016-02-30T10:30:59Z", "2016-12-21T25:30:59Z", "2016-12-21T10:30:59.Z", "2016-12-21T10:30:59.1 Z", "2016-12-21 10:30:59Z", "x016-12-21T10:30:59Z"}) EXPECT_FALSE(moment_of(text)) << text;
}

}  // namespace
}  // namespace threatlas::store

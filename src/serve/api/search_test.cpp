// Search over what organisations tell one another: found in any script by who may read it, and by nobody else; on both engines.
#include <gtest/gtest.h>

#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "model/json_codec.hpp"
#include "publish/profiles/profile.hpp"
#include "serve/jobs/office.hpp"
#include "store/postgres_cluster.hpp"
#include "store/test_folder.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::serve {
namespace {

namespace json = core::json;
using model::Role;
using store::testing::must;
using Found = std::vector<std::string>;

const model::Catalogue& see() {
    static const model::Catalogue catalogue = must(model::load_catalogue(std::string(THREATLAS_SOURCE_DIR) + "/catalogue/see"));
    return catalogue;
}

class Searches : public ::testing::TestWithParam<bool> {
  protected:
    void SetUp() override {
        store_ = must(store::Store::create(GetParam() ? store::testing::Cluster::instance().fresh_database() : folder_ / "store", {.clock = {}, .key_file = folder_ / "key"}));
        office_ = std::make_unique<Office>(*store_, see(), OfficeOptions{.catalogue_folder = {}, .data = folder_ / "data", .workers = 1, .nightly = "", .today = [] { return core::Day{20500}; }});
        routes_ = office_routes(*office_);
    }
    static model::Reader reader(const std::string& organisation, const std::string& clearance = "TLP:RED H3", Role role = Role::contact_point) { return {"p-" + organisation, organisation, role, clearance, "joint_operation"}; }
    work::contact::Desk desk() const { return {*store_, see()}; }
    std::string told(const std::string& title, const std::string& text, const std::string& handling = "TLP:AMBER", std::vector<std::string> to = {"bg_mvr"}) {
        model::Bulletin b;
        b.kind = "new_mo", b.title = title, b.text = text, b.handling = handling, b.recipients = std::move(to);
        return must(work::contact::give(desk(), reader("rs_mup"), b)).record.id;
    }
    // The whole answer: nothing of what may not be found is in it, neither counts nor words.
    std::string ask(const std::string& words, const model::Reader& who, const std::string& format = "json") {
        for (const Route& route : routes_) {
            if (route.id != "search") continue;
            net::Request request;
            request.method = "GET", request.query = {{"q", words}, {"format", format}};
            Caller caller;
            caller.reader = who, caller.account = who.person, caller.scopes = {"*"};
            auto answer = must(route.handle(Call{request, caller, {}}));
            if (const auto* text = std::get_if<std::string>(&answer.body)) return *text;
            std::string whole, piece;
            for (const auto& pieces = std::get<net::Pieces>(answer.body); must(pieces(piece)); piece.clear()) whole += piece;
            return whole + piece;
        }
        ADD_FAILURE();
        return {};
    }
    Found found(const std::string& words, const model::Reader& who) {
        const auto answer = must(core::parse_json(ask(words, who), "answer"));
        Found out;
        for (const auto& each : answer.at("items").as_array()) out.push_back(std::string(each.at("type").as_string()) + " " + std::string(each.at("link").as_string()));
        EXPECT_EQ(static_cast<std::size_t>(answer.at("total").as_int64()), out.size());
        std::size_t counted = 0;
        for (const auto& each : answer.at("types").as_object()) counted += static_cast<std::size_t>(each.value().as_int64());
        EXPECT_EQ(counted, out.size());
        std::sort(out.begin(), out.end());
        return out;
    }

    store::testing::Folder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Office> office_;
    Routes routes_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Searches, ::testing::Bool(), [](const auto& each) { return each.param ? std::string("postgres") : std::string("embedded"); });

TEST_P(Searches, FindBulletinsInAnyScriptForWhoMayReadThem) {
    const std::string cyrillic = told("Џепарење у воланцима", "Двојица одвлаче пажњу."), latin = told("Šifrirani telefoni iz Peći", "Tekst."), greek = told("Λαθρεμπόριο τσιγάρων", "Κείμενο.");
    for (const char* each : {"rs_mup", "bg_mvr"}) {
        const auto who = reader(each);
        for (const char* words : {"џепарење воланцима", "Džeparenje", "dzeparenje volancima", "PAŽNJU"}) EXPECT_EQ(found(words, who), (Found{"bulletin /desk/bulletins/" + cyrillic})) << each << " " << words;
        for (const char* words : {"Шифрирани телефони", "sifrirani peci"}) EXPECT_EQ(found(words, who), (Found{"bulletin /desk/bulletins/" + latin})) << each << " " << words;
        for (const char* words : {"ΛΑΘΡΕΜΠΟΡΙΟ", "lathremporio tsigaron"}) EXPECT_EQ(found(words, who), (Found{"bulletin /desk/bulletins/" + greek})) << each << " " << words;
    }
    const std::string nothing = ask("zzqqxx", reader("me_up"));
    for (const auto& who : {reader("me_up"), reader("regional"), reader("bg_mvr", "TLP:GREEN"), reader("bg_mvr", "TLP:RED H3", Role::administrator), reader("bg_mvr", "TLP:RED H3", Role::contributor), reader("bg_mvr", "TLP:RED H3", Role::auditor)})
        for (const char* words : {"dzeparenje", "sifrirani", "lathremporio"}) EXPECT_EQ(ask(words, who), nothing) << who.organisation << " " << who.clearance << " " << model::name_of(who.role) << " " << words;
}

TEST_P(Searches, FindTheNewestVersionAndNothingOfWhatIsWithdrawn) {
    const std::string id = told("Quarrelsome herons", "A heronry.");
    must(work::contact::acknowledge<model::Bulletin>(desk(), reader("bg_mvr"), id, "Zanzibarian note"));
    EXPECT_EQ(found("zanzibarian", reader("bg_mvr")), Found{});
    EXPECT_EQ(found("zanzibarian", reader("rs_mup")), Found{}) << "what others said with their receipts is found by nobody";
    model::Bulletin better = must(work::contact::opened<model::Bulletin>(desk(), reader("rs_mup"), id)).record;
    better.title = "Peaceful egrets";
    must(work::contact::correct(desk(), reader("rs_mup"), better, "Misread"));
    for (const char* each : {"rs_mup", "bg_mvr"}) {
        EXPECT_EQ(found("quarrelsome herons", reader(each)), Found{}) << "what was corrected";
        EXPECT_EQ(found("peaceful egrets", reader(each)), (Found{"bulletin /desk/bulletins/" + id}));
    }
    must(work::contact::end<model::Bulletin>(desk(), reader("rs_mup"), id, "withdrawn", "A film"));
    for (const char* each : {"rs_mup", "bg_mvr"})
        for (const char* words : {"peaceful egrets", "quarrelsome", "heronry"}) EXPECT_EQ(found(words, reader(each)), Found{}) << each << " " << words;
}

TEST_P(Searches, FindByConsentAsLongAsItStandsAndWriteOnlyWhatMayLeave) {
    const std::string id = told("Coded lighthouses", "Beams.", "TLP:AMBER H2");
    EXPECT_EQ(found("lighthouses", reader("me_up")), Found{});
    const auto given = must(work::contact::consent_to(desk(), reader("rs_mup"), "bulletin", id, "me_up", "", ""));
    EXPECT_EQ(found("lighthouses", reader("me_up")).size(), 1U);
    must(work::contact::take_back(desk(), reader("rs_mup"), given.id, "No"));
    EXPECT_EQ(found("lighthouses", reader("me_up")), Found{});
    EXPECT_EQ(found("lighthouses", reader("bg_mvr")).size(), 1U);
    EXPECT_EQ(ask("lighthouses", reader("bg_mvr"), "csv").find("lighthouses"), std::string::npos) << "H2 gets into no file";
    EXPECT_NE(ask("lighthouses", reader("rs_mup"), "csv").find("lighthouses"), std::string::npos);
}

TEST_P(Searches, FindRequestsAndProfiles) {
    model::Request r;
    r.title = "Сиви комби", r.text = "Kombi s plavim vratima", r.questions = {"Known?"}, r.recipients = {"bg_mvr"}, r.handling = "TLP:AMBER";
    const auto asked = must(work::contact::give(desk(), reader("rs_mup"), r)).record.id;
    for (const char* each : {"rs_mup", "bg_mvr"}) EXPECT_EQ(found("sivi kombi", reader(each)), (Found{"request /desk/requests/" + asked}));
    EXPECT_EQ(found("sivi kombi", reader("me_up")), Found{});
    // A draft is its organisation's; a later version stands for the earlier one; what is withdrawn is gone.
    const auto profile = [&](int version, const std::string& title, const std::string& handling) {
        publish::AreaProfile p;
        p.id = "rs_mup.drugs." + std::to_string(version), p.organisation = "rs_mup", p.area = "drugs", p.title = title, p.version = version, p.assessment = "see-1", p.as_of = core::Day{20400}, p.made = "2026-11-29T10:00:00Z", p.handling = handling, p.originators = {"rs_mup"};
        ASSERT_TRUE(must(store_->open_dossier(reader("rs_mup"), {.kind = "profile", .id = p.id, .handling = handling, .at = {}, .json = core::write_json(model::to_json(p)), .steps = {}, .originators = {"rs_mup"}, .audience = {}})));
    };
    profile(1, "Улица наранџи", "TLP:AMBER");
    profile(2, "Улица наранџи и лимуна", "TLP:AMBER");
    EXPECT_EQ(found("ulica narandzi", reader("rs_mup")), (Found{"profile /profiles/rs_mup.drugs.2"}));
    EXPECT_EQ(found("ulica narandzi", reader("bg_mvr")), Found{}) << "a draft of another organisation";
    must(store_->add_step(reader("rs_mup"), "profile", "rs_mup.drugs.2", "published", R"({"text":""})"));
    EXPECT_EQ(found("ulica narandzi", reader("bg_mvr")), (Found{"profile /profiles/rs_mup.drugs.2"}));
    EXPECT_EQ(found("ulica narandzi", reader("bg_mvr", "TLP:GREEN")), Found{});
    EXPECT_EQ(found("ulica narandzi", reader("bg_mvr", "TLP:RED H3", Role::contributor)), Found{});
    must(store_->add_step(reader("rs_mup"), "profile", "rs_mup.drugs.2", "withdrawn", R"({"text":"wrong"})"));
    EXPECT_EQ(found("ulica narandzi limuna", reader("rs_mup")), Found{});
    EXPECT_EQ(found("ulica narandzi", reader("bg_mvr")), Found{});
}

}  // namespace
}  // namespace threatlas::serve

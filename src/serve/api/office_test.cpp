// The office's routes, called without sockets: what a handler refuses, and what it lets through.
#include <gtest/gtest.h>

#include <set>

#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "model/json_codec.hpp"
#include "serve/jobs/office.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve {
namespace {

namespace json = core::json;
using model::Role;

const model::Catalogue& see() {
    static const model::Catalogue catalogue = [] {
        auto read = model::load_catalogue(std::string(THREATLAS_SOURCE_DIR) + "/catalogue/see");
        if (!read) throw std::runtime_error(core::describe(read.error()));
        return std::move(*read);
    }();
    return catalogue;
}

class OfficeTest : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = std::move(*store::Store::create(folder_ / "store"));
        office_ = std::make_unique<Office>(*store_, see(), OfficeOptions{.catalogue_folder = {}, .data = folder_ / "data", .workers = 1, .nightly = "", .today = [] { return core::Day{20500}; }});
        routes_ = office_routes(*office_);
        ASSERT_TRUE(office_->start());
    }
    struct Answer {
        int status = 0;
        json::value body;
        std::string text;
    };
    Answer ask(const model::Reader& who, const std::string& id, std::map<std::string, std::string> path, const std::string& body, std::vector<std::pair<std::string, std::string>> query = {}, net::Headers headers = {}) {
        for (const Route& route : routes_) {
            if (route.id != id) continue;
            net::Request request;
            request.method = route.method, request.body = body, request.query = std::move(query), request.headers = std::move(headers);
            Caller caller;
            caller.reader = who, caller.account = who.person, caller.scopes = {"*"};
            const auto answer = route.handle(Call{request, caller, std::move(path)});
            if (!answer) return {core::error_row(answer.error().code).http_status, json::value(answer.error().message), answer.error().message};
            Answer out{answer->status, nullptr, ""};
            if (const auto* text = std::get_if<std::string>(&answer->body)) out.text = *text;
            if (const auto read = core::parse_json(out.text, "answer")) out.body = *read;
            return out;
        }
        ADD_FAILURE() << "no route " << id;
        return {};
    }
    static model::Reader person(const std::string& organisation, Role role) { return {"p-" + organisation, organisation, role, "TLP:AMBER", "contribution"}; }
    static std::string text_at(const json::value& value, const char* key) { return std::string(value.as_object().at(key).as_string()); }

    store::testing::Folder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Office> office_;
    Routes routes_;
};

const std::string kMapping = R"({"mapping":{"mapping":1,"id":"try","source":"member_statistics","columns":{"what":"seizure.heroin","place":{"column":"land"},"period":{"column":"month","as":"month"},"value":{"column":"kg"},"unit":"kg"}}})";

TEST_F(OfficeTest, AnUploadIsCheckedMendedAndIngestedByItsOrganisationAlone) {
    const auto cem = person("rs_mup", Role::contributor), mira = person("me_up", Role::contributor);
    const Answer taken = ask(cem, "upload_create", {}, "land;month;kg\nRS;2022-01;5\nRS;2022-02;x\n", {}, {{"x-filename", "../t%20x.csv"}});
    ASSERT_EQ(taken.status, 201) << taken.text;
    EXPECT_EQ(text_at(taken.body, "file"), "t x.csv");
    const std::string id = text_at(taken.body, "id");
    EXPECT_EQ(ask(mira, "upload_get", {{"upload", id}}, "").status, 404);
    EXPECT_EQ(ask(mira, "upload_check", {{"upload", id}}, kMapping).status, 404);
    EXPECT_EQ(ask(mira, "upload_delete", {{"upload", id}}, "").status, 404);
    EXPECT_EQ(ask(person("rs_mup", Role::auditor), "upload_check", {{"upload", id}}, kMapping).status, 403);
    const Answer checked = ask(cem, "upload_check", {{"upload", id}}, kMapping);
    ASSERT_EQ(checked.status, 200) << checked.text;
    EXPECT_EQ(checked.body.at("accepted").as_int64(), 1);
    EXPECT_EQ(checked.body.at("refused").as_int64(), 1);
    EXPECT_EQ(checked.body.at("first_refused").as_array()[0].at("row").as_int64(), 3);
    EXPECT_EQ(text_at(checked.body.at("sample").as_array()[0], "member"), "rs_mup");
    EXPECT_EQ(ask(cem, "upload_refused", {{"upload", id}}, "", {{"format", "csv"}}).text.find("2022-01"), std::string::npos);
    // Neither by a constant nor by a column does anybody hand in for another.
    for (const std::string& other : {std::string(R"("member":"me_up",)"), std::string(R"("columns_":0,)")}) {
        std::string body = kMapping;
        body.insert(body.find("\"id\""), other);
        EXPECT_NE(ask(cem, "upload_check", {{"upload", id}}, body).status, 200) << other;
    }
    std::string by_column = kMapping;
    by_column.insert(by_column.find("\"what\""), R"("member":"me_up",)");
    EXPECT_EQ(ask(cem, "upload_check", {{"upload", id}}, by_column).status, 403);
    EXPECT_EQ(ask(cem, "upload_check", {{"upload", id}}, "[1]").status, 422);
    const Answer job = ask(cem, "upload_ingest", {{"upload", id}}, kMapping);
    ASSERT_EQ(job.status, 202) << job.text;
    const auto done = office_->jobs.wait(text_at(job.body, "id"), 30);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->state, "done") << done->error;
    EXPECT_EQ(done->outcome.at("accepted").to_number<int>(), 1);
    EXPECT_FALSE(done->outcome.contains("first_refused")) << "rows are not kept with the job";
    EXPECT_EQ(store_->submissions(person("rs_mup", Role::analyst))->size(), 1U);
    EXPECT_EQ(ask(mira, "job_get", {{"job", done->id}}, "").status, 404);
}

TEST_F(OfficeTest, MappingsAreKeptByTheirOrganisation) {
    const auto cem = person("rs_mup", Role::contributor), mira = person("me_up", Role::contributor);
    const std::string mapping(core::write_json(core::parse_json(kMapping, "m").value().at("mapping")));
    ASSERT_EQ(ask(cem, "mapping_save", {}, mapping).status, 201);
    EXPECT_EQ(ask(cem, "mapping_save", {}, mapping).status, 201) << "the newest counts";
    EXPECT_EQ(ask(cem, "mappings_list", {}, "").body.at("total").as_int64(), 1);
    EXPECT_EQ(ask(mira, "mappings_list", {}, "").body.at("total").as_int64(), 0);
    EXPECT_EQ(ask(mira, "mapping_delete", {{"mapping", "try"}}, "").status, 404);
    EXPECT_EQ(ask(cem, "mapping_delete", {{"mapping", "try"}}, "").status, 204);
    EXPECT_EQ(ask(cem, "mappings_list", {}, "").body.at("total").as_int64(), 0);
    EXPECT_EQ(ask(cem, "mapping_save", {}, R"({"mapping":1})").status, 422);
}

TEST_F(OfficeTest, JobsAreRefusedAtOnceWhereTheyCanBe) {
    const auto ana = person("regional", Role::analyst);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"nonsense"})").status, 400);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"assess","draws":1})").status, 400);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"assess","drawn":1})").status, 422);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"assess","leave_out":["x"]})").status, 400);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"report","edition":"secret"})").status, 400);
    EXPECT_EQ(ask(ana, "job_create", {}, R"({"kind":"ingest","upload":"x"})").status, 400);
    EXPECT_EQ(ask(person("rs_mup", Role::contributor), "job_create", {}, R"({"kind":"assess"})").status, 403);
    const Answer empty = ask(ana, "job_create", {}, R"({"kind":"assess","title":"Nothing there","draws":100})");
    ASSERT_EQ(empty.status, 202) << empty.text;
    const auto done = office_->jobs.wait(text_at(empty.body, "id"), 60);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->state, "failed");
    EXPECT_EQ(done->code, "not_enough_data");
}

TEST_F(OfficeTest, SearchFindsInAnyScriptAndOnlyWhatOneMaySee) {
    const auto ana = person("regional", Role::analyst);
    const Answer heroin = ask(ana, "search", {}, "", {{"q", "хероин"}});
    ASSERT_EQ(heroin.status, 200) << heroin.text;
    ASSERT_GT(heroin.body.at("total").as_int64(), 0);
    EXPECT_NE(text_at(heroin.body.at("items").as_array()[0], "id").find("heroin"), std::string::npos) << heroin.text.substr(0, 500);
    EXPECT_EQ(ask(ana, "search", {}, "", {{"q", "zzzzqq"}}).body.at("total").as_int64(), 0);
    EXPECT_EQ(ask(ana, "search", {}, "", {{"q", "..."}}).status, 400);
    EXPECT_EQ(ask(ana, "search", {}, "", {{"q", ""}}).status, 422);
    ASSERT_EQ(ask(person("rs_mup", Role::director), "decision_create", {}, R"({"title":"Joint lanterns","threat":"drugs.heroin","measure":"x","handling":"TLP:AMBER"})").status, 201);
    EXPECT_EQ(ask(ana, "search", {}, "", {{"q", "lantern"}, {"type", "decision"}}).body.at("total").as_int64(), 1);
    model::Reader low = ana;
    low.clearance = "TLP:GREEN";
    EXPECT_EQ(ask(low, "search", {}, "", {{"q", "lantern"}}).body.at("total").as_int64(), 0);
}

TEST_F(OfficeTest, ARoundStartsWhatIsKnownOnceAndTellsIt) {
    office_->start_round();
    const auto jobs = office_->jobs.list(person("regional", Role::administrator));
    std::set<std::string> kinds;
    for (const auto& each : jobs) {
        kinds.insert(each.kind);
        ASSERT_TRUE(office_->jobs.wait(each.id, 60));
    }
    EXPECT_EQ(kinds, (std::set<std::string>{"checkpoint", "review", "watch"}));
    EXPECT_EQ(jobs.size(), 3U);
    EXPECT_GT(office_->events.last(), 0U);
}

}  // namespace
}  // namespace threatlas::serve

// What people wrote is found by its words, in both engines; what only PostgreSQL promises stands at the end.
#include "store/texts.hpp"

#include <algorithm>

#include "core/json.hpp"
#include "store/postgres_cluster.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::Cluster;
using testing::fixed_clock;
using testing::Folder;
using testing::info_of;
using testing::must;

struct Filled {
    Folder folder;
    std::string where;
    StoreOptions options = fixed_clock();
    std::unique_ptr<Store> store;
    explicit Filled(bool postgres) : where(postgres ? Cluster::instance().fresh_database() : folder / "s") {
        options.key_file = folder / "test.key";
        store = must(Store::create(where, options));
        judged("cyrillic", "Кријумчарење хероина преко луке Бар, каже Ђинђић");
        judged("romanian", "Confiscarea țigărilor de contrabandă la Iași");
        judged("greek", "Λαθρεμπόριο ναρκωτικών στη Θεσσαλονίκη");
        judged("secret", "Кријумчарење златом", "TLP:RED");
        followed("signal", "S-1", R"({"title":"Cocaine in Šibenik","sentence":"More than expected in the airports."})");
        followed("decision", "B-1", R"({"title":"Joint checks","measure":"At two crossings"})");
        must(store->add_step(analyst(), "decision", "B-1", "progress", R"({"text":"Zaplena u Đevđeliji \u0041"})"));
    }
    std::string judged(const std::string& name, const std::string& text, const std::string& handling = "TLP:GREEN") {
        auto info = info_of("questionnaire", name);
        info.member = "rs_mup";
        model::Claim claim;
        claim.id = "S01", claim.threat = "cyber.fraud", claim.kind = model::ClaimKind::note, claim.text = text, claim.handling = handling, claim.organisation = "rs_mup", claim.source = "questionnaire", claim.known_at = core::Day{18242}, claim.submission = info.id;
        auto submission = must(store->begin(analyst(), info));
        must(submission->add(claim));
        must(submission->commit(1));
        return info.id;
    }
    void followed(const std::string& kind, const std::string& id, const std::string& json, const std::string& handling = "TLP:GREEN") {
        Dossier head;
        head.kind = kind, head.id = id, head.handling = handling, head.json = json;
        ASSERT_TRUE(must(store->open_dossier(analyst(), head)));
    }
    // What is found, as 'kind:id', claims by the name they were judged under.
    std::vector<std::string> found(const std::string& words, const model::Reader& reader = analyst(), std::vector<std::string> kinds = {"claim", "signal", "decision"}) {
        std::vector<std::string> out;
        for (const TextHit& each : must(find_texts(*store, reader, TextQuery{words, std::move(kinds), 1000}))) {
            std::string id = each.id;
            for (const char* name : {"cyrillic", "romanian", "greek", "secret", "more"})
                if (id == info_of("questionnaire", name).id) id = name;
            out.push_back(each.kind + ":" + id);
        }
        std::sort(out.begin(), out.end());
        return out;
    }
};
using Names = std::vector<std::string>;

class Texts : public ::testing::TestWithParam<bool> {
  protected:
    Filled filled_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, Texts, ::testing::Bool(), [](const auto& each) { return each.param ? std::string("postgres") : std::string("embedded"); });

TEST_P(Texts, are_found_in_any_script_and_without_accents) {
    for (const char* words : {"кријумчарење хероина", "krijumčarenje heroina", "KRIJUMCARENJE HEROINA", "heroina, krijumčarenje"}) EXPECT_EQ(filled_.found(words), (Names{"claim:cyrillic"})) << words;
    for (const char* words : {"țigărilor", "ţigărilor", "tigarilor", "IASI"}) EXPECT_EQ(filled_.found(words), (Names{"claim:romanian"})) << words;
    for (const char* words : {"λαθρεμπόριο", "ΛΑΘΡΕΜΠΟΡΙΟ"}) EXPECT_EQ(filled_.found(words), (Names{"claim:greek"})) << words;
    EXPECT_EQ(filled_.found("cocaine sibenik"), (Names{"signal:S-1"}));
    EXPECT_EQ(filled_.found("airport"), (Names{"signal:S-1"})) << "within a word";
    EXPECT_EQ(filled_.found("zaplena"), (Names{"decision:B-1"})) << "what was done since";
    EXPECT_EQ(filled_.found("krijumčarenje", analyst(), {"submission"}), Names{});
    EXPECT_EQ(filled_.found("romanian", analyst(), {"submission"}), (Names{"submission:romanian"}));
    EXPECT_EQ(filled_.found("nothing of the kind"), Names{});
    EXPECT_EQ(find_texts(*filled_.store, analyst(), TextQuery{" ,;", {"claim"}, 10}).error().code, ErrorCode::bad_usage);
    EXPECT_EQ(filled_.found("100% o'neill \\ \"; DROP TABLE claims --"), Names{});
}

TEST_P(Texts, of_some_kinds_are_found_by_their_heads_alone) {
    const auto find = [&](const std::string& words) {
        std::vector<std::string> out;
        for (const TextHit& each : must(find_texts(*filled_.store, analyst(), TextQuery{words, {"signal"}, 1000, {"decision"}}))) out.push_back(each.kind + ":" + each.id);
        return out;
    };
    EXPECT_EQ(find("crossings"), (Names{"decision:B-1"}));
    EXPECT_EQ(find("sibenik"), (Names{"signal:S-1"}));
    EXPECT_EQ(find("zaplena"), Names{}) << "said in a step";
}

TEST_P(Texts, above_the_clearance_or_withdrawn_are_not_found) {
    EXPECT_EQ(filled_.found("krijumčarenje"), (Names{"claim:cyrillic", "claim:secret"}));
    EXPECT_EQ(filled_.found("krijumčarenje", analyst("TLP:AMBER")), (Names{"claim:cyrillic"}));
    EXPECT_EQ(filled_.found("krijumčarenje", analyst("TLP:CLEAR")), Names{});
    filled_.followed("signal", "S-2", R"({"title":"Krijumčarenje oružja"})", "TLP:RED");
    EXPECT_EQ(filled_.found("oružja"), (Names{"signal:S-2"}));
    EXPECT_EQ(filled_.found("oružja", analyst("TLP:AMBER")), Names{});
    must(filled_.store->withdraw(analyst(), {info_of("questionnaire", "cyrillic").id, core::Day{18300}, "by mistake"}));
    EXPECT_EQ(filled_.found("heroina"), Names{});
    must(filled_.store->restore(analyst(), info_of("questionnaire", "cyrillic").id));
    EXPECT_EQ(filled_.found("heroina"), (Names{"claim:cyrillic"}));
    must(filled_.store->erase(analyst(), info_of("questionnaire", "cyrillic").id, "asked for"));
    EXPECT_EQ(filled_.found("heroina"), Names{});
}

class PostgresTexts : public ::testing::Test {
  protected:
    std::string sql(const std::string& text, const std::string& role = "threatlas_owner") { return Cluster::instance().psql(Cluster::database_of(filled_.where), role, text); }
    Filled filled_{true};
};

TEST_F(PostgresTexts, are_found_inflected_and_misspelt) {
    EXPECT_EQ(filled_.found("krijumčarenjem heroin"), (Names{"claim:cyrillic"})) << "Serbian";
    EXPECT_EQ(filled_.found("кријумчарења лука"), (Names{"claim:cyrillic"}));
    EXPECT_EQ(filled_.found("țigări"), (Names{"claim:romanian"})) << "Romanian";
    EXPECT_EQ(filled_.found("ναρκωτικό"), (Names{"claim:greek"})) << "Greek";
    EXPECT_EQ(filled_.found("crossing check"), (Names{"decision:B-1"})) << "English";
    EXPECT_EQ(filled_.found("crossing zaplena"), Names{}) << "all of them in one text";
    EXPECT_EQ(filled_.found("expecting airports"), (Names{"signal:S-1"})) << "English";
    EXPECT_EQ(filled_.found("krijumcarnje"), (Names{"claim:cyrillic", "claim:secret"})) << "a letter missing";
    EXPECT_EQ(filled_.found("narkotika"), (Names{"claim:greek"})) << "Greek in Latin letters, in another form";
    EXPECT_EQ(filled_.found("Thessaloniki"), (Names{"claim:greek"}));
    EXPECT_EQ(filled_.found("Djindjic"), (Names{"claim:cyrillic"}));
}

TEST_F(PostgresTexts, are_in_an_index_that_only_the_owner_reads_and_that_forgets) {
    EXPECT_EQ(sql("SELECT count(*) FROM text_index WHERE latin LIKE '%heroina%'"), "1\n");
    EXPECT_THROW(sql("SELECT count(*) FROM text_index", "threatlas_app"), std::runtime_error);
    const std::string plan = sql("SET enable_seqscan = off; EXPLAIN SELECT 1 FROM text_index t WHERE t.words @@ threatlas_query('heroin') OR t.latin LIKE threatlas_pattern('heroin') OR threatlas_latin('heroin') <% t.latin");
    EXPECT_NE(plan.find("text_index_words"), std::string::npos) << plan;
    EXPECT_NE(plan.find("text_index_latin"), std::string::npos) << plan;
    must(filled_.store->erase(analyst(), info_of("questionnaire", "cyrillic").id, "asked for"));
    EXPECT_EQ(sql("SELECT count(*) FROM text_index WHERE latin LIKE '%heroina%'"), "0\n");
}

// The database's own rights stand behind every read: were they to refuse all, all would be empty, whatever the program thinks.
TEST_F(PostgresTexts, and_every_other_read_pass_the_rights_of_the_database_as_well) {
    must(filled_.store->save_assessment(analyst(), {"see-1", "see", "h1", core::Day{20000}, "TLP:CLEAR"}, "{\"a\":1}"));
    EXPECT_EQ(must(filled_.store->submissions(analyst())).size(), 4u);
    sql("CREATE OR REPLACE FUNCTION threatlas_may_see(handling text, originator text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'");
    EXPECT_EQ(filled_.found("krijumčarenje"), Names{});
    EXPECT_EQ(filled_.found("cocaine"), Names{});
    EXPECT_TRUE(must(filled_.store->submissions(analyst())).empty());
    EXPECT_TRUE(must(filled_.store->dossiers(analyst(), "signal")).empty());
    EXPECT_TRUE(must(filled_.store->assessments(analyst())).empty());
    EXPECT_FALSE(filled_.store->assessment(analyst(), "see-1"));
    EXPECT_TRUE(must(filled_.store->snapshot(analyst(), {})).claims.empty());
}

}  // namespace
}  // namespace threatlas::store

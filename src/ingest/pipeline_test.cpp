#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/ingest.hpp"
#include "ingest/mapping.hpp"
#include "ingest/questionnaire.hpp"
#include "ingest/recorder.hpp"
#include "ingest/test_region.hpp"

namespace threatlas::ingest {
namespace {

using testing::Folder;
using testing::must;
using testing::slurp;

constexpr const char* kHead = "mapping: 1\nid: m\nsource: member_statistics\nknown_at: 2024-01-31\n";
constexpr const char* kColumns =
    "columns:\n  what: {column: what}\n  place: {column: place}\n  period: {column: day, as: day}\n  value: {column: n}\n  unit: {column: unit}\n";

class Pipeline : public ::testing::Test {
  protected:
    Outcome ingest(const std::string& table, const std::string& mapping, Options options = {}) {
        const auto rejects = must(RejectsFile::create(folder_ / "rejects.csv"));
        options.rejects = rejects.get();
        const auto outcome = must(ingest_mapped(store_.get(), testing::analyst(), catalogue_, folder_.write("m.yaml", mapping), folder_.write("t.csv", table), options, progress_));
        must(rejects->finish());
        return outcome;
    }
    core::Error refused(const std::string& table, const std::string& mapping) {
        const auto result = ingest_mapped(store_.get(), testing::analyst(), catalogue_, folder_.write("m.yaml", mapping), folder_.write("t.csv", table), {}, progress_);
        if (result) ADD_FAILURE() << "accepted";
        return result ? core::Error{} : result.error();
    }
    store::Snapshot all() { return must(store_->snapshot(testing::analyst(), {})); }

    Folder folder_;
    model::Catalogue catalogue_ = testing::region();
    std::unique_ptr<store::Store> store_ = must(store::Store::create(folder_ / "store"));
    core::NoProgress progress_;
};

TEST_F(Pipeline, AListOfEventsCountsOneARowAndNeedsIds) {
    const std::string columns = "columns:\n  what: iccs.ICCS0401\n  place: RS\n  period: {column: day, as: day}\n  value: 1\n  unit: count\n  dims: {modus_operandi: {column: mo}}\n";
    const std::string table = "no,day,mo\na1,2023-01-01,forgery.vin\na2,2023-01-01,forgery.vin\na1,2023-01-01,forgery.vin\na3,2023-01-02,forgery.win\n";
    EXPECT_TRUE(refused(table, kHead + columns).message.find("map their 'id'") != std::string::npos);
    const auto outcome = ingest(table, kHead + columns + "  id: {column: no}\n");
    EXPECT_EQ(outcome.info.accepted, 2U);      // two alike on one day are two
    EXPECT_EQ(outcome.info.duplicates, 1U);    // one told twice is one
    EXPECT_EQ(outcome.info.rejected, 1U);      // a misspelt way of working is no new one
    const auto snapshot = all();
    EXPECT_EQ(snapshot.at(0).value, 1);
    EXPECT_EQ(snapshot.at(0).dims.at("modus_operandi"), "forgery.vin");
    EXPECT_EQ(refused(table, kHead + std::string("columns:\n  what: iccs.ICCS0401\n  place: RS\n  period: {column: day, as: day}\n  value: many\n  unit: count\n  id: {column: no}\n")).code, core::ErrorCode::bad_input);
}

TEST_F(Pipeline, GivesEveryRowItsVerdict) {
    const auto outcome = ingest(
        "what,place,day,n,unit\n"
        "iccs.ICCS0401,Serbia,2023-01-01,5,count\n"    // 2 accepted
        "iccs.ICCS0401,SRB,2023-01-01,5,count\n"       // 3 duplicate of 2, by another name of the country
        "iccs.ICCS0401,RS,2023-01-01,6,count\n"        // 4 contradicts 2
        "iccs.ICCS0401,RS,2023-02-31,6,count\n"        // 5 no such day
        "iccs.ICCS0401,RS,2023-01-02,-6,count\n"       // 6 below zero
        "iccs.ICCS0401,Atlantis,2023-01-02,6,count\n"  // 7 unknown place
        "iccs.NOPE,RS,2023-01-02,6,count\n"            // 8 unknown code
        "iccs.ICCS0401,RS,2023-01-02,6,stones\n"       // 9 unknown unit
        "iccs.ICCS0401,RS,2023-01-02,6.5,count\n"      // 10 half an offence
        "iccs.ICCS0401,RS,2023-01-02,,count\n"         // 11 blank
        "iccs.ICCS0401,RS,2023-01-02,<5,count\n"       // 12 censored
        "iccs.ICCS0401,RS,2023-01-03,0,count\n"        // 13 a zero is a figure
        "iccs.ICCS0401,RS,2023-01-04,:,count\n"        // 14 absent
        "iccs.ICCS0401,RS,2023-01-05,7\n"              // 15 ragged
        "iccs.ICCS0401,RS,1823-01-05,7,count\n"        // 16 long ago
        "=cmd|' /C calc'!A0,RS,2023-01-05,7,count\n",  // 17 formula
        std::string(kHead) + "absent: [':']\ncensored: {'<5': [1, 4]}\n" + kColumns);
    EXPECT_EQ(outcome.info.rows, 16u);
    EXPECT_EQ(outcome.info.accepted, 4u);
    EXPECT_EQ(outcome.info.duplicates, 1u);
    EXPECT_EQ(outcome.info.rejected, 11u);
    EXPECT_EQ(outcome.info.rows, outcome.info.accepted + outcome.info.duplicates + outcome.info.rejected);
    const auto rejects = must(store_->rejects(testing::analyst(), outcome.info.id));
    ASSERT_EQ(rejects.size(), 12u);
    const auto reason = [&](std::uint64_t row) {
        for (const auto& each : rejects)
            if (each.row == row) return each.verdict + " " + each.column + ": " + each.reason;
        return std::string();
    };
    EXPECT_EQ(reason(3), "duplicate n: repeats row 2");
    EXPECT_EQ(reason(4), "refused n: contradicts row 2: the same figure with another value");
    EXPECT_NE(reason(5).find("2023-02-31 does not exist"), std::string::npos);
    EXPECT_NE(reason(6).find("below zero"), std::string::npos);
    EXPECT_NE(reason(7).find("unknown country or place 'Atlantis'"), std::string::npos);
    EXPECT_NE(reason(8).find("unknown code"), std::string::npos);
    EXPECT_NE(reason(9).find("unknown unit"), std::string::npos);
    EXPECT_NE(reason(10).find("swapped"), std::string::npos);
    EXPECT_NE(reason(11).find("blank"), std::string::npos);
    EXPECT_NE(reason(15).find("cells"), std::string::npos);
    EXPECT_NE(reason(16).find("1990"), std::string::npos);
    const auto snapshot = all();
    ASSERT_EQ(snapshot.size(), 4u);
    std::map<std::uint64_t, model::Observation> by_row;
    for (std::size_t i = 0; i < snapshot.size(); ++i) by_row[snapshot.at(i).row] = snapshot.at(i);
    EXPECT_EQ(by_row[2].place, "RS");
    EXPECT_EQ(by_row[2].file, "t.csv");
    EXPECT_EQ(by_row[2].nature, model::Nature::reported_crime);
    EXPECT_EQ(core::iso(by_row[2].known_at), "2024-01-31");
    EXPECT_EQ(by_row[12].state, model::State::censored);
    EXPECT_EQ(by_row[12].value, 1);
    EXPECT_EQ(by_row[12].upper, 4);
    EXPECT_EQ(by_row[13].state, model::State::measured);
    EXPECT_EQ(by_row[13].value, 0);
    EXPECT_EQ(by_row[14].state, model::State::absent);
    const std::string csv = slurp(folder_ / "rejects.csv");
    EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF" "file,row,column,verdict,reason,original\nt.csv,3,n,duplicate,repeats row 2,"));
    EXPECT_NE(csv.find("'=cmd"), std::string::npos);
    EXPECT_EQ(csv.find(",\"=cmd"), std::string::npos);
}

TEST(CsvCell, NeutralisesFormulas) {
    EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
    EXPECT_EQ(csv_cell("@x"), "'@x");
    EXPECT_EQ(csv_cell("-1"), "'-1");
    EXPECT_EQ(csv_cell("\tx"), "\"'\tx\"");
    EXPECT_EQ(csv_cell("\rx"), "\"'\rx\"");
    EXPECT_EQ(csv_cell("a \"b\""), "\"a \"\"b\"\"\"");
    // Opened where ';' or a tab parts cells, the middle of a text begins a cell too.
    EXPECT_EQ(csv_cell("RS;=cmd|' /C calc'!A0;5"), "\"RS;'=cmd|' /C calc'!A0;5\"");
    EXPECT_EQ(csv_cell("a\t@x"), "\"a\t'@x\"");
    EXPECT_EQ(csv_cell("a\n+x"), "\"a\n'+x\"");
    EXPECT_EQ(csv_cell("a; \"=x"), "\"a; \"\"'=x\"");
    EXPECT_EQ(csv_cell("a=b-c"), "a=b-c");
    EXPECT_EQ(csv_cell("plain"), "plain");
}

TEST_F(Pipeline, IsIdempotentByContentAndDryRunsWriteNothing) {
    const std::string table = "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-01,5,count\n", mapping = std::string(kHead) + kColumns;
    Options dry;
    dry.dry_run = true;
    EXPECT_EQ(ingest(table, mapping, dry).info.accepted, 1u);
    EXPECT_EQ(all().size(), 0u);
    EXPECT_FALSE(ingest(table, mapping).already_there);
    EXPECT_NE(ingest(table, mapping, dry).notes.at(0).find("already"), std::string::npos);
    const auto again = ingest(table, mapping);
    EXPECT_TRUE(again.already_there);
    EXPECT_EQ(again.info.accepted, 1u);
    EXPECT_EQ(all().size(), 1u);
    EXPECT_FALSE(ingest(table, mapping + "title: other\n").already_there);
}

TEST_F(Pipeline, AFaultInTheMiddleLeavesNothing) {
    const std::string good = "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-01,5,count\n", mapping = std::string(kHead) + kColumns;
    EXPECT_EQ(refused(good + "\"iccs", mapping).where.row, 3u);
    EXPECT_EQ(refused(good + std::string("a\0b", 3), mapping).where.row, 3u);
    EXPECT_EQ(all().size(), 0u);
    EXPECT_TRUE(must(store_->submissions(testing::analyst())).empty());
    EXPECT_EQ(ingest(good, mapping).info.accepted, 1u);
}

TEST_F(Pipeline, NamesFaultsOfFileAndMapping) {
    const std::string mapping = std::string(kHead) + kColumns;
    EXPECT_NE(refused("", mapping).message.find("empty"), std::string::npos);
    EXPECT_NE(refused("what,place,day,n,unit\n", mapping).message.find("no row"), std::string::npos);
    EXPECT_TRUE(must(store_->submissions(testing::analyst())).empty());
    const auto missing = refused("what,place,day,count,unit\n", mapping);
    EXPECT_NE(missing.message.find("no column 'n'"), std::string::npos);
    EXPECT_NE(missing.message.find("'what', 'place', 'day', 'count', 'unit'"), std::string::npos);
    EXPECT_NE(refused("what,place,day,n,unit\n", "mapping: 1\nid: m\nsource: nobody\nknown_at: 2024-01-31\n" + std::string(kColumns)).message.find("no source 'nobody'"), std::string::npos);
    EXPECT_NE(refused("what,place,day,n,unit\n", "mapping: 1\nid: m\nsource: member_statistics\n" + std::string(kColumns)).message.find("since when"), std::string::npos);
}

// A cell refused in the middle of a row must leave no trace in the rows after it.
TEST_F(Pipeline, ARefusedCellLeavesTheNextRowsDimensionsAlone) {
    const auto outcome = ingest("year,men,women,weapon\n2019,1,10,gun\n2020,2,20,axe\n2021,3,30,gun\n2022,4,40,gun\n",
                                std::string(kHead) +
                                    "columns:\n  what: iccs.ICCS0401\n  place: RS\n  unit: count\n  period: {column: year, as: year}\nmeasures:\n"
                                    "  - {value: {column: men}, dims: {sex: male}}\n"
                                    "  - {value: {column: women}, dims: {sex: female, weapon: {column: weapon, table: {gun: gun, knife: knife}, unknown: refuse}}}\n");
    EXPECT_EQ(outcome.info.accepted, 7u);
    const auto snapshot = all();
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto o = snapshot.at(i);
        const bool man = o.value < 10;
        EXPECT_EQ(o.dims.at("sex"), man ? "male" : "female") << o.value;
        EXPECT_EQ(o.dims.count("weapon"), man ? 0u : 1u) << o.value;
    }
}

// Two columns that are told apart by the name of a dimension alone are two figures.
TEST_F(Pipeline, MeasuresWithUnlikeDimensionsAreNotRepeats) {
    const auto outcome = ingest("year,a,b\n2019,5,5\n2020,6,7\n", std::string(kHead) +
                                                                      "columns:\n  what: iccs.ICCS0401\n  place: RS\n  unit: count\n  period: {column: year, as: year}\nmeasures:\n"
                                                                      "  - {value: {column: a}, dims: {weapon: total}}\n  - {value: {column: b}, dims: {place_type: total}}\n");
    EXPECT_EQ(outcome.info.accepted, 4u);
    EXPECT_EQ(outcome.info.duplicates, 0u);
}

TEST_F(Pipeline, IdsTellRepeatsFromReuse) {
    const auto outcome = ingest(
        "id,place,day,n\nA,RS,2023-01-01,5\nB,RS,2023-01-01,5\nA,RS,2023-01-01,5\nA,ME,2023-01-01,5\n,RS,2023-01-01,5\n",
        std::string(kHead) + "columns:\n  id: {column: id}\n  what: seizure.heroin\n  unit: kg\n  place: {column: place}\n  period: {column: day, as: day}\n  value: {column: n}\n");
    EXPECT_EQ(outcome.info.accepted, 2u);  // two seizures of one day and weight are two
    EXPECT_EQ(outcome.info.duplicates, 1u);
    EXPECT_EQ(outcome.info.rejected, 2u);
}

TEST_F(Pipeline, ReadsTheExamples) {
    const std::string examples = THREATLAS_SOURCE_DIR "/examples/mappings/";
    const auto run = [&](const std::string& mapping, const std::string& file) {
        return must(ingest_mapped(store_.get(), testing::analyst(), catalogue_, examples + mapping, examples + file, {}, progress_)).info;
    };
    const auto cyrillic = run("cyrillic_cp1251.yaml", "cyrillic_cp1251.csv");
    EXPECT_EQ(cyrillic.accepted, 6u);
    const auto latin = run("latin_cp1250.yaml", "latin_cp1250.csv");
    EXPECT_EQ(latin.accepted, 9u);
    EXPECT_EQ(latin.rows, 3u);
    EXPECT_EQ(run("seizures_xlsx.yaml", "seizures.xlsx").accepted, 3u);
    const auto ransom = run("ransom_jsonl.yaml", "ransom.jsonl");
    EXPECT_EQ(ransom.accepted, 1u);
    EXPECT_EQ(ransom.rejected, 2u);
    const auto snapshot = all();
    double january = 0, provalna = 0;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        const auto o = snapshot.at(i);
        if (o.member == "rs_mup" && o.what == "iccs.ICCS05021" && core::iso(o.period) == "2023-01") january = o.value;
        if (o.member == "me_up" && o.what == "iccs.ICCS0501" && core::iso(o.period) == "2022") provalna = o.value;
        if (o.member == "rs_mup") { EXPECT_EQ(o.handling, "TLP:AMBER"); }
        if (o.what == "seizure.cocaine") { EXPECT_FALSE(o.dims.contains("departure")); }
    }
    EXPECT_EQ(january, 1204);
    EXPECT_EQ(provalna, 1287);
}

TEST_F(Pipeline, ReadsTheQuestionnaireAsCsvAndAsWorkbook) {
    const auto importer = make_questionnaire_importer();
    const std::string examples = THREATLAS_SOURCE_DIR "/examples/questionnaire/";
    Options options;
    EXPECT_NE(ingest_file(store_.get(), testing::analyst(), catalogue_, *importer, examples + "questionnaire.csv", options, progress_).error().message.find("known-at"), std::string::npos);
    options.known_at = must(core::parse_day("2025-02-01"));
    for (const char* name : {"questionnaire.csv", "questionnaire.xlsx"}) {
        const auto outcome = must(ingest_file(store_.get(), testing::analyst(), catalogue_, *importer, examples + name, options, progress_));
        EXPECT_EQ(outcome.info.accepted, 4u) << name;
        EXPECT_EQ(outcome.info.rejected, 0u) << name;
    }
    const auto snapshot = all();
    ASSERT_EQ(snapshot.claims.size(), 4u);   // the same answers: the workbook replaces the table
    for (const auto& claim : snapshot.claims) {
        EXPECT_EQ(core::iso(claim.dated), "2025-01-20");
        EXPECT_EQ(claim.organisation, "rs_mup");
        if (claim.kind == model::ClaimKind::quantiles) { EXPECT_EQ(claim.q90, 80); }
    }
}

TEST(RejectsFile, AFolderThatCannotBeWrittenIsAnError) {
    Folder folder;
    const auto file = RejectsFile::create(folder / "nowhere/rejects.csv");
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, core::ErrorCode::unavailable);
}

// The examples name codes, members, units and sources that the shipped catalogue holds.
TEST_F(Pipeline, ExamplesFitTheShippedCatalogue) {
    const auto shipped = must(model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see"));
    const std::string examples = THREATLAS_SOURCE_DIR "/examples/";
    Options dry;
    dry.dry_run = true;
    dry.today = must(core::parse_day("2025-02-01"));
    std::uint64_t accepted = 0;
    for (const auto& [mapping, file] : {std::pair{"cyrillic_cp1251.yaml", "cyrillic_cp1251.csv"}, {"latin_cp1250.yaml", "latin_cp1250.csv"}, {"seizures_xlsx.yaml", "seizures.xlsx"}, {"ransom_jsonl.yaml", "ransom.jsonl"}})
        accepted += must(ingest_mapped(store_.get(), testing::analyst(), shipped, examples + "mappings/" + mapping, examples + "mappings/" + file, dry, progress_)).info.accepted;
    EXPECT_EQ(accepted, 6u + 9u + 3u + 1u);
    const auto answers = must(ingest_file(store_.get(), testing::analyst(), shipped, *make_questionnaire_importer(), examples + "questionnaire/questionnaire.csv", dry, progress_));
    EXPECT_EQ(answers.info.accepted, 4u);
    for (const auto& each : answers.first_rejects) ADD_FAILURE() << each.row << " " << each.reason;
}

// Killed while it writes: the store opens, holds nothing of it, and the same ingest then succeeds.
TEST_F(Pipeline, SurvivesKillNine) {
    std::string table = "what,place,day,n,unit\n";
    for (int i = 0; i < 200000; ++i) table += "seizure.heroin,RS," + core::iso(core::Day{15000 + i % 5000}) + "," + std::to_string(i) + "," + (i / 5000 % 2 == 0 ? "kg" : "g") + "\n";
    const std::string path = folder_.write("big.csv", table), mapping = folder_.write("big.yaml", std::string(kHead) + kColumns);
    store_.reset();
    struct Killer final : core::Progress {
        void step(std::string_view, std::uint64_t done, std::uint64_t total) override {
            if (done * 2 > total) ::kill(::getpid(), SIGKILL);
        }
    };
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        auto opened = store::Store::open(folder_ / "store");
        Killer killer;
        if (opened) static_cast<void>(ingest_mapped(opened->get(), testing::analyst(), catalogue_, mapping, path, {}, killer));
        ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    store_ = must(store::Store::open(folder_ / "store"));
    EXPECT_EQ(all().size(), 0u);
    const auto outcome = must(ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, path, {}, progress_));
    EXPECT_FALSE(outcome.already_there);
    EXPECT_EQ(all().size(), outcome.info.accepted);
    EXPECT_GT(outcome.info.accepted, 0u);
}

// What is refused behind the mapping still names the file's column and shows the row as it stood.
TEST_F(Pipeline, ARefusedRowShowsItsColumnAndItsText) {
    ingest("what,place,day,n,unit\niccs.ICCS0401,Serbia,1823-01-05,7,count\n" "iccs.ICCS0401,Serbia,2023-01-05,7,kg\n", std::string(kHead) + kColumns);
    const auto rejects = must(store_->rejects(testing::analyst(), must(store_->submissions(testing::analyst())).at(0).id));
    ASSERT_EQ(rejects.size(), 2u);
    EXPECT_EQ(rejects[0].column, "day");
    EXPECT_EQ(rejects[0].original, "iccs.ICCS0401,Serbia,1823-01-05,7,count");
    EXPECT_EQ(rejects[1].column, "unit");
    EXPECT_NE(rejects[1].reason.find("does not convert"), std::string::npos);
}

TEST_F(Pipeline, ALongRowIsMarkedWhereItIsCut) {
    ingest("what,place,day,n,unit,note\niccs.ICCS0401,RS,2023-01-05,-7,count," + std::string(6000, 'x') + "\n", std::string(kHead) + kColumns);
    const auto rejects = must(store_->rejects(testing::analyst(), must(store_->submissions(testing::analyst())).at(0).id));
    EXPECT_TRUE(rejects.at(0).original.ends_with(kCut));
    EXPECT_LT(rejects.at(0).original.size(), 4200u);
}

// Handed in again, a file's refused rows are written again: from the store.
TEST_F(Pipeline, RejectsOfAStoredFileAreWrittenAgain) {
    const std::string table = "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-05,7,count\niccs.NOPE,RS,2023-01-05,7,count\n", mapping = std::string(kHead) + kColumns;
    ingest(table, mapping);
    const std::string first = slurp(folder_ / "rejects.csv");
    std::filesystem::remove(folder_ / "rejects.csv");
    EXPECT_TRUE(ingest(table, mapping).already_there);
    EXPECT_NE(first.find("iccs.NOPE"), std::string::npos);
    EXPECT_EQ(slurp(folder_ / "rejects.csv"), first);
}

TEST_F(Pipeline, TheSameFileForAnotherMemberIsAConflict) {
    const std::string mapping = folder_.write("m.yaml", std::string(kHead) + kColumns), table = folder_.write("t.csv", "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-05,7,count\n");
    Options options;
    options.member = "rs_mup";
    must(ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, table, options, progress_));
    EXPECT_TRUE(must(ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, table, options, progress_)).already_there);
    options.member = "me_up";
    const auto again = ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, table, options, progress_);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, core::ErrorCode::conflict);
    EXPECT_NE(again.error().message.find("rs_mup"), std::string::npos);
    EXPECT_NE(again.error().message.find("submissions withdraw"), std::string::npos);
}

TEST_F(Pipeline, DaysThatContradictOrLieAheadAreRefused) {
    const std::string mapping = folder_.write("m.yaml", std::string(kHead) + kColumns), table = folder_.write("t.csv", "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-05,7,count\n");
    const auto with = [&](const char* known_at, const char* today) {
        Options options;
        if (*known_at != '\0') options.known_at = must(core::parse_day(known_at));
        options.today = must(core::parse_day(today));
        const auto result = ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, table, options, progress_);
        return result ? "" : result.error().message;
    };
    EXPECT_NE(with("2024-02-01", "2025-01-01").find("2024-01-31"), std::string::npos);
    EXPECT_NE(with("", "2024-01-30").find("future"), std::string::npos);
    EXPECT_EQ(with("2024-01-31", "2024-01-31"), "");
}

// A published source's name would mark a member's own figures as already public.
TEST_F(Pipeline, AMembersFiguresDoNotComeInAsAPublishedSource) {
    model::Source published;
    published.id = "published";
    catalogue_.sources.push_back(published);
    std::string mapping = std::string(kHead) + kColumns;
    mapping.replace(mapping.find("member_statistics"), std::string_view("member_statistics").size(), "published");
    const std::string table = "what,place,day,n,unit,who\niccs.ICCS0401,RS,2023-01-05,7,count,rs_mup\n";
    EXPECT_NE(refused(table, mapping + "member: rs_mup\n").message.find("published source"), std::string::npos);
    EXPECT_NE(refused(table, mapping + "  member: {column: who}\n").message.find("published source"), std::string::npos);
    EXPECT_EQ(ingest(table, mapping).info.accepted, 1u);
}

TEST_F(Pipeline, TheQuestionnaireKnowsItsWords) {
    const std::string head = "id,threat,lens,criterion,kind,value,statement,scope,organisation,dated,q10,q50,q90,evaluation,handling\n";
    const std::string row = ",property.vehicle_theft,state_of_affairs,scale,grade,high,much,";
    const std::string path = folder_.write("q.csv", head + "1" + row + "rs_mup,rs_mup,2025-01-20,,,,4x4:B2,TLP:AMBER\n" "2" + row + "serbia,rs_mup,2025-01-20,,,,,\n" "3" + row + "region,interpol,2025-01-20,,,,,\n" "4" +
                                               row + "region,rs_mup,2025-01-20,,,,4x4:Q9,\n" "5" + row + "region,rs_mup,2025-01-20,,,,,TLP:PINK\n" "6" + row + "region,rs_mup,2025-01-20,,,,,\n" "7,property.vehicle_theft,state_of_affairs,scale,grade,,,,,,,,,,\n");
    Options options;
    options.known_at = must(core::parse_day("2025-02-01"));
    const auto outcome = must(ingest_file(store_.get(), testing::analyst(), catalogue_, *make_questionnaire_importer(), path, options, progress_));
    EXPECT_EQ(outcome.info.accepted, 2u);
    EXPECT_EQ(outcome.info.rejected, 4u);
    EXPECT_EQ(outcome.info.rows, 6u);   // the seventh was left open
    std::vector<std::string> columns;
    for (const auto& each : outcome.first_rejects) columns.push_back(each.column);
    EXPECT_EQ(columns, (std::vector<std::string>{"scope", "organisation", "evaluation", "handling"}));
    const auto snapshot = all();
    for (const auto& claim : snapshot.claims) EXPECT_EQ(claim.handling, "TLP:AMBER") << claim.id;   // blank is as the source's, never CLEAR
}

TEST_F(Pipeline, APipeOrAFolderIsNamedAsSuch) {
    const std::string mapping = folder_.write("m.yaml", std::string(kHead) + kColumns);
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    const auto said = [&](const std::string& path) {
        const auto result = ingest_mapped(store_.get(), testing::analyst(), catalogue_, mapping, path, {}, progress_);
        return result ? "" : result.error().message;
    };
    EXPECT_NE(said(folder_ / "pipe").find("pipe"), std::string::npos);
    EXPECT_NE(said(folder_ / ".").find("folder"), std::string::npos);
}

TEST_F(Pipeline, APackageIsCheckedWholeAndStopsWithItsTally) {
    const auto importers = make_importers();
    const auto jobs = [&](const std::string& resources) { return package_jobs(folder_.write("datapackage.json", "{\"resources\": [" + resources + "]}"), importers); };
    const std::string a = R"({"path": "a.csv", "threatlas:mapping": "m.yaml"})", b = R"({"path": "b.csv", "threatlas:mapping": "m.yaml"})", c = R"({"path": "c.csv", "threatlas:mapping": "m.yaml"})";
    EXPECT_NE(jobs(a + R"(, {"path": "x"})").error().message.find("needs either"), std::string::npos);
    EXPECT_NE(jobs(R"({"path": "../x", "threatlas:mapping": "m.yaml"})").error().message.find("leaves"), std::string::npos);
    std::filesystem::create_symlink("/etc", folder_ / "link");
    EXPECT_NE(jobs(R"({"path": "link/passwd", "threatlas:mapping": "m.yaml"})").error().message.find("leaves"), std::string::npos);
    EXPECT_NE(jobs(R"({"path": "a.csv", "threatlas:mapping": "m.yaml", "threatlas:known_at": "soon"})").error().message.find("a.csv"), std::string::npos);
    folder_.write("m.yaml", std::string(kHead) + kColumns);
    folder_.write("a.csv", "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-05,7,count\n");
    folder_.write("b.csv", "what,place\n");
    std::vector<Outcome> outcomes;
    const auto done = ingest_all(store_.get(), testing::analyst(), catalogue_, must(jobs(a + "," + b + "," + c)), {}, progress_, outcomes);
    ASSERT_FALSE(done);
    EXPECT_EQ(outcomes.size(), 1u);
    EXPECT_NE(done.error().message.find("Of 3 files 1 was read before it, and 1 after it not tried"), std::string::npos) << done.error().message;
}

TEST_F(Pipeline, ADryRunNeedsNoStore) {
    Options dry;
    dry.dry_run = true;
    const auto outcome = ingest_mapped(nullptr, testing::analyst(), catalogue_, folder_.write("m.yaml", std::string(kHead) + kColumns),
                                       folder_.write("t.csv", "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-05,7,count"), dry, progress_);
    EXPECT_EQ(must(outcome).info.accepted, 1u);
    EXPECT_NE(outcome->notes.at(0).find("no line end"), std::string::npos);
}

TEST_F(Pipeline, OfTwoAtOnceOneIsToldSo) {
    auto held = must(store_->begin(testing::analyst(), [] { store::SubmissionInfo info; info.id = std::string(64, 'a'); info.source = "member_statistics"; info.known_at = core::Day{19000}; return info; }()));
    const auto second = ingest_mapped(store_.get(), testing::analyst(), catalogue_, folder_.write("m.yaml", std::string(kHead) + kColumns),
                                      folder_.write("t.csv", "what,place,day,n,unit\niccs.ICCS0401,RS,2023-01-01,5,count\n"), {}, progress_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, core::ErrorCode::conflict);
}

}  // namespace
}  // namespace threatlas::ingest

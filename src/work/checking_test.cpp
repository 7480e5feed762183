#include "work/checking.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/text.hpp"
#include "ingest/test_region.hpp"
#include "work/judging.hpp"
#include "work/preview.hpp"

namespace threatlas::work {
namespace {

using ingest::testing::Folder;
using ingest::testing::must;

const model::Catalogue& see() {
    static const model::Catalogue catalogue = must(model::load_catalogue(std::string(THREATLAS_SOURCE_DIR) + "/catalogue/see"));
    return catalogue;
}

std::string text_at(const core::json::object& object, const char* key) { return std::string(object.at(key).as_string()); }
const core::json::object& columns(const Guess& guess) { return guess.mapping.at("columns").as_object(); }

TEST(Preview, FindsEncodingDelimiterAndHeadingRow) {
    const Folder folder;
    // windows-1251: 'Держава;Година;Број' under a title.
    const std::string path = folder.write("table.csv", "\xCD\xE0\xF1\xEB\xEE\xE2\r\n\xC4\xF0\xE6\xE0\xE2\xE0;\xC3\xEE\xE4\xE8\xED\xE0;\xC1\xF0\xEE\xBC\r\n\xD1\xF0\xE1\xE8\xBC\xE0;2019;1.234,5\r\n\xD1\xF0\xE1\xE8\xBC\xE0;2020;12,5\r\n");
    const Preview seen = must(preview(path));
    EXPECT_EQ(seen.format.encoding, "windows-1251");
    EXPECT_EQ(seen.format.delimiter, ';');
    EXPECT_EQ(seen.format.heading_row, 2U);
    ASSERT_EQ(seen.headings.size(), 3U);
    EXPECT_EQ(seen.headings[0], "Држава");
    ASSERT_EQ(seen.sample.size(), 2U);
    EXPECT_EQ(seen.sample[1][2], "12,5");
    EXPECT_EQ(must(preview(folder.write("latin.csv", "dr\x9E" "ava,broj\nSrbija,5\n\x8Aumadija,6\n"))).format.encoding, "windows-1250");
    EXPECT_EQ(must(preview(folder.write("greek.csv", "\xD7\xFE\xF1\xE1,\xC1\xF1\xE9\xE8\xEC\xFC\xF2\n\xC5\xEB\xEB\xDC\xE4\xE1,5\n"))).format.encoding, "windows-1253");
}

TEST(Guess, ReadsTheRegionsHeadingsAndHabits) {
    const Folder folder;
    const auto guessed = [&](const std::string& text) { return guess_mapping(must(preview(folder.write("t.csv", text))), see(), "rs_mup", "try"); };
    const Guess serbian = guessed("Држава;Датум;Врста;Количина;Јединица\nСрбија;31.12.2023;heroin;1.234,5;kg\nСрбија;01.02.2023;cocaine;2,5;kg\n");
    EXPECT_EQ(text_at(columns(serbian).at("place").as_object(), "column"), "Држава");
    EXPECT_EQ(text_at(columns(serbian).at("period").as_object(), "format"), "dd.mm.yyyy");
    EXPECT_EQ(text_at(columns(serbian).at("value").as_object(), "column"), "Количина");
    EXPECT_EQ(text_at(columns(serbian).at("what").as_object().at("table").as_object(), "heroin"), "seizure.heroin");
    EXPECT_EQ(text_at(columns(serbian).at("unit").as_object(), "column"), "Јединица");
    EXPECT_EQ(text_at(serbian.mapping.at("numbers").as_object(), "decimal"), ",");
    EXPECT_EQ(text_at(serbian.mapping.at("numbers").as_object(), "thousands"), ".");
    EXPECT_TRUE(mapping_of(serbian.mapping)) << core::write_json(serbian.mapping);
    const Guess american = guessed("country,date,count\nRS,12/31/2023,5\nRS,01/13/2023,6\n");
    EXPECT_EQ(text_at(columns(american).at("period").as_object(), "format"), "mm/dd/yyyy");
    const Guess wide = guessed("geo,unit,2019,2020\nRS,count,5,6\n");
    EXPECT_EQ(wide.mapping.at("measures").as_array().size(), 2U);
    const Guess months = guessed("Година;Месец;Број\n2023;јануар;5\n2023;децембар;6\n");
    EXPECT_EQ(columns(months).at("period").as_object().at("month").as_object().at("table").as_object().at("децембар").as_int64(), 12);
    EXPECT_EQ(text_at(columns(months), "place"), "RS");
}

core::json::object mapping() {
    return core::parse_json(R"({"mapping":1,"id":"try","source":"member_statistics","numbers":{"decimal":","},"absent":[":"],
        "columns":{"what":"iccs.ICCS05021","place":{"column":"land"},"period":{"column":"year","as":"year"},"value":{"column":"n"},"unit":"count"}})", "test").value().as_object();
}

// What the fuzzer began with and found, as files somebody hands in: what is guessed can be written, and read again or refused.
TEST(Guess, TakesAnyBytes) {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/upload")) {
        ++files;
        const std::string text = must(core::read_file(file.path().string()));
        if (const auto value = core::parse_json(text, "corpus"); value && value->is_object()) static_cast<void>(mapping_of(value->get_object()));
        const Composed parts = taken_apart(text);
        EXPECT_LE(parts.text.size(), text.size());
        const auto seen = preview(file.path().string());
        if (!seen) continue;
        const Guess guess = guess_mapping(*seen, see(), "rs_mup", "try");
        static_cast<void>(mapping_of(guess.mapping));
        EXPECT_TRUE(core::parse_json(core::write_json(guess.mapping), "guess")) << file.path();
    }
    EXPECT_GE(files, 5U);
}

TEST(Checking, RefusedRowsAreMendedAndComeBack) {
    const Folder folder;
    const auto catalogue = ingest::testing::region();
    Table table{folder.write("x.csv", "land;year;n\nRS;2019;5\nRS;2020;=1+1\nAtlantis;2021;7\nME;2019;8\n"), "October.csv", mapping(), "rs_mup", {}, core::Day{20000}};
    core::NoProgress quiet;
    const Checked first = must(check_table(nullptr, ingest::testing::analyst(), catalogue, table, folder / "", quiet));
    EXPECT_EQ(first.outcome.info.accepted, 2U);
    EXPECT_EQ(first.outcome.info.file, "October.csv");
    ASSERT_EQ(first.refused.size(), 2U);
    EXPECT_EQ(first.refused[0].row, 3U);
    EXPECT_EQ(first.refused[0].column, "n");
    ASSERT_EQ(first.sample.size(), 2U);
    EXPECT_EQ(first.sample[0].place, "RS");

    must(write_refused(table, first.refused, "csv", folder / "refused.csv"));
    const std::string csv = core::read_file(folder / "refused.csv").value();
    EXPECT_NE(csv.find("land,year,n,threatlas_row,threatlas_column,threatlas_reason"), std::string::npos) << csv;
    EXPECT_NE(csv.find("'=1+1"), std::string::npos) << "a formula must not run in a spreadsheet: " << csv;
    EXPECT_EQ(csv.find("2019"), std::string::npos) << "accepted rows stay out: " << csv;

    must(write_refused(table, first.refused, "xlsx", folder / "refused.xlsx"));
    const Preview back = must(preview(folder / "refused.xlsx"));
    EXPECT_TRUE(back.corrected);
    ASSERT_EQ(back.sample.size(), 2U);
    EXPECT_EQ(back.sample[0][2], "=1+1");
    EXPECT_EQ(back.sample[0][3], "3");

    Table mended{folder.write("mended.csv", "land,year,n,threatlas_row,threatlas_column,threatlas_reason\nRS,2020,6,3,n,x\nRS,2021,7,4,land,y\n"), "mended.csv", mapping(), "rs_mup", {}, core::Day{20000}};
    const Checked second = must(check_table(nullptr, ingest::testing::analyst(), catalogue, mended, folder / "", quiet));
    EXPECT_EQ(second.outcome.info.accepted, 2U);
    EXPECT_EQ(second.outcome.info.rejected, 0U);
}

TEST(Checking, MessagesDoNotTellWhereFilesLie) {
    const Folder folder;
    Table table{folder.write("u0123.csv", "a;b\n1;2\n"), "October.csv", mapping(), "rs_mup", {}, core::Day{20000}};
    core::NoProgress quiet;
    const auto wrong = check_table(nullptr, ingest::testing::analyst(), ingest::testing::region(), table, folder / "", quiet);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(core::describe(wrong.error()).find(folder / ""), std::string::npos) << core::describe(wrong.error());
    EXPECT_NE(core::describe(wrong.error()).find("October.csv"), std::string::npos) << core::describe(wrong.error());
    table.mapping["nonsense"] = 1;
    EXPECT_EQ(check_table(nullptr, ingest::testing::analyst(), ingest::testing::region(), table, folder / "", quiet).error().code, core::ErrorCode::bad_input);
}

class Impatient final : public core::Progress {
  public:
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
    bool cancelled() const override { return true; }
};

TEST(Checking, ACancelledIngestLeavesNothing) {
    const Folder folder;
    std::string rows = "land;year;n\n";
    for (int year = 1990; year < 2020; ++year) rows += "RS;" + std::to_string(year) + ";1\n";
    Table table{folder.write("x.csv", rows), "x.csv", mapping(), "rs_mup", {}, core::Day{20000}};
    const auto store = must(store::Store::create(folder / "store"));
    Impatient progress;
    const auto stopped = take_table(*store, ingest::testing::analyst(), ingest::testing::region(), table, folder / "", progress);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, core::ErrorCode::unavailable);
    EXPECT_TRUE(must(store->submissions(ingest::testing::analyst())).empty());
    core::NoProgress quiet;
    EXPECT_EQ(must(take_table(*store, ingest::testing::analyst(), ingest::testing::region(), table, folder / "", quiet)).outcome.info.accepted, 30U);
}

}  // namespace
}  // namespace threatlas::work

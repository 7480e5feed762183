#include "ingest/table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <zip.h>
#include <zlib.h>

#include "core/text.hpp"
#include "ingest/delimited.hpp"
#include "ingest/test_region.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::ingest {
namespace {

using testing::Folder;
using testing::must;

using Rows = std::vector<std::vector<std::string>>;

core::Result<Rows> rows_of(RowSource& table) {
    Rows out;
    std::vector<std::string_view> cells;
    for (;;) {
        THREATLAS_TRY(const bool more, table.next(cells));
        if (!more) return out;
        out.emplace_back(cells.begin(), cells.end());
    }
}

core::Result<Rows> scan(std::string_view text, TableOptions options = {}) {
    THREATLAS_TRY(const auto table, open_delimited(bytes_of(text), "t.csv", options));
    return rows_of(*table);
}

TEST(Delimited, ReadsQuotesNewlinesAndLineEnds) {
    EXPECT_EQ(must(scan("a,b\r\n1,\"x \"\"y\"\"\r\nz\"\r\n\"\",2\n3,")), (Rows{{"1", "x \"y\"\r\nz"}, {"", "2"}, {"3", ""}}));
    EXPECT_EQ(must(scan("\xEF\xBB\xBF\"a\";b\n1;2\r\n")), (Rows{{"1", "2"}}));
    EXPECT_EQ(must(scan("a\tb\n1, 2\t3\n")), (Rows{{"1, 2", "3"}}));
}

TEST(Delimited, CountsRowsAsASpreadsheetDoes) {
    const auto table = must(open_delimited(bytes_of("title\na,b\n\"x\ny\",1\n\n,\nz,2\n"), "t.csv", {.heading_row = 2}));
    EXPECT_EQ(table->headings(), (std::vector<std::string>{"a", "b"}));
    std::vector<std::string_view> cells;
    ASSERT_TRUE(must(table->next(cells)));
    EXPECT_EQ(table->row(), 3u);
    EXPECT_EQ(table->original(), "\"x\ny\",1");
    ASSERT_TRUE(must(table->next(cells)));
    EXPECT_EQ(cells[0], "z");
    EXPECT_EQ(table->row(), 6u);
}

TEST(Delimited, MarksRaggedRows) {
    const auto table = must(open_delimited(bytes_of("a,b\n1\n1,2\n1,2,3\n"), "t.csv", {}));
    std::vector<std::string_view> cells;
    std::vector<bool> ragged;
    while (must(table->next(cells))) {
        EXPECT_EQ(cells.size(), 2u);
        ragged.push_back(table->ragged());
    }
    EXPECT_EQ(ragged, (std::vector<bool>{true, false, true}));
}

TEST(Delimited, RefusesWhatLosesData) {
    for (const auto& [text, word, row] : {std::tuple{std::string("a,b\n1,2\n\"3,4\n5,6\n"), "not closed", 3u}, {"a,b\n\"1\"x,2\n", "closing quotation", 2u},
             {std::string("a,b\n1\0,2\n", 9), "NUL", 2u}, {std::string("a,b\n\"1\0\",2\n", 11), "NUL", 2u}, {"a\n\xF0\xE9\n", "not utf-8", 2u}}) {
        const auto result = scan(text);
        ASSERT_FALSE(result) << text;
        EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
        EXPECT_EQ(result.error().where.row, row) << result.error().message;
        EXPECT_EQ(result.error().where.source, "t.csv");
    }
    EXPECT_NE(scan("").error().message.find("empty"), std::string::npos);
    EXPECT_NE(scan("\xFF\xFE" "a").error().message.find("UTF-16"), std::string::npos);
    EXPECT_TRUE(must(scan("a,b\n")).empty());  // header only
}

// A line without end, made as it is read: the reader must stop at its limit, not at memory's.
class Endless final : public ByteSource {
  public:
    core::Result<std::size_t> read(char* into, std::size_t size) override {
        if (offset_ >= total()) return std::size_t{0};
        std::fill_n(into, size, 'x');
        offset_ += size;
        return size;
    }
    std::uint64_t offset() const override { return offset_; }
    std::uint64_t total() const override { return std::uint64_t{1} << 30; }
    std::uint64_t offset_ = 0;
};

TEST(Delimited, StopsAtALineOfAGigabyte) {
    auto source = std::make_unique<Endless>();
    const Endless* watched = source.get();
    RecordScanner scanner(std::move(source), "t.csv", ',', std::size_t{4} << 20);
    std::vector<std::string_view> cells;
    const auto result = scanner.next(cells);
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("longer than"), std::string::npos);
    EXPECT_LE(watched->offset_, std::uint64_t{16} << 20);
}

TEST(Delimited, ReadsWindowsEncodings) {
    EXPECT_EQ(must(scan("a\n\xCA\xF0\xE0\xF1\n", {.encoding = "windows-1251"})), (Rows{{"Крас"}}));
    EXPECT_EQ(must(scan("a\n\x8A\xE8\n", {.encoding = "windows-1250"})), (Rows{{"Šč"}}));
    EXPECT_NE(scan("a\n\x81\n", {.encoding = "windows-1250"}).error().message.find("0x81"), std::string::npos);
    EXPECT_FALSE(scan("a\n1\n", {.encoding = "klingon"}));
}

TEST(Delimited, WrittenCellsComeBack) {
    const bool held = rc::check("any cells, quoted, read back equal, whatever the buffer boundaries", [] {
        const auto table = *rc::gen::container<std::vector<std::vector<std::string>>>(
            rc::gen::container<std::vector<std::string>>(3, rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,;\"\r\n ")))));
        std::string text = "h1,h2,h3\r\n";
        Rows expected;
        for (const auto& row : table) {
            bool blank = true;
            for (std::size_t i = 0; i < 3; ++i) {
                text += i == 0 ? "\"" : ",\"";
                for (const char c : row[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
                text += '"';
                blank = blank && core::trim(row[i]).empty();   // a row of blanks is no row
            }
            text += "\r\n";
            if (!blank) expected.push_back(row);
        }
        RC_ASSERT(must(scan(text, {.delimiter = ','})) == expected);
    });
    EXPECT_TRUE(held);
}

TEST(Gzip, ReadsAndNoticesTruncation) {
    const Folder folder;
    std::string text = "a,b\n";
    for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 10007) + "," + std::to_string(i) + "\n";
    gzFile out = gzopen((folder / "t.csv.gz").c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    const auto table = must(open_table(folder / "t.csv.gz"));
    EXPECT_EQ(must(rows_of(*table)).size(), 50000u);
    EXPECT_EQ(table->bytes_read(), table->bytes_total());
    const std::string whole = testing::slurp(folder / "t.csv.gz");
    const auto cut = must(open_table(folder.write("cut.csv.gz", whole.substr(0, whole.size() / 2))));
    EXPECT_NE(rows_of(*cut).error().message.find("truncated"), std::string::npos);
    std::string bad = whole;
    bad[whole.size() / 2] = static_cast<char>(bad[whole.size() / 2] ^ 0x55);
    const auto damaged = must(open_table(folder.write("bad.csv.gz", bad)));
    EXPECT_FALSE(rows_of(*damaged));
}

TEST(Table, NamesTheColumnsThatExist) {
    const auto table = must(open_delimited(bytes_of("year,count,count\n"), "t.csv", {}));
    EXPECT_NE(table->column("years").error().message.find("'year', 'count'"), std::string::npos);
    EXPECT_NE(table->column("count").error().message.find("twice"), std::string::npos);
    EXPECT_EQ(open_table("/nonexistent.csv").error().code, core::ErrorCode::not_found);
}

TEST(JsonLines, FlattensAndRefusesLists) {
    const Folder folder;
    const auto table = must(open_table(folder.write("t.jsonl", "{\"a\":1,\"b\":{\"c\":\"x\"}}\n\n{\"a\":2.5,\"d\":null}\n")));
    EXPECT_EQ(table->headings(), (std::vector<std::string>{"a", "b.c", "d"}));
    EXPECT_EQ(must(rows_of(*table)), (Rows{{"1", "x", ""}, {"2.5", "", ""}}));
    EXPECT_EQ(table->row(), 3u);
    EXPECT_FALSE(open_table(folder.write("l.jsonl", "{\"a\":[1]}\n")));
    EXPECT_FALSE(open_table(folder.write("c.jsonl", "{\"a\":1\n")));
}

TEST(Xlsx, ReadsTextNumbersAndDates) {
    const auto table = must(open_table(THREATLAS_SOURCE_DIR "/examples/mappings/seizures.xlsx"));
    EXPECT_EQ(table->headings().front(), "No");
    EXPECT_EQ(must(rows_of(*table)), (Rows{{"A-1", "2023-03-15", "хероин", "12.5", "kg", "Bulgaria"}, {"A-2", "2023-04-15", "хероин", "0.75", "kg", "Türkiye"}, {"A-3", "2023-05-15", "кокаин", "3", "kg", ""}}));
    EXPECT_TRUE(table->is_number(3));
    EXPECT_FALSE(table->is_number(2));
    const auto missing = open_table(THREATLAS_SOURCE_DIR "/examples/mappings/seizures.xlsx", {.sheet = "Zaplene"});
    EXPECT_NE(missing.error().message.find("'Seizures'"), std::string::npos);
}

TEST(Xlsx, RefusesTruncatedAndRenamedFiles) {
    const Folder folder;
    const std::string whole = testing::slurp(THREATLAS_SOURCE_DIR "/examples/mappings/seizures.xlsx");
    for (const std::size_t size : {std::size_t{30}, whole.size() / 2, whole.size() - 10})
        EXPECT_FALSE(open_table(folder.write("cut.xlsx", whole.substr(0, size)))) << size;
    EXPECT_FALSE(open_table(folder.write("text.xlsx", "a,b\n1,2\n")));
}

// A workbook of one sheet, its rows given as XML.
std::string workbook(const Folder& folder, const std::string& rows, bool since_1904) {
    const std::string path = folder / "made.xlsx";
    const std::vector<std::pair<std::string, std::string>> parts{
        {"[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"},
        {"xl/workbook.xml", std::string("<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">") +
                                "<workbookPr date1904=\"" + (since_1904 ? "1" : "0") + "\"/><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
        {"xl/worksheets/sheet1.xml", "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>" + rows + "</sheetData></worksheet>"}};
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [name, text] : parts) zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), 0);
    EXPECT_EQ(zip_close(zip), 0);
    return path;
}

TEST(Xlsx, ReadsFormulasTruthsAndGapsAsTheyStand) {
    const Folder folder;
    const auto table = must(open_table(workbook(folder,
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"B1\" t=\"str\"><v>b</v></c><c r=\"C1\" t=\"str\"><v>c</v></c></row>"
        "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c><c r=\"C2\" t=\"b\"><v>1</v></c></row>"
        "<row r=\"3\"><c r=\"A3\"><f>SUM(B1:B9)</f></c><c r=\"B3\" t=\"str\"><f>X()</f><v></v></c><c r=\"C3\"><v>5</v></c></row>", false)));
    std::vector<std::string_view> cells;
    ASSERT_TRUE(must(table->next(cells)));
    EXPECT_EQ(cells, (std::vector<std::string_view>{"2", "", "TRUE"}));   // a truth is no count of one
    EXPECT_EQ(table->original(), "2\t\tTRUE");                            // the gap stays a gap
    EXPECT_FALSE(table->is_number(2));
    ASSERT_TRUE(must(table->next(cells)));
    EXPECT_EQ(cells, (std::vector<std::string_view>{"=SUM(B1:B9)", "", "5"}));   // never computed is not blank
    EXPECT_FALSE(table->is_number(0));
}

TEST(Xlsx, SaysFromWhichYearItsDateNumbersCount) {
    const Folder folder;
    const std::string rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row><row r=\"2\"><c r=\"A2\"><v>43829</v></c></row>";
    EXPECT_TRUE(must(open_table(workbook(folder, rows, true)))->since_1904());
    EXPECT_FALSE(must(open_table(workbook(folder, rows, false)))->since_1904());
}

TEST(Table, ShortensBetweenLettersAndMarksTheCut) {
    EXPECT_EQ(shortened("short"), "short");
    const std::string cyrillic = "a" + [] { std::string out; for (int i = 0; i < 3000; ++i) out += "ж"; return out; }();
    const std::string cut = shortened(cyrillic);
    EXPECT_TRUE(cut.ends_with(kCut));
    EXPECT_TRUE(core::is_utf8(cut));
    EXPECT_EQ(shortened(cut), cut);
}

TEST(Delimited, AByteOrderMarkWrittenTwiceIsNoPartOfTheHeading) {
    const auto table = must(open_delimited(bytes_of("\xEF\xBB\xBF\xEF\xBB\xBF" "a,b\n1,2\n"), "t.csv", {}));
    EXPECT_EQ(table->headings(), (std::vector<std::string>{"a", "b"}));
}

TEST(Xlsx, KnowsExcelDays) {
    EXPECT_EQ(core::iso(must(excel_day(1, false))), "1900-01-01");
    EXPECT_EQ(core::iso(must(excel_day(59, false))), "1900-02-28");
    EXPECT_FALSE(excel_day(60, false));
    EXPECT_EQ(core::iso(must(excel_day(61, false))), "1900-03-01");
    EXPECT_EQ(core::iso(must(excel_day(45291.75, false))), "2023-12-31");
    EXPECT_EQ(core::iso(must(excel_day(0, true))), "1904-01-01");
    EXPECT_FALSE(excel_day(-1, false));
}

}  // namespace
}  // namespace threatlas::ingest

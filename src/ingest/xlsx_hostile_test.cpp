// Workbooks made to harm: each is refused with a sentence, in little time and memory.
#include <gtest/gtest.h>
#include <zip.h>


#include "ingest/test_region.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::ingest {
namespace {

constexpr const char* kBook = R"(<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>)";
constexpr const char* kRelations = R"(<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>)";

std::string workbook(const testing::Folder& folder, const std::string& sheet, const std::string& strings = "") {
    const std::string path = folder / "x.xlsx";
    int error = 0;
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    const auto add = [&](const char* name, const std::string& text) { zip_file_add(zip, name, zip_source_buffer(zip, text.data(), text.size(), 0), 0); };
    const std::string book = kBook, relations = kRelations;
    add("xl/workbook.xml", book), add("xl/_rels/workbook.xml.rels", relations), add("xl/worksheets/sheet1.xml", sheet);
    if (!strings.empty()) add("xl/sharedStrings.xml", strings);
    EXPECT_EQ(zip_close(zip), 0);
    return path;
}

// The refusal; fails when the workbook is read to its end.
std::string refusal(const std::string& path) {
    const auto table = open_table(path);
    if (!table) return table.error().message;
    std::vector<std::string_view> cells;
    for (;;) {
        const auto more = (*table)->next(cells);
        if (!more) return more.error().message;
        if (!*more) return "read to its end";
    }
}

std::string times(std::string_view text, std::size_t count) {
    std::string out;
    out.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

const std::string kHead = R"(<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>)";

TEST(HostileXlsx, ABombOfZerosIsRefusedByItsRatio) {
    const testing::Folder folder;
    const std::string path = workbook(folder, kHead + times(" ", std::size_t{48} << 20) + "</sheetData></worksheet>");
    ASSERT_LT(std::filesystem::file_size(path), std::size_t{1} << 20);
    const std::string why = refusal(path);
    EXPECT_NE(why.find("times its size"), std::string::npos) << why;
}

TEST(HostileXlsx, EntitiesAreRefusedUnread) {
    const testing::Folder folder;
    std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE w [<!ENTITY a \"ha\">";
    for (char c = 'b'; c < 'z'; ++c) laughs += std::string("<!ENTITY ") + c + " \"" + times(std::string("&") + static_cast<char>(c - 1) + ";", 10) + "\">";
    const std::string why = refusal(workbook(folder, laughs + "]><worksheet>&y;</worksheet>"));
    EXPECT_NE(why.find("document type"), std::string::npos) << why;
    const std::string outside = refusal(workbook(folder, "<?xml version=\"1.0\"?><!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet>&a;</worksheet>"));
    EXPECT_NE(outside.find("document type"), std::string::npos) << outside;
}

TEST(HostileXlsx, DepthAndLengthHaveLimits) {
    const testing::Folder folder;
    const std::string deep = refusal(workbook(folder, times("<a>", 100'000)));
    EXPECT_NE(deep.find("nests deeper"), std::string::npos) << deep;
    // Half random, so that its ratio gives no hint.
    std::string noise;
    std::uint64_t state = 1;
    while (noise.size() < (std::size_t{6} << 20)) state = state * 6364136223846793005ULL + 1442695040888963407ULL, noise += static_cast<char>('a' + (state >> 59U) % 26);
    const std::string longest = refusal(workbook(folder, kHead + "<row r=\"2\" spans=\"" + noise + "\"></row></sheetData></worksheet>"));
    EXPECT_NE(longest.find("longer than 4 MiB"), std::string::npos) << longest;
    const std::string cell = refusal(workbook(folder, kHead + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>" + noise.substr(0, 200'000) + "</t></is></c></row></sheetData></worksheet>"));
    EXPECT_NE(cell.find("32,767"), std::string::npos) << cell;
}

TEST(HostileXlsx, AFewBytesDoNotStandForGigabytes) {
    const testing::Folder folder;
    std::string noise;
    std::uint64_t state = 2;
    while (noise.size() < 120'000) state = state * 6364136223846793005ULL + 1442695040888963407ULL, noise += static_cast<char>('a' + (state >> 59U) % 26);
    std::string rows;
    for (int r = 2; r < 4000; ++r) rows += "<row><c t=\"s\"><v>0</v></c></row>";
    const std::string why = refusal(workbook(folder, kHead + rows + "</sheetData></worksheet>", "<sst><si><t>" + noise + "</t></si></sst>"));
    EXPECT_NE(why.find("64 MiB"), std::string::npos) << why;
}

// Found by fuzzing: the step back was taken as a width, and the file failed as an error of ours, without row and column.
TEST(HostileXlsx, CellsOutOfOrderAreRefused) {
    const testing::Folder folder;
    const auto row = [&](const char* first, const char* second) {
        return refusal(workbook(folder, kHead + "<row r=\"2\"><c r=\"" + first + "\"><v>1</v></c><c r=\"" + second + "\"><v>2</v></c></row></sheetData></worksheet>"));
    };
    EXPECT_EQ(row("C2", "A2"), "the cells of a row are not in order");
    EXPECT_EQ(row("A2", "A2"), "the cells of a row are not in order") << "two values of one cell: neither is lost unseen";
    EXPECT_EQ(row("A2", "C2"), "read to its end");
}

TEST(HostileXlsx, FormulasAreTextAndNeverRun) {
    const testing::Folder folder;
    const std::string path = workbook(folder, kHead + R"(<row r="2"><c r="A2"><f>HYPERLINK("http://x")</f></c></row><row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>)");
    const auto table = testing::must(open_table(path));
    std::vector<std::string_view> cells;
    ASSERT_TRUE(testing::must(table->next(cells)));
    EXPECT_EQ(cells[0], "=HYPERLINK(\"http://x\")");
    ASSERT_TRUE(testing::must(table->next(cells)));
    EXPECT_EQ(cells[0], "2") << "the value that was kept with the formula";
}

TEST(HostileXlsx, HonestRepetitionPasses) {
    const testing::Folder folder;
    std::string rows;
    for (int r = 2; r < 200'000; ++r) rows += "<row r=\"" + std::to_string(r) + "\"><c r=\"A" + std::to_string(r) + "\" t=\"n\"><v>12345</v></c></row>";
    EXPECT_EQ(refusal(workbook(folder, kHead + rows + "</sheetData></worksheet>")), "read to its end");
}

TEST(HostileGzip, ABombIsRefused) {
    const testing::Folder folder;
    const std::string plain = folder.write("zeros.csv", "a,b\n" + times(times("1,2\n", 1000), 18'000));
    ASSERT_EQ(std::system(("gzip -9 " + plain).c_str()), 0);
    // Once is honest enough: 4 bytes again and again pack best of all.
    const std::string once = refusal(plain + ".gz");
    EXPECT_NE(once.find("times its size"), std::string::npos) << once;
}

}  // namespace
}  // namespace threatlas::ingest

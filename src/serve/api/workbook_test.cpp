#include "serve/api/workbook.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/text.hpp"
#include "ingest/xlsx.hpp"
#include "serve/api/export.hpp"
#include "serve/api/sheet_text.hpp"

namespace threatlas::serve::api {
namespace {

namespace json = core::json;

std::string drawn(const net::Pieces& pieces) {
    std::string all, piece;
    for (;; piece.clear()) {
        const auto more = pieces(piece);
        EXPECT_TRUE(more);
        all += piece;
        if (!more || !*more) return all;
    }
}

struct Sheet {
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::vector<bool>> numbers;
};
Sheet read(const std::string& bytes, const std::string& name) {
    Sheet out;
    ingest::TableOptions options;
    options.sheet = name;
    auto source = ingest::open_xlsx_bytes(bytes, "drawn.xlsx", options);
    EXPECT_TRUE(source) << (source ? "" : source.error().message);
    if (!source) return out;
    out.headings = (*source)->headings();
    std::vector<std::string_view> cells;
    for (;;) {
        const auto more = (*source)->next(cells);
        EXPECT_TRUE(more) << (more ? "" : more.error().message);
        if (!more || !*more) return out;
        out.rows.emplace_back(cells.begin(), cells.end());
        std::vector<bool> numbers;
        for (std::size_t i = 0; i < cells.size(); ++i) numbers.push_back((*source)->is_number(i));
        out.numbers.push_back(numbers);
    }
}

TEST(Workbook, HoldsTextsAsTheyAre) {
    std::string control("bell\x07 and "), broken("\xC3(");
    control += '\0';
    const std::vector<std::string> texts{"Šverc heroina preko Ćuprije", "Шверц хероина", "κοκαΐνη", "\"quoted\" 'and' <b>&amp;</b>", "=1+1", "+381 11", "  kept at both ends ", "two\nlines\tand a tab", "a\r\nb", "_x0041_", "_x004", "😀", control, broken, "\xEF\xBF\xBF"};
    std::vector<json::object> items;
    for (const auto& each : texts) items.push_back({{"text", each}});
    const Sheet sheet = read(drawn(workbook(rows_of(items), {"text"}, "things")), "things");
    ASSERT_EQ(sheet.rows.size(), texts.size());
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(sheet.rows[i][0], texts[i]);
        EXPECT_FALSE(sheet.numbers[i][0]) << texts[i];   // no formula and no number
    }
    const std::vector<std::string> rest{"a_x000D_\nb", "_x005F_x0041_", "_x004", "😀", "bell_x0007_ and _x0000_", "\xEF\xBF\xBD(", "_xFFFF_"};   // as a spreadsheet undoes it
    for (std::size_t i = 0; i < rest.size(); ++i) EXPECT_EQ(sheet.rows[8 + i][0], rest[i]);
}

TEST(Workbook, HoldsNumbersToTheLastBit) {
    EXPECT_TRUE(rc::check("what is read is what was written", [] {
        const auto numbers = *rc::gen::container<std::vector<double>>(rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t bits) { return std::bit_cast<double>(bits); }));
        std::vector<json::object> items;
        for (const double each : numbers)
            if (std::isfinite(each)) items.push_back({{"value", each}});
        const Sheet sheet = read(drawn(workbook(rows_of(items), {"value"}, "n")), "n");
        RC_ASSERT(sheet.rows.size() == items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            RC_ASSERT(sheet.numbers[i][0]);
            double back = 0;
            std::from_chars(sheet.rows[i][0].data(), sheet.rows[i][0].data() + sheet.rows[i][0].size(), back);
            RC_ASSERT(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(items[i]["value"].as_double()));
        }
    }));
    const Sheet odd = read(drawn(workbook(rows_of({{{"a", 1}, {"b", std::numeric_limits<double>::infinity()}, {"c", 0.1}}, {{"a", true}, {"b", nullptr}, {"c", json::array{"x", 2}}}}), {"a", "b", "c"}, "n")), "n");
    EXPECT_EQ(odd.rows, (std::vector<std::vector<std::string>>{{"1", "", "0.1"}, {"true", "", "x; 2"}}));
}

TEST(Workbook, OpensWithoutARow) {
    const Sheet sheet = read(drawn(workbook(rows_of({}), {"id", "text"}, "nothing")), "nothing");
    EXPECT_EQ(sheet.headings, (std::vector<std::string>{"id", "text"}));
    EXPECT_TRUE(sheet.rows.empty());
}

TEST(Workbook, GoesOnInFurtherSheets) {
    for (const auto& [limits, count] : {std::pair{SheetLimits{10}, 35}, std::pair{SheetLimits{10}, 30}, std::pair{SheetLimits{1000000, 100000}, 4000}}) {
        std::vector<json::object> items;
        for (int i = 0; i < count; ++i) items.push_back({{"id", i}, {"text", "row " + std::to_string(i)}});
        const std::string bytes = drawn(workbook(rows_of(items), {"id", "text"}, "a rather long name of a list, you see", limits));
        int next = 0;
        for (int number = 1; next < count; ++number) {
            const std::string name = number == 1 ? "a rather long name of a list, y" : std::string("a rather long name of a list, you see").substr(0, 31 - 1 - std::to_string(number).size()) + " " + std::to_string(number);
            const Sheet sheet = read(bytes, name);
            ASSERT_EQ(sheet.headings, (std::vector<std::string>{"id", "text"})) << name;
            ASSERT_FALSE(sheet.rows.empty());
            for (const auto& row : sheet.rows) ASSERT_EQ(row[0], std::to_string(next++));
            ASSERT_LE(sheet.rows.size(), limits.rows);
        }
        EXPECT_EQ(next, count);
        EXPECT_TRUE(count != 30 || !ingest::open_xlsx_bytes(bytes, "x", {.sheet = "a rather long name of a list, 4"}));   // full is no reason for another
    }
}

TEST(Workbook, TakesRowsAsPiecesAreTaken) {
    constexpr int kRows = 200000;
    int pulled = 0;
    std::size_t longest = 0, whole = 0;
    const auto pieces = workbook([&pulled](json::object& row) {
        if (pulled == kRows) return false;
        row = {{"id", pulled}, {"text", "row " + std::to_string(pulled * 7919 % 100003)}};
        ++pulled;
        return true;
    }, {"id", "text"}, "many");
    std::string piece;
    ASSERT_TRUE(*pieces(piece));
    EXPECT_FALSE(piece.empty());
    EXPECT_LT(pulled, 2000);   // the first bytes are there before the list is
    for (bool more = true; more; piece.clear()) {
        const int before = pulled;
        more = *pieces(piece);
        longest = std::max(longest, piece.size()), whole += piece.size();
        EXPECT_LT(pulled - before, kRows / 4);
    }
    EXPECT_EQ(pulled, kRows);
    EXPECT_LT(longest, 256U * 1024);
    EXPECT_GT(whole, 1000000U);
}

TEST(Workbook, IsNotEndedByWhatFails) {
    int pulled = 0;
    const auto pieces = workbook([&pulled](json::object& row) {
        if (++pulled > 5000) throw std::runtime_error("the source is gone");
        row = {{"text", std::to_string(pulled)}};
        return true;
    }, {"text"}, "half");
    std::string all, piece;
    EXPECT_THROW(for (;; piece.clear()) { if (!*pieces(piece)) break; all += piece; }, std::runtime_error);   // a broken piece cuts the connection
    EXPECT_EQ(all.find("PK\x01\x02"), std::string::npos);   // no directory
    EXPECT_FALSE(ingest::open_xlsx_bytes(all, "half.xlsx", {}));
}

TEST(Workbook, CutsWhatACellDoesNotHold) {
    std::string fits, longer, xml;
    for (std::size_t i = 0; i < kCellCharacters; ++i) fits += "Ш";
    append_xml(xml, fits);
    EXPECT_EQ(xml, fits);
    xml.clear();
    for (std::size_t i = 0; i < kCellCharacters / 2 + 1; ++i) longer += "😀";   // two units each
    append_xml(xml, longer);
    EXPECT_TRUE(core::is_utf8(xml));
    EXPECT_TRUE(xml.ends_with("😀 [...cut]"));
    EXPECT_EQ(xml.size(), (kCellCharacters - 9) / 2 * 4 + 9);
}

TEST(Workbook, NamesColumns) {
    EXPECT_EQ(column_letters(0), "A");
    EXPECT_EQ(column_letters(25), "Z");
    EXPECT_EQ(column_letters(26), "AA");
    EXPECT_EQ(column_letters(701), "ZZ");
    EXPECT_EQ(column_letters(702), "AAA");
    EXPECT_EQ(column_letters(16383), "XFD");
}

}  // namespace
}  // namespace threatlas::serve::api

#include "serve/api/workbook.hpp"

#include <memory>
#include <utility>

#include "serve/api/export.hpp"
#include "serve/api/sheet_text.hpp"
#include "serve/api/zip_stream.hpp"

namespace threatlas::serve::api {
namespace {

using core::Result;

constexpr std::size_t kPiece = 64 * 1024, kText = 32 * 1024;   // packed; not yet packed
constexpr const char* kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr const char* kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr const char* kRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr const char* kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

std::string styles() {
    const std::string font = "<sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>";
    return std::string(kDeclaration) + "<styleSheet xmlns=\"" + kMain + "\"><fonts count=\"2\"><font>" + font + "<font><b/>" + font +
           "</fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
           "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
           "<cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs>"
           "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>\n";
}

// A sheet's name has 31 characters, none of []:*?/\ and no apostrophe at its ends; exports have names of letters and '-'.
std::string sheet_name(const std::string& name, std::uint64_t number) {
    std::string out;
    for (const char c : name)
        if (std::string_view("[]:*?/\\'").find(c) == std::string_view::npos) out += c;
    const std::string after = number == 1 ? "" : " " + std::to_string(number);
    out = out.substr(0, 31 - after.size());
    return (out.empty() ? "Sheet" : out) + after;
}

class Book {
  public:
    Book(Rows rows, std::vector<std::string> fields, std::string name, SheetLimits limits) : rows_(std::move(rows)), fields_(std::move(fields)), name_(std::move(name)), limits_(limits) {
        for (std::size_t i = 0; i < fields_.size(); ++i) letters_.push_back(column_letters(i));
    }

    Result<bool> next(std::string& piece) {
        if (ended_) return false;
        // The first piece goes out with the first rows, the others when they are worth it.
        const std::size_t enough = std::exchange(begun_, true) ? kPiece : 1;
        while (!ended_ && zip_.out().size() < enough) THREATLAS_CHECK(step());
        piece = std::exchange(zip_.out(), {});
        return !piece.empty();
    }

  private:
    Result<void> step() {
        if (sheets_ == 0) {
            THREATLAS_CHECK(entry("_rels/.rels", relations({{"officeDocument", "xl/workbook.xml"}})));
            THREATLAS_CHECK(entry("xl/styles.xml", styles()));
            more_ = take();
            THREATLAS_CHECK(begin_sheet());
        }
        while (more_ && text_.size() < kText && rows_here_ < limits_.rows && bytes_here_ + text_.size() < limits_.bytes) {
            row();
            more_ = take();
        }
        bytes_here_ += text_.size();
        THREATLAS_CHECK(zip_.add(std::exchange(text_, {})));
        if (more_ && rows_here_ < limits_.rows && bytes_here_ < limits_.bytes) return {};
        THREATLAS_CHECK(zip_.add("</sheetData></worksheet>\n"));
        return more_ ? begin_sheet() : end();
    }

    bool take() {
        item_.clear();
        return rows_(item_);
    }

    Result<void> entry(const std::string& name, const std::string& content) {
        THREATLAS_CHECK(zip_.begin(name));
        return zip_.add(content);
    }

    Result<void> begin_sheet() {
        ++sheets_, rows_here_ = 0, bytes_here_ = 0;
        THREATLAS_CHECK(zip_.begin("xl/worksheets/sheet" + std::to_string(sheets_) + ".xml"));
        text_ = std::string(kDeclaration) + "<worksheet xmlns=\"" + kMain + "\"><sheetViews><sheetView" + (sheets_ == 1 ? " tabSelected=\"1\"" : "") +
                " workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>";
        if (!fields_.empty()) text_ += "<cols><col min=\"1\" max=\"" + std::to_string(fields_.size()) + "\" width=\"18.7109375\" customWidth=\"1\"/></cols>";
        text_ += "<sheetData><row r=\"1\">";
        for (std::size_t i = 0; i < fields_.size(); ++i) append_cell(text_, letters_[i] + "1", fields_[i], 1);
        text_ += "</row>";
        return {};
    }

    void row() {
        const std::string number = std::to_string(++rows_here_ + 1);
        text_ += "<row r=\"" + number + "\">";
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const auto* value = item_.if_contains(fields_[i]);
            if (value == nullptr || value->is_null()) continue;
            reference_ = letters_[i];
            reference_ += number;
            if (value->is_number()) append_cell(text_, reference_, value->to_number<double>());
            else if (value->is_string()) append_cell(text_, reference_, std::string_view(value->get_string()));
            else append_cell(text_, reference_, cell(*value));
        }
        text_ += "</row>";
    }

    // What names the sheets is known at the end, and stands there.
    Result<void> end() {
        std::string sheets, types;
        std::vector<std::pair<std::string, std::string>> parts;
        for (std::uint64_t i = 1; i <= sheets_; ++i) {
            const std::string number = std::to_string(i);
            sheets += "<sheet name=\"";
            append_xml(sheets, sheet_name(name_, i));
            sheets += "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
            types += "<Override PartName=\"/xl/worksheets/sheet" + number + ".xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>";
            parts.emplace_back("worksheet", "worksheets/sheet" + number + ".xml");
        }
        parts.emplace_back("styles", "styles.xml");
        THREATLAS_CHECK(entry("xl/workbook.xml", std::string(kDeclaration) + "<workbook xmlns=\"" + kMain + "\" xmlns:r=\"" + kOffice + "\"><bookViews><workbookView/></bookViews><sheets>" + sheets + "</sheets></workbook>\n"));
        THREATLAS_CHECK(entry("xl/_rels/workbook.xml.rels", relations(parts)));
        THREATLAS_CHECK(entry("[Content_Types].xml", std::string(kDeclaration) + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                                                     "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>" + types +
                                                     "<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>\n"));
        ended_ = true;
        return zip_.finish();
    }

    static std::string relations(const std::vector<std::pair<std::string, std::string>>& parts) {
        std::string out = std::string(kDeclaration) + "<Relationships xmlns=\"" + kRelations + "\">";
        for (std::size_t i = 0; i < parts.size(); ++i)
            out += "<Relationship Id=\"rId" + std::to_string(i + 1) + "\" Type=\"" + kOffice + "/" + parts[i].first + "\" Target=\"" + parts[i].second + "\"/>";
        return out + "</Relationships>\n";
    }

    Rows rows_;
    std::vector<std::string> fields_, letters_;
    std::string name_;
    SheetLimits limits_;
    ZipStream zip_;
    core::json::object item_;
    std::string text_, reference_;
    std::uint64_t sheets_ = 0, rows_here_ = 0, bytes_here_ = 0;
    bool begun_ = false, more_ = false, ended_ = false;
};

}  // namespace

net::Pieces workbook(Rows rows, std::vector<std::string> fields, const std::string& name, SheetLimits limits) {
    return [book = std::make_shared<Book>(std::move(rows), std::move(fields), name, limits)](std::string& piece) { return book->next(piece); };
}

}  // namespace threatlas::serve::api

#include "work/table_writer.hpp"

#include <xlsxwriter.h>

#include "core/text.hpp"
#include "ingest/rejects_file.hpp"
#include "publish/xlsx/sheet.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

class CsvWriter final : public TableWriter {
  public:
    CsvWriter(std::string path, const std::vector<std::string>& headings) : path_(std::move(path)), text_("\xEF\xBB\xBF") { static_cast<void>(row(headings, {})); }
    Result<void> row(const std::vector<std::string>& cells, const std::vector<bool>&) override {
        for (std::size_t i = 0; i < cells.size(); ++i) text_ += (i == 0 ? "" : ",") + ingest::csv_cell(cells[i]);
        text_ += "\r\n";
        return {};
    }
    Result<void> finish() override { return core::write_file(path_, text_); }

  private:
    std::string path_, text_;
};

class XlsxWriter final : public TableWriter {
  public:
    XlsxWriter(const std::string& path, const std::string& sheet, const std::vector<std::string>& headings) : path_(path) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        book_ = workbook_new_opt(path.c_str(), &options);
        if (book_ == nullptr) return;
        lxw_format* bold = workbook_add_format(book_);
        format_set_bold(bold);
        sheet_ = std::make_unique<publish::xlsx::Sheet>(book_, bold, sheet.c_str(), headings);
    }
    ~XlsxWriter() override {
        if (book_ != nullptr) workbook_close(book_);
    }
    Result<void> row(const std::vector<std::string>& cells, const std::vector<bool>& numbers) override {
        if (book_ == nullptr) return finish();
        sheet_->row();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            // A number by its type stays one: as text it would be read by the file's habits.
            const auto number = i < numbers.size() && numbers[i] ? core::parse_number(cells[i]) : std::nullopt;
            if (number) *sheet_ << *number;
            else *sheet_ << cells[i];
        }
        return {};
    }
    Result<void> finish() override {
        const bool good = book_ != nullptr && workbook_close(book_) == LXW_NO_ERROR;
        book_ = nullptr;
        if (!good) return fail(ErrorCode::unavailable, "the workbook cannot be written: is the disk full?", {path_, 0, ""});
        return {};
    }

  private:
    std::string path_;
    lxw_workbook* book_ = nullptr;
    std::unique_ptr<publish::xlsx::Sheet> sheet_;
};

}  // namespace

Result<std::unique_ptr<TableWriter>> table_writer(const std::string& format, const std::string& path, const std::string& sheet, const std::vector<std::string>& headings) {
    std::unique_ptr<TableWriter> out;
    if (format == "csv") out = std::make_unique<CsvWriter>(path, headings);
    else if (format == "xlsx") out = std::make_unique<XlsxWriter>(path, sheet, headings);
    else return fail(ErrorCode::bad_usage, "a list comes as csv or xlsx, not '" + format + "'");
    return out;
}

}  // namespace threatlas::work

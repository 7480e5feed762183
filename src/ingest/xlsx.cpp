#include "ingest/xlsx.hpp"

#include <expat.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <map>

#include "core/text.hpp"
#include "ingest/xlsx_parts.hpp"

namespace threatlas::ingest {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::size_t kMaxColumns = 16384;
// A cell holds 32,767 characters. A few bytes of sheet that point at long shared texts must not fill the memory.
constexpr std::size_t kMaxCellBytes = 4 * 32768, kMaxWaitingBytes = std::size_t{64} << 20;

struct Cell {
    std::size_t column = 0, begin = 0, size = 0;
    bool number = false;
};
struct Row {
    std::uint64_t number = 0;
    std::string text;         // the cells, one after another
    std::vector<Cell> cells;
};

// 'BC12' -> 54 (from 0); kMaxColumns when it is not a reference.
std::size_t column_of(std::string_view reference) {
    std::size_t column = 0;
    for (const char c : reference) {
        if (c < 'A' || c > 'Z') break;
        column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
        if (column > kMaxColumns) return kMaxColumns;
    }
    return column == 0 ? kMaxColumns : column - 1;
}

class Xlsx final : public RowSource {
  public:
    Xlsx(std::string path, TableOptions options) : path_(std::move(path)), options_(std::move(options)) {}

    Result<void> open(ZipPtr zip, std::uint64_t size) {
        zip_ = std::move(zip);
        total_ = size;
        THREATLAS_TRY(parts_, read_workbook(zip_.get(), path_, options_.sheet));
        THREATLAS_TRY(sheet_, ZipXml::open(zip_.get(), parts_.sheet, path_));
        sheet_.on_start([this](const std::string& name, const char** attributes) { start(name, attributes); });
        sheet_.on_end([this](const std::string& name) { end(name); });
        sheet_.on_text([this](std::string_view text) {
            std::string& to = in_formula_ ? formula_ : text_;
            if ((in_value_ || in_formula_) && to.size() <= options_.max_row_bytes) to += text;
        });
        std::vector<std::string_view> cells;
        for (;;) {
            THREATLAS_TRY(const bool more, take());
            if (!more) return fail(ErrorCode::bad_input, options_.heading_row <= 1 ? "the sheet is empty" : "the sheet ends before its heading row " + std::to_string(options_.heading_row), {path_, 0, ""});
            if (options_.heading_row == 0) {
                std::size_t width = 0;
                for (const Cell& cell : row_.cells) width = std::max(width, cell.column + 1);
                for (std::size_t i = 1; i <= width; ++i) headings_.push_back(std::to_string(i));
                rows_.push_front(std::move(row_));
                return {};
            }
            if (row_.number < options_.heading_row) continue;
            if (row_.number > options_.heading_row) return fail(ErrorCode::bad_input, "the heading row is blank", {path_, options_.heading_row, ""});
            for (const Cell& cell : row_.cells) {
                if (cell.column >= headings_.size()) headings_.resize(cell.column + 1);
                headings_[cell.column] = std::string(core::trim(std::string_view(row_.text).substr(cell.begin, cell.size)));
            }
            while (!headings_.empty() && headings_.back().empty()) headings_.pop_back();
            if (headings_.empty()) return fail(ErrorCode::bad_input, "the heading row is blank", {path_, row_.number, ""});
            return {};
        }
    }

    const std::vector<std::string>& headings() const override { return headings_; }
    Result<bool> next(std::vector<std::string_view>& cells) override {
        THREATLAS_TRY(const bool more, take());
        if (!more) return false;
        cells.assign(headings_.size(), {});
        numbers_.assign(headings_.size(), false);
        ragged_ = false;
        for (const Cell& cell : row_.cells) {
            const std::string_view text = std::string_view(row_.text).substr(cell.begin, cell.size);
            if (cell.column >= headings_.size()) {
                ragged_ = ragged_ || !core::trim(text).empty();
                continue;
            }
            cells[cell.column] = text;
            numbers_[cell.column] = cell.number;
        }
        return true;
    }
    std::uint64_t row() const override { return row_.number; }
    bool ragged() const override { return ragged_; }
    bool is_number(std::size_t column) const override { return column < numbers_.size() && numbers_[column]; }
    std::string original() const override {
        std::string out;
        std::size_t column = 0;
        for (const Cell& cell : row_.cells) {
            out.append(cell.column - column, '\t');
            column = cell.column;
            out.append(row_.text, cell.begin, cell.size);
        }
        return shortened(out);
    }
    bool since_1904() const override { return parts_.since_1904; }
    std::uint64_t bytes_read() const override {  // by the share of the sheet's own bytes
        return sheet_.size() == 0 ? 0 : static_cast<std::uint64_t>(static_cast<double>(total_) * static_cast<double>(sheet_.done()) / static_cast<double>(sheet_.size()));
    }
    std::uint64_t bytes_total() const override { return total_; }
    const std::string& path() const override { return path_; }

  private:
    // The next row that is not blank, into row_.
    Result<bool> take() {
        while (rows_.empty()) {
            waiting_ = 0;
            THREATLAS_TRY(const bool more, sheet_.pump());
            if (problem_) return tl::unexpected<core::Error>(*problem_);
            if (!more && rows_.empty()) return false;
        }
        row_ = std::move(rows_.front());
        rows_.pop_front();
        return true;
    }

    void stop(std::string message) {
        if (!problem_) problem_ = core::Error{ErrorCode::bad_input, std::move(message), {path_, building_.number, std::to_string(column_ + 1)}};
        sheet_.stop();
    }

    void start(const std::string& name, const char** attributes) {
        if (name == "row") {
            building_ = {};
            building_.number = last_number_ + 1;
            column_ = 0;
            for (const char** a = attributes; *a != nullptr; a += 2)
                if (std::strcmp(a[0], "r") == 0) {
                    std::uint64_t number = 0;
                    std::from_chars(a[1], a[1] + std::strlen(a[1]), number);
                    if (number <= last_number_) return stop("the rows of the sheet are not in order");
                    building_.number = number;
                }
            last_number_ = building_.number;
        } else if (name == "c") {
            type_.clear();
            style_ = 0;
            text_.clear();
            formula_.clear();
            has_formula_ = has_value_ = false;
            for (const char** a = attributes; *a != nullptr; a += 2) {
                if (std::strcmp(a[0], "t") == 0) type_ = a[1];
                else if (std::strcmp(a[0], "s") == 0) std::from_chars(a[1], a[1] + std::strlen(a[1]), style_);
                else if (std::strcmp(a[0], "r") == 0) {
                    const std::size_t column = column_of(a[1]);
                    if (column < column_) return stop("the cells of a row are not in order");
                    column_ = column;
                }
            }
            if (column_ >= kMaxColumns) return stop("a cell lies beyond column XFD");
        } else if (name == "v" || name == "t") {
            in_value_ = has_value_ = true;
        } else if (name == "f") {
            in_formula_ = has_formula_ = true;
        } else if (name == "rPh") {
            in_reading_aid_ = true;
        }
        if (in_reading_aid_) in_value_ = false;
    }

    void end(const std::string& name) {
        if (name == "v" || name == "t") in_value_ = false;
        else if (name == "f") in_formula_ = false;
        else if (name == "rPh") in_reading_aid_ = false;
        else if (name == "c") cell();
        else if (name == "row") {
            const bool blank = std::all_of(building_.cells.begin(), building_.cells.end(), [this](const Cell& c) {
                return core::trim(std::string_view(building_.text).substr(c.begin, c.size)).empty(); });
            waiting_ += building_.text.size() + building_.cells.size() * sizeof(Cell);
            if (waiting_ > kMaxWaitingBytes) return stop("a few bytes of the sheet stand for more than 64 MiB of text");
            if (!blank) rows_.push_back(std::move(building_));
            building_ = {};
        }
    }

    void cell() {
        std::string_view text = text_;
        std::string date;
        bool number = false;
        if (has_formula_ && !has_value_) {  // never computed: kept as text, so that it is refused and not read as blank
            formula_.insert(0, "=");
            text = formula_;
        } else if (type_ == "b") {
            text = text_ == "1" ? "TRUE" : "FALSE";
        } else if (type_ == "s") {
            std::size_t index = 0;
            const auto [stop_at, error] = std::from_chars(text.data(), text.data() + text.size(), index);
            if (error != std::errc{} || index >= parts_.strings.size()) return stop("a cell points to a text that the workbook does not hold");
            text = parts_.strings.at(index);
        } else if (type_.empty() || type_ == "n") {
            number = !text.empty();
            if (number && style_ < parts_.date_styles.size() && parts_.date_styles[style_]) {
                const auto serial = core::parse_number(core::trim(text));
                if (!serial) return stop("a date cell does not hold a number");
                if (const auto day = excel_day(*serial, parts_.since_1904)) {
                    date = core::iso(*day);
                    text = date;
                    number = false;
                }
            }
        }
        if (text.size() > kMaxCellBytes) return stop("a cell holds more than 32,767 characters");
        if (building_.cells.size() >= kMaxColumns) return stop("the row has more cells than a sheet has columns");
        if (building_.text.size() + text.size() > options_.max_row_bytes) return stop("the row is longer than " + std::to_string(options_.max_row_bytes) + " bytes");
        if (!text.empty()) building_.cells.push_back({column_, building_.text.size(), text.size(), number});
        building_.text += text;
        ++column_;
    }

    std::string path_;
    TableOptions options_;
    ZipPtr zip_;
    std::uint64_t total_ = 0;
    Workbook parts_;
    ZipXml sheet_;
    std::vector<std::string> headings_;
    std::deque<Row> rows_;
    Row row_, building_;
    std::uint64_t last_number_ = 0;
    std::size_t waiting_ = 0;   // bytes of rows read and not yet taken
    std::size_t column_ = 0, style_ = 0;
    std::string type_, text_, formula_;
    bool in_formula_ = false, has_formula_ = false, has_value_ = false;
    bool in_value_ = false, in_reading_aid_ = false, ragged_ = false;
    std::vector<bool> numbers_;
    std::optional<core::Error> problem_;
};

// Takes the source.
Result<ZipPtr> unlock(zip_source_t* source, const std::string& name) {
    zip_error_t error;
    zip_error_init(&error);
    ZipPtr zip(zip_open_from_source(source, ZIP_RDONLY, &error));
    if (!zip) {
        zip_source_free(source);
        std::string why = zip_error_strerror(&error);
        zip_error_fini(&error);
        return fail(ErrorCode::bad_input, "the workbook is damaged or truncated (" + why + ")", {name, 0, ""});
    }
    zip_error_fini(&error);
    return zip;
}

Result<zip_source_t*> file_source(const std::string& path) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_file_create(path.c_str(), 0, -1, &error);
    zip_error_fini(&error);
    if (source == nullptr) return fail(ErrorCode::not_found, "the file cannot be opened", {path, 0, ""});
    return source;
}

Result<std::unique_ptr<RowSource>> open_zip(zip_source_t* source, const std::string& name, const TableOptions& options) {
    zip_stat_t info;
    zip_stat_init(&info);
    const std::uint64_t size = zip_source_stat(source, &info) == 0 ? info.size : 0;
    THREATLAS_TRY(ZipPtr zip, unlock(source, name));
    auto table = std::make_unique<Xlsx>(name, options);
    THREATLAS_CHECK(table->open(std::move(zip), size));
    return table;
}

}  // namespace

Result<core::Day> excel_day(double serial, bool since_1904) {
    const double whole = std::floor(serial);
    if (!(whole >= (since_1904 ? 0 : 1)) || whole > 2958465) return fail(ErrorCode::bad_input, "the serial number " + std::to_string(serial) + " is not a date");
    const auto day = static_cast<std::int32_t>(whole);
    if (since_1904) return core::Day{day - 24107};
    if (day == 60) return fail(ErrorCode::bad_input, "serial number 60 is the 29 February 1900, which never was");
    return core::Day{day < 60 ? day - 25568 : day - 25569};
}

Result<std::unique_ptr<RowSource>> open_xlsx(const std::string& path, const TableOptions& options) {
    THREATLAS_TRY(zip_source_t* source, file_source(path));
    return open_zip(source, path, options);
}

Result<std::vector<std::string>> xlsx_sheets(const std::string& path) {
    THREATLAS_TRY(zip_source_t* source, file_source(path));
    THREATLAS_TRY(const ZipPtr zip, unlock(source, path));
    return read_sheets(zip.get(), path);
}

Result<std::unique_ptr<RowSource>> open_xlsx_bytes(std::string_view bytes, const std::string& name, const TableOptions& options) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_error_fini(&error);
    if (source == nullptr) return fail(ErrorCode::unavailable, "not enough memory to open the workbook", {name, 0, ""});
    return open_zip(source, name, options);
}

}  // namespace threatlas::ingest

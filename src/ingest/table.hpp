// One table, row by row, whatever the file: delimited text (plain or .gz), XLSX, or JSON lines.
// Constant memory: cells are views that hold until the next call. Rows are numbered as a spreadsheet
// shows them: records, not lines; the first row of the file is row 1, the heading row included.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::ingest {

struct TableOptions {
    std::string format{};             // 'delimited', 'xlsx', 'jsonl'; empty: by first bytes and name
    char delimiter = '\0';            // '\0': the one of , ; tab | that the heading row holds most of
    std::string encoding = "utf-8";   // 'utf-8' or a single-byte one ICU knows: 'windows-1250', 'windows-1251'
    std::string sheet{};              // XLSX: sheet by name; empty: the first
    std::uint64_t heading_row = 1;    // rows above it are skipped; 0: no headings, columns are '1', '2', ...
    std::size_t max_row_bytes = std::size_t{4} << 20;  // a longer row is an error, never a longer buffer
};

class RowSource {
  public:
    virtual ~RowSource() = default;

    // Column names, white space trimmed, in file order.
    virtual const std::vector<std::string>& headings() const = 0;
    // The next row that is not wholly blank. cells has exactly headings().size() entries (missing ones
    // are empty) and is valid until the next call. false at the end. The error is structural (binary,
    // truncated quote, wrong encoding, row too long, damaged archive) and names the row.
    virtual core::Result<bool> next(std::vector<std::string_view>& cells) = 0;
    // Number of the row last given, from 1, heading and blank rows counted.
    virtual std::uint64_t row() const = 0;
    // The row last given had more or (delimited only) fewer cells than there are headings.
    virtual bool ragged() const { return false; }
    // The cell is a number by its type (XLSX, JSON), so written with a decimal point whatever the
    // file's habits; a cell of text is not. Dates of XLSX come as text: 2023-12-31.
    virtual bool is_number(std::size_t column) const { static_cast<void>(column); return false; }
    // Date numbers without a date format count from 1904 (XLSX of old Macintosh workbooks), not 1900.
    virtual bool since_1904() const { return false; }
    // At the end: the last row had no line end. Many programs write so; a file cut short looks the same.
    virtual bool ends_open() const { return false; }
    // The row last given as it stood, in UTF-8, through shortened().
    virtual std::string original() const = 0;
    // Bytes of the file consumed so far and in all, for progress.
    virtual std::uint64_t bytes_read() const = 0;
    virtual std::uint64_t bytes_total() const = 0;
    virtual const std::string& path() const = 0;

    // Index of a heading. bad_input, listing the headings that exist, when there is none or it occurs twice.
    core::Result<std::size_t> column(std::string_view heading) const;
    // The same for several, in the order asked.
    core::Result<std::vector<std::size_t>> columns(const std::vector<std::string>& wanted) const;
};

// A row for the eye: whole up to 4 KiB, else its beginning and kCut. Never ends inside a character.
inline constexpr std::string_view kCut = " [...cut]";
std::string shortened(std::string_view text);

// Opens the file and reads to its heading row. not_found; bad_input for an empty or binary file.
// A file with headings and no rows opens: next() says false at once.
core::Result<std::unique_ptr<RowSource>> open_table(const std::string& path, const TableOptions& options = {});

}  // namespace threatlas::ingest

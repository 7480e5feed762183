// Delimited text by RFC 4180, streaming: any one-byte delimiter, BOM, LF and CRLF, quoted newlines.
// Stricter than most where leniency loses data: text after a closing quote, an unclosed quote, a NUL
// byte and a byte the encoding does not know are errors with the row. Speed: hundreds of MB/s a core.
#pragma once

#include <memory>

#include "ingest/byte_source.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {

// The records of a byte source, without notion of headings.
class RecordScanner {
  public:
    // path is for error messages.
    RecordScanner(std::unique_ptr<ByteSource> bytes, std::string path, char delimiter, std::size_t max_row_bytes);

    // Cells are valid until the next call; false at the end. A blank line is a record of one empty cell.
    core::Result<bool> next(std::vector<std::string_view>& cells);
    std::string_view raw() const { return raw_; }  // the record as it stood, without its line end
    bool ends_open() const { return ends_open_; }  // the last record had no line end
    bool ascii() const { return ascii_; }          // no byte above 127 in it
    std::uint64_t row() const { return row_; }
    void set_delimiter(char delimiter);
    // The first line of what follows, at most 64 KiB, without consuming it.
    core::Result<std::string_view> peek_line();
    const ByteSource& bytes() const { return *bytes_; }

  private:
    struct Span {
        std::size_t begin, end;
        bool escaped;  // holds "" for "
    };
    core::Result<bool> fill();  // false when nothing more came
    core::Result<void> start();

    std::unique_ptr<ByteSource> bytes_;
    std::string path_;
    char delimiter_;
    std::size_t max_row_bytes_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    bool started_ = false, at_end_ = false, ascii_ = true, ends_open_ = false;
    std::uint64_t row_ = 0;
    std::string_view raw_;
    std::vector<Span> spans_;
    std::string unescaped_;
    unsigned char kind_[256] = {};
};

core::Result<std::unique_ptr<RowSource>> open_delimited(std::unique_ptr<ByteSource> bytes, const std::string& path, const TableOptions& options);

}  // namespace threatlas::ingest

#include "ingest/delimited.hpp"

#include <algorithm>
#include <cstring>

#include "core/text.hpp"
#include "ingest/decode.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {
constexpr unsigned char kPlain = 0, kHigh = 1, kDelimiter = 2, kLineEnd = 3, kReturn = 4, kNul = 5;
}

RecordScanner::RecordScanner(std::unique_ptr<ByteSource> bytes, std::string path, char delimiter, std::size_t max_row_bytes)
    : bytes_(std::move(bytes)), path_(std::move(path)), delimiter_(delimiter), max_row_bytes_(max_row_bytes), buffer_(std::size_t{1} << 18) {
    set_delimiter(delimiter);
}

void RecordScanner::set_delimiter(char delimiter) {
    delimiter_ = delimiter;
    for (int c = 0; c < 256; ++c) kind_[c] = c >= 128 ? kHigh : kPlain;
    kind_[static_cast<unsigned char>('\n')] = kLineEnd;
    kind_[static_cast<unsigned char>('\r')] = kReturn;
    kind_[0] = kNul;
    if (delimiter != '\0') kind_[static_cast<unsigned char>(delimiter)] = kDelimiter;
}

Result<bool> RecordScanner::fill() {
    if (at_end_) return false;
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {
        if (end_ > max_row_bytes_)
            return fail(ErrorCode::bad_input, "the row is longer than " + std::to_string(max_row_bytes_) +
                            " bytes: an unclosed quotation mark, or not a table", {path_, row_ + 1, ""});
        buffer_.resize(buffer_.size() * 2);
    }
    THREATLAS_TRY(const std::size_t n, bytes_->read(buffer_.data() + end_, buffer_.size() - end_));
    end_ += n;
    at_end_ = n == 0;
    return n != 0;
}

Result<void> RecordScanner::start() {
    if (started_) return {};
    started_ = true;
    while (end_ - begin_ < 3) {
        THREATLAS_TRY(const bool more, fill());
        if (!more) break;
    }
    const std::string_view head(buffer_.data(), end_);
    if (head.starts_with("\xEF\xBB\xBF")) begin_ = 3;
    else if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF"))
        return fail(ErrorCode::bad_input, "the file is UTF-16: save it as UTF-8", {path_, 0, ""});
    return {};
}

Result<std::string_view> RecordScanner::peek_line() {
    THREATLAS_CHECK(start());
    for (;;) {
        const std::string_view have(buffer_.data() + begin_, std::min<std::size_t>(end_ - begin_, std::size_t{1} << 16));
        const auto stop = have.find('\n');
        if (stop != std::string_view::npos) return have.substr(0, stop);
        if (have.size() == (std::size_t{1} << 16)) return have;
        THREATLAS_TRY(const bool more, fill());
        if (!more) return std::string_view(buffer_.data() + begin_, end_ - begin_);
    }
}

Result<bool> RecordScanner::next(std::vector<std::string_view>& cells) {
    THREATLAS_CHECK(start());
    spans_.clear();
    ascii_ = true;
    // 'at' and 'field' count from begin_, which fill() may move.
    std::size_t at = 0, field = 0, size = 0, consumed = 0, escapes = 0;
    enum { field_start, plain, quoted, after_quote } where = field_start;
    bool escaped = false;
    const auto put = [&](std::size_t from, std::size_t to) { spans_.push_back({from, to, escaped}); escaped = false; };
    const auto where_now = [&] { return core::Location{path_, row_ + 1, std::to_string(spans_.size() + 1)}; };
    for (bool done = false; !done;) {
        if (begin_ + at == end_) {
            THREATLAS_TRY(const bool more, fill());
            if (more) continue;
            if (at == 0) return false;
            if (where == quoted)
                return fail(ErrorCode::bad_input, "a quotation mark is opened here and not closed before the file ends: the file is truncated, or the mark is text", where_now());
            consumed = at;
            size = where != after_quote && at > field && buffer_[begin_ + at - 1] == '\r' ? at - 1 : at;
            put(field, where == after_quote ? at - 1 : size);
            ends_open_ = true;
            break;
        }
        if (at > max_row_bytes_)
            return fail(ErrorCode::bad_input, "the row is longer than " + std::to_string(max_row_bytes_) +
                            " bytes: an unclosed quotation mark, or not a table", {path_, row_ + 1, ""});
        const char* data = buffer_.data() + begin_;
        const std::size_t limit = std::min(end_ - begin_, max_row_bytes_ + 1);
        if (where == quoted) {
            while (at < limit && data[at] != '"') {
                if (data[at] == '\0') return fail(ErrorCode::bad_input, "the file holds a NUL byte: it is binary, not text", where_now());
                if (static_cast<unsigned char>(data[at]) >= 128) ascii_ = false;
                ++at;
            }
            if (at == limit) continue;
            ++at;
            where = after_quote;
            continue;
        }
        const char c = data[at];
        if (where == field_start) {
            field = at;
            where = plain;
            if (c == '"') {
                field = ++at;
                where = quoted;
                continue;
            }
        } else if (where == after_quote) {
            if (c == '"') {
                escaped = true;
                ++escapes;
                ++at;
                where = quoted;
                continue;
            }
            if (c == '\r' && begin_ + at + 1 == end_ && !at_end_) {
                THREATLAS_CHECK(fill());
                continue;
            }
            const bool line_end = c == '\n' || (c == '\r' && (begin_ + at + 1 == end_ || data[at + 1] == '\n'));
            if (c != delimiter_ && !line_end)
                return fail(ErrorCode::bad_input, "text follows a closing quotation mark: double a mark that is text", where_now());
            put(field, at - 1);
            if (line_end) {
                size = at;
                consumed = at + (c == '\r' && begin_ + at + 1 != end_ ? 2 : 1);
                done = true;
            } else {
                field = ++at;
                where = field_start;
            }
            continue;
        }
        while (at < limit) {
            const unsigned char kind = kind_[static_cast<unsigned char>(data[at])];
            if (kind == kPlain) { ++at; continue; }
            if (kind == kHigh) { ascii_ = false; ++at; continue; }
            break;
        }
        if (at == limit) continue;
        switch (kind_[static_cast<unsigned char>(data[at])]) {
            case kDelimiter:
                put(field, at);
                field = ++at;
                where = field_start;
                break;
            case kLineEnd:
                size = at > 0 && data[at - 1] == '\r' ? at - 1 : at;
                put(std::min(field, size), size);
                consumed = at + 1;
                done = true;
                break;
            case kReturn: ++at; break;  // a lone one is text; before a line end it is cut off there
            default: return fail(ErrorCode::bad_input, "the file holds a NUL byte: it is binary, not text", where_now());
        }
    }
    const char* data = buffer_.data() + begin_;
    raw_ = {data, size};
    cells.clear();
    unescaped_.clear();
    if (escapes != 0) unescaped_.reserve(size);  // views into it must not move
    for (const Span& span : spans_) {
        const std::string_view text(data + span.begin, span.end - span.begin);
        if (!span.escaped) {
            cells.push_back(text);
            continue;
        }
        const std::size_t from = unescaped_.size();
        for (std::size_t i = 0; i < text.size(); ++i) {
            unescaped_ += text[i];
            if (text[i] == '"') ++i;
        }
        cells.emplace_back(unescaped_.data() + from, unescaped_.size() - from);
    }
    begin_ += consumed;
    ++row_;
    return true;
}

namespace {

char guess_delimiter(std::string_view line) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char c : {',', ';', '\t', '|'}) {
        bool quoted = false;
        std::ptrdiff_t count = 0;
        for (const char x : line) {
            if (x == '"') quoted = !quoted;
            else if (x == c && !quoted) ++count;
        }
        if (count > most) {
            most = count;
            best = c;
        }
    }
    return best;
}

class DelimitedTable final : public RowSource {
  public:
    DelimitedTable(std::unique_ptr<ByteSource> bytes, std::string path, const TableOptions& options)
        : path_(path), scanner_(std::move(bytes), std::move(path), options.delimiter, options.max_row_bytes) {}

    Result<void> open(const TableOptions& options) {
        auto decoder = Decoder::make(options.encoding);
        if (!decoder) return fail(ErrorCode::bad_input, decoder.error().message, {path_, 0, ""});
        decoder_ = std::move(*decoder);
        std::vector<std::string_view> cells;
        for (std::uint64_t skip = 1; skip < options.heading_row; ++skip) {
            THREATLAS_TRY(const std::string_view line, scanner_.peek_line());
            if (options.delimiter == '\0') scanner_.set_delimiter(guess_delimiter(line));
            THREATLAS_TRY(const bool more, scanner_.next(cells));
            if (!more) return fail(ErrorCode::bad_input, "the file ends before its heading row " + std::to_string(options.heading_row), {path_, 0, ""});
        }
        THREATLAS_TRY(const std::string_view line, scanner_.peek_line());
        if (options.delimiter == '\0') scanner_.set_delimiter(guess_delimiter(line));
        if (options.heading_row == 0) {
            THREATLAS_TRY(held_, read(held_cells_));
            if (!held_) return fail(ErrorCode::bad_input, "the file is empty", {path_, 0, ""});
            for (std::size_t i = 1; i <= held_cells_.size(); ++i) headings_.push_back(std::to_string(i));
            return {};
        }
        THREATLAS_TRY(const bool more, read(cells));
        if (!more) return fail(ErrorCode::bad_input, "the file is empty", {path_, 0, ""});
        for (std::string_view cell : cells) {
            while (cell.starts_with("\xEF\xBB\xBF")) cell.remove_prefix(3);  // some programs write the mark twice
            headings_.emplace_back(core::trim(cell));
        }
        if (std::all_of(headings_.begin(), headings_.end(), [](const std::string& h) { return h.empty(); }))
            return fail(ErrorCode::bad_input, "the heading row is blank", {path_, scanner_.row(), ""});
        return {};
    }

    const std::vector<std::string>& headings() const override { return headings_; }
    Result<bool> next(std::vector<std::string_view>& cells) override {
        for (;;) {
            if (held_) {
                held_ = false;
                cells = held_cells_;
            } else {
                THREATLAS_TRY(const bool more, read(cells));
                if (!more) return false;
            }
            if (cells.size() == 1 && core::trim(cells[0]).empty()) continue;
            ragged_ = cells.size() != headings_.size();
            if (ragged_) {
                if (std::all_of(cells.begin(), cells.end(), [](std::string_view c) { return core::trim(c).empty(); })) continue;
                cells.resize(headings_.size());
            } else if (core::trim(cells[0]).empty() && std::all_of(cells.begin(), cells.end(), [](std::string_view c) { return core::trim(c).empty(); }))
                continue;
            return true;
        }
    }
    std::uint64_t row() const override { return scanner_.row(); }
    bool ragged() const override { return ragged_; }
    bool ends_open() const override { return scanner_.ends_open(); }
    std::string original() const override { return decoder_.shorten(scanner_.raw()); }
    std::uint64_t bytes_read() const override { return scanner_.bytes().offset(); }
    std::uint64_t bytes_total() const override { return scanner_.bytes().total(); }
    const std::string& path() const override { return path_; }

  private:
    Result<bool> read(std::vector<std::string_view>& cells) {
        THREATLAS_TRY(const bool more, scanner_.next(cells));
        if (!more || scanner_.ascii()) return more;
        if (auto problem = decoder_.decode(scanner_.raw(), cells); !problem) {
            auto error = problem.error();
            error.where.source = path_;
            error.where.row = scanner_.row();
            return tl::unexpected<core::Error>(std::move(error));
        }
        return true;
    }

    std::string path_;
    RecordScanner scanner_;
    Decoder decoder_;
    std::vector<std::string> headings_;
    std::vector<std::string_view> held_cells_;
    bool held_ = false, ragged_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_delimited(std::unique_ptr<ByteSource> bytes, const std::string& path, const TableOptions& options) {
    auto table = std::make_unique<DelimitedTable>(std::move(bytes), path, options);
    THREATLAS_CHECK(table->open(options));
    return table;
}

}  // namespace threatlas::ingest

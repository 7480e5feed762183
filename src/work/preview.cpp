#include "work/preview.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/text.hpp"
#include "ingest/byte_source.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::work {
namespace {

using core::Result;

constexpr std::size_t kRows = 2000, kSample = 20, kDistinct = 200, kHead = std::size_t{256} << 10, kCell = 200;

std::string cut(std::string_view text) {
    if (text.size() <= kCell) return std::string(text);
    std::size_t end = kCell;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "...";
}

// Letters of the Cyrillic and Greek code pages stand in runs; accented letters of the Latin one stand alone.
std::string encoding_of(std::string_view bytes) {
    if (core::is_utf8(bytes)) return "utf-8";
    std::size_t high = 0, in_runs = 0, run = 0, cyrillic = 0, greek = 0;
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
        const auto byte = i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
        if (byte >= 0xC0) {
            ++run, ++high;
            cyrillic += byte == 0xE0 || byte == 0xEE || byte == 0xE8 ? 1 : 0;   // а о и
            greek += byte == 0xE1 || byte == 0xEF || byte == 0xE9 || byte == 0xF2 ? 1 : 0;   // α ο ι ς
            continue;
        }
        if (run >= 3) in_runs += run;
        run = 0;
    }
    if (high == 0 || 2 * in_runs < high) return "windows-1250";
    return greek > cyrillic ? "windows-1253" : "windows-1251";
}

Result<std::string> beginning(const std::string& path) {
    THREATLAS_TRY(const auto bytes, ingest::open_bytes(path));
    std::string out(kHead, '\0');
    std::size_t size = 0;
    while (size < out.size()) {
        THREATLAS_TRY(const std::size_t n, bytes->read(out.data() + size, out.size() - size));
        if (n == 0) break;
        size += n;
    }
    const bool whole = size < out.size();
    out.resize(size);
    if (!whole)   // not in the middle of a letter or a line
        if (const auto end = out.rfind('\n'); end != std::string::npos) out.resize(end + 1);
    return out;
}

struct Shape {
    char delimiter = ',';
    std::uint64_t heading_row = 1;
};

// The mark that most lines hold equally often, and the first line that holds it so: above stand titles.
Shape shape_of(std::string_view head) {
    std::vector<std::string> lines;
    std::string line;
    bool quoted = false;
    for (const char c : head) {
        if (c == '"') quoted = !quoted;
        if (c == '\n' && !quoted) {
            lines.push_back(std::move(line));
            line.clear();
            if (lines.size() == 50) break;
            continue;
        }
        if (!quoted && c != '\r') line += c;
    }
    if (!line.empty() && lines.size() < 50) lines.push_back(line);
    Shape best;
    std::size_t best_lines = 0, best_marks = 0;
    for (const char mark : {';', '\t', '|', ','}) {
        std::map<std::size_t, std::size_t> times;
        for (const auto& each : lines)
            if (const auto n = static_cast<std::size_t>(std::count(each.begin(), each.end(), mark)); n > 0) ++times[n];
        for (const auto& [marks, count] : times) {
            // Decimal commas are in most lines too, but not in the heading, and seldom so alike.
            if (count < best_lines || (count == best_lines && marks <= best_marks)) continue;
            best_lines = count, best_marks = marks, best.delimiter = mark;
        }
    }
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (static_cast<std::size_t>(std::count(lines[i].begin(), lines[i].end(), best.delimiter)) == best_marks) {
            best.heading_row = i + 1;
            break;
        }
    return best;
}

std::size_t filled(const std::vector<std::string>& cells) {
    return static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), [](const auto& each) { return !each.empty(); }));
}

// The first of the first rows that names more columns than those before it.
Result<std::uint64_t> heading_row_of(const std::string& path, ingest::TableOptions options) {
    std::uint64_t best = 1;
    std::size_t most = 0;
    bool opened = false;
    core::Error last;
    for (std::uint64_t row = 1; row <= 6; ++row) {
        options.heading_row = row;
        const auto table = ingest::open_table(path, options);
        if (!table) {
            last = table.error();
            if (row > 1 && opened && last.message.find("ends before") != std::string::npos) break;
            continue;
        }
        opened = true;
        const std::size_t names = filled((*table)->headings());
        if (names > most) most = names, best = row;
        std::vector<std::string_view> cells;
        const auto more = (*table)->next(cells);
        if (names >= 2 && more && *more && !(*table)->ragged()) break;   // rows below fit: it is the heading
    }
    if (!opened) return tl::unexpected<core::Error>(last);
    return best;
}

Result<void> read_rows(ingest::RowSource& table, Preview& out) {
    out.headings = table.headings();
    out.columns.assign(out.headings.size(), {});
    out.numbers.assign(out.headings.size(), 0);
    std::vector<std::set<std::string, std::less<>>> seen(out.headings.size());
    std::vector<std::string_view> cells;
    while (out.looked_at < kRows) {
        THREATLAS_TRY(const bool more, table.next(cells));
        if (!more) break;
        ++out.looked_at;
        if (out.sample.size() < kSample) {
            auto& row = out.sample.emplace_back();
            for (const auto each : cells) row.push_back(cut(each));
        }
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto cell = core::trim(cells[i]);
            if (table.is_number(i)) ++out.numbers[i];
            if (cell.empty() || cell.size() > kCell || seen[i].size() >= kDistinct) continue;
            if (seen[i].emplace(cell).second) out.columns[i].emplace_back(cell);
        }
    }
    return {};
}

}  // namespace

Result<Preview> preview(const std::string& path, const ingest::TableOptions& wanted) {
    Preview out;
    out.format = wanted;
    out.format.heading_row = 1;
    if (out.format.format.empty()) {
        THREATLAS_TRY(const std::string head, beginning(path));
        std::string name = core::lower_ascii(path);
        if (name.ends_with(".gz")) name.resize(name.size() - 3);
        out.format.format = head.starts_with("PK\x03\x04") ? "xlsx" : name.ends_with(".jsonl") || name.ends_with(".ndjson") ? "jsonl" : "delimited";
        if (out.format.format == "delimited" && name.ends_with(".xlsx")) out.format.format.clear();   // open_table says what is wrong
        if (out.format.format == "delimited") {
            out.format.encoding = encoding_of(head);
            const Shape shape = shape_of(head);
            if (out.format.delimiter == '\0') out.format.delimiter = shape.delimiter;
            out.format.heading_row = shape.heading_row;
        }
    }
    if (out.format.format == "xlsx") {
        THREATLAS_TRY(out.sheets, ingest::xlsx_sheets(path));
        THREATLAS_TRY(out.format.heading_row, heading_row_of(path, out.format));
    }
    if (wanted.heading_row > 1) out.format.heading_row = wanted.heading_row;
    THREATLAS_TRY(const auto table, ingest::open_table(path, out.format));
    THREATLAS_CHECK(read_rows(*table, out));
    const auto has = [&](const char* name) { return std::find(out.headings.begin(), out.headings.end(), name) != out.headings.end(); };
    out.corrected = has(kRefusedRow) && has(kRefusedReason);
    return out;
}

core::json::object format_json(const ingest::TableOptions& format) {
    core::json::object out{{"type", format.format}, {"heading_row", format.heading_row}};
    if (format.format == "delimited") {
        out["delimiter"] = format.delimiter == '\t' ? std::string("tab") : std::string(1, format.delimiter);
        out["encoding"] = format.encoding;
    }
    if (format.format == "xlsx" && !format.sheet.empty()) out["sheet"] = format.sheet;
    return out;
}

}  // namespace threatlas::work

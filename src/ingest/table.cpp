#include "ingest/table.hpp"

#include <array>

#include "core/text.hpp"
#include "ingest/byte_source.hpp"
#include "ingest/delimited.hpp"
#include "ingest/json_lines.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<std::size_t> RowSource::column(std::string_view heading) const {
    const auto& all = headings();
    std::size_t found = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] != heading) continue;
        if (found != all.size())
            return fail(ErrorCode::bad_input, "the column '" + std::string(heading) + "' occurs twice", {path(), 0, std::string(heading)});
        found = i;
    }
    if (found != all.size()) return found;
    std::string known;
    for (const auto& each : all) known += (known.empty() ? "'" : ", '") + each + "'";
    if (known.size() > 2000) known = known.substr(0, 2000) + "...";
    return fail(ErrorCode::bad_input, "there is no column '" + std::string(heading) + "'; the file has: " + known, {path(), 0, ""});
}

Result<std::vector<std::size_t>> RowSource::columns(const std::vector<std::string>& wanted) const {
    std::vector<std::size_t> out;
    for (const auto& each : wanted) {
        THREATLAS_TRY(const std::size_t index, column(each));
        out.push_back(index);
    }
    return out;
}

std::string shortened(std::string_view text) {
    constexpr std::size_t kBytes = 4096;
    if (text.size() <= kBytes || (text.size() <= kBytes + kCut.size() && text.ends_with(kCut))) return std::string(text);
    std::size_t end = kBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + std::string(kCut);
}

Result<std::unique_ptr<RowSource>> open_table(const std::string& path, const TableOptions& options) {
    std::string format = options.format;
    if (format.empty()) {
        THREATLAS_TRY(const auto probe, open_bytes(path));
        std::array<char, 4> head{};
        THREATLAS_TRY(const std::size_t n, probe->read(head.data(), head.size()));
        std::string name = core::lower_ascii(path);
        if (name.ends_with(".gz")) name.resize(name.size() - 3);
        if (n == 4 && std::string_view(head.data(), 4) == "PK\x03\x04") format = "xlsx";
        else if (n == 4 && std::string_view(head.data(), 4) == "\xD0\xCF\x11\xE0")
            return fail(ErrorCode::bad_input, "this is an old .xls workbook: save it as .xlsx", {path, 0, ""});
        else if (n == 0) return fail(ErrorCode::bad_input, "the file is empty", {path, 0, ""});
        else if (name.ends_with(".jsonl") || name.ends_with(".ndjson")) format = "jsonl";
        else if (name.ends_with(".xlsx"))
            return fail(ErrorCode::bad_input, "the name says .xlsx but the content is not a workbook: truncated or renamed", {path, 0, ""});
        else format = "delimited";
    }
    if (format == "xlsx") return open_xlsx(path, options);
    if (format != "delimited" && format != "jsonl")
        return fail(ErrorCode::bad_input, "'" + format + "' is not a format: use delimited, xlsx or jsonl", {path, 0, ""});
    THREATLAS_TRY(auto bytes, open_bytes(path));
    if (format == "jsonl") return open_json_lines(std::move(bytes), path, options);
    return open_delimited(std::move(bytes), path, options);
}

}  // namespace threatlas::ingest

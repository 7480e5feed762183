#include "ingest/rejects_file.hpp"

#include <cerrno>
#include <cstring>

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string csv_cell(std::string_view text) {
    std::string out;
    bool at_start = true;  // of what some spreadsheet takes for a cell
    for (const char c : text) {
        if (at_start && std::string_view("=+-@\t\r").find(c) != std::string_view::npos) out += '\'';
        // Blanks and a quotation mark before a sign do not keep it from being read as a formula.
        at_start = std::string_view(";\t\r\n").find(c) != std::string_view::npos || (at_start && (c == ' ' || c == '"'));
        out += c;
    }
    if (out.find_first_of(",\"\r\n;\t") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

core::json::value to_json(const store::Reject& r) {
    return {{"file", r.file}, {"row", r.row}, {"column", r.column}, {"verdict", r.verdict}, {"reason", r.reason}, {"original", r.original}};
}

Result<std::unique_ptr<RejectsFile>> RejectsFile::create(const std::string& path) {
    std::FILE* file = std::fopen((path + ".part").c_str(), "wb");
    if (file == nullptr) return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path, 0, ""});
    std::unique_ptr<RejectsFile> out(new RejectsFile(path, file));
    if (std::fputs("\xEF\xBB\xBF" "file,row,column,verdict,reason,original\n", file) < 0)
        return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path, 0, ""});
    return out;
}

RejectsFile::~RejectsFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::remove((path_ + ".part").c_str());
}

Result<void> RejectsFile::add(const store::Reject& reject) {
    const std::string line = csv_cell(reject.file) + ',' + std::to_string(reject.row) + ',' + csv_cell(reject.column) + ',' +
                             csv_cell(reject.verdict) + ',' + csv_cell(reject.reason) + ',' + csv_cell(reject.original) + '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_) != line.size())
        return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path_, 0, ""});
    return {};
}

Result<void> RejectsFile::finish() {
    const bool written = std::fflush(file_) == 0 && std::ferror(file_) == 0;
    const int why = errno;
    const bool closed = std::fclose(file_) == 0;
    file_ = nullptr;
    if (written && closed && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0) return {};
    const int reason = written ? errno : why;
    std::remove((path_ + ".part").c_str());
    return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(reason), {path_, 0, ""});
}

}  // namespace threatlas::ingest

// Refused and repeated rows as CSV for a spreadsheet: file,row,column,verdict,reason,original.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "core/result.hpp"
#include "store/store.hpp"

namespace threatlas::ingest {

// A cell as a spreadsheet may open it, whatever it takes for a separator: what would start a formula
// (= + - @ TAB CR), at its beginning or after a ';', a TAB or a line end in it, gets a leading single
// quote. Quoted as CSV needs.
std::string csv_cell(std::string_view text);
core::json::value to_json(const store::Reject& reject);

// One file for a whole command, however many tables it reads. Begins with a byte-order mark: without it
// spreadsheets take the names of half the region for another encoding. Written beside the target and
// renamed by finish(), so it is whole or absent.
class RejectsFile {
  public:
    // unavailable when it cannot be written.
    static core::Result<std::unique_ptr<RejectsFile>> create(const std::string& path);
    ~RejectsFile();
    RejectsFile(const RejectsFile&) = delete;
    RejectsFile& operator=(const RejectsFile&) = delete;
    core::Result<void> add(const store::Reject& reject);
    core::Result<void> finish();

  private:
    RejectsFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    std::string path_;
    std::FILE* file_;
};

}  // namespace threatlas::ingest

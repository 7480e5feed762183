// A list as a file people open: CSV or XLSX, in constant memory for the latter. A cell that a spreadsheet would take for
// a formula is made text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace threatlas::work {

class TableWriter {
  public:
    virtual ~TableWriter() = default;
    // numbers: which cells are numbers by their type; may be shorter than cells.
    virtual core::Result<void> row(const std::vector<std::string>& cells, const std::vector<bool>& numbers = {}) = 0;
    virtual core::Result<void> finish() = 0;   // nothing is whole before
};

// format: csv or xlsx; bad_usage otherwise.
core::Result<std::unique_ptr<TableWriter>> table_writer(const std::string& format, const std::string& path, const std::string& sheet, const std::vector<std::string>& headings);

}  // namespace threatlas::work

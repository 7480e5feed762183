// XLSX: one sheet, streamed (libzip and expat). Shared and inline strings, cached formula results, and
// numbers whose style is a date as ISO text. Shared strings are the only part held in memory; it is
// limited (256 MiB). A document type declaration is refused, as is what only an archive made to harm has: a part
// that unpacks to 250 times its size, elements nested 64 deep or 4 MiB long, cells beyond a spreadsheet's own limit,
// or a few bytes that stand for 64 MiB of shared text.
#pragma once

#include <memory>

#include "core/calendar.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {

core::Result<std::unique_ptr<RowSource>> open_xlsx(const std::string& path, const TableOptions& options);
// The same over bytes the caller keeps alive: tests and fuzzing.
core::Result<std::unique_ptr<RowSource>> open_xlsx_bytes(std::string_view bytes, const std::string& name, const TableOptions& options);

// Names of the sheets, in the workbook's order.
core::Result<std::vector<std::string>> xlsx_sheets(const std::string& path);

// The day an Excel serial number names ('1900' or '1904' date system). bad_input for a negative one,
// for 60 in the 1900 system (the 29 February 1900 that never was) and beyond the year 9999.
core::Result<core::Day> excel_day(double serial, bool since_1904);

}  // namespace threatlas::ingest

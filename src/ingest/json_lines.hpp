// JSON lines: one object a line. Columns are the keys of the first 1,000 objects, in order of first
// sight, nested ones as 'a.b'; a later object with a key beyond those is ragged, so nothing is dropped
// unseen. Lists are refused. A line is limited as any row is.
#pragma once

#include <memory>

#include "ingest/byte_source.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {

core::Result<std::unique_ptr<RowSource>> open_json_lines(std::unique_ptr<ByteSource> bytes, const std::string& path, const TableOptions& options);

}  // namespace threatlas::ingest

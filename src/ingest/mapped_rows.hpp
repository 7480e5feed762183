// A table read through a mapping. Each distinct cell is translated once and remembered, one
// Observation is reused, and repeated reports are told by a 64-bit key in a flat table (16 bytes a
// row), so memory grows by that alone. Internal to the room.
#pragma once

#include <string>

#include "core/result.hpp"
#include "ingest/mapping.hpp"
#include "ingest/recorder.hpp"

namespace threatlas::ingest {

// Reads the whole file into the recorder. The error is structural: no such column, damaged file.
core::Result<void> read_mapped(const Mapping& mapping, const model::Catalogue& catalogue, const std::string& path, Recorder& recorder);
// The same from an open table.
core::Result<void> read_mapped(const Mapping& mapping, const model::Catalogue& catalogue, RowSource& table, Recorder& recorder);

}  // namespace threatlas::ingest

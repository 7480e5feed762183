// A table checked against a mapping before anything is stored, and its refused rows made ready to be mended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "ingest/ingest.hpp"
#include "ingest/mapping.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct Table {
    std::string path, name;              // where it lies; what its owner calls it
    core::json::object mapping;          // JSON form of a mapping file
    std::string member;                  // contributor; empty: as the mapping says, or none
    core::Day known_at{}, today{};
};

struct Checked {
    ingest::Outcome outcome;
    std::vector<store::Reject> refused;              // all, at most kMostRefused
    std::vector<model::Observation> sample;          // the first accepted
};
inline constexpr std::size_t kMostRefused = 100'000, kSampleAccepted = 50;

// The mapping's text as a file would hold it (JSON is YAML), or why it is none. Cost: microseconds.
core::Result<ingest::Mapping> mapping_of(const core::json::object& mapping);

// Dry run: the same verdicts as ingest. scratch: a folder for the mapping while it runs. The store may be null.
core::Result<Checked> check_table(store::Store* store, const model::Reader& reader, const model::Catalogue& catalogue, const Table& table, const std::string& scratch, core::Progress& progress);
// Stores it: one submission.
core::Result<Checked> take_table(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, const Table& table, const std::string& scratch, core::Progress& progress);

// The refused rows of a table with all its columns, and three of ours that say which row it was and why: people
// mend the cells and hand the file in again under the same mapping. format: csv or xlsx. Cells are text, so none
// is run as a formula; in CSV one that begins like a formula gets a leading quote, in XLSX none needs it.
core::Result<void> write_refused(const Table& table, const std::vector<store::Reject>& refused, const std::string& format, const std::string& path);

}  // namespace threatlas::work

// From files to observations. A source is a folder under sources/ with one Importer; any other table
// comes in through a mapping file (mapping.hpp). Nothing is guessed silently: a row is accepted,
// refused with its reason, or set aside as a repeated report.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "ingest/rejects_file.hpp"
#include "ingest/table.hpp"
#include "store/store.hpp"

namespace threatlas::ingest {

struct Options {
    bool dry_run = false;
    core::Day today{};        // nothing can be known later
    core::Day known_at{};     // stated by whoever hands it in; day 0: the mapping or the source says, else today
    std::string member;       // contributor, when a member hands it in
    RejectsFile* rejects = nullptr;  // refused and repeated rows go there as well as into the store
    std::string name{};       // of the file, as its owner knows it; empty: the last part of its path
    std::function<void(const store::Reject&)> refused{};             // told of each, also in a dry run
    std::function<void(const model::Observation&)> accepted{};
};

struct Outcome {
    store::SubmissionInfo info;
    bool already_there = false;
    std::vector<store::Reject> first_rejects;  // at most 20, for the screen
    std::vector<std::string> notes;            // what to mind although nothing was refused
};

// What an importer writes to. The pipeline behind it counts, sets provenance, and stores.
class Sink {
  public:
    virtual ~Sink() = default;
    // row: the table, standing at the row it was read from; asked for the original text when refused.
    virtual core::Result<void> accept(model::Observation observation, const RowSource& row) = 0;
    virtual core::Result<void> accept(model::Claim claim, const RowSource& row) = 0;
    // verdict: 'refused' or 'duplicate'
    virtual core::Result<void> set_aside(std::string_view verdict, std::uint64_t row, std::string_view column,
                                         std::string reason, std::string_view original) = 0;
    // Totals so far: data rows (the heading is none) and bytes of the file. Call it every few thousand
    // rows, and once at the end.
    virtual void rows_read(std::uint64_t rows, std::uint64_t bytes) = 0;
};

class Importer {
  public:
    virtual ~Importer() = default;
    virtual std::string source() const = 0;       // catalogue source id, also its name on the command line
    virtual core::Day published() const = 0;      // known_at of the shipped edition; options may override
    // Reads the file (plain or .gz) to its end. A structural fault (no such column, binary) is the
    // Result's error with file, row and column; a bad row goes to the sink.
    virtual core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const = 0;
};

// Every importer this program has, in name order.
std::vector<std::unique_ptr<Importer>> make_importers();

// One file through one importer into one submission. The store may be null in a dry run.
core::Result<Outcome> ingest_file(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue,
                                  const Importer& importer, const std::string& path, const Options& options,
                                  core::Progress& progress);

// One file through a mapping (YAML path) into one submission.
core::Result<Outcome> ingest_mapped(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue,
                                    const std::string& mapping_path, const std::string& path, const Options& options,
                                    core::Progress& progress);

// One table to be read, and how: by an importer or by a mapping (one of the two).
struct Job {
    std::string file;
    const Importer* importer = nullptr;
    std::string mapping;      // YAML path
    core::Day known_at{};     // as the package says; day 0: it does not
    std::string member;
};

// The tables of a Frictionless data package: each resource names its importer ('threatlas:source') or
// mapping ('threatlas:mapping'). bad_input, before anything is read, for a package that is not sound or
// names a file outside its folder, through a link as well.
core::Result<std::vector<Job>> package_jobs(const std::string& datapackage_json, const std::vector<std::unique_ptr<Importer>>& importers);

// Each job one submission, in order; what is in the store already is skipped. outcomes holds what was
// done, after an error too: the error then says how much that is.
core::Result<void> ingest_all(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue, const std::vector<Job>& jobs,
                              const Options& options, core::Progress& progress, std::vector<Outcome>& outcomes);

}  // namespace threatlas::ingest

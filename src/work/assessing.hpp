// An assessment, from what the store holds to what is kept of it: the one way, for the command and the job.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assess/assess.hpp"
#include "core/calendar.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct AssessRequest {
    std::string title = "Assessment";
    std::optional<core::Day> as_of{};
    std::uint64_t seed = assess::Options{}.seed;
    int draws = assess::Options{}.draws;
    bool judgements = true;
    std::vector<std::string> leave_out{};        // members
    std::string previous_file{};                 // an earlier assessment.json; whence it came is not known, so what results is TLP:RED
    std::string previous{};                      // id of an earlier assessment of the store, 'latest' allowed; at most one of the two
    std::string workbench_folder{};              // where the draws are kept for weighing anew; empty: nowhere
};

struct Assessed {
    assess::Assessment assessment;
    std::string text, handling;                  // canonical JSON; join of the marks of what it was made from
    std::vector<std::string> originators{};      // whose marks bind it
    store::Snapshot snapshot;
    assess::Options options;                     // with which it was made; its `previous` points to the next
    std::unique_ptr<assess::Assessment> previous;
};

// Reads, assesses, and keeps the assessment with its forecasts, nothing when cancelled before that.
// not_found for a member or an earlier assessment that is not there; else the errors of snapshot and assess().
core::Result<Assessed> assess_and_keep(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const AssessRequest& request, core::Progress& progress);

}  // namespace threatlas::work

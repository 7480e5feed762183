// From a snapshot to an assessment. METHOD sections 1-6. Deterministic: same snapshot, catalogue and
// options give the same bytes on any number of threads.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess {

namespace ranking { struct Posterior; }

struct Options {
    std::uint64_t seed = 20190101;
    int draws = 20000;
    std::string title = "Assessment";
    const Assessment* previous = nullptr;  // for 'what changed'
    bool judgements = true;
    std::vector<std::string> left_out;     // recorded in the manifest
    std::map<std::string, double> assumed; // other values for fixed assumptions, by id: for sensitivity runs
    std::size_t figure_draws = 4000;       // draws of each figure's distribution
    const Arising* arising = nullptr;      // of the same snapshot, when it is known already
    ranking::Posterior* posterior = nullptr;   // filled with the draws behind the ranking, for who weighs them anew
};

// not_enough_data when no threat has any evidence.
core::Result<Assessment> assess(const store::Snapshot& snapshot, const model::Catalogue& catalogue,
                                const Options& options, core::Progress& progress);

std::string to_json_text(const Assessment& assessment);      // canonical: equal assessments, equal bytes
core::Result<Assessment> from_json_text(std::string_view text, const std::string& where);

}  // namespace threatlas::assess

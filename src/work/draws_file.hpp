// The draws behind an assessment's ranking, kept beside the store so that other weights can be tried at
// once: for each draw of the posterior the cells threat x criterion and the spread of the gaps. Numbers
// only, no row, no name of a contributor; some 5 MB. What the file is missing for is run again.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "assess/ranking/hierarchy.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"

namespace threatlas::work {

struct Draws {
    std::vector<std::string> threats, criteria;    // ids, in the order of the cells
    assess::ranking::Posterior posterior;          // base, unit, gap_sd alone
};

std::string draws_path(const std::string& folder, const std::string& assessment);
// Whole or absent; the folder is made when it is not there. unavailable when it cannot be written.
core::Result<void> write_draws(const std::string& folder, const assess::Assessment& assessment, const model::Catalogue& catalogue, const assess::ranking::Posterior& posterior);
// not_found when there is none; mismatch when it is damaged or of another assessment.
core::Result<Draws> read_draws(const std::string& folder, const std::string& assessment);

}  // namespace threatlas::work

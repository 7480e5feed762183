// From the numbers of the ranking to the records of an assessment: the steps of assess().
#pragma once

#include <string>
#include <vector>

#include "assess/assess.hpp"
#include "assess/evidence.hpp"
#include "assess/ranking/explain_rank.hpp"
#include "assess/ranking/hierarchy.hpp"
#include "assess/ranking/smaa.hpp"

namespace threatlas::assess {

inline constexpr const char* kMethod = "hierarchy-smaa-1";

// Everything the steps share. Weights sum to 1, in the order of the catalogue's criteria.
struct Run {
    const store::Snapshot& snapshot;
    const model::Catalogue& catalogue;
    const Options& options;
    const Measured& measured;
    std::vector<double> weights;              // the mean of the centres'
    std::vector<ranking::Centre> centres;
    ranking::Posterior posterior;
    std::vector<float> cells, draw_weights;   // of the SMAA draws
    ranking::Scores scores;
    ranking::Smaa smaa;
    ranking::RestsOn rests;
    std::vector<double> cell_mean;            // clamped, threats x criteria
};

// The members' own profiles when there are any, else the profile 'default', else the criteria's weights with kappa 40.
std::vector<ranking::Centre> choose_weights(const model::Catalogue& catalogue);
std::vector<double> mean_weights(const std::vector<ranking::Centre>& centres);

std::vector<ThreatResult> threat_results(const Run& run);   // by rank
std::vector<MemberResult> member_results(const Run& run);
std::vector<Gap> gaps(const Run& run);                      // most informative first
void add_bounds(const Run& run, std::vector<ThreatResult>& ranking);         // full range, measured only
void add_concordance(const Run& run, Assessment& assessment);
Manifest manifest(const Run& run);

// Every number to nine significant digits: enough for every use, and out of reach of the last bit, in
// which mathematical libraries and JSON readers may differ. Numbers below 1e-12 stay as they are.
void round_numbers(Assessment& assessment);

// Each assumption moved to its low and high end: the evidence that rests on it is shifted, the
// hierarchical model is solved again at its fitted spreads (its linear response), and the ranks are
// drawn again. Those that move most first. Cost: about 5 ms each.
std::vector<Assumption> assumptions(const Run& run);

}  // namespace threatlas::assess

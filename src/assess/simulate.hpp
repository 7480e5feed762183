// Synthetic regions with a planted truth, for two uses:
// - synthetic_region(): truth and a grid of evidence in memory, for recovery and calibration tests.
//   The truth is drawn from the priors that the ranking states (structure.hpp, hierarchy.hpp): weights
//   from Dirichlet(weight_alpha, ...), spreads from their half-t priors, cells from the hierarchy.
//   Options break the model on purpose.
// - write_simulation(): a table of up to ten million observations with a mapping and the truth beside
//   it, for benchmarks and for trying the ingest. Streams: memory does not grow with the rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assess/evidence.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"

namespace threatlas::assess {

struct RegionOptions {
    std::size_t threats = 25, areas = 5, criteria = 11, members = 9;
    double coverage = 0.5;            // share of the threat x criterion cells with any evidence
    double weight_alpha = 5;          // of the Dirichlet the true weights come from
    bool equal_threats = false;       // null: every threat alike in every cell
    bool heavy_tails = false;         // Student t(3) deviations, t(2.5) errors, equal scales
    bool informative_missing = false; // the graver a cell, the likelier nobody reports it
    double harsh = 0;                 // points: the first member grades that much higher, the second lower
    bool plain_raters = false;        // nobody but those two has a severity of its own
    bool only_grades = false;         // all evidence by members' grades
    std::uint64_t seed = 1;
};

struct SyntheticRegion {
    Grid grid;
    std::vector<double> central_weights;  // uniform; the ranking is told these
    double kappa = 0;                     // criteria x weight_alpha; the ranking is told this
    std::vector<double> weights;          // true
    std::vector<double> cells;            // true region cells, threats x criteria, clamped to 0-100
    std::vector<double> scores;           // true, per threat
    std::vector<double> severity;         // true, per rater
};
SyntheticRegion synthetic_region(const RegionOptions& options);

struct SimulationOptions {
    std::uint64_t observations = 100'000;  // at most 10 million rows are written
    // With a catalogue: its first so many members and threats, 0 for all. Without: so many made up.
    std::size_t members = 9, threats = 25, criteria = 12;
    int first_year = 2015, years = 9;
    double missing = 0.1;              // share of member x code x month that is not reported
    double small_counts = 1;           // share of counts of 1 to 4 that are written '<5'
    double coverage = 1;               // share of member x code pairs that report at all
    double weight_alpha = 5;
    bool heavy_tails = false;          // extra-Poisson scatter
    bool informative_missing = false;  // months with many events go missing more often
    double harsh = 0;                  // points of severity of the first member, less of the second
    std::uint64_t seed = 1;
    const model::Catalogue* catalogue = nullptr;  // members, places and codes come from it, so that the file can be ingested with it
};

// Writes observations.csv (place,member,what,period,value,unit,nature,district), mapping.yaml (reads
// that file), grades.csv (the questionnaire's columns; judgements of each member, with its severity)
// and truth.json (weights, scores, order, severities, and per code the totals written) into
// `folder`, which is created (the mapping names the source member_statistics). Without a catalogue the ids are synthetic ('member_1', 'threat_01') and
// serve benchmarks of the parser only. bad_usage for impossible options; unavailable when the disk
// refuses. Cost: about 0.2 microseconds a row. The same bytes for the same options.
core::Result<void> write_simulation(const SimulationOptions& options, const std::string& folder, core::Progress& progress);

}  // namespace threatlas::assess

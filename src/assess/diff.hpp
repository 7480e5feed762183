// What changed between two assessments, and why: score points of data, of method and of weights that
// add up exactly to the change of the score.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "assess/results.hpp"

namespace threatlas::assess {

struct ThreatChange {
    std::string threat, title;
    int rank_before = 0, rank_after = 0;       // 0: not in that assessment
    double score_before = 0, score_after = 0;
    double data = 0, method = 0, weights = 0;  // points; sum to score_after - score_before
    std::vector<Part> criteria;                // points by criterion, at the mean of both weights
    static constexpr auto fields() {
        using T = ThreatChange;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("title", &T::title, "title"), field("rank_before", &T::rank_before, "rank before"),
            field("rank_after", &T::rank_after, "rank after"), field("score_before", &T::score_before, "score before"), field("score_after", &T::score_after, "score after"),
            field("data", &T::data, "points by data"), field("method", &T::method, "points by method"), field("weights", &T::weights, "points by weights"), field("criteria", &T::criteria, "points by criterion"));
    }
};
struct Change {
    std::vector<ThreatChange> threats;         // the greatest change of score first
    std::vector<std::string> notes;            // inputs, catalogue, method, seed: what differs
    static constexpr auto fields() {
        using T = Change;
        return std::make_tuple(field("threats", &T::threats, "threat by threat"), field("notes", &T::notes, "what else differs"));
    }
};

// The score is sum of w x over criteria. Weights get sum of (w' - w)(x + x')/2 (Shapley's share of a
// product). The rest is data when method, catalogue, seed and draws are the same, and method when the
// evidence is the same. When both differ they cannot be told apart from the two files alone: the rest
// stands under method, and a note says so.
Change compare(const Assessment& before, const Assessment& after);

// Central weights of an assessment, recovered from its attributions; 0 where no threat differs.
std::map<std::string, double> weights_of(const Assessment& assessment);

// Fills previous_rank and moved_by_*. When evidence and reading both differ, the present method is run on
// the previous figures, so that the two are told apart; what new anchors do to an old figure then counts
// as data, for the old figure's rows are not measured again.
void add_change(const Assessment& previous, const Run& run, Assessment& assessment);

}  // namespace threatlas::assess

// The grid of evidence between the indicators (which measure) and the ranking (which compares):
// threat x criterion x member, scores on 0-100 where 100 is gravest.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "assess/assess.hpp"
#include "assess/assessment.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess {

enum class Basis { measured, judged };

// What one figure says of one cell. A grade is an interval (low..high) by a rater; a measurement has
// a mean and a standard deviation.
struct Evidence {
    std::size_t threat = 0, criterion = 0;   // indices into the catalogue's lists
    int member = -1;                         // index into the catalogue's members; -1: the region as a whole
    Basis basis = Basis::measured;
    double mean = 50, sd = 25;               // of the score
    bool is_grade = false;
    double low = 0, high = 100;              // of a grade
    int rater = -1;                          // index into Grid::raters; -1: no severity to correct
    std::string figure;                      // evidence id
};

struct Grid {
    std::size_t threats = 0, criteria = 0, members = 0;
    std::vector<std::size_t> area_of_threat;     // index of the area
    std::vector<double> member_weight;           // sums to 1; by population, a shared country split evenly
    std::vector<std::string> raters;             // organisations that grade
    std::vector<Evidence> evidence;
};

struct Measured {
    std::vector<Figure> figures;                 // every indicator x place with evidence, every claim
    Grid grid;
    Arising arising;                             // the signals that the measure 'signals' reads
    std::vector<Trend> trends;                   // one a threat, catalogue order; 'not assessed' when none
};

// Reads the snapshot through the catalogue's indicators and the claims. Cost: linear in the rows read
// plus about 4,000 draws a figure. The end of every window is the last period that the indicator's
// source holds at the snapshot's as_of day.
core::Result<Measured> measure(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Options& options);

}  // namespace threatlas::assess

// Value of information: which unknown cell, once answered, most reduces the doubt about the top five.
#pragma once

#include <cstdint>
#include <vector>

#include "assess/ranking/smaa.hpp"

namespace threatlas::assess::ranking {

// Doubt, in bits: sum over threats of the binary entropy of 'is among the first five'.
double top_five_entropy(const Scores& scores);

// Per cell (threats x criteria) the expected fall of that entropy when the cell's value is learnt to
// within an eighth of its distribution; 0 for cells not asked about. Regression form of the expected
// value of partial information (Strong, Oakley and Brennan 2014): draws are grouped by the cell's
// value, the entropy is taken in each group, and the fall that grouping alone would show is taken off
// (Miller 1955). Never negative. Cost: draws x 6 a cell.
std::vector<double> information(const Scores& scores, const std::vector<float>& cells, const std::vector<bool>& asked, std::size_t criteria);

}  // namespace threatlas::assess::ranking

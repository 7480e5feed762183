// Secondary suppression: what readers could compute from what is kept must not give away what was
// withheld. They subtract figures of places from those of regions, and codes from the codes above
// them (ICCS numbers nest); published rows they know anyway.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish {

inline constexpr double kSmallestCount = 5;
inline constexpr std::size_t kContributors = 3;

inline bool small_count(double value) { return value > 0 && value < kSmallestCount; }

// The count a row stands for: its own, or a rate times the inhabitants. Negative when it is neither.
double count_of(const assess::EvidenceRow& row, const model::Catalogue& catalogue);

// Adds to `gone` (figure id -> reason) until no kept figure, less those it contains and less what is
// public, leaves a count of one to four, a single contributor, or one withheld figure.
// `candidates` are figures that are not public already. Cost: square of their number.
void suppress_by_subtraction(const std::vector<const assess::Figure*>& candidates, const model::Catalogue& catalogue, std::map<std::string, std::string>& gone);

}  // namespace threatlas::publish

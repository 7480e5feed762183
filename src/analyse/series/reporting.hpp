// Who reported when, and how late. Internal to the lattice.
#pragma once

#include <string>
#include <vector>

#include "analyse/series/facts.hpp"

namespace threatlas::analyse::series {

struct Reporting {
    std::vector<std::vector<bool>> missing;          // unit x period: no report, and not because there was nothing
    std::vector<std::vector<double>> completeness;   // unit x period: share known by now
    std::vector<std::string> notes;
};

// A silence is a break when a unit that reports as much would hardly be silent so long: negative binomial
// with overdispersion 0.5, since crime comes in waves. Before its first and after its last report a unit is missing.
// Delays: the share of a period's rows known within so many days of its end, from rows whose period ended
// long ago; a file that brings more than a year at once tells nothing of delays.
Reporting read_reporting(const Facts& facts, const LatticeOptions& options, std::int32_t first, std::size_t periods, core::Day as_of);

}  // namespace threatlas::analyse::series

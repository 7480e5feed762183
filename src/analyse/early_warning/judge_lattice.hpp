// All series of a lattice judged in the newest period of their source.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyse/early_warning/judge.hpp"
#include "analyse/series/lattice.hpp"

namespace threatlas::analyse::early_warning {

using Newest = std::map<std::string, std::size_t>;   // by source: one beyond the period judged

// The newest whole period that each source had reported by the day of the lattice, less `back`. Sources whose newest period
// ended more than `newest_days` before that day are left out; 0: of any age.
Newest newest_periods(const series::Lattice& lattice, int newest_days, std::size_t back);

// One judgement a series. Settled weekly series whose counts are whole and known go through Farrington's panel together.
// Cost: that of judge(), in parallel; 2 microseconds a settled series.
core::Result<std::vector<Judgement>> judge_lattice(const series::Lattice& lattice, const Newest& newest, const JudgeOptions& options);

}  // namespace threatlas::analyse::early_warning

// Fills a signal with words, rows and points. Internal to watch().
#pragma once

#include "analyse/early_warning/watch.hpp"
#include "analyse/series/facts.hpp"

namespace threatlas::analyse::early_warning {

// Sets what and where: key, threats, title, step, period, days, rows, handling.
Signal signal_of(const series::Key& key, const std::string& kind, std::int32_t period, const series::Facts& facts, const store::Snapshot& snapshot, const model::Catalogue& catalogue, const WatchOptions& options);
// The series up to the period, with what was expected before each was seen.
void add_points(const series::Lattice& lattice, const series::Series& series, std::size_t last, const WatchOptions& options, Signal& signal);
// When the level changed, from the points: the last change in the signal's direction is when it began, if that is earlier.
void date_changes(double overdispersion, Signal& signal);
// Of a modus operandi: the highest burst of its events that still lasts is when it began.
void date_burst(std::vector<std::int32_t> days, series::Step step, Signal& signal);
// Sentence, interval and what would make it false, once the numbers are set.
void put_in_words(Signal& signal, double dispersion, const model::Catalogue& catalogue);

}  // namespace threatlas::analyse::early_warning

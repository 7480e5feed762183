// From a snapshot to signals: every series of the lattice judged in its newest period, within one budget of
// false alarms, stories told once. See docs/method/early_warning.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyse/early_warning/budget.hpp"
#include "analyse/early_warning/judge.hpp"
#include "analyse/early_warning/novelty.hpp"
#include "analyse/early_warning/signal.hpp"
#include "analyse/series/lattice.hpp"
#include "core/progress.hpp"

namespace threatlas::analyse::early_warning {

struct WatchOptions {
    series::Step step = series::Step::month;
    double false_per_week = 0.5;     // false signals expected a week, at most; a month has 4.35 of them
    int newest_days = 0;             // a source whose newest period ended longer before the day of the snapshot is not judged; 0: any age
    std::size_t back = 0;            // judge so many periods before the newest, with what came later left out
    std::size_t most_rows = 12;      // rows kept with a signal
    std::size_t most_points = 72;    // periods kept with a signal
    series::LatticeOptions lattice{};
    JudgeOptions judge{};
    NoveltyOptions novelty{};
};

struct Watched {
    std::string step;
    std::map<std::string, std::string> newest;   // by source: the period judged
    double budget = 0, expected_false = 0;       // of the period
    std::size_t series = 0, tests = 0, held = 0; // held: series not judged
    std::map<std::string, std::size_t> held_why;
    std::vector<std::string> threats;            // with at least one series that was judged
    std::vector<std::string> notes;              // reporting breaks
    std::vector<Signal> signals;                 // surest first
    static constexpr auto fields() {
        using T = Watched;
        using model::field;
        return std::make_tuple(field("step", &T::step, "week or month"), field("newest", &T::newest, "period judged, by source"), field("budget", &T::budget, "false signals that may be expected of the period"),
            field("expected_false", &T::expected_false, "false signals expected, at most"), field("series", &T::series, "series"), field("tests", &T::tests, "tests"), field("held", &T::held, "series not judged"),
            field("held_why", &T::held_why, "why, and how many"), field("threats", &T::threats, "threats with a series that was judged"), field("notes", &T::notes, "reporting breaks"), field("signals", &T::signals, "signals, surest first"));
    }
};

// not_enough_data when the snapshot holds no counts by that step. The same for any number of threads.
// Cost: the lattice, and 0.35 microseconds a series and period.
core::Result<Watched> watch(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const WatchOptions& options, core::Progress& progress);

// The threats a series speaks of.
std::vector<std::string> threats_of(const series::Key& key, const model::Catalogue& catalogue);

// 'Detections of illegal border crossing, Western Balkan route'.
std::string title_of(const series::Key& key, const model::Catalogue& catalogue);

}  // namespace threatlas::analyse::early_warning

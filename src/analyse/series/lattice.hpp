// All series of counts that a snapshot holds, at every level: code, threat, area; modus operandi, its
// group; place, country, region; member, all members; one further dimension or two. From one pass over
// the observations. Calendars are completed: a period in which nobody reported is missing, one in which
// a reporting unit found nothing is zero. See docs/method/series.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyse/series/periods.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::analyse::series {

// Empty fields are summed over; source and nature never are. At most one of what, threat, area is given.
struct Key {
    std::string what, threat, area;
    std::string modus_operandi;      // a code, the group of codes as 'entry.*', or two codes together as 'a&b'
    std::string place, member;
    std::map<std::string, std::string> dims;
    std::string source, nature;
    auto operator<=>(const Key&) const = default;
};
std::string text(const Key& key);    // canonical, parts by name: 'source=..|nature=..|what=..'

struct Series {
    Key key;
    int level = 0;                       // how many of its parts are given: 0 is the most general
    std::vector<double> counts;          // one a period of the lattice; NaN: missing
    std::vector<double> completeness;    // share of the final count that is known by now; empty: all of it
    std::vector<std::uint32_t> parents;  // in the lattice, nearest general ones
    double total = 0;
};

// From the first period that is known to the last that is known whole (but for a twentieth).
struct Stretch {
    std::size_t first = 0;
    std::vector<double> counts;   // NaN: missing
};
Stretch known_stretch(const Series& series);

struct Lattice {
    Step step = Step::month;
    std::int32_t first = 0;              // number of the first period
    std::size_t periods = 0;
    core::Day as_of{};
    std::vector<Series> series;          // sorted by key; each differs from all it is part of
    std::vector<std::string> notes;      // reporting breaks and held periods, in words
    std::string label(std::size_t period) const { return series::label(step, first + static_cast<std::int32_t>(period)); }
};

struct LatticeOptions {
    Step step = Step::month;
    double fewest = 5;                   // cases in all that a series must have
    std::size_t most_values = 60;        // distinct values from which a dimension is no level
    int dimensions = 2;                  // further dimensions combined at most
    double unlikely = 0.01;              // a silence less probable than this is a reporting break
    double most_missing = 0.05;          // a sum lacks a period when units with more than this share of it do
};

// Dimensions that describe persons: never a level, never a signal.
bool describes_persons(const std::string& dimension);

struct Facts;   // facts.hpp: a snapshot read once, for many questions

// The months or weeks of the snapshot. Observations longer than a period are left out; figures that are no
// counts count as events when they are single seizures, else are left out. not_enough_data when nothing
// is left. Cost: about 2 microseconds an observation and level.
core::Result<Lattice> build_lattice(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const LatticeOptions& options = {});

core::Result<Lattice> build_lattice(const Facts& facts, core::Day as_of, const LatticeOptions& options);

// The snapshot's rows, ascending, that each series counts in a stretch of days. Cost: one pass, and a look at every distinct cell a key.
std::vector<std::vector<std::uint32_t>> rows_of(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const std::vector<Key>& keys, const core::Interval& when, Step step);
std::vector<std::vector<std::uint32_t>> rows_of(const Facts& facts, const std::vector<Key>& keys, const core::Interval& when, Step step);

}  // namespace threatlas::analyse::series

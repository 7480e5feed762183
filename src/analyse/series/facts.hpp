// The countable rows of a snapshot, grouped into cells: rows alike in everything but day and count.
// Internal to the lattice.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyse/series/lattice.hpp"

namespace threatlas::analyse::series {

struct Cell {
    std::string what, place, country, member, source, nature;   // country: of the place; the place itself when it is none
    bool in_region = true;                                      // sums over the region take it
    std::vector<std::string> threats, areas;                    // empty where the code lies within another of the same threat
    std::vector<std::string> modus_operandi, groups;
    std::map<std::string, std::string> dims;                    // those that may be levels
    std::uint32_t unit = 0;                                     // who reports it: source, member, country
};
struct Fact {
    std::uint32_t cell = 0;
    std::int32_t period = 0;   // absolute number
    double count = 0;          // NaN when withheld or absent
    std::int32_t known_at = 0;
    std::uint32_t row = 0;     // of the snapshot
};
struct Facts {
    std::vector<Cell> cells;
    std::vector<Fact> facts;   // in snapshot order
    std::size_t units = 0;
    std::vector<std::string> unit_names;
};

Facts read_facts(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const LatticeOptions& options);

}  // namespace threatlas::analyse::series

// From rows to yearly series, without counting anything twice and without inventing a zero or a gap.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assess/indicators/context.hpp"
#include "core/result.hpp"

namespace threatlas::assess::indicators {

enum class Kind { count, amount, intensive };  // added up; added up after conversion; averaged (a rate, a load)


struct Cell {    // one group in one year
    int year = 0;
    double low = 0, high = 0;        // equal when known exactly; in the target unit at its middle factor
    double exposure = 0;             // share of the year reported; 0: nothing usable
    std::vector<double> by_unit;     // amounts as given, by index of Series::units
};

struct Group {
    std::string place, label;        // label: place, or place and city
    std::vector<Cell> years;         // ascending; only usable years since the last break
    std::vector<Cell> before_break;  // shown, never used
    int last_break = 0;              // first year of the present way of recording; 0: none known
};

struct UnitRange {
    std::string unit;
    double low = 1, high = 1;
    std::string source;
};

struct Series {
    Kind kind = Kind::count;
    std::vector<Group> groups;       // by label
    std::vector<UnitRange> units;
    std::vector<std::uint32_t> rows; // snapshot rows used, ordered by source, file and row
    int first_year = 0, last_year = 0;   // whole years the source holds for these codes
    // Rows or cells met on the way; unplaced: given by one of a country's organisations without the other.
    std::size_t withheld = 0, absent = 0, censored = 0, contradicted = 0, unconverted = 0, unplaced = 0;
    bool nested = false, partial_last = false;
    model::Nature nature = model::Nature::other;
    bool events = false;             // single reports (seizures, payments), counted one each
};

// Whether an indicator takes figures of that source: one it names, or one of the members' own figures.
bool reads(const model::Catalogue& catalogue, const model::Indicator& indicator, const std::string& source);

// Each source tells its own series; where two tell the same year of the same place, the year is the
// interval between them. places: country ids, or {""} ; for the region, all of its countries and "".
// keep_groups: one group for every place and further dimension (panel of cities) instead of one a place.
Series read_series(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places, bool keep_groups);

// Rows of an indicator's whats that pass its sources and dims, whatever their state, in canonical
// order; rows of one sex or age group only when asked for.
std::vector<std::uint32_t> matching_rows(const Context& context, const model::Indicator& indicator);
bool place_matches(const model::Indicator& indicator, const std::string& place);
std::vector<std::string> alternatives(const std::string& list);  // 'a|b'

}  // namespace threatlas::assess::indicators

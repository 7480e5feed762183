// What all indicators of one run share: the snapshot, decoded dimensions, and what each source
// reported at all, which is what tells a zero from a gap.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "assess/assess.hpp"
#include "assess/indicators/assumptions.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess::indicators {

using Dims = std::map<std::string, std::string>;

class Context {
  public:
    // Cost: one pass over the snapshot.
    Context(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Options& options);

    const store::Snapshot& snapshot;
    const model::Catalogue& catalogue;
    const Options& options;
    Arising arising;   // filled by measure() before any figure is made

    // The value of a fixed assumption in this run.
    double assumed(const FixedAssumption& assumption) const;
    const Dims& dims(std::size_t row) const { return dims_[snapshot.columns.dims[row]]; }
    int year(std::size_t row) const { return year_of_day(snapshot.columns.begin[row]); }
    int year_of_day(std::int32_t day) const;

    // Days a source spans, over all its rows; {0, 0} when it has none.
    core::Interval span(std::uint32_t source) const;
    // True when a source gave anything at all for a place in a year.
    bool reported(std::uint32_t source, std::uint32_t place, int year) const;
    // Countries whose figures make up the region.
    const std::set<std::string>& region() const { return region_; }
    double region_population(int year) const;
    // Members that report for a country.
    const std::vector<int>& members_of(const std::string& country) const;

  private:
    std::vector<Dims> dims_;                                  // by dictionary code
    std::unordered_map<std::uint32_t, core::Interval> spans_; // looked up, never walked
    std::unordered_set<std::uint64_t> reported_;              // source, place, year
    std::set<std::string> region_;
    std::map<std::string, std::vector<int>> members_;
};

}  // namespace threatlas::assess::indicators

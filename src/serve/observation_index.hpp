// Observations one reader may see, ordered by period and found by what, member, place, source, submission or unit
// without looking at the others. Made once from a snapshot, then read by many at a time.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "store/snapshot.hpp"

namespace threatlas::serve {

struct ObservationQuery {
    // Field and the values it may have. Fields: those of kObservationFilters.
    std::vector<std::pair<std::string, std::vector<std::string>>> filters;
    std::optional<core::Day> from, to;   // the first and the last day a period may begin on
};
constexpr std::array<std::string_view, 11> kObservationFilters{"what", "member", "place", "source", "submission", "unit", "evaluation", "handling", "nature", "state", "statement"};

class ObservationIndex {
  public:
    // Takes the snapshot and puts its rows into the order of periods; judgements are let go.
    // Cost: about 0.3 microseconds a row on one core; 83 bytes a row for the columns and 24 for the lists.
    explicit ObservationIndex(store::Snapshot snapshot);

    // Where a row stands, in words that hold in another snapshot too: rows of one period are in the order of their
    // submissions, files and rows, and nth counts those that share all of it.
    struct Place {
        std::int32_t begin = 0, end = 0;
        std::string source, submission, file;
        std::uint64_t row = 0, nth = 1;
    };
    Place place_of(std::uint32_t position) const;

    // Positions that fit, ascending. Shared, for a following page asks the same again. A value nobody has fits nothing.
    using Positions = std::shared_ptr<const std::vector<std::uint32_t>>;
    struct Found {
        Positions kept;                          // holds what `positions` shows, when it is no list of the index
        std::span<const std::uint32_t> positions;
        std::uint32_t first = 0, count = 0;      // without any filter: all from first on
        bool all = false;
        std::size_t size() const { return all ? count : positions.size(); }
        std::uint32_t at(std::size_t i) const { return all ? first + static_cast<std::uint32_t>(i) : positions[i]; }
        // How many stand before this position.
        std::size_t before(std::uint32_t position) const;
    };
    Found find(const ObservationQuery& query) const;

    // How many positions are at or before the place (which need not be there any more).
    std::uint32_t after(const Place& place) const;
    // How many positions are before the place.
    std::uint32_t before(const Place& place) const;

    std::size_t size() const { return snapshot_.size(); }
    model::Observation at(std::uint32_t position) const { return snapshot_.at(position); }
    const store::Snapshot& snapshot() const { return snapshot_; }
    // The same text as core::write_json of the record, some ten times quicker.
    void write(std::uint32_t position, std::string& out) const;

  private:
    struct Lists {                               // of one column: positions by code
        std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> by_code;   // begin and size in positions
        std::vector<std::uint32_t> positions;
    };
    int compare(std::uint32_t position, const Place& place) const;   // -1 before, 0 the same but for nth, 1 after
    std::uint32_t begins_from(std::int32_t day) const;               // first position whose period begins then or later
    std::vector<std::uint32_t> order() const;
    void arrange(const std::vector<std::uint32_t>& order);
    void build_lists();
    std::span<const std::uint32_t> list(std::size_t column, std::uint32_t code) const;
    const std::vector<std::uint32_t>* codes_of(std::string_view column) const;
    Positions search(const ObservationQuery& query, std::uint32_t first, std::uint32_t last) const;

    store::Snapshot snapshot_;
    std::unordered_map<std::string_view, std::uint32_t> codes_;      // of words in columns that can be asked for
    std::vector<std::pair<std::string, std::string>> origins_;       // source and submission, in order
    std::vector<std::uint32_t> origin_of_;                           // by code of a submission: its number there
    std::array<Lists, 6> lists_;
    mutable std::mutex lock_;
    mutable std::list<std::pair<std::string, Positions>> recent_;    // newest first
    mutable std::unordered_map<std::string, std::list<std::pair<std::string, Positions>>::iterator> by_question_;
    mutable std::size_t recent_bytes_ = 0;
};

}  // namespace threatlas::serve

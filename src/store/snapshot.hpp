// A snapshot: what one reader may see of the store as of one day, in columns, with a content hash.
// Analyses read nothing else. Text columns are dictionary-coded: column[i] indexes the dictionary.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "model/claim.hpp"
#include "model/observation.hpp"

namespace threatlas::store {

struct SubmissionInfo {
    std::string id;        // content hash
    std::string source;    // catalogue source id
    std::string member;    // contributor, or empty
    std::string file;
    std::string mapping;   // importer or mapping that read it
    core::Day known_at{};
    std::uint64_t rows = 0, accepted = 0, rejected = 0, duplicates = 0;
    int review_after_years = 0;  // of its source; 0: not said. Kept as the review date, no field of the record
    static constexpr auto fields() {
        using T = SubmissionInfo;
        return std::make_tuple(model::field("id", &T::id, "content hash"), model::field("source", &T::source, "source id"),
            model::field("member", &T::member, "contributor"), model::field("file", &T::file, "file name"), model::field("mapping", &T::mapping, "importer or mapping"),
            model::field("known_at", &T::known_at, "known since"), model::field("rows", &T::rows, "rows read"), model::field("accepted", &T::accepted, "rows accepted"),
            model::field("rejected", &T::rejected, "rows refused"), model::field("duplicates", &T::duplicates, "repeated reports set aside"));
    }
};

class Snapshot {
  public:
    struct Columns {
        std::vector<std::uint32_t> what, member, place, unit, dims, flags, evaluation, handling, source, submission, file;
        std::vector<std::int32_t> begin, end, known_at;
        std::vector<double> value, upper;
        std::vector<std::uint8_t> state, nature, statement;
        std::vector<std::uint64_t> row;
    };

    std::size_t size() const { return columns.value.size(); }
    model::Observation at(std::size_t i) const;                 // all of one row, decoded
    const std::string& text(std::uint32_t code) const { return dictionary[code]; }
    // Rows whose `what` is the code, in snapshot order. Cost: O(1) after the first call.
    std::span<const std::uint32_t> rows_of(const std::string& what) const;

    Columns columns;
    std::vector<std::string> dictionary;     // shared by all text columns; dims are canonical 'k=v;k=v'
    std::vector<model::Claim> claims;
    std::vector<SubmissionInfo> submissions;
    std::map<std::string, std::uint64_t> replaced;   // by submission: its rows that a later one gives again
    core::Day as_of{};
    std::string hash;                        // SHA-256 over the logical content, order included

  private:
    mutable std::map<std::string, std::vector<std::uint32_t>> index_;
};

// 'k=v;k=v' with keys sorted; '%', '=' and ';' in keys and values as %XX. And back.
std::string pack_dims(const std::map<std::string, std::string>& dims);
std::map<std::string, std::string> unpack_dims(const std::string& packed);

}  // namespace threatlas::store

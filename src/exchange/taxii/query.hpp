// The filters of a request (TAXII 2.1, 3.4): read strictly, once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::taxii {

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Query {
    std::string added_after;                  // timestamp; empty: none
    std::optional<std::size_t> limit;
    std::string next;                         // as the page before gave it
    std::vector<std::string> ids, types, spec_versions;
    std::vector<std::string> versions;        // timestamps
    bool first = false, last = false, all = false;
    bool any_version() const { return !first && !last && !all && versions.empty(); }
    // The same whatever the order: what a page and the next have in common. Without limit and next.
    std::string text() const;
};

// What an endpoint knows: the others' filters are not for it and do not count, nor do those nobody knows.
struct Known {
    bool paging = true, ids = true, types = true, versions = true, spec_versions = true;
};

// bad_usage for a value that is none: a timestamp that cannot be read, a limit below 1, 'all' beside other versions, a
// list with nothing in it, a parameter said twice.
core::Result<Query> read_query(const Parameters& parameters, const Known& known);

// RFC 3339 in UTC, as TAXII has it: 'YYYY-MM-DDThh:mm:ss[.s+]Z'.
bool is_timestamp(std::string_view text);
// '<type>--<UUID>'.
bool is_stix_id(std::string_view text);

}  // namespace threatlas::exchange::taxii

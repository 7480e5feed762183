// What of the store a reader may see and disclose, as STIX 2.1 objects (docs/STIX.md has the mapping).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

// Kinds: catalogue, assessment, judgements, signals, decisions, library; none named: all.
struct StixRequest {
    std::vector<std::string> kinds{};
    std::string assessment = "latest";
};

struct StixBundle {
    std::vector<std::string> texts;              // the objects, as they are written into a bundle
    std::map<std::string, std::uint64_t> types;  // how many of each
    std::uint64_t withheld = 0;                  // seen, but not to be disclosed
    std::vector<std::string> notes;              // what is not there, and why
};

// Asked of each record: may the reader disclose it (store/rights.hpp)? What it may not is counted and left out. Objects
// from elsewhere come as they came. The same store gives the same bytes. bad_usage for an unknown kind.
core::Result<StixBundle> stix_objects(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const StixRequest& request);

// Writes them and notes the disclosure. format: json (a bundle), csv or xlsx (a list of them).
core::Result<void> write_stix(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const StixBundle& bundle, const std::string& format, const std::string& path);

// The heading and the rows of such a list: type, id, name, times, handling, and what it says in the catalogue's codes.
extern const std::vector<std::string> kStixHeadings;
core::Result<std::vector<std::vector<std::string>>> stix_rows(const model::Catalogue& catalogue, const std::vector<std::string>& texts);

}  // namespace threatlas::work

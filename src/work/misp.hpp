// MISP in and out: events, galaxies and taxonomies into the library as STIX objects that carry them whole; signals and
// kept events as events.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exchange/misp/event.hpp"
#include "work/stix_import.hpp"

namespace threatlas::work {

struct MispTaken {
    std::string kind;            // events, galaxy or taxonomy
    std::uint64_t read = 0;      // events or words
    std::uint64_t persons = 0;   // attributes and objects about persons that were left out
    Taken taken;
};

// One file of either kind. bad_input for anything else.
core::Result<MispTaken> take_misp(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::string_view text, const TakeOptions& options, core::Progress& progress);

// Events as MISP takes them ({"response": [...]}): the reader's signals and the events kept in the library, as far as it
// may disclose them. withheld: how many it may not.
struct MispEvents {
    std::vector<core::json::object> events;
    std::uint64_t withheld = 0;
};
core::Result<MispEvents> misp_events(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue);
// format: json, csv or xlsx. Notes the disclosure.
core::Result<void> write_misp(store::Store& store, const model::Reader& reader, const MispEvents& events, const std::string& format, const std::string& path);

}  // namespace threatlas::work

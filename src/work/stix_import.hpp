// Objects from elsewhere into the store: kept as they came in the library, and what they say of modi operandi as
// judgements of the kind that describes and scores nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "exchange/stix/meaning.hpp"
#include "exchange/stix/schema.hpp"
#include "ingest/ingest.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct TakeOptions {
    std::string handling{};       // of objects without a marking; empty: the strictest
    bool with_persons = false;    // identities of individuals, attributes about persons
    bool judgements = true;       // what was seen of our codes, as judgements of the source 'exchange'
    bool dry_run = false;
    core::Day today{};
    std::string path{}, name{};   // of the file, for the judgements' submission
};

struct Refused {
    std::string id, reason;
};

struct Taken {
    std::uint64_t objects = 0, added = 0, present = 0, persons = 0, revoked = 0;
    std::vector<Refused> refused;                         // the first thousand
    std::uint64_t refused_count = 0;
    std::vector<exchange::stix::Problem> problems;        // kept all the same: the first hundred
    std::vector<std::string> codes, threats;              // that the objects named
    std::vector<exchange::stix::Seen> seen;
    ingest::Outcome judgements{};                         // info.id empty: there were none
};

// One STIX object as it was written, and read.
struct Incoming {
    std::string text;
    core::json::object object;
};

// Refused: an id that is none or of another type, times that do not exist, the same id and version with another content,
// and persons unless asked for. What only breaks its schema is kept and said.
core::Result<Taken> take_objects(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::vector<Incoming> objects, const TakeOptions& options, core::Progress& progress);

// A bundle, envelope, list or object. bad_input, with the line, for what is no JSON: then nothing is taken.
core::Result<Taken> take_stix(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::string_view text, const TakeOptions& options, core::Progress& progress);

}  // namespace threatlas::work

// What the parts of Collections share.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/audit_chain.hpp"
#include "store/collections.hpp"
#include "store/consents.hpp"
#include "store/engine.hpp"
#include "store/rights.hpp"

namespace threatlas::store {

struct StoredCollection {
    std::int64_t number = 0, last = 0;   // last: number of the last object
    Collection collection;
};

// A marking met in a collection, and whether this reader may have what bears it.
struct Mark {
    Marking marking{};
    std::vector<std::string> originators;
    bool visible = false;
};

struct Collections::Parts {
    std::shared_ptr<Engine> engine;
    Note note{};
    bool behind = false;                                 // the end of the chain is not yet noted beside the database
    std::chrono::steady_clock::time_point noted_at{};

    // The caller holds engine->mutex.
    core::Result<StoredCollection> find(const Collection& collection);
    core::Result<std::map<std::int64_t, Mark>> marks(const StoredCollection& stored, const Sight& sight);
    // May lag behind by what a kill leaves out (note_audit_head): two writes to the disk less for each request.
    core::Result<void> note_head(const AuditEntry& entry);

    core::Result<void> noted(const model::Reader& reader, const std::string& object);   // the caller does not hold it
};

// What objects are found by. Ids are random, so each addition touches the index all over: six bytes an entry instead of the
// id's forty-six keep it in a quarter of the pages, and adding stays quick as a collection grows. Equal hashes are told apart by the id.
std::int64_t id_hash(std::string_view id);

// ', 4, 7' in brackets: numbers of ours, never a stranger's text.
std::string number_list(const std::vector<std::int64_t>& numbers);
// Conditions of a filter over collection_objects o, and what they are bound to from $3 on: texts, or versions as numbers.
struct Conditions {
    std::string sql;
    std::vector<std::string> texts;
    std::vector<std::int64_t> visible;   // marks; none: nothing is to be had
};
Conditions conditions_of(const ObjectFilter& filter, const std::map<std::int64_t, Mark>& marks);
std::string place_of(const Collection& collection);   // '/taxii2/see/ 91a7...': for the log

}  // namespace threatlas::store

// Finds what people and detectors wrote: judgements that stand, heads and steps of what is followed up, names of
// submissions. Every word asked for must be there, in whichever script of the region it is typed. PostgreSQL answers
// from its own index (postgres/texts.cpp): also inflected words, and words written nearly so. The caller holds engine.mutex.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/rights.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// Fields of a record's JSON whose words are found; postgres/texts.cpp has the same list.
std::string said_in(const std::string& json);

// What the reader may see, best first.
core::Result<std::vector<TextHit>> find_texts(Engine& engine, const model::Reader& reader, const Sight& sight, const TextQuery& query);

namespace postgres {

// Tables, functions and triggers of the index; what is there already is indexed. Within the caller's transaction.
core::Result<void> set_up_texts(Database& database);
// Row-level rights go by the settings of the connection.
core::Result<std::vector<TextHit>> find_texts(Database& database, const std::vector<std::string>& words, const TextQuery& query);

}  // namespace postgres
}  // namespace threatlas::store

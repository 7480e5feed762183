// Finds what people and detectors wrote: judgements that stand, heads and steps of what is followed up, names of
// submissions. Every word asked for must be there, in whichever script of the region it is typed. PostgreSQL answers
// from its own index (postgres/texts.cpp): also inflected words, and words written nearly so.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/rights.hpp"
#include "store/store.hpp"

namespace threatlas::store {

struct TextQuery {
    std::string words;                 // all of them
    std::vector<std::string> kinds;    // claim, submission, or a dossier's: signal, decision
    std::size_t limit = 1000;
    std::vector<std::string> heads{};  // dossiers' kinds of which only the heads are looked into: their steps are not for everyone who may see them
};
struct TextHit {
    std::string kind;
    std::string id;                    // of the dossier or the submission, a claim's too
    std::string json;                  // of the claim, the dossier's head, the submission
    double score = 0;                  // 1: every word is there whole
};

// What a store whose texts can be searched is beside a Store.
class Searchable {
  public:
    virtual ~Searchable() = default;
    virtual core::Result<std::vector<TextHit>> find(const model::Reader& reader, const TextQuery& query) = 0;
};
// Texts in which the words are found, in any script, best first; on PostgreSQL also inflected (English, Serbian, Greek,
// Romanian) and misspelt. bad_usage without a word. Audited. Cost: PostgreSQL answers from an index, the embedded engine reads every text.
core::Result<std::vector<TextHit>> find_texts(Store& store, const model::Reader& reader, const TextQuery& query);

// Fields of a record's JSON whose words are found; postgres/texts.cpp has the same list.
std::string said_in(const std::string& json);

// The same within the store; the caller holds engine.mutex.
core::Result<std::vector<TextHit>> find_texts(Engine& engine, const model::Reader& reader, const Sight& sight, const TextQuery& query);

namespace postgres {

// Tables, functions and triggers of the index; what is there already is indexed. Within the caller's transaction.
core::Result<void> set_up_texts(Database& database);
// Row-level rights go by the settings of the connection.
core::Result<std::vector<TextHit>> find_texts(Database& database, const std::vector<std::string>& words, const TextQuery& query);

}  // namespace postgres
}  // namespace threatlas::store

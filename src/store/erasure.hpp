// Erasure: the content of a submission is gone, what it was is not. The caller of everything here holds
// engine.mutex; erase_content and finish also the writer lock.
#pragma once

#include <map>
#include <string>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

core::Result<std::map<std::string, Erasure>> load_erasures(Database& database);  // by submission
// What the entry 'erase' says: which, why, and a hash over the texts that lost rows of it.
core::Result<std::string> erase_object(Database& database, const Erasure& erasure);

// Texts of assessments and dossiers that an erasure changed: the hash they were sealed with.
class BodiesBeforeErasure {
  public:
    std::string of(const std::string& kind, const std::string& id, std::string hash) const;
    void add(const std::string& kind, const std::string& id, const std::string& before, const std::string& after) { before_[kind + " " + id + " " + after] = before; }

  private:
    std::map<std::string, std::string> before_;
};
core::Result<BodiesBeforeErasure> bodies_before_erasure(Database& database);

// Inside the caller's transaction: takes the content out of every table and notes the erasure.
core::Result<Erasure> erase_content(Engine& engine, const std::string& submission, const std::string& reason, bool with_file_name);
// After the transaction: overwrites and unlinks the segments of erasures that are not finished, and
// empties the write-ahead file. unavailable while another process reads.
core::Result<void> finish_erasures(Engine& engine);

// JSON text without what came from a submission: in every object whose 'submission' it is all texts and
// numbers but those that name the place of the row, and every text that quotes one of `quotes`.
core::Result<std::string> without_submission(const std::string& json, const std::string& submission, const std::vector<std::string>& quotes);

}  // namespace threatlas::store

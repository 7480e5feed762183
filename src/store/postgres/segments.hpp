// The observations of one submission in the database, and back. A submission's rows are written and read
// in the form of a segment file in a private folder that goes away: so the order, the dictionaries,
// the checks and the name of a snapshot are those of the embedded engine, by the same code.
#pragma once

#include <string>

#include "store/engine.hpp"
#include "store/snapshot_loader.hpp"

namespace threatlas::store::postgres {

// Tables, roles, policies and functions of this engine beside the common schema. Within the caller's
// transaction; again is nothing to do.
core::Result<void> set_up(Database& database);

// Within the caller's transaction: the segment file's rows to the table, by COPY. Cost: about 2
// microseconds a row. Nothing when a submission with the same rows is there.
core::Result<void> put_segment(Database& database, const std::string& path, const std::string& hash);

// Streams the rows that row-level rights let through to a segment file in `folder` and says in `part`
// where it is and which rows of the whole these are. mismatch when all rows are there and are not
// what was stored.
core::Result<void> get_segment(Database& database, SubmissionPart& part, const std::string& folder);

// Row-level rights go by this reader while it lives; before and after by the program's own.
class ActingFor {
  public:
    ActingFor(Database& database, const model::Reader& reader, const Sight& sight);
    ~ActingFor();
    ActingFor(const ActingFor&) = delete;
    ActingFor& operator=(const ActingFor&) = delete;

  private:
    Connection* connection_;
};

}  // namespace threatlas::store::postgres

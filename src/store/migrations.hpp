// The schema, as numbered steps that only go forward. A step once released is never edited.
#pragma once

#include "core/result.hpp"
#include "store/database.hpp"

namespace threatlas::store {

int newest_schema();

// 0 for an empty database.
core::Result<int> schema_version(Database& database);

// Inside the caller's transaction: runs the steps after the present version up to and including
// `version`. Returns the version it started from.
core::Result<int> migrate(Database& database, int version);

}  // namespace threatlas::store

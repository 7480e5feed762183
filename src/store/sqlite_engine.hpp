// The embedded engine: one SQLite file.
#pragma once

#include "store/database.hpp"

namespace threatlas::store {

core::Result<std::unique_ptr<engine::Connection>> open_sqlite(const std::string& file, bool create);

}  // namespace threatlas::store

// The log of private matching against its entries in the audit chain.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/database.hpp"

namespace threatlas::store {

// 'log row <number> <hash over the row as it stands>: ', what an entry about it begins with. Inside the caller's transaction.
core::Result<std::string> logged_row(Database& database, const std::string& side, const std::string& party, const std::string& id);

// What does not fit, a sentence each: rows that were changed, added or taken out. Rows from before entries named them are known by
// their entry's words alone.
core::Result<std::vector<std::string>> check_matching(Database& database);

}  // namespace threatlas::store

// The SQL of what is followed up. The caller holds engine.mutex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// False when it is there already.
core::Result<bool> insert_dossier(Database& database, const Dossier& head);
struct DossierRow {
    std::int64_t number = 0;
    int handling = 0;
    std::int64_t steps = 0;
};
core::Result<DossierRow> find_dossier(Database& database, const std::string& kind, const std::string& id);
core::Result<void> insert_step(Database& database, const DossierRow& dossier, const DossierStep& step);
core::Result<std::vector<Dossier>> load_dossiers(Database& database, const std::string& kind);  // empty: all kinds

// What the entries 'follow' say.
std::string open_object(const Dossier& head);
std::string step_object(const Dossier& head, std::size_t number, const DossierStep& step);

// What does not fit the entries 'follow', both ways, in words.
core::Result<std::vector<std::string>> check_dossiers(Database& database);

}  // namespace threatlas::store

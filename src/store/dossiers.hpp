// The SQL of what is followed up. The caller holds engine.mutex.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/records.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// False when it is there already.
core::Result<bool> insert_dossier(Database& database, const Dossier& head);
struct DossierRow {
    std::int64_t number = 0;
    Marking marking{};
    std::vector<std::string> originators{};
    std::int64_t steps = 0;
    std::vector<std::string> audience{};
};
core::Result<DossierRow> find_dossier(Database& database, const std::string& kind, const std::string& id);
core::Result<void> insert_step(Database& database, const DossierRow& dossier, const DossierStep& step);
core::Result<std::vector<Dossier>> load_dossiers(Database& database, const std::string& kind, std::vector<bool>* marked = nullptr, const std::string& subject = {});  // empty: all kinds; marked: with handling codes, each
// What a dossier's id speaks of, whichever its version: 'N-1' of 'N-1.2'.
std::string_view subject_of(std::string_view id);

// What the entries 'follow' say. body: its hash, where it is not that of the present text.
std::string open_object(const Dossier& head, bool marked = true, const std::string& body = {});
std::string step_object(const Dossier& head, std::size_t number, const DossierStep& step, const std::string& body = {});
// ' marked TLP:AMBER,H1 of bg_mvr,ro_igpr to rs_mup'
std::string marks_object(const std::string& handling, const std::vector<std::string>& originators, const std::vector<std::string>& audience = {});

// What does not fit the entries 'follow', both ways, in words.
core::Result<std::vector<std::string>> check_dossiers(Database& database);

}  // namespace threatlas::store

// Consents as they are kept: dossiers of kind 'consent'. The caller holds engine.mutex.
#pragma once

#include <vector>

#include "core/result.hpp"
#include "store/consent.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

constexpr const char* kConsentKind = "consent";

core::Result<std::vector<Consent>> load_consents(Database& database);  // in the order of giving, those taken back among them
// The head of a new one. bad_input for what is missing, not_allowed for a writer who is neither the
// originator nor the working group.
core::Result<Dossier> consent_head(const model::Reader& writer, Consent consent, const std::string& now);
core::Result<void> may_revoke(const model::Reader& writer, const std::vector<Consent>& all, const std::string& id);
// A reader's rights as of now.
core::Result<Sight> sight_of(Engine& engine, const model::Reader& reader);

}  // namespace threatlas::store

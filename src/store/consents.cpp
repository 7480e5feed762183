#include "store/consents.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/dossiers.hpp"
#include "store/rights.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<std::vector<Consent>> load_consents(Database& database) {
    THREATLAS_TRY(const auto heads, load_dossiers(database, kConsentKind));
    std::vector<Consent> all;
    for (const Dossier& head : heads) {
        THREATLAS_TRY(const auto value, core::parse_json(head.json, "consent " + head.id));
        Consent consent;
        THREATLAS_CHECK(model::from_json(value, consent, "consent"));
        consent.revoked = consent.revoked || std::any_of(head.steps.begin(), head.steps.end(), [](const DossierStep& step) { return step.action == "revoked"; });
        all.push_back(std::move(consent));
    }
    return all;
}

Result<Dossier> consent_head(const model::Reader& writer, Consent consent, const std::string& now) {
    for (const auto& [value, what] : {std::pair{&consent.originator, "who gave the data"}, {&consent.to, "to whom"}, {&consent.given_by, "who said so: a person or a document"}})
        if (core::trim(*value).empty()) return fail(ErrorCode::bad_input, std::string("a consent says ") + what);
    if (!consent.purpose.empty() && (!model::purpose_of(consent.purpose) || consent.purpose.find(':') != std::string::npos)) return fail(ErrorCode::bad_input, "the purpose '" + consent.purpose + "' is none of the list");
    if (!consent.until.empty() && !core::parse_day(consent.until)) return fail(ErrorCode::bad_input, "a consent ends on a day like 2027-12-31, not '" + consent.until + "'");
    if (!consent.handling.empty() && text(parse_marking(consent.handling)) != consent.handling) return fail(ErrorCode::bad_input, "'" + consent.handling + "' is no TLP word with handling codes after it");
    if (writer.organisation != consent.originator && writer.organisation != kRegional) return fail(ErrorCode::not_allowed, "a consent of " + consent.originator + " is recorded by it or by the working group");
    // What came from its originator's node keeps the id that node gave it, and may be over already: its withdrawal came first.
    if (consent.id.starts_with("C-" + consent.originator + "-")) return Dossier{.kind = kConsentKind, .id = consent.id, .handling = "TLP:GREEN", .at = {}, .json = core::write_json(model::to_json(consent)), .steps = {}};
    consent.revoked = false, consent.id.clear();
    consent.id = "C-" + core::sha256(now + writer.person + core::write_json(model::to_json(consent))).substr(0, 10);
    return Dossier{.kind = kConsentKind, .id = consent.id, .handling = "TLP:GREEN", .at = {}, .json = core::write_json(model::to_json(consent)), .steps = {}};
}

Result<void> may_revoke(const model::Reader& writer, const std::vector<Consent>& all, const std::string& id) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Consent& each) { return each.id == id; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no consent '" + id + "'; 'threatlas consent list' lists them");
    if (writer.organisation != found->originator && writer.organisation != kRegional) return fail(ErrorCode::not_allowed, "a consent of " + found->originator + " is taken back by it or by the working group");
    if (found->revoked) return fail(ErrorCode::conflict, "the consent is taken back already");
    return {};
}

Result<Sight> sight_of(Engine& engine, const model::Reader& reader) {
    THREATLAS_CHECK(clearance_of(reader));
    THREATLAS_TRY(auto all, load_consents(engine.database));
    return Sight::of(reader, std::move(all), engine.clock());
}

}  // namespace threatlas::store

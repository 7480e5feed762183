#include "work/contact/consents.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/carrying.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;
using store::Consent;

namespace {

constexpr const char* kTakenBack = "taken_back";   // consents that are over: what came by them is not shown
constexpr const char* kToTell = "consent_to_tell"; // a consent that is being told, or its withdrawal, with the reason
constexpr const char* kGiven = "null";             // in the place of a reason
constexpr std::int64_t kGivenUp = 600;             // begun, and never recorded

std::vector<std::string> recipients_of(const Paper& paper) {
    std::vector<std::string> out;
    if (const auto* to = paper.record.if_contains("recipients"); to != nullptr && to->is_array())
        for (const auto& each : to->get_array())
            if (each.is_string()) out.emplace_back(each.get_string());
    return out;
}

Result<void> mark_taken_back(const Desk& desk, const model::Reader& who, const Consent& given) {
    if (!names_paper(given)) return {};
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    return kept->put(who, {.kind = kTakenBack, .id = given.submission + "/" + given.to + "/" + given.originator, .organisation = given.originator, .made = desk.now(), .body = "{}"}, {});
}

Result<bool> among(const Desk& desk, const std::vector<store::DeskItem>& items, const Paper& paper, const std::string& organisation) {
    for (const auto& each : items) {
        if (!each.id.starts_with(paper.id + "/" + organisation + "/") || !has(paper.owners, each.organisation) || has(paper.owners, organisation)) continue;
        THREATLAS_TRY(const store::Sight sight, desk.store.sight(desk_of(organisation, "what it may have")));
        if (sight.entitled(each.organisation, paper.id)) continue;   // by another consent
        // Whom the first version was addressed to needed none.
        THREATLAS_TRY(const auto all, kept_papers(desk, desk_of(paper.owners.front(), "whom it was addressed to"), paper.kind, paper.id));
        if (!all.empty() && !has(recipients_of(all.front()), organisation)) return true;
    }
    return false;
}

}  // namespace

Result<Consent> consent_to(const Desk& desk, const model::Reader& who, const std::string& kind, const std::string& id, const std::string& to, const std::string& handling, const std::string& until) {
    THREATLAS_CHECK(may_speak(who, "consenting"));
    THREATLAS_CHECK(known_organisations(desk.catalogue, {to}));
    THREATLAS_TRY(const auto all, papers(desk, who, kind, id));
    if (all.empty()) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "'");
    if (!has(all.back().owners, who.organisation)) return fail(ErrorCode::not_allowed, "consent is for those whose marks bind it: " + core::join(all.back().owners, ", "));
    // Noted before it is recorded, so that a kill after that loses nobody who has to be told.
    const std::string consent = new_id("C", who.organisation);
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_CHECK(kept->put(who, {.kind = kToTell, .id = consent, .organisation = who.organisation, .made = desk.now(), .body = kGiven}, {}));
    THREATLAS_TRY(const Consent given, desk.store.give_consent(who, {.id = consent, .originator = who.organisation, .submission = id, .to = to, .purpose = {}, .given_by = "contact desk of " + who.organisation, .until = until, .revoked = false, .handling = handling}));
    (void)tell_again(desk);
    return given;
}

std::string paper_kind(const std::string& id) { return id.starts_with("N-") ? "bulletin" : id.starts_with("Q-") ? "request" : id.starts_with("A-") ? "answer" : ""; }

bool names_paper(const Consent& given) { return !paper_kind(given.submission).empty(); }

Result<std::vector<Consent>> consents_of(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id) {
    THREATLAS_TRY(const auto all, papers(desk, reader, kind, id));
    if (all.empty()) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "'");
    const Paper& last = all.back();
    std::vector<Consent> out;
    if (!has(last.owners, reader.organisation) && !has(last.audience, reader.organisation)) return out;
    for (const auto& owner : last.owners) {
        THREATLAS_TRY(auto given, desk.store.consents(desk_of(owner, "who may have " + id)));
        for (auto& each : given)
            if (each.originator == owner && each.submission == id) out.push_back(std::move(each));
    }
    return out;
}

Result<Consent> take_back(const Desk& desk, const model::Reader& who, const std::string& consent, const std::string& reason) {
    THREATLAS_CHECK(may_speak(who, "taking back a consent"));
    THREATLAS_CHECK(fit(reason, "reason", 2000, true));
    THREATLAS_TRY(const auto all, desk.store.consents(who));
    const auto found = std::find_if(all.begin(), all.end(), [&](const Consent& each) { return each.id == consent; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no consent '" + consent.substr(0, 60) + "'");
    if (found->originator != who.organisation && who.organisation != store::kRegional) return fail(ErrorCode::not_allowed, "a consent of " + found->originator + " is taken back by it alone");
    if (found->revoked) return fail(ErrorCode::conflict, "the consent is taken back already");
    Consent over = *found;
    over.revoked = true;
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());   // noted first, as when it was given
    if (names_paper(over)) THREATLAS_CHECK(kept->put(who, {.kind = kToTell, .id = over.id, .organisation = over.originator, .made = desk.now(), .body = core::write_json(core::json::value(reason))}, {}));
    THREATLAS_CHECK(desk.store.revoke_consent(who, over.id, reason));
    THREATLAS_CHECK(mark_taken_back(desk, who, over));
    (void)tell_again(desk);
    return over;
}

Result<void> receive_consent(const Desk& desk, const model::Reader& who, Consent given, const std::string& reason) {
    if (!is_id(given.id) || !given.id.starts_with("C-") || given.id.size() > 60) return fail(ErrorCode::bad_input, "a consent has an id");
    if (const std::string own = "C-" + given.originator + "-"; !given.id.starts_with(own)) given.id = own + given.id.substr(2);   // nobody's id is in the way of another's
    THREATLAS_TRY(const auto all, desk.store.consents(who));
    const auto same = std::find_if(all.begin(), all.end(), [&](const Consent& each) { return each.id == given.id; });
    if (given.revoked) THREATLAS_CHECK(mark_taken_back(desk, who, same == all.end() ? given : *same));
    if (same == all.end()) {
        THREATLAS_TRY(const auto kept, desk.store.give_consent(who, given));
        (void)kept;
        return {};
    }
    Consent before = *same;
    before.revoked = given.revoked;
    if (given.revoked && !same->revoked) return desk.store.revoke_consent(who, given.id, reason.empty() ? "taken back by " + given.originator : reason);
    if (core::write_json(model::to_json(before)) != core::write_json(model::to_json(given))) return fail(ErrorCode::conflict, "consent " + given.id + " is here already and says something else");
    return {};
}

Result<void> tell_again(const Desk& desk) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto waiting, kept->items(kToTell));
    for (const auto& each : waiting) {
        const model::Reader who = desk_of(each.organisation, "telling of a consent");
        const bool given = each.body == kGiven;
        THREATLAS_TRY(const auto all, desk.store.consents(who));
        const auto found = std::find_if(all.begin(), all.end(), [&](const Consent& one) { return one.id == each.id; });
        if (found == all.end() || found->revoked == given) {
            if (each.made + kGivenUp < desk.now()) THREATLAS_CHECK(kept->remove(who, kToTell, each.id));
            continue;
        }
        if (!given) THREATLAS_CHECK(mark_taken_back(desk, who, *found));
        THREATLAS_TRY(const auto body, core::parse_json(each.body, kToTell));
        THREATLAS_TRY(const auto versions, kept_papers(desk, who, paper_kind(found->submission), found->submission));
        if (!versions.empty()) THREATLAS_CHECK(tell_consent(desk, who, versions, *found, each.made, body.is_string() ? std::string(body.get_string()) : std::string()));
        THREATLAS_CHECK(kept->remove(who, kToTell, each.id));
    }
    return {};
}

Result<bool> taken_back(const Desk& desk, const Paper& paper, const std::string& organisation) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto items, kept->items(kTakenBack));
    return among(desk, items, paper, organisation);
}

Result<std::vector<Paper>> without_taken_back(const Desk& desk, const std::string& organisation, std::vector<Paper> all) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto items, kept->items(kTakenBack));
    if (items.empty()) return all;
    std::vector<Paper> out;
    for (auto& each : all) {
        bool over = false;
        const auto* state = each.record.if_contains("state");
        if (state == nullptr || *state != "withdrawn") {
            THREATLAS_TRY(over, among(desk, items, each, organisation));
        }
        if (!over) out.push_back(std::move(each));
    }
    return out;
}

}  // namespace threatlas::work::contact

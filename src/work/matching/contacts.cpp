// A hit opens a contact request on both sides, and nothing more.
#include <algorithm>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/contact/papers.hpp"
#include "work/matching/parts.hpp"
#include "work/matching/peers.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kKind = "match_contact";

Result<ContactRequest> read(const store::Dossier& dossier) {
    THREATLAS_TRY(const auto value, core::parse_json(dossier.json, "contact request"));
    ContactRequest out;
    THREATLAS_CHECK(model::from_json(value, out, "contact request"));
    out.id = dossier.id, out.at = dossier.at;
    for (const auto& step : dossier.steps)
        if (out.state != "closed") out.state = step.action == "sent" ? "open" : step.action;
    return out;
}

store::Dossier head_of(const ContactRequest& request, const std::string& own) { return {.kind = kKind, .id = request.id, .handling = "TLP:AMBER", .at = {}, .json = core::write_json(model::to_json(request)), .steps = {}, .originators = {own}}; }

// What the holder is told: not who of us it was.
std::string told(ContactRequest request) {
    request.person.clear(), request.at.clear(), request.state = "open";
    return core::write_json(model::to_json(request));
}

// The request by which the two desks talk. Nothing when the catalogue does not know the holder, or the asker may not speak: the
// contact request stands all the same.
std::string to_desk(const contact::Desk& desk, const model::Reader& who, const ContactRequest& request) {
    model::Request wanted;
    wanted.kind = "match", wanted.match = request.query, wanted.recipients = {request.holder}, wanted.handling = "TLP:AMBER";
    wanted.title = "A hit of private matching: case " + request.case_reference;
    wanted.text = std::to_string(request.hits) + (request.hits == 1 ? " identifier" : " identifiers") + " of our case " + request.case_reference + " (" + request.legal_basis + ") " + (request.hits == 1 ? "is" : "are") + " on your list. Your log has the query as " + request.query + ". Nothing else was exchanged: please call us.";
    model::Reader speaker = who;
    speaker.organisation = request.asker;   // the command line speaks for the node's organisation
    const auto given = contact::give<model::Request>(desk, speaker, wanted);
    return given ? given->record.id : std::string();
}

}  // namespace

Result<ContactRequest> Desk::open_contact(const model::Reader& who, const store::MatchPeer& peer, ContactRequest request) {
    request.id = new_id("C", request.asker), request.state = "waiting";
    if (catalogue_ != nullptr) request.request = to_desk({store_, *catalogue_, now_}, who, request);
    THREATLAS_CHECK(store_.open_dossier(who, head_of(request, request.asker)));
    if (const auto sent = Line(peer).ask("POST", "contacts", told(request), 10'000); sent) {
        THREATLAS_CHECK(store_.add_step(who, kKind, request.id, "sent", "{}"));
        request.state = "open";
    }
    return request;
}

Result<void> Desk::receive(const model::Reader& who, const ContactRequest& given) {
    THREATLAS_TRY(const Settings settings, this->settings());
    ContactRequest request = given;
    const bool id = request.id.starts_with("C-" + who.organisation + "-") && request.id.size() <= 80 && request.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzC0123456789-_") == std::string::npos;
    if (!id || request.asker != who.organisation || request.holder != settings.organisation) return fail(ErrorCode::bad_input, "a contact request names its asker, its holder and an id that begins with the asker");
    THREATLAS_CHECK(fit_grounds(request.case_reference, request.legal_basis));
    // It rests on a query that was served: else anybody could fill the desk.
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const bool served, tables->was_served(who.organisation, request.query));
    if (!served) return fail(ErrorCode::not_found, "no query of this id was served");
    if (request.request.size() > 80 || shown(request.request) != request.request) return fail(ErrorCode::bad_input, "the id of a request is no such id");
    if (request.hits < 1 || request.hits > static_cast<std::int64_t>(kMostAsked)) return fail(ErrorCode::bad_input, "a contact request counts its hits");
    request.person.clear(), request.at.clear(), request.state = "open";
    return store_.open_dossier(who, head_of(request, settings.organisation)).map([](bool) {});   // again is nothing
}

Result<std::vector<ContactRequest>> Desk::contacts(const model::Reader& who) {
    THREATLAS_TRY(const Settings settings, this->settings());
    if (!settings.organisation.empty()) THREATLAS_CHECK(may_look(who, settings, "contact requests"));
    THREATLAS_TRY(const auto all, store_.dossiers(who, kKind));
    std::vector<ContactRequest> out;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        THREATLAS_TRY(auto one, read(*each));
        out.push_back(std::move(one));
    }
    return out;
}

Result<ContactRequest> Desk::close_contact(const model::Reader& who, const std::string& id, const std::string& text) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_work(who, settings, "a contact request"));
    if (core::trim(text).empty() || text.size() > 2000 || !core::is_utf8(text)) return fail(ErrorCode::bad_input, "say how it ended, in at most 2000 bytes", {"", 0, "text"});
    THREATLAS_TRY(auto all, contacts(who));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no contact request '" + shown(id, 80) + "'");
    if (found->state == "closed") return fail(ErrorCode::conflict, "this contact request is closed already");
    THREATLAS_CHECK(store_.add_step(who, kKind, id, "closed", core::write_json(core::json::object{{"text", text}})));
    found->state = "closed";
    return *found;
}

Result<void> Desk::outstanding(const model::Reader& who) {
    THREATLAS_TRY(const auto all, contacts(who));
    for (const auto& each : all) {
        if (each.state != "waiting") continue;
        const auto to = peer(each.holder);
        if (!to) continue;   // taken off meanwhile
        if (const auto sent = Line(*to).ask("POST", "contacts", told(each), 10'000); sent) THREATLAS_CHECK(store_.add_step(who, kKind, each.id, "sent", "{}"));
    }
    return {};
}

}  // namespace threatlas::work::matching

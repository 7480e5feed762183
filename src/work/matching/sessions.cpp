#include "work/matching/sessions.hpp"

#include <algorithm>
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/matching/parts.hpp"
#include "work/matching/peers.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;
namespace ids = exchange::identifiers;
namespace crypto = exchange::matching;

namespace {

constexpr const char* kKind = "match_session";

std::string text_of(const Terms& terms) { return "threatlas matching session 1\n" + core::write_json(model::to_json(terms)); }
crypto::Digest digest_of(const Terms& terms) { return digest_from(core::sha256(text_of(terms))); }

Result<void> fit(const Terms& terms) {
    const auto bad = [](const char* column, const char* what) { return fail(ErrorCode::bad_input, what, {"", 0, column}); };
    if (terms.kind != "intersection" && terms.kind != "cardinality") return bad("kind", "a session is for the intersection or the cardinality");
    if (terms.kinds.empty() || terms.kinds.size() > 9) return bad("kinds", "name the kinds of identifiers that are compared");
    for (const auto& each : terms.kinds)
        if (ids::Kind known{}; !model::from_name(each, known)) return bad("kinds", "the kinds are phone, plate, vin, iban, passport, imei, wallet, company, person");
    const auto most = static_cast<std::int64_t>(crypto::kMaxBulkItems);
    if (terms.asker_cap < 1 || terms.asker_cap > most || terms.holder_cap < 1 || terms.holder_cap > most) return bad("asker_cap", "each side has a cap of at least 1 spelling");
    if (!core::parse_day(terms.until)) return bad("until", "say until which day it may run: YYYY-MM-DD");
    return fit_grounds(terms.case_reference, terms.legal_basis);
}

Result<void> by_director(const model::Reader& who, const Settings& settings) {
    if (who.role == Role::director && (who.organisation == settings.organisation || who.organisation == "regional")) return {};
    return fail(ErrorCode::not_allowed, "a session is agreed by a director of " + settings.organisation);
}

Result<std::string> signed_by_node(Desk& desk, const Terms& terms) {
    THREATLAS_TRY(const auto sign, desk.signer());
    THREATLAS_TRY(const auto signature, sign(crypto::bytes_of(text_of(terms))));
    return hexadecimal(signature);
}

Result<void> verifies(const store::MatchPeer& peer, const Terms& terms, const std::string& signature) {
    THREATLAS_TRY(const auto verify, verifier(peer.public_key));
    crypto::Signature bytes{};
    if (!from_hexadecimal(signature, bytes) || !verify(crypto::bytes_of(text_of(terms)), bytes)) return fail(ErrorCode::mismatch, "the terms are not signed with the key that " + peer.organisation + " gave us");
    return {};
}

Result<Session> read(const store::Dossier& dossier) {
    const std::string& text = dossier.steps.empty() ? dossier.json : dossier.steps.back().json;
    THREATLAS_TRY(const auto value, core::parse_json(text, "session"));
    Session out;
    THREATLAS_CHECK(model::from_json(value, out, "session"));
    out.at = dossier.at;
    return out;
}

store::Dossier head_of(const Session& session, const std::string& own) { return {.kind = kKind, .id = session.terms.id, .handling = "TLP:AMBER", .at = {}, .json = core::write_json(model::to_json(session)), .steps = {}, .originators = {own}}; }

}  // namespace

Result<void> Sessions::step(const model::Reader& who, const std::string& id, const std::string& action, const Session& now, const std::string& line) {
    THREATLAS_CHECK(store_.audit(who, "match", "session " + id + ": " + line));
    return store_.add_step(who, kKind, id, action, core::write_json(model::to_json(now)));
}

Result<std::vector<Session>> Sessions::list(const model::Reader& who) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    if (!settings.organisation.empty()) THREATLAS_CHECK(may_look(who, settings, "sessions of matching"));
    THREATLAS_TRY(const auto all, store_.dossiers(who, kKind));
    std::vector<Session> out;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        THREATLAS_TRY(auto one, read(*each));
        out.push_back(std::move(one));
    }
    return out;
}

Result<Session> Sessions::find(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const auto all, store_.dossiers(who, kKind));
    for (const auto& each : all)
        if (each.id == id) return read(each);
    return fail(ErrorCode::not_found, "there is no session '" + shown(id, 80) + "'; 'threatlas match session list' lists them");
}

Result<Session> Sessions::propose(const model::Reader& who, Terms terms) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    THREATLAS_CHECK(may_work(who, settings, "a session"));
    THREATLAS_CHECK(by_director(who, settings));
    THREATLAS_TRY(const auto peer, desk_.peer(terms.holder));
    terms.id = new_id("S", settings.organisation), terms.asker = settings.organisation;
    THREATLAS_CHECK(fit(terms));
    Session out;
    out.terms = terms, out.director = who.person;
    THREATLAS_TRY(out.asker_signature, signed_by_node(desk_, terms));
    THREATLAS_CHECK(store_.audit(who, "match", "session " + terms.id + ": proposed to " + terms.holder + ", " + terms.kind + " of " + core::join(terms.kinds, " ") + ", caps " + std::to_string(terms.asker_cap) + " and " + std::to_string(terms.holder_cap) + ", case '" + terms.case_reference + "' basis '" + terms.legal_basis + "'"));
    THREATLAS_CHECK(Line(peer).ask("POST", "sessions/offers", core::write_json(model::to_json(Offer{terms, out.asker_signature})), 10'000));
    THREATLAS_CHECK(store_.open_dossier(who, head_of(out, settings.organisation)));
    return out;
}

Result<void> Sessions::receive(const model::Reader& who, const Offer& offer) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    const Terms& terms = offer.terms;
    const bool id = terms.id.starts_with("S-" + who.organisation + "-") && terms.id.size() <= 80 && terms.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzS0123456789-_") == std::string::npos;
    if (settings.organisation.empty() || !id || terms.asker != who.organisation || terms.holder != settings.organisation) return fail(ErrorCode::bad_input, "a session names its asker, its holder and an id that begins with the asker");
    THREATLAS_CHECK(fit(terms));
    THREATLAS_TRY(const auto peer, desk_.peer(who.organisation));
    THREATLAS_CHECK(verifies(peer, terms, offer.signature));
    Session out;
    out.terms = terms, out.asker_signature = offer.signature;
    THREATLAS_CHECK(store_.audit(who, "match", "session " + terms.id + ": proposed by " + who.organisation));
    return store_.open_dossier(who, head_of(out, settings.organisation)).map([](bool) {});
}

Result<Session> Sessions::agree(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    THREATLAS_CHECK(by_director(who, settings));
    THREATLAS_TRY(Session now, find(who, id));
    if (now.terms.holder != settings.organisation) return fail(ErrorCode::conflict, "this session is for " + now.terms.holder + " to agree to");
    if (now.state != "proposed") return fail(ErrorCode::conflict, "this session is " + now.state + " already");
    now.state = "agreed", now.director = who.person;
    THREATLAS_TRY(now.holder_signature, signed_by_node(desk_, now.terms));
    THREATLAS_CHECK(step(who, id, "agreed", now, "agreed with " + now.terms.asker));
    return now;
}

Result<Session> Sessions::refuse(const model::Reader& who, const std::string& id, const std::string& note) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    THREATLAS_CHECK(by_director(who, settings));
    if (core::trim(note).empty() || note.size() > 500 || !core::is_utf8(note)) return fail(ErrorCode::bad_input, "say why, in at most 500 bytes");
    THREATLAS_TRY(Session now, find(who, id));
    if (now.state == "done" || now.state == "refused") return fail(ErrorCode::conflict, "this session is " + now.state + " already");
    now.state = "refused", now.director = who.person, now.note = note, now.holder_signature.clear();
    {
        const std::lock_guard guard(lock_);
        running_.erase(id);
    }
    THREATLAS_CHECK(step(who, id, "refused", now, "refused"));
    return now;
}

Result<Offer> Sessions::agreement(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const auto now, find(desk_.keeper(who), id));
    if (now.terms.asker != who.organisation) return fail(ErrorCode::not_found, "there is no session '" + shown(id, 80) + "'");
    if (now.holder_signature.empty()) return fail(ErrorCode::conflict, "this session is " + now.state + ": its director has not agreed");
    return Offer{now.terms, now.holder_signature};
}

// Spellings of the kinds agreed, of the whole own list; which entry each is of.
Result<std::vector<std::string>> Sessions::items(const model::Reader& who, const Terms& terms, std::int64_t cap, std::vector<std::string>* entries) {
    THREATLAS_TRY(const auto all, desk_.whole_list(who));
    std::map<std::string, std::string> out;
    for (const auto& each : all) {
        if (each.removed || std::find(terms.kinds.begin(), terms.kinds.end(), each.kind) == terms.kinds.end()) continue;
        THREATLAS_TRY(const auto one, ids::canonical({each.kind, each.value, each.country, each.born}));
        for (const auto& text : one.spellings) out.emplace(text, each.id);
    }
    if (out.empty()) return fail(ErrorCode::bad_input, "the list has nothing of these kinds");
    if (static_cast<std::int64_t>(out.size()) > cap) return fail(ErrorCode::not_allowed, "the list has " + std::to_string(out.size()) + " spellings of these kinds, more than the cap agreed");
    std::vector<std::string> texts;
    for (const auto& [text, entry] : out) {
        texts.push_back(text);
        if (entries != nullptr) entries->push_back(entry);
    }
    return texts;
}

Result<crypto::BulkParty> Sessions::begin(const model::Reader& who, const Terms& terms, bool asker, const std::string& run, std::vector<std::string> items) {
    crypto::BulkTerms bulk;
    if (!from_hexadecimal(run, bulk.session)) return fail(ErrorCode::bad_input, "a try has 32 hexadecimal digits", {"", 0, "run"});
    bulk.kind = terms.kind == "cardinality" ? crypto::BulkKind::cardinality : crypto::BulkKind::intersection;
    bulk.own_cap = static_cast<std::uint32_t>(asker ? terms.asker_cap : terms.holder_cap), bulk.peer_cap = static_cast<std::uint32_t>(asker ? terms.holder_cap : terms.asker_cap), bulk.agreement = digest_of(terms);
    static_cast<void>(who);
    THREATLAS_TRY(const auto peer, desk_.peer(asker ? terms.holder : terms.asker));
    THREATLAS_TRY(auto verify, verifier(peer.public_key));
    THREATLAS_TRY(const auto sign, desk_.signer());
    return crypto::BulkParty::begin(asker ? crypto::BulkRole::asker : crypto::BulkRole::holder, bulk, std::move(items), sign, std::move(verify));
}

Result<Session> Sessions::run(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const Settings settings, desk_.settings());
    THREATLAS_CHECK(may_work(who, settings, "a session"));
    THREATLAS_TRY(Session now, find(who, id));
    if (now.terms.asker != settings.organisation) return fail(ErrorCode::conflict, "this session is run by " + now.terms.asker);
    if (now.state == "done" || now.state == "refused") return fail(ErrorCode::conflict, "this session is " + now.state + " already: agree on another");
    if (now.terms.until < desk_.today()) return fail(ErrorCode::conflict, "this session could run until " + now.terms.until + ": agree on another");
    THREATLAS_TRY(const auto peer, desk_.peer(now.terms.holder));
    Line line(peer);
    THREATLAS_TRY(const std::string text, line.ask("GET", "sessions/" + id + "/agreement", "", 10'000));
    THREATLAS_TRY(const auto value, core::parse_json(text, "agreement"));
    Offer agreed;
    THREATLAS_CHECK(model::from_json(value, agreed, "agreement"));
    THREATLAS_CHECK(verifies(peer, now.terms, agreed.signature));   // of our terms, whatever it sent
    now.holder_signature = agreed.signature, now.state = "agreed", ++now.tries;
    std::vector<std::string> entries;
    THREATLAS_TRY(auto own, items(who, now.terms, now.terms.asker_cap, &entries));
    std::array<unsigned char, 16> drawn{};
    randombytes_buf(drawn.data(), drawn.size());
    const std::string run = hexadecimal(drawn);
    const std::size_t brought = own.size();
    THREATLAS_TRY(auto party, begin(who, now.terms, true, run, std::move(own)));
    THREATLAS_CHECK(step(who, id, "begun", now, "begun, " + std::to_string(brought) + " spellings brought"));
    const auto played = [&]() -> Result<void> {
        while (!party.done()) {
            THREATLAS_TRY(const std::string mine, party.next());
            THREATLAS_TRY(const std::string body, line.ask("POST", "sessions/" + id + "/messages", core::write_json(model::to_json(BulkMessage{run, base64(mine)})), std::size_t{1} << 20));
            THREATLAS_TRY(const auto answer, core::parse_json(body, "message"));
            BulkMessage theirs;
            THREATLAS_CHECK(model::from_json(answer, theirs, "message"));
            THREATLAS_TRY(const std::string message, from_base64(theirs.message));
            if (mine.empty() && message.empty() && !party.done()) return fail(ErrorCode::mismatch, now.terms.holder + " has stopped in the middle");
            if (!message.empty()) THREATLAS_CHECK(party.take(crypto::bytes_of(message)));
        }
        return {};
    };
    if (const auto done = played(); !done) {
        now.state = "failed", now.note = done.error().message;
        THREATLAS_CHECK(step(who, id, "failed", now, "failed: " + done.error().message));
        return tl::unexpected(done.error());
    }
    THREATLAS_TRY(const auto result, party.result());
    std::set<std::string> both;
    for (const auto place : result.items)
        if (place < entries.size()) both.insert(entries[place]);
    now.state = "done", now.note.clear(), now.common = static_cast<std::int64_t>(result.common), now.peer_items = result.peer_items, now.entries.assign(both.begin(), both.end());
    THREATLAS_CHECK(step(who, id, "done", now, "done, " + std::to_string(now.common) + " in common with " + std::to_string(now.peer_items) + " of " + now.terms.holder));
    return now;
}

Result<BulkMessage> Sessions::message(const model::Reader& asking, const std::string& id, const BulkMessage& given) {
    const model::Reader who = desk_.keeper(asking);
    THREATLAS_TRY(Session now, find(who, id));
    if (now.terms.asker != asking.organisation) return fail(ErrorCode::not_found, "there is no session '" + shown(id, 80) + "'");
    if (now.state != "agreed" && now.state != "failed") return fail(ErrorCode::conflict, "this session is " + now.state);
    if (now.terms.until < desk_.today()) return fail(ErrorCode::conflict, "this session could run until " + now.terms.until);
    THREATLAS_TRY(const std::string message, from_base64(given.message));
    const std::lock_guard guard(lock_);
    auto found = running_.find(id);
    if (found == running_.end() || found->second.run != given.run) {
        if (now.tries >= kMostTries) return fail(ErrorCode::not_allowed, "this session was begun " + std::to_string(kMostTries) + " times: agree on another");
        if (running_.size() >= 8 && found == running_.end()) running_.erase(running_.begin());   // left lying by somebody
        THREATLAS_TRY(auto own, items(who, now.terms, now.terms.holder_cap, nullptr));
        const std::size_t brought = own.size();
        THREATLAS_TRY(auto party, begin(who, now.terms, false, given.run, std::move(own)));
        ++now.tries;
        THREATLAS_CHECK(step(who, id, "begun", now, "begun by " + asking.organisation + ", " + std::to_string(brought) + " spellings brought"));
        found = running_.insert_or_assign(id, Running{given.run, std::make_unique<crypto::BulkParty>(std::move(party))}).first;
    }
    crypto::BulkParty& party = *found->second.party;
    const auto end = [&](const core::Error& error) {
        running_.erase(id);
        now.state = "failed", now.note = error.message;
        return step(who, id, "failed", now, "failed: " + error.message);
    };
    if (!message.empty())
        if (const auto taken = party.take(crypto::bytes_of(message)); !taken) {
            THREATLAS_CHECK(end(taken.error()));
            return tl::unexpected(taken.error());
        }
    auto mine = party.next();
    if (!mine) {
        THREATLAS_CHECK(end(mine.error()));
        return tl::unexpected(mine.error());
    }
    if (party.done()) {
        THREATLAS_TRY(const auto result, party.result());
        now.state = "done", now.peer_items = result.peer_items;
        running_.erase(id);
        THREATLAS_CHECK(step(who, id, "done", now, "done, " + asking.organisation + " brought " + std::to_string(now.peer_items)));
    }
    return BulkMessage{given.run, base64(*mine)};
}

}  // namespace threatlas::work::matching

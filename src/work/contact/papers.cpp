#include "work/contact/papers.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/contact/carrying.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/files.hpp"
#include "work/contact/spread.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Acknowledgement;

namespace {

constexpr std::size_t kMostRecipients = 100, kMostForwards = 50;

std::string dossier_id(const std::string& id, std::uint64_t version) { return id + "." + std::to_string(version); }

std::string text_at(const core::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// Later than the version before it, also when the clock was put back; no two versions share a moment.
std::string moment_after(const Desk& desk, const std::string& before) {
    const std::string now = iso_time(desk.now()).substr(0, 19);
    std::string out = now + ".000Z";
    if (before.empty() || out > before) return out;
    // A millisecond more than the one before: 'YYYY-MM-DDThh:mm:ss.mmmZ'.
    int millis = 0;
    std::from_chars(before.data() + 20, before.data() + 23, millis);
    std::string more = std::to_string(std::min(millis + 1, 999));
    return before.substr(0, 20) + std::string(3 - more.size(), '0') + more + "Z";
}

// What a version was made from, as the writer sees it: the join, and that the writer and every recipient may have it.
template <class T>
Result<Joined> inputs_of(const Desk& desk, const model::Reader& who, const T& wanted, const store::Marking* marking, const std::vector<std::string>& had_it) {
    Joined joined;
    if (wanted.derived_from.size() > 20) return fail(ErrorCode::bad_input, "made from more than 20 others");
    for (const auto& each : wanted.derived_from) {
        if (!is_id(each)) return fail(ErrorCode::bad_input, "'" + each.substr(0, 60) + "' is no id");
        const std::string kind = each.front() == 'N' ? "bulletin" : each.front() == 'Q' ? "request" : "answer";
        THREATLAS_TRY(const auto found, papers(desk, who, kind, each));
        if (found.empty()) return fail(ErrorCode::bad_input, "there is no " + kind + " '" + each + "' that you may see, so nothing is made from it");
        const Paper& last = found.back();
        joined.add(store::parse_marking(last.handling), last.owners);
        if (marking != nullptr) THREATLAS_CHECK(may_mark(desk.store, who.organisation, last.id, *marking, store::parse_marking(last.handling), last.owners));
        for (const auto& to : wanted.recipients)
            if (!has(had_it, to)) THREATLAS_CHECK(may_pass_on(desk.store, who.organisation, last.marked(), to));
    }
    return joined;
}

Result<void> fit_handling(const std::string& handling) {
    if (store::text(store::parse_marking(handling)) == handling) return {};
    return fail(ErrorCode::bad_input, "'" + handling.substr(0, 60) + "' is no TLP word with handling codes after it, such as 'TLP:AMBER H2'");
}

// The parts all kinds share, of a first version or a correction.
template <class T>
Result<void> complete(const Desk& desk, const model::Reader& who, T& wanted, const std::vector<std::string>& had_it = {}) {
    THREATLAS_CHECK(check(desk, who, wanted));
    if (wanted.recipients.empty())
        for (const auto& each : desk.catalogue.members) wanted.recipients.push_back(each.id);
    std::vector<std::string> recipients;
    for (const auto& each : wanted.recipients)
        if (each != who.organisation) add_to(recipients, each);
    if (recipients.empty()) return fail(ErrorCode::bad_input, "it needs a recipient other than one's own organisation");
    if (recipients.size() > kMostRecipients) return fail(ErrorCode::bad_input, "more than 100 recipients");
    THREATLAS_CHECK(known_organisations(desk.catalogue, recipients));
    wanted.recipients = std::move(recipients);
    THREATLAS_CHECK(fit_language(wanted.language));
    THREATLAS_CHECK(files_of(desk, who.organisation, wanted.attachments));
    store::Marking marking{};
    if (!wanted.handling.empty()) {
        THREATLAS_CHECK(fit_handling(wanted.handling));
        marking = store::parse_marking(wanted.handling);
    }
    THREATLAS_TRY(const Joined joined, inputs_of(desk, who, wanted, wanted.handling.empty() ? nullptr : &marking, had_it));
    if (wanted.handling.empty()) wanted.handling = wanted.derived_from.empty() ? "TLP:AMBER" : store::text(joined.marking);
    wanted.originator = who.organisation;
    wanted.originators = {who.organisation};
    for (const auto& each : joined.owners) add_to(wanted.originators, each);
    return {};
}

template <class T>
Result<Held<T>> held(const Desk& desk, const Paper& paper, const model::Reader& reader) {
    Held<T> out;
    THREATLAS_TRY(out.record, record_of<T>(paper));
    out.marked = paper.marked(), out.expired = expired(desk, paper);
    out.receipts = receipts_of(paper, out.record.recipients);
    if (out.record.originator != reader.organisation) std::erase_if(out.receipts, [&](const auto& each) { return each.organisation != reader.organisation; });
    return out;
}

// The newest of each id, in the order of ids.
std::vector<const Paper*> newest_of(const std::vector<Paper>& all) {
    std::vector<const Paper*> out;
    for (const auto& each : all) {
        if (!out.empty() && out.back()->id == each.id) out.back() = &each;
        else out.push_back(&each);
    }
    return out;
}

bool received_by(const Paper& paper, const std::string& organisation) {
    return text_at(paper.record, "originator") != organisation;
}

Result<void> note_once(const Desk& desk, const model::Reader& who, const Paper& paper, const char* state) {
    if (!speaks(who) || !received_by(paper, who.organisation)) return {};
    return note(desk, who, paper, {.of = paper.kind, .id = paper.id, .version = paper.version, .organisation = who.organisation, .state = state, .at = {}, .note = {}, .to = {}});
}

template <class T>
Result<std::vector<Paper>> versions(const Desk& desk, const model::Reader& reader, const std::string& id) {
    const std::string kind(T::kKind);
    if (!is_id(id)) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "'; 'threatlas " + (kind == "answer" ? "request" : kind) + " list' lists them");
    THREATLAS_TRY(auto exact, papers(desk, reader, kind, id));
    if (!exact.empty()) return exact;
    THREATLAS_TRY(const auto had, kept_papers(desk, reader, kind, id));
    if (!had.empty()) return fail(ErrorCode::not_allowed, "the consent by which " + reader.organisation + " had " + id + " is taken back");
    THREATLAS_TRY(auto all, papers(desk, reader, kind));
    std::erase_if(all, [&](const Paper& each) { return id.size() < 3 || !each.id.starts_with(id); });
    if (all.empty()) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "'; 'threatlas " + (kind == "answer" ? "request" : kind) + " list' lists them");
    if (all.front().id != all.back().id) return fail(ErrorCode::conflict, "several begin with '" + id + "': write more of it");
    return all;
}

}  // namespace

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 80 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

bool expired(const Desk& desk, const Paper& paper) {
    const std::string last_day = text_at(paper.record, "valid_until");
    return !last_day.empty() && text_at(paper.record, "state") == "current" && last_day < iso_time(desk.now()).substr(0, 10);
}

Result<std::vector<Paper>> kept_papers(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id) {
    THREATLAS_TRY(auto all, id.empty() ? desk.store.dossiers(reader, kind) : desk.store.dossiers_of(reader, kind, id));
    std::vector<Paper> out;
    for (auto& each : all) {
        const auto dot = each.id.rfind('.');
        Paper paper{each.kind, each.id.substr(0, dot), each.at, 0, each.handling, each.originators, each.audience, {}, std::move(each.steps)};
        if (dot == std::string::npos || std::from_chars(each.id.data() + dot + 1, each.id.data() + each.id.size(), paper.version).ptr != each.id.data() + each.id.size()) return fail(ErrorCode::mismatch, each.kind + " '" + each.id + "' has no version");
        if (!id.empty() && paper.id != id) continue;
        THREATLAS_TRY(auto value, core::parse_json(each.json, each.kind + " " + each.id));
        if (!value.is_object()) return fail(ErrorCode::mismatch, each.kind + " '" + each.id + "' is no record");
        paper.record = std::move(value.get_object());
        out.push_back(std::move(paper));
    }
    std::stable_sort(out.begin(), out.end(), [](const Paper& a, const Paper& b) { return a.id != b.id ? a.id < b.id : a.version < b.version; });
    return out;
}

Result<std::vector<Paper>> papers(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id) {
    THREATLAS_TRY(auto all, kept_papers(desk, reader, kind, id));
    return without_taken_back(desk, reader.organisation, std::move(all));
}

Result<bool> keep(const Desk& desk, const model::Reader& who, const Paper& paper) {
    return desk.store.open_dossier(who, {.kind = paper.kind, .id = dossier_id(paper.id, paper.version), .handling = paper.handling, .at = {}, .json = core::write_json(paper.record), .steps = {}, .originators = paper.owners, .audience = paper.audience});
}

Result<void> note(const Desk& desk, const model::Reader& who, const Paper& paper, Acknowledgement what) {
    for (const auto& step : paper.steps) {
        if (step.action != what.state) continue;
        THREATLAS_TRY(const auto body, core::parse_json(step.json, "step"));
        Acknowledgement before;
        THREATLAS_CHECK(model::from_json(body, before, "step"));
        if (before.organisation != what.organisation) continue;
        if (what.state != "forwarded") return {};
        std::erase_if(what.to, [&](const auto& each) { return has(before.to, each); });
        if (what.to.empty()) return {};
    }
    if (what.at.empty()) what.at = iso_time(desk.now());
    // Told before it is kept: after a kill between the two it is told twice, never not at all.
    if (who.organisation == what.organisation) THREATLAS_CHECK(report(desk, who, paper, what));
    return desk.store.add_step(who, paper.kind, dossier_id(paper.id, paper.version), what.state, core::write_json(model::to_json(what)));
}

std::vector<model::Receipt> receipts_of(const Paper& paper, const std::vector<std::string>& recipients) {
    std::map<std::string, model::Receipt> all;
    const auto at = [&](const std::string& organisation) -> model::Receipt& {
        auto& out = all[organisation];
        out.organisation = organisation;
        return out;
    };
    for (const auto& each : recipients) at(each).sent = paper.at;
    for (const auto& step : paper.steps) {
        Acknowledgement what;
        const auto body = core::parse_json(step.json, "step");
        if (!body || !model::from_json(*body, what, "step")) continue;
        if (step.action == "forwarded") {
            for (const auto& each : what.to) {
                auto& to = at(each);
                if (to.sent.empty()) to.sent = what.at, to.forwarded_by = what.organisation;
            }
            continue;
        }
        auto& to = at(what.organisation);
        if (step.action == "fetched") to.fetched = what.at;
        if (step.action == "read") to.read = what.at;
        if (step.action == "acknowledged") to.acknowledged = what.at, to.note = what.note;
    }
    std::vector<model::Receipt> out;
    for (auto& [organisation, each] : all) {
        if (each.read.empty()) each.read = each.acknowledged;       // who acknowledges has it
        if (each.fetched.empty()) each.fetched = each.read;
        out.push_back(std::move(each));
    }
    return out;
}

std::vector<Acknowledgement> forwards_of(const Paper& paper) {
    std::vector<Acknowledgement> out;
    for (const auto& step : paper.steps) {
        Acknowledgement what;
        if (step.action != "forwarded") continue;
        if (const auto body = core::parse_json(step.json, "step"); body && model::from_json(*body, what, "step")) out.push_back(std::move(what));
    }
    return out;
}

template <class T>
Result<T> record_of(const Paper& paper) {
    T out;
    THREATLAS_CHECK(model::from_json(core::json::value(paper.record), out, paper.kind));
    out.id = paper.id, out.version = paper.version, out.handling = paper.handling;
    return out;
}

template <class T>
Result<Paper> paper_of(const T& record) {
    Paper out{std::string(T::kKind), record.id, {}, record.version, record.handling, record.originators, record.recipients, model::to_json(record).as_object(), {}};
    add_to(out.audience, record.originator);
    return out;
}

template <class T>
Result<Held<T>> give(const Desk& desk, const model::Reader& who, T wanted) {
    THREATLAS_CHECK(may_speak(who, std::string("issuing a ") + std::string(T::kKind)));
    THREATLAS_CHECK(complete(desk, who, wanted));
    wanted.id = new_id(T::kLetter, who.organisation), wanted.version = 1, wanted.reason.clear(), wanted.state = T().state;
    wanted.issued = wanted.modified = moment_after(desk, {});
    THREATLAS_TRY(const Paper paper, paper_of(wanted));
    THREATLAS_TRY(const bool fresh, keep(desk, who, paper));
    if (!fresh) return fail(ErrorCode::conflict, "an id was drawn twice: try again");
    (void)spread(desk);   // kept is kept: what is not sent now is sent by the next round
    THREATLAS_TRY(const auto now, papers(desk, who, paper.kind, wanted.id));
    if (now.empty()) return fail(ErrorCode::not_allowed, "it was issued, and is marked above what you may read yourself");
    return held<T>(desk, now.back(), who);
}

template <class T>
Result<std::vector<Held<T>>> listed(const Desk& desk, const model::Reader& reader) {
    THREATLAS_TRY(const auto all, papers(desk, reader, std::string(T::kKind)));
    std::vector<Held<T>> out;
    for (const Paper* each : newest_of(all)) {
        THREATLAS_CHECK(note_once(desk, reader, *each, "fetched"));
        THREATLAS_TRY(auto one, held<T>(desk, *each, reader));
        out.push_back(std::move(one));
    }
    std::stable_partition(out.begin(), out.end(), [](const auto& each) { return !each.expired; });
    return out;
}

template <class T>
Result<Held<T>> opened(const Desk& desk, const model::Reader& reader, const std::string& id, std::uint64_t version) {
    THREATLAS_TRY(const auto all, versions<T>(desk, reader, id));
    const Paper* found = &all.back();
    if (version != 0) {
        const auto at = std::find_if(all.begin(), all.end(), [&](const Paper& each) { return each.version == version; });
        if (at == all.end() || (text_at(all.back().record, "state") == "withdrawn" && received_by(*at, reader.organisation) && &*at != &all.back())) return fail(ErrorCode::not_found, "there is no version " + std::to_string(version) + " of it to read");
        found = &*at;
    }
    THREATLAS_CHECK(note_once(desk, reader, *found, "fetched"));
    THREATLAS_CHECK(note_once(desk, reader, *found, "read"));
    THREATLAS_TRY(const auto now, papers(desk, reader, found->kind, found->id));
    for (const auto& each : now)
        if (each.version == found->version) return held<T>(desk, each, reader);
    return held<T>(desk, *found, reader);
}

template <class T>
Result<Held<T>> acknowledge(const Desk& desk, const model::Reader& who, const std::string& id, const std::string& text) {
    THREATLAS_CHECK(may_speak(who, "acknowledging"));
    THREATLAS_CHECK(fit(text, "note", 2000, false));
    THREATLAS_TRY(const auto all, versions<T>(desk, who, id));
    const Paper& last = all.back();
    if (!received_by(last, who.organisation)) return fail(ErrorCode::conflict, "it is your own: others acknowledge it");
    THREATLAS_CHECK(note_once(desk, who, last, "read"));
    THREATLAS_CHECK(note(desk, who, last, {.of = last.kind, .id = last.id, .version = last.version, .organisation = who.organisation, .state = "acknowledged", .at = {}, .note = text, .to = {}}));
    return opened<T>(desk, who, last.id);
}

namespace {

// Who is bound by what comes next: all who had a version, and whom one was passed on to.
template <class T>
Result<T> next_of(const Desk& desk, const model::Reader& who, const std::string& id, const char* doing, bool withdrawing) {
    THREATLAS_CHECK(may_speak(who, doing));
    THREATLAS_TRY(const auto all, versions<T>(desk, who, id));
    THREATLAS_TRY(T last, record_of<T>(all.back()));
    if (last.originator != who.organisation) return fail(ErrorCode::not_allowed, std::string(doing) + " is for its originator, " + last.originator);
    if (last.state == "withdrawn") return fail(ErrorCode::conflict, last.id + " is withdrawn");
    for (const auto& each : all) {
        THREATLAS_TRY(const T earlier, record_of<T>(each));
        for (const auto& to : earlier.recipients) add_to(last.recipients, to);
        for (const auto& onward : forwards_of(each))
            for (const auto& to : onward.to)
                if (to != last.originator) add_to(last.recipients, to);
    }
    if (withdrawing) return last;   // whoever has it is told that it is wrong
    std::vector<std::string> to;
    for (const auto& each : last.recipients) {
        THREATLAS_TRY(const bool over, taken_back(desk, all.back(), each));
        if (!over) to.push_back(each);
    }
    last.recipients = std::move(to);
    return last;
}

template <class T>
Result<Held<T>> next(const Desk& desk, const model::Reader& who, T wanted, const T& before) {
    wanted.version = before.version + 1, wanted.issued = before.issued, wanted.modified = moment_after(desk, before.modified);
    THREATLAS_TRY(const Paper paper, paper_of(wanted));
    THREATLAS_TRY(const bool fresh, keep(desk, who, paper));
    if (!fresh) return fail(ErrorCode::conflict, "somebody else changed it just now: look at it again");
    (void)spread(desk);
    return opened<T>(desk, who, wanted.id);
}

}  // namespace

template <class T>
Result<Held<T>> correct(const Desk& desk, const model::Reader& who, T wanted, const std::string& reason) {
    THREATLAS_CHECK(fit(reason, "reason", 2000, true));
    THREATLAS_TRY(const T before, next_of<T>(desk, who, wanted.id, "correcting", false));
    std::vector<std::string> to = before.recipients;
    THREATLAS_TRY(const auto all, versions<T>(desk, who, before.id));
    for (const auto& each : wanted.recipients) {
        THREATLAS_TRY(const bool over, taken_back(desk, all.back(), each));
        if (!over) add_to(to, each);
    }
    wanted.id = before.id, wanted.recipients = std::move(to), wanted.state = before.state, wanted.reason = reason, wanted.version = before.version + 1;
    if (wanted.handling.empty()) wanted.handling = before.handling;
    THREATLAS_CHECK(complete(desk, who, wanted, before.recipients));
    // What bound an earlier version binds the corrected one, unless its owners say otherwise.
    store::Marking marking = store::parse_marking(wanted.handling);
    THREATLAS_CHECK(may_mark(desk.store, who.organisation, before.id, marking, store::parse_marking(before.handling), before.originators));
    for (const auto& each : before.originators) add_to(wanted.originators, each);
    return next(desk, who, std::move(wanted), before);
}

template <class T>
Result<Held<T>> end(const Desk& desk, const model::Reader& who, const std::string& id, const std::string& state, const std::string& reason) {
    THREATLAS_CHECK(fit(reason, "reason", 2000, state == "withdrawn"));
    THREATLAS_TRY(T before, next_of<T>(desk, who, id, state == "withdrawn" ? "withdrawing" : "closing", state == "withdrawn"));
    if (before.state == state) return fail(ErrorCode::conflict, before.id + " is " + state + " already");
    T last = before;
    if (state == "withdrawn") empty(last), last.attachments.clear(), last.derived_from.clear();
    last.state = state, last.reason = reason;
    return next(desk, who, std::move(last), before);
}

template <class T>
Result<Held<T>> forward(const Desk& desk, const model::Reader& who, const std::string& id, const std::vector<std::string>& to, const std::string& text) {
    THREATLAS_CHECK(may_speak(who, "passing on"));
    THREATLAS_CHECK(fit(text, "note", 2000, false));
    if (to.empty() || to.size() > kMostForwards) return fail(ErrorCode::bad_input, "name one to 50 organisations it is passed on to");
    THREATLAS_CHECK(known_organisations(desk.catalogue, to));
    THREATLAS_TRY(const auto all, versions<T>(desk, who, id));
    const Paper& last = all.back();
    if (text_at(last.record, "state") == "withdrawn") return fail(ErrorCode::conflict, last.id + " is withdrawn");
    if (expired(desk, last)) return fail(ErrorCode::conflict, last.id + " has expired: its last day was " + text_at(last.record, "valid_until") + "; " + text_at(last.record, "originator") + " may correct it with a later one");
    std::vector<std::string> fresh;
    for (const auto& each : to) {
        if (each == who.organisation || has(last.audience, each)) continue;
        THREATLAS_CHECK(may_pass_on(desk.store, who.organisation, last.marked(), each));
        add_to(fresh, each);
    }
    if (fresh.empty()) return fail(ErrorCode::conflict, "they have it already");
    THREATLAS_CHECK(note(desk, who, last, {.of = last.kind, .id = last.id, .version = last.version, .organisation = who.organisation, .state = "forwarded", .at = {}, .note = text, .to = fresh}));
    THREATLAS_CHECK(pass_on(desk, who, last, fresh));
    return opened<T>(desk, who, last.id);
}

#define THREATLAS_PAPER(T)                                                                                                                                      \
    template Result<T> record_of<T>(const Paper&);                                                                                                             \
    template Result<Paper> paper_of<T>(const T&);                                                                                                              \
    template Result<Held<T>> give<T>(const Desk&, const model::Reader&, T);                                                                                    \
    template Result<std::vector<Held<T>>> listed<T>(const Desk&, const model::Reader&);                                                                        \
    template Result<Held<T>> opened<T>(const Desk&, const model::Reader&, const std::string&, std::uint64_t);                                                  \
    template Result<Held<T>> acknowledge<T>(const Desk&, const model::Reader&, const std::string&, const std::string&);                                        \
    template Result<Held<T>> correct<T>(const Desk&, const model::Reader&, T, const std::string&);                                                             \
    template Result<Held<T>> end<T>(const Desk&, const model::Reader&, const std::string&, const std::string&, const std::string&);                            \
    template Result<Held<T>> forward<T>(const Desk&, const model::Reader&, const std::string&, const std::vector<std::string>&, const std::string&);
THREATLAS_PAPER(model::Bulletin)
THREATLAS_PAPER(model::Request)
THREATLAS_PAPER(model::Answer)
#undef THREATLAS_PAPER

}  // namespace threatlas::work::contact

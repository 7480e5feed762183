// Identifiers are never arguments of a command: those are seen by every user of the machine and kept by the shell. They come
// from the standard input or a file.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "exchange/identifiers/identifier.hpp"
#include "ingest/delimited.hpp"
#include "model/json_codec.hpp"
#include "work/matching/desk.hpp"
#include "work/matching/sessions.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace matching = work::matching;

struct Arguments {
    matching::Settings settings;
    matching::Wanted wanted;
    store::MatchPeer peer;
    std::string file, id, text, basis, token_file, action = "closed";
    std::vector<std::string> peers;
    matching::Terms terms;
    bool rekey = false;
};

struct Open {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<model::Catalogue> catalogue;
    std::unique_ptr<matching::Desk> desk;
};
Result<Open> open(const Session& session, bool to_talk = false) {
    Open out;
    THREATLAS_TRY(out.store, open_store(session));
    if (to_talk) {
        THREATLAS_TRY(auto catalogue, open_catalogue(session));
        out.catalogue = std::make_unique<model::Catalogue>(std::move(catalogue));
    }
    out.desk = std::make_unique<matching::Desk>(*out.store, std::function<std::int64_t()>{}, out.catalogue.get());
    return out;
}
model::Reader reader(const Session& session, const std::string& what) { return reader_of(session, "joint_operation: " + what); }

constexpr std::size_t kLongestFile = std::size_t{64} << 20;

// Rows of a CSV file with the headings kind, value, country, born, case_reference, note, handling; what is not a column is as on
// the command line.
Result<std::vector<matching::Wanted>> rows_of(const std::string& path, const matching::Wanted& otherwise) {
    THREATLAS_TRY(auto bytes, ingest::open_bytes(path));
    if (bytes->total() > kLongestFile) return fail(ErrorCode::bad_input, "a list of identifiers is at most 64 MB", {path, 0, ""});
    THREATLAS_TRY(auto table, ingest::open_delimited(std::move(bytes), path, {}));
    std::vector<std::string*> places;
    matching::Wanted row;
    for (const auto& heading : table->headings()) {
        std::string* place = nullptr;
        const std::string name = core::lower_ascii(core::trim(heading));
        model::for_each_field<matching::Wanted>([&](const auto& f) {
            if (f.name == name || (f.name == "case_reference" && name == "case")) place = &(row.*f.member);
        });
        if (place == nullptr) return fail(ErrorCode::bad_input, "the headings are kind, value, country, born, case_reference, note, handling; here is another", {path, 1, ""});
        places.push_back(place);
    }
    std::vector<matching::Wanted> out;
    std::vector<std::string_view> cells;
    for (;;) {
        row = otherwise;
        THREATLAS_TRY(const bool more, table->next(cells));
        if (!more) return out;
        if (out.size() >= matching::kMostRows) return fail(ErrorCode::bad_input, "at most " + std::to_string(matching::kMostRows) + " rows in a file", {path, 0, ""});
        for (std::size_t i = 0; i < cells.size() && i < places.size(); ++i)
            if (!core::trim(cells[i]).empty()) *places[i] = cells[i];
        out.push_back(row);
    }
}

// One value a line.
Result<std::vector<matching::Wanted>> lines_of(std::istream& in, const matching::Wanted& otherwise) {
    std::vector<matching::Wanted> out;
    std::string line;
    while (std::getline(in, line)) {
        if (line.size() > 4096 || out.size() >= matching::kMostRows) return fail(ErrorCode::bad_input, "the standard input holds more than lists of identifiers do");
        if (core::trim(line).empty()) continue;
        out.push_back(otherwise);
        out.back().value = std::string(core::trim(line));
    }
    if (out.empty()) return fail(ErrorCode::bad_usage, "give the identifiers on the standard input, one a line, or a CSV file with --file");
    return out;
}

Result<std::vector<matching::Wanted>> given(const Arguments& arguments) {
    if (!arguments.file.empty()) return rows_of(arguments.file, arguments.wanted);
    return lines_of(std::cin, arguments.wanted);
}

void tell_rows(const Session& session, const std::vector<matching::Refused>& refused, const std::vector<matching::Remark>& warnings, std::uint64_t first_row) {
    for (const auto& each : refused) session.out << fmt::format("  row {} [{}]: {}\n", each.row + first_row, each.column, each.reason);
    for (const auto& each : warnings) session.out << fmt::format("  row {}: look again: {}\n", each.row + first_row, each.text);
}

Result<void> setup(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_CHECK(open.desk->set_up(reader(session, "matching set up"), arguments.settings));
    THREATLAS_TRY(const std::string key, open.desk->public_key());
    if (!print_json(session, {{"organisation", arguments.settings.organisation}, {"public_key", key}})) session.out << "This node matches for " << arguments.settings.organisation << ". Tell peers its public key, by another way than the network:\n  " << key << '\n';
    return {};
}

Result<void> status(const Session& session, const Arguments&) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto now, open.desk->status(reader(session, "state of matching")));
    if (print_json(session, model::to_json(now))) return {};
    auto& out = session.out;
    out << fmt::format("{}: {} entries on the list, quota {} evaluations a party and day, cap {}\n", now.settings.organisation.empty() ? "no organisation yet; 'threatlas match setup'" : now.settings.organisation, now.entries, now.settings.daily, now.settings.cap);
    for (const auto& each : now.kinds) out << fmt::format("  {:<10} {:>8}\n", each.kind, each.entries);
    if (now.published.empty()) out << "Nothing is published; 'threatlas match publish' does it.\n";
    else out << fmt::format("Published {}: key {}, part {}, {} values, {} bytes; a new key is due {}\n", now.published, now.epoch, now.serial, now.values, now.bytes, now.rekey_due);
    out << "Public key " << now.public_key << '\n';
    for (const auto& each : now.peers) out << fmt::format("  peer {:<10} {:<32} {}\n", each.organisation, each.address, each.fetched.empty() ? "nothing fetched yet" : fmt::format("filter of {}, key {}, {} values", each.fetched, each.epoch, each.values));
    out << fmt::format("{} open alarms, {} open contact requests\n", now.open_alarms, now.open_contacts);
    return {};
}

Result<void> put(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto rows, given(arguments));
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto added, open.desk->add(reader(session, "watch-list"), rows, arguments.file));
    if (!print_json(session, model::to_json(added))) {
        session.out << fmt::format("{} put on the list, {} were on it, {} refused.\n", added.added, added.known, added.refused.size());
        tell_rows(session, added.refused, added.warnings, arguments.file.empty() ? 0 : 1);
    }
    if (added.added == 0 && added.known == 0) return fail(ErrorCode::bad_input, "no row was an identifier", {arguments.file, 0, ""});
    return {};
}

Result<void> show(const Session& session, const Arguments&) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto all, open.desk->entries(reader(session, "watch-list")));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{:<18}  {:<8}  {:<2}  {:<36}  {:<10}  {:<16}  {}\n", each.id, each.kind, each.country, each.value + (each.born.empty() ? "" : " " + each.born), each.handling, each.case_reference, each.published ? "published" : "not published yet");
    if (all.empty()) session.out << "The list is empty; 'threatlas match list add --help' says how it is filled.\n";
    return {};
}

Result<void> remove(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_CHECK(open.desk->remove(reader(session, "watch-list"), arguments.id, arguments.text));
    if (!print_json(session, {{"removed", arguments.id}})) session.out << arguments.id << " is off the list; it leaves the filter with the next publication.\n";
    return {};
}

Result<void> publish(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto done, open.desk->publish(reader(session, "filter"), arguments.rekey));
    if (print_json(session, model::to_json(done))) return {};
    if (!done.changed) session.out << "Nothing came or went: key " << done.epoch << ", part " << done.serial << " stands.\n";
    else session.out << fmt::format("Published: key {}, part {}{}: {} added, {} removed, {} values in all, {} bytes.\n", done.epoch, done.serial, done.base ? " (whole)" : "", done.added, done.removed, done.values, done.bytes);
    return {};
}

Result<void> add_peer(const Session& session, const Arguments& arguments) {
    store::MatchPeer peer = arguments.peer;
    if (!arguments.token_file.empty()) {
        THREATLAS_TRY(const std::string text, core::read_file(arguments.token_file));
        peer.token = std::string(core::trim(text));
    }
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_CHECK(open.desk->set_peer(reader(session, "peer"), peer));
    if (!print_json(session, {{"peer", peer.organisation}})) session.out << peer.organisation << " is a peer at " << peer.address << ".\n";
    return {};
}

Result<void> drop_peer(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_CHECK(open.desk->drop_peer(reader(session, "peer"), arguments.id));
    if (!print_json(session, {{"removed", arguments.id}})) session.out << arguments.id << " is no peer any more; its filter is deleted.\n";
    return {};
}

Result<void> fetch(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    const model::Reader who = reader(session, "filters of peers");
    THREATLAS_CHECK(open.desk->fetch(who, arguments.id));
    THREATLAS_TRY(const auto now, open.desk->status(who));
    for (const auto& each : now.peers)
        if (each.organisation == arguments.id && !print_json(session, model::to_json(each))) session.out << fmt::format("{}: filter of {}, key {}, {} values; its signatures and its key hold.\n", each.organisation, each.fetched, each.epoch, each.values);
    return {};
}

Result<void> query(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto rows, given(arguments));
    matching::Question question;
    for (const auto& each : rows) question.identifiers.push_back({each.kind, each.value, each.country, each.born});
    question.peers = arguments.peers, question.case_reference = arguments.wanted.case_reference, question.legal_basis = arguments.basis;
    THREATLAS_TRY(const Open open, app::open(session, true));
    THREATLAS_TRY(const auto outcome, open.desk->ask(reader(session, "matching"), question));
    if (!print_json(session, model::to_json(outcome))) {
        const std::uint64_t first = arguments.file.empty() ? 0 : 1;
        tell_rows(session, outcome.refused, outcome.warnings, first);
        for (const auto& each : outcome.peers) {
            if (each.state != "answered") {
                session.out << fmt::format("{:<12} failed: {}\n", each.peer, each.problem);
                continue;
            }
            std::string hits;
            for (const auto row : each.hits) hits += (hits.empty() ? "" : ", ") + std::to_string(row + first);
            session.out << fmt::format("{:<12} {}  ({}, {} evaluations, {} left today)\n", each.peer, hits.empty() ? "no hit" : "HIT: row " + hits, each.query, each.evaluations, each.left);
            if (!each.contact_request.empty()) session.out << fmt::format("{:<12} contact request {} is {}: talk to its contact point\n", "", each.contact_request, each.contact_state);
        }
    }
    // Who asks by a script sees at once that somebody did not answer.
    for (const auto& each : outcome.peers)
        if (each.state != "answered") return fail(each.problem.find("quota") != std::string::npos || each.problem.find("needs") != std::string::npos ? ErrorCode::not_allowed : each.problem.find("does not") != std::string::npos ? ErrorCode::mismatch : ErrorCode::unavailable, each.peer + ": " + each.problem);
    if (outcome.peers.empty()) return fail(ErrorCode::bad_input, "no row was an identifier: nothing was asked");
    return {};
}

Result<void> log(const Session& session, const Arguments&) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto all, open.desk->log(reader(session, "log of matching")));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{}  {:<6}  {:<10}  {:<8}  {:>5}  {}  case {}  basis {}  {}\n", each.at, each.side, each.party, each.state, each.evaluations, each.side == "asked" ? fmt::format("{} hits", each.hits) : "", each.case_reference, each.legal_basis, each.id);
    if (all.empty()) session.out << "Nothing was asked or served.\n";
    return {};
}

Result<void> quota(const Session& session, const Arguments&) {
    THREATLAS_TRY(const Open open, app::open(session));
    THREATLAS_TRY(const auto all, open.desk->quotas(reader(session, "quotas")));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{}  {:<6}  {:<10}  {:>6} of {} evaluations, {} queries, {} refused\n", each.day, each.side, each.party, each.evaluations, each.most, each.queries, each.refused);
    if (all.empty()) session.out << "Nothing was asked or served in 30 days.\n";
    return {};
}

Result<void> alarms(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    const model::Reader who = reader(session, "alarms of matching");
    if (!arguments.id.empty()) THREATLAS_CHECK(open.desk->step_alarm(who, arguments.id, arguments.action, arguments.text));
    THREATLAS_TRY(const auto all, open.desk->alarms(who));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{}  {}  {:<7}  {:<12}  {:<6}  {:<10}  {}\n", each.id, each.at, each.state, each.rule, each.side, each.party, each.text);
    if (all.empty()) session.out << "No alarms.\n";
    return {};
}

Result<void> contacts(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const Open open, app::open(session));
    const model::Reader who = reader(session, "contact requests");
    if (!arguments.id.empty()) THREATLAS_CHECK(open.desk->close_contact(who, arguments.id, arguments.text));
    THREATLAS_CHECK(open.desk->outstanding(who));
    THREATLAS_TRY(const auto all, open.desk->contacts(who));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{}  {}  {:<8}  {} asked {}: {} hits, case {}, basis {}, query {}\n", each.at, each.id, each.state, each.asker, each.holder, each.hits, each.case_reference, each.legal_basis, each.query);
    if (all.empty()) session.out << "No contact requests.\n";
    return {};
}

// Who holds the folder plays the director there, as he plays the auditor elsewhere: the log says who it was.
model::Reader director(const Session& session) {
    model::Reader out = reader(session, "session of matching");
    out.role = model::Role::director;
    return out;
}

void tell(const Session& session, const matching::Session& each) {
    session.out << fmt::format("{}  {:<8}  {} of {} for {} with {}, until {}, case {}{}{}\n", each.terms.id, each.state, each.terms.kind, core::join(each.terms.kinds, ","), each.terms.asker, each.terms.holder, each.terms.until, each.terms.case_reference,
                               each.common >= 0 ? fmt::format(": {} in common with {}", each.common, each.peer_items) : "", each.note.empty() ? "" : ": " + each.note);
    for (const auto& entry : each.entries) session.out << "  " << entry << '\n';
}

template <class Act>
Result<void> with_session(const Session& session, const Act& act) {
    THREATLAS_TRY(const Open open, app::open(session));
    matching::Sessions sessions(*open.store, *open.desk);
    THREATLAS_TRY(const matching::Session now, act(sessions));
    if (!print_json(session, model::to_json(now))) tell(session, now);
    return {};
}

Result<void> propose(const Session& session, const Arguments& arguments) {
    return with_session(session, [&](auto& sessions) { return sessions.propose(director(session), arguments.terms); });
}
Result<void> agree(const Session& session, const Arguments& arguments) {
    return with_session(session, [&](auto& sessions) { return sessions.agree(director(session), arguments.id); });
}
Result<void> refuse(const Session& session, const Arguments& arguments) {
    return with_session(session, [&](auto& sessions) { return sessions.refuse(director(session), arguments.id, arguments.text); });
}
Result<void> compare(const Session& session, const Arguments& arguments) {
    return with_session(session, [&](auto& sessions) { return sessions.run(reader(session, "session of matching"), arguments.id); });
}
Result<void> sessions(const Session& session, const Arguments&) {
    THREATLAS_TRY(const Open open, app::open(session));
    matching::Sessions all_of(*open.store, *open.desk);
    THREATLAS_TRY(const auto all, all_of.list(reader(session, "sessions of matching")));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) tell(session, each);
    if (all.empty()) session.out << "No sessions.\n";
    return {};
}

}  // namespace

void add_match(CLI::App& app, Session& session) {
    auto* match = app.add_subcommand("match", "whether another member knows a phone, plate, account ... , without either showing its list");
    match->require_subcommand(1);
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&session, arguments](CLI::App* where, const char* name, const char* what, const char* example, auto action) {
        auto* each = where->add_subcommand(name, what);
        add_data_option(*each, session);
        add_key_option(*each, session);
        each->footer(std::string("Example:\n  ") + example);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        return each;
    };
    const auto group = [&](const char* name, const char* what) {
        auto* each = match->add_subcommand(name, what);
        each->require_subcommand(1);
        return each;
    };
    const auto identifiers = [&](CLI::App* each) {
        each->add_option("--kind", arguments->wanted.kind, "phone, plate, vin, iban, passport, imei, wallet, company or person; unless the file has a column");
        each->add_option("--country", arguments->wanted.country, "ISO 3166 alpha-2: of national phone numbers, plates, passports, companies");
        each->add_option("--born", arguments->wanted.born, "birth date of a person (YYYY-MM-DD)");
        each->add_option("--file", arguments->file, "CSV with the headings kind, value, country, born, case_reference, note, handling; else the standard input, one a line");
        each->add_option("--case", arguments->wanted.case_reference, "reference of the case; goes into the log");
    };

    auto* setting = command(match, "setup", "whose node this is, the quota of a day, the cap of the list", "threatlas match setup --organisation rs_mup --daily 10000 --data var/mine", setup);
    setting->add_option("--organisation", arguments->settings.organisation, "member id")->required();
    setting->add_option("--daily", arguments->settings.daily, "evaluations a party may ask for in a day")->capture_default_str();
    setting->add_option("--cap", arguments->settings.cap, "most spellings under one key; signed into the filter")->capture_default_str();
    setting->add_option("--rekey-days", arguments->settings.rekey_days, "days until a new key")->capture_default_str();
    command(match, "status", "the own list in counts, its filter, peers, what is open", "threatlas match status --data var/mine", status);

    auto* list = group("list", "the own watch-list: add, import, show, remove, status");
    auto* adding = command(list, "add", "put identifiers on the list, from the standard input", "echo '064 123 4567' | threatlas match list add --kind phone --country RS --case 'KT 12/26' --data var/mine", put);
    identifiers(adding);
    auto* importing = command(list, "import", "put the rows of a CSV file on the list", "threatlas match list import watch.csv --data var/mine", put);
    importing->add_option("file", arguments->file, "CSV with the headings kind, value, country, born, case_reference, note, handling")->required();
    for (auto* each : {adding, importing}) {
        each->add_option("--note", arguments->wanted.note, "note; kept encrypted");
        each->add_option("--handling", arguments->wanted.handling, "TLP word and codes")->capture_default_str();
    }
    importing->add_option("--case", arguments->wanted.case_reference, "case of rows that name none");
    command(list, "show", "the list, as far as you may see it", "threatlas match list show --data var/mine", show);
    auto* removing = command(list, "remove", "take an entry off", "threatlas match list remove W-0123456789abcdef --reason 'case closed' --data var/mine", remove);
    removing->add_option("id", arguments->id, "its id")->required();
    removing->add_option("--reason", arguments->text, "why; goes into the log")->required();
    command(list, "status", "as 'threatlas match status'", "threatlas match list status --data var/mine", status);

    command(match, "publish", "publish what came and went since as a signed filter", "threatlas match publish --data var/mine", publish)->add_flag("--rekey", arguments->rekey, "begin a new key: everything is evaluated anew, the old key overwritten");

    auto* peer = group("peer", "other members' nodes: add, remove");
    auto* naming = command(peer, "add", "a peer, its node's address and public key, and the token it gave us", "threatlas match peer add me_up --address https://node.example --public-key 0123... --token-file token.txt --data var/mine", add_peer);
    naming->add_option("organisation", arguments->peer.organisation, "member id")->required();
    naming->add_option("--address", arguments->peer.address, "https://...; http:// on loopback alone")->required();
    naming->add_option("--public-key", arguments->peer.public_key, "as its 'threatlas match status' prints it, told by another way than the network")->required();
    naming->add_option("--token-file", arguments->token_file, "file with the token (scope match, role contact_point) that the peer made for us");
    naming->add_option("--authorities", arguments->peer.authorities, "who signs its certificate (PEM); default: the system's");
    naming->add_option("--certificate", arguments->peer.certificate, "our client certificate (PEM)");
    naming->add_option("--certificate-key", arguments->peer.key, "its key (PEM)");
    command(peer, "remove", "forget a peer and its filter", "threatlas match peer remove me_up --data var/mine", drop_peer)->add_option("organisation", arguments->id, "member id")->required();
    command(match, "fetch", "fetch a peer's filter and check its signatures; a query does it by itself", "threatlas match fetch me_up --data var/mine", fetch)->add_option("organisation", arguments->id, "member id")->required();

    auto* asking = command(match, "query", "ask peers whether they know identifiers: hit or no hit", "echo 'BG 123-AB' | threatlas match query --kind plate --country RS --case 'KT 12/26' --basis 'ZKP 286' --peer me_up --data var/mine", query);
    identifiers(asking);
    add_catalogue_option(*asking, session);
    asking->add_option("--basis", arguments->basis, "provision that allows the query; goes into both logs");
    asking->add_option("--peer", arguments->peers, "organisation; may be repeated; none: all peers");
    command(match, "log", "what was asked and served, without the identifiers", "threatlas match log --data var/mine", log);
    command(match, "quota", "evaluations by party and day", "threatlas match quota --data var/mine", quota);
    auto* alarming = command(match, "alarms", "what looks like trying out a list", "threatlas match alarms --step A-0123456789abcdef --text 'agreed beforehand, see KT 12/26' --data var/mine", alarms);
    alarming->add_option("--step", arguments->id, "say something of this alarm");
    alarming->add_option("--action", arguments->action, "seen or closed")->capture_default_str();
    alarming->add_option("--text", arguments->text, "what was found");
    auto* meeting = command(match, "contacts", "contact requests that hits have opened; those that wait are sent again", "threatlas match contacts --close C-rs_mup-0123456789abcdef --text 'spoken to' --data var/mine", contacts);
    meeting->add_option("--close", arguments->id, "close this one");
    meeting->add_option("--text", arguments->text, "how it ended");
    auto* bulk = group("session", "compare whole lists with a peer for a joint operation: propose, agree, refuse, run, list");
    auto* proposing = command(bulk, "propose", "as the asker's director", "threatlas match session propose me_up --kinds phone plate --own-cap 5000 --peer-cap 5000 --case 'JO Adria' --basis 'ZKP 286' --until 2027-01-31 --data var/mine", propose);
    proposing->add_option("holder", arguments->terms.holder, "the peer")->required();
    proposing->add_option("--kind", arguments->terms.kind, "intersection: which entries both have; cardinality: how many")->capture_default_str()->check(CLI::IsMember({"intersection", "cardinality"}));
    proposing->add_option("--kinds", arguments->terms.kinds, "kinds of identifiers")->required();
    proposing->add_option("--own-cap", arguments->terms.asker_cap, "most spellings of ours")->required();
    proposing->add_option("--peer-cap", arguments->terms.holder_cap, "most spellings of the peer's")->required();
    proposing->add_option("--case", arguments->terms.case_reference, "joint operation or case")->required();
    proposing->add_option("--basis", arguments->terms.legal_basis, "provision that allows it")->required();
    proposing->add_option("--until", arguments->terms.until, "last day it may run (YYYY-MM-DD)")->required();
    command(bulk, "agree", "as the holder's director", "threatlas match session agree S-rs_mup-0123456789abcdef --data var/mine", agree)->add_option("id", arguments->id, "its id")->required();
    auto* refusing = command(bulk, "refuse", "as a director, while it is not done", "threatlas match session refuse S-rs_mup-0123456789abcdef --text 'no basis here' --data var/mine", refuse);
    refusing->add_option("id", arguments->id, "its id")->required();
    refusing->add_option("--text", arguments->text, "why")->required();
    command(bulk, "run", "as the asker, once both have agreed; the holder's server runs", "threatlas match session run S-rs_mup-0123456789abcdef --data var/mine", compare)->add_option("id", arguments->id, "its id")->required();
    command(bulk, "list", "all sessions", "threatlas match session list --data var/mine", sessions);
    match->footer("Examples:\n  threatlas match list import watch.csv\n  threatlas match publish\n  echo '+381641234567' | threatlas match query --kind phone --case 'KT 12/26' --basis 'ZKP 286'");
}

}  // namespace threatlas::app

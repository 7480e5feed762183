#include "work/nodes/node.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::app {
namespace {

using core::Result;

struct Arguments {
    std::string organisation, address, card, hash, reason;
    std::vector<std::string> contacts;
    work::PeerWish wish;
    bool watch = false, retry = false;
    unsigned every = 30;
};

model::Reader keeper(const Session& session, const std::string& what) { return reader_of(session, "administration: " + what); }

Result<void> init(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    std::vector<exchange::nodes::CardContact> contacts;
    for (const auto& each : a.contacts) {
        auto parts = core::split(each, ';');
        parts.resize(4);
        contacts.push_back({std::string(core::trim(parts[0])), std::string(core::trim(parts[1])), std::string(core::trim(parts[2])), std::string(core::trim(parts[3]))});
    }
    THREATLAS_TRY(const auto card, work::init_node(*store, keeper(session, "node"), catalogue, a.organisation, a.address, std::move(contacts), today()));
    THREATLAS_TRY(auto* peers, store::peers_of(*store));
    if (print_json(session, model::to_json(card))) return {};
    session.out << "This is the node of " << card.organisation << ".\nFingerprint of its key: " << exchange::nodes::fingerprint(card.public_key) << "\nIts key is in " << peers->key_path() << ": keep it, and keep it apart from backups.\nGive the others its card: threatlas node show > card.json\n";
    return {};
}

Result<void> show(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto card, work::own_card(*store));
    session.out << core::write_json(model::to_json(card), 2) << '\n';
    return {};
}

Result<void> add(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const std::string text, core::read_file(a.card));
    THREATLAS_TRY(const auto card, exchange::nodes::read_card(text, a.card));
    THREATLAS_TRY(const auto made, work::add_peer(*store, keeper(session, "peer " + card.organisation), catalogue, card, a.wish));
    if (print_json(session, {{"organisation", made.organisation}, {"fingerprint", made.fingerprint}, {"token", made.token}, {"is_new", made.is_new}})) return {};
    session.out << made.organisation << (made.is_new ? " is known now.\n" : " was known; what you gave is noted.\n") << "Fingerprint of its key, to be compared by telephone: " << made.fingerprint << '\n';
    if (!made.token.empty()) session.out << "Token with which it comes in here, shown this once:\n  " << made.token << '\n';
    return {};
}

Result<void> remove(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_CHECK(work::remove_peer(*store, keeper(session, "peer " + a.organisation), a.organisation));
    if (!print_json(session, {{"removed", a.organisation}})) session.out << "No more contact with " << a.organisation << ".\n";
    return {};
}

Result<void> list(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto all, work::peer_lines(*store));
    if (print_json(session, model::to_json(all))) return {};
    if (all.empty()) session.out << "No peers; 'threatlas node add CARD.json' makes one known.\n";
    for (const auto& p : all) {
        session.out << fmt::format("{:<12}  {:<13}  {}\n              last answer {}, read to its end {}; {} taken in, {} set aside{}; {} posted{}\n", p.organisation, p.state, p.address, p.contact.empty() ? "never" : p.contact, p.whole.empty() ? "never" : p.whole, p.received, p.aside,
                                   p.missing > 0 ? fmt::format(", {} missing", p.missing) : "", p.posted, p.waiting > 0 ? fmt::format(", {} not yet in the feed", p.waiting) : "");
        if (!p.error.empty()) session.out << fmt::format("              {} in a row failed, again after {}: {}\n", p.failures, p.next, p.error);
    }
    return {};
}

Result<bool> round(const Session& session, store::Store& store, const model::Catalogue& catalogue, const Arguments& a) {
    work::SyncOptions options;
    options.only = a.organisation, options.now = !a.watch, options.retry_aside = a.retry, options.first_pause = a.every;
    const auto receivers = work::receivers(store, catalogue);
    THREATLAS_TRY(const auto done, work::sync_peers(store, catalogue, receivers, options));
    if (print_json(session, model::to_json(done))) return true;
    if (done.empty()) session.out << "No peers; 'threatlas node add CARD.json' makes one known.\n";
    for (const auto& each : done) {
        if (each.skipped) continue;
        session.out << fmt::format("{:<12}  {} taken in, {} had come before, {} set aside{}\n", each.organisation, each.handed, each.known, each.aside, each.error.empty() ? each.whole ? "" : "; there is more" : "; " + each.error);
    }
    session.out << std::flush;
    return std::all_of(done.begin(), done.end(), [](const auto& each) { return each.error.empty(); });
}

Result<void> sync(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    for (;;) {
        THREATLAS_TRY(const bool well, round(session, *store, catalogue, a));
        if (!a.watch) return well ? Result<void>{} : core::fail(core::ErrorCode::unavailable, "not every peer could be read; 'threatlas node list' says where each stands");
        std::this_thread::sleep_for(std::chrono::seconds(a.every));
    }
}

Result<void> aside(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* peers, store::peers_of(*store));
    if (!a.hash.empty()) {
        THREATLAS_CHECK(peers->drop_aside(keeper(session, "set aside"), a.organisation, a.hash, a.reason));
        if (!print_json(session, {{"dropped", a.hash}})) session.out << "Dropped; it is not tried again.\n";
        return {};
    }
    THREATLAS_TRY(const auto all, peers->aside(a.organisation, 1000, session.json));
    if (print_json(session, model::to_json(all))) return {};
    if (all.empty()) session.out << "Nothing is set aside.\n";
    for (const auto& each : all) session.out << fmt::format("{}  {:<12}  {}  {} {}: {}\n", each.hash, each.peer, each.at, each.kind.empty() ? "object" : each.kind, each.code, each.reason);
    return {};
}

}  // namespace

void add_node(CLI::App& app, Session& session) {
    auto* node = app.add_subcommand("node", "this member's node and the others': card, peers, feeds");
    node->require_subcommand(1);
    add_data_option(*node, session);
    add_catalogue_option(*node, session);
    add_key_option(*node, session);
    const auto a = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action) {
        auto* each = node->add_subcommand(name, what);
        each->callback([&session, a, action] { session.action = [&session, a, action] { return action(session, *a); }; });
        return each;
    };
    auto* first = command("init", "name this node's organisation; makes its key; again: another address", init);
    first->add_option("--organisation", a->organisation, "member id")->required();
    first->add_option("--address", a->address, "where the others reach it: https://node.example (http on loopback alone)");
    first->add_option("--contact", a->contacts, "desk of the card: 'title; e-mail; telephone; hours'; may be repeated");
    command("show", "the card of this node, to be given to the others", show);
    auto* adding = command("add", "make a peer known by its card, or take what it gave since", add);
    adding->add_option("card", a->card, "its card (JSON)")->required();
    adding->add_option("--token", a->wish.access.token, "token with which it lets us in");
    adding->add_option("--certificate", a->wish.access.certificate, "instead: our client certificate (PEM)");
    adding->add_option("--key", a->wish.access.key, "its private key (PEM)");
    adding->add_option("--authorities", a->wish.access.authorities, "who signs the peer's certificate (PEM); default the system's");
    adding->add_option("--client-certificate", a->wish.certificate, "SHA-256 of the certificate by which the peer comes in here, instead of a token");
    adding->add_flag("--new-token", a->wish.new_token, "another token; the former ends");
    adding->add_flag("--new-key", a->wish.new_key, "its key has changed, and the fingerprint was compared");
    command("list", "peers, and where the exchange with each stands", list);
    auto* syncing = command("sync", "fetch what the peers have posted for us; the server does so by itself", sync);
    syncing->add_option("peer", a->organisation, "one peer; left out: all");
    syncing->add_flag("--watch", a->watch, "go on until it is ended");
    syncing->add_option("--every", a->every, "seconds between two rounds")->capture_default_str()->check(CLI::Range(1U, 86400U));
    syncing->add_flag("--retry", a->retry, "also what was set aside before, whatever the reason");
    auto* put_aside = command("aside", "what came and could not be taken in; with --drop: one is not tried again", aside);
    put_aside->add_option("peer", a->organisation, "one peer; left out: all");
    auto* drop = put_aside->add_option("--drop", a->hash, "its hash");
    put_aside->add_option("--reason", a->reason, "why it is dropped")->needs(drop);
    command("remove", "end contact with a peer; what was exchanged stays", remove)->add_option("peer", a->organisation, "its member id")->required();
    node->footer("Examples:\n  threatlas node init --organisation rs_mup --address https://node.mup.example\n  threatlas node show > rs_mup.json\n  threatlas node add bg_mvr.json --token tla_...\n  threatlas node sync\n  threatlas node list");
}

}  // namespace threatlas::app

#include "work/nodes/node.hpp"

#include <sys/stat.h>

#include <chrono>
#include <ctime>
#include <filesystem>

#include "core/json.hpp"
#include "core/text.hpp"
#include "exchange/stix/ids.hpp"
#include "model/json_codec.hpp"
#include "store/accounts/accounts.hpp"
#include "store/file_io.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;
using exchange::nodes::Card;
using exchange::nodes::NodeKey;

namespace {

Result<Card> card_of(const std::string& text) { return exchange::nodes::read_card(text, "card"); }

Result<NodeKey> key_in(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return fail(ErrorCode::not_found, "the key of this node is not there: put it back from its copy, or name it with $THREATLAS_NODE_KEY", {path, 0, ""});
    if ((info.st_mode & (S_IRWXO | S_IRWXG)) != 0) return fail(ErrorCode::not_allowed, "the key of this node may be read by others: chmod 600 " + path, {path, 0, ""});
    THREATLAS_TRY(const std::string text, core::read_file(path));
    return NodeKey::of_seed(text);
}

Result<void> may_administer(const model::Reader& who) {
    if (who.organisation == store::kRegional || who.role == model::Role::administrator) return {};
    return fail(ErrorCode::not_allowed, "nodes are an administrator's");
}

std::int64_t now() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// Their account: it reads its feed, by the right of the collection, and asks in private matching; no other route is open to its scopes.
Result<std::pair<store::Machine, std::string>> let_in(store::Accounts& accounts, const model::Reader& who, const std::string& organisation, const std::string& certificate) {
    store::Machine machine{.name = "node of " + organisation, .standing = {organisation, model::Role::contact_point, "TLP:RED H3"}, .scopes = {"taxii", "match"}, .made_by = who.person, .made = now(), .expires = 0};
    std::string secret = "tla_" + store::random_text(32);
    if (!certificate.empty()) {
        secret = core::lower_ascii(certificate);
        std::erase(secret, ':');
        if (secret.size() != 64 || secret.find_first_not_of("0123456789abcdef") != std::string::npos) return fail(ErrorCode::bad_input, "the fingerprint is the certificate's SHA-256, as 'openssl x509 -fingerprint -sha256' prints it");
        machine.kind = "certificate";
    }
    THREATLAS_TRY(store::Machine made, accounts.add_machine(who, std::move(machine), secret));
    return std::pair{std::move(made), certificate.empty() ? secret : std::string()};
}

store::Collection feed_for(const std::string& own, const std::string& peer, const std::string& account) {
    return {.root = std::string(kFeedRoot), .id = feed_id(own, peer), .alias = peer, .title = "From " + own + " to " + peer, .description = "What the node of " + own + " sends to " + peer + ", signed and numbered",
            .grants = {{account, true, false}, {"node", true, true}}, .handling = "TLP:RED", .audience = {peer}};
}

}  // namespace

std::string feed_id(std::string_view own, std::string_view peer) { return exchange::stix::uuid_of("feed/" + std::string(own) + "/" + std::string(peer)); }

model::Reader node_reader(const std::string& own, const std::string& purpose) { return {"node", own, model::Role::administrator, "TLP:RED H3", purpose}; }

std::string moment(std::int64_t seconds) {
    if (seconds <= 0) return {};
    const std::time_t at = seconds;
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[32];
    return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

Result<Card> init_node(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& organisation, const std::string& address, std::vector<exchange::nodes::CardContact> contacts, core::Day today) {
    THREATLAS_CHECK(may_administer(who));
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto before, peers->own());
    Card card{.organisation = organisation, .name = {}, .address = address, .public_key = {}, .contacts = std::move(contacts), .made = core::iso(today), .signature = {}};
    const auto* member = catalogue.member(organisation);
    if (member == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + organisation + "'; 'threatlas catalogue list members' lists them");
    card.name = member->name;
    if (before) {
        if (before->organisation != organisation) return fail(ErrorCode::conflict, "this is the node of '" + before->organisation + "': an organisation does not change");
        THREATLAS_TRY(const Card old, card_of(before->card));
        if (address.empty()) card.address = old.address;
        if (card.contacts.empty()) card.contacts = old.contacts;
    }
    const std::string path = peers->key_path();
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        if (before) return fail(ErrorCode::not_found, "the key of this node is not there: put it back from its copy", {path, 0, ""});
        THREATLAS_TRY(const NodeKey fresh, NodeKey::fresh());
        THREATLAS_CHECK(store::write_secret(path, fresh.seed() + "\n"));
    }
    THREATLAS_TRY(const NodeKey key, key_in(path));
    if (before && before->public_key != key.open()) return fail(ErrorCode::mismatch, "the key file is not this node's: put back the one it was made with", {path, 0, ""});
    card = exchange::nodes::signed_card(std::move(card), key);
    const std::string text = core::write_json(model::to_json(card));
    THREATLAS_CHECK(exchange::nodes::read_card(text, "card"));
    THREATLAS_CHECK(peers->put_own(who, {organisation, card.address, card.public_key, text}));
    return card;
}

Result<Card> own_card(store::Store& store) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto own, peers->own());
    if (!own) return fail(ErrorCode::not_found, "this store is no node yet: 'threatlas node init --organisation rs_mup'");
    return card_of(own->card);
}

Result<NodeKey> node_key(store::Store& store) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const Card card, own_card(store));
    THREATLAS_TRY(NodeKey key, key_in(peers->key_path()));
    if (key.open() != card.public_key) return fail(ErrorCode::mismatch, "the key file is not this node's: put back the one it was made with", {peers->key_path(), 0, ""});
    return key;
}

Result<AddedPeer> add_peer(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const Card& card, const PeerWish& wish) {
    THREATLAS_CHECK(may_administer(who));
    THREATLAS_TRY(const Card own, own_card(store));
    if (card.organisation == own.organisation) return fail(ErrorCode::bad_input, "this is the card of this node itself: give it to the others");
    if (catalogue.member(card.organisation) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + card.organisation + "'");
    if (card.address.empty()) return fail(ErrorCode::bad_input, "the card says no address: they make it again with 'threatlas node init --address https://...'");
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(auto* accounts, store.accounts());
    THREATLAS_TRY(const auto before, peers->find(card.organisation));
    AddedPeer out{card.organisation, exchange::nodes::fingerprint(card.public_key), {}, !before, before && before->public_key != card.public_key};
    if (out.new_key && !wish.new_key) return fail(ErrorCode::conflict, "'" + card.organisation + "' has another key now (" + out.fingerprint + "): compare it by telephone, then say --new-key");

    store::StoredPeer peer{card.organisation, card.address, card.public_key, core::write_json(model::to_json(card)), before ? before->access : "{}", before ? before->machine : "", "", false};
    const PeerAccess& access = wish.access;
    if (!(access.token + access.certificate + access.key + access.authorities).empty()) {
        PeerAccess kept;
        THREATLAS_TRY(const auto old, core::parse_json(peer.access, "access"));
        THREATLAS_CHECK(model::from_json(old, kept, "access"));
        if (!access.token.empty()) kept.token = access.token;
        if (!access.certificate.empty()) kept.certificate = access.certificate, kept.key = access.key;
        if (!access.authorities.empty()) kept.authorities = access.authorities;
        peer.access = core::write_json(model::to_json(kept));
    }
    const bool another = peer.machine.empty() || before->removed || wish.new_token || !wish.certificate.empty();
    const std::string former = another ? peer.machine : std::string();
    if (another) {
        THREATLAS_TRY(const auto made, let_in(*accounts, who, card.organisation, wish.certificate));
        peer.machine = made.first.id, out.token = made.second;
    }
    auto& collections = store.collections();
    THREATLAS_CHECK(collections.put(node_reader(own.organisation), store::ApiRoot{.path = std::string(kFeedRoot), .title = "Feeds of " + own.organisation, .description = "One collection for each peer", .max_content_length = std::int64_t{10} << 20}));
    THREATLAS_CHECK(collections.put(node_reader(own.organisation), feed_for(own.organisation, card.organisation, peer.machine)));
    THREATLAS_CHECK(peers->put(who, peer, !before ? "added" : out.new_key ? "has a new key," : before->removed ? "added again" : "changed"));
    if (!former.empty()) static_cast<void>(accounts->revoke_machine(who, former));   // it may have ended already
    // A new address or token is tried at once.
    THREATLAS_TRY(auto state, peers->state(card.organisation));
    if (state.next != 0) {
        state.next = 0;
        THREATLAS_CHECK(peers->put_state(state));
    }
    return out;
}

Result<void> remove_peer(store::Store& store, const model::Reader& who, const std::string& organisation) {
    THREATLAS_CHECK(may_administer(who));
    THREATLAS_TRY(const Card own, own_card(store));
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(auto* accounts, store.accounts());
    THREATLAS_TRY(auto peer, peers->find(organisation));
    if (!peer || peer->removed) return fail(ErrorCode::not_found, "there is no peer '" + organisation + "'; 'threatlas node list' lists them");
    static_cast<void>(accounts->revoke_machine(who, peer->machine));
    store::Collection feed = feed_for(own.organisation, organisation, peer->machine);
    feed.grants = {{"node", true, true}};
    THREATLAS_CHECK(store.collections().put(node_reader(own.organisation), feed));
    peer->removed = true, peer->access = "{}";
    return peers->put(who, *peer, "removed");
}

Result<std::vector<PeerLine>> peer_lines(store::Store& store) {
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto all, peers->all());
    std::vector<PeerLine> out;
    for (const auto& each : all) {
        THREATLAS_TRY(const auto state, peers->state(each.organisation));
        THREATLAS_TRY(const auto counts, peers->counts(each.organisation));
        THREATLAS_TRY(const Card card, card_of(each.card));
        PeerLine line{.organisation = each.organisation, .name = card.name, .address = each.address, .fingerprint = exchange::nodes::fingerprint(each.public_key), .state = {}, .contact = moment(state.contact), .whole = moment(state.whole), .next = moment(state.next), .error = state.error,
                      .failures = state.failures, .received = counts.done, .aside = counts.aside, .missing = counts.missing, .posted = counts.posted, .waiting = counts.waiting};
        line.state = each.removed ? "removed" : state.failures > 0 ? "failing" : state.contact == 0 ? "never reached" : state.whole < state.contact || counts.missing > 0 ? "behind" : "in step";
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace threatlas::work

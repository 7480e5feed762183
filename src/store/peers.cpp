#include "store/peers.hpp"

#include <cstdlib>
#include <filesystem>

#include "store/audit_chain.hpp"
#include "store/engine.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kPeer = "SELECT organisation, address, public_key, card, access, machine, made, removed FROM peers";

Result<StoredPeer> peer_of(const Statement& row, const FieldKey& key) {
    StoredPeer out{row.text(0), row.text(1), row.text(2), row.text(3), "", row.text(5), row.text(6), row.integer(7) != 0};
    THREATLAS_TRY(out.access, key.open("peers.access " + out.organisation, row.text(4)));
    return out;
}

// One change with its entry in the log.
Result<void> audited(Engine& engine, const model::Reader& who, const std::string& action, const std::string& object, const std::function<Result<void>(Database&)>& change) {
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_CHECK(change(engine.database));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, who, action, object));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(engine, entry);
}

}  // namespace

Result<std::optional<OwnNode>> Peers::own() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT organisation, address, public_key, card FROM own_node WHERE one = 1"));
    THREATLAS_TRY(const bool there, row.step());
    if (!there) return std::nullopt;
    return OwnNode{row.text(0), row.text(1), row.text(2), row.text(3)};
}

std::string Peers::key_path() const {
    if (const char* set = std::getenv("THREATLAS_NODE_KEY"); set != nullptr && *set != '\0') return set;
    std::filesystem::path beside(engine_->beside());
    if (!beside.has_filename()) beside = beside.parent_path();
    return beside.string() + ".node-key";
}

Result<void> Peers::put_own(const model::Reader& who, const OwnNode& node) {
    const std::lock_guard guard(engine_->mutex);
    return audited(*engine_, who, "node", "node of " + node.organisation + " with key " + node.public_key, [&](Database& database) -> Result<void> {
        THREATLAS_TRY(Statement row, database.prepare("SELECT organisation FROM own_node WHERE one = 1"));
        THREATLAS_TRY(const bool there, row.step());
        if (there && row.text(0) != node.organisation) return fail(ErrorCode::conflict, "this is the node of '" + row.text(0) + "': an organisation does not change");
        if (there) return database.run("UPDATE own_node SET address = $1, public_key = $2, card = $3 WHERE one = 1", node.address, node.public_key, node.card);
        return database.run("INSERT INTO own_node (one, organisation, address, public_key, card) VALUES (1, $1, $2, $3, $4)", node.organisation, node.address, node.public_key, node.card);
    });
}

Result<std::vector<StoredPeer>> Peers::all() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kPeer) + " ORDER BY position"));
    std::vector<StoredPeer> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(StoredPeer each, peer_of(row, key_));
        out.push_back(std::move(each));
    }
}

Result<std::optional<StoredPeer>> Peers::find(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kPeer) + " WHERE organisation = $1"));
    THREATLAS_TRY(const bool there, row.bind(organisation).step());
    if (!there) return std::nullopt;
    THREATLAS_TRY(StoredPeer out, peer_of(row, key_));
    return std::optional(std::move(out));
}

Result<void> Peers::put(const model::Reader& who, const StoredPeer& peer, const std::string& what) {
    const std::string access = key_.seal("peers.access " + peer.organisation, peer.access);
    const std::lock_guard guard(engine_->mutex);
    return audited(*engine_, who, "node", "peer " + peer.organisation + " " + what + " key " + peer.public_key, [&](Database& database) {
        return database.run("INSERT INTO peers (organisation, position, address, public_key, card, access, machine, made, removed) VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM peers), $2, $3, $4, $5, $6, $7, $8) "
                            "ON CONFLICT (organisation) DO UPDATE SET address = excluded.address, public_key = excluded.public_key, card = excluded.card, access = excluded.access, machine = excluded.machine, removed = excluded.removed",
                            peer.organisation, peer.address, peer.public_key, peer.card, access, peer.machine, engine_->clock(), peer.removed ? 1 : 0);
    });
}

Result<PeerState> Peers::state(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT resume, contact, whole, tried, next, failures, error FROM peer_states WHERE organisation = $1"));
    THREATLAS_TRY(const bool there, row.bind(organisation).step());
    PeerState out;
    out.organisation = organisation;
    if (there) out.resume = row.text(0), out.contact = row.integer(1), out.whole = row.integer(2), out.tried = row.integer(3), out.next = row.integer(4), out.failures = row.integer(5), out.error = row.text(6);
    return out;
}

Result<void> Peers::put_state(const PeerState& s) {
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("INSERT INTO peer_states (organisation, resume, contact, whole, tried, next, failures, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                                 "ON CONFLICT (organisation) DO UPDATE SET resume = excluded.resume, contact = excluded.contact, whole = excluded.whole, tried = excluded.tried, next = excluded.next, failures = excluded.failures, error = excluded.error",
                                 s.organisation, s.resume, s.contact, s.whole, s.tried, s.next, s.failures, s.error);
}

Result<PeerCounts> Peers::counts(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    PeerCounts out;
    THREATLAS_TRY(Statement came, engine_->database.prepare("SELECT COALESCE(SUM(CASE WHEN state IN ('done', 'older') THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 'aside' THEN 1 ELSE 0 END), 0), COALESCE(MAX(number), 0), "
                                                            "COUNT(DISTINCT CASE WHEN number > 0 THEN number END) FROM arrivals WHERE peer = $1"));
    THREATLAS_TRY(const bool any, came.bind(organisation).step());
    if (any) out.done = came.integer(0), out.aside = came.integer(1), out.highest = came.integer(2), out.missing = came.integer(2) - came.integer(3);
    THREATLAS_TRY(Statement sent, engine_->database.prepare("SELECT COUNT(*), COALESCE(SUM(CASE WHEN in_feed = 0 THEN 1 ELSE 0 END), 0) FROM posted WHERE peer = $1"));
    THREATLAS_TRY(const bool some, sent.bind(organisation).step());
    if (some) out.posted = sent.integer(0), out.waiting = sent.integer(1);
    return out;
}

}  // namespace threatlas::store

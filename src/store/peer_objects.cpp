// What was posted to peers, and what came from them.
#include "store/audit_chain.hpp"
#include "store/engine.hpp"
#include "store/peers.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kArrival = "SELECT peer, hash, number, author, object, modified, kind, state, code, reason, at, tries, body FROM arrivals";

std::string posted_context(const std::string& peer, std::int64_t number) { return "posted.body " + peer + " " + std::to_string(number); }
std::string arrival_context(const std::string& peer, const std::string& hash) { return "arrivals.body " + peer + " " + hash; }

Result<Arrival> arrival_of(const Statement& row, const FieldKey& key, bool with_body) {
    Arrival out{row.text(0), row.text(1), row.integer(2), row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.text(8), row.text(9), row.text(10), "", row.integer(11)};
    if (with_body) {
        THREATLAS_TRY(out.body, key.open(arrival_context(out.peer, out.hash), row.text(12)));
    }
    return out;
}

}  // namespace

Result<bool> Peers::post(const model::Reader& who, const std::string& peer, const std::string& object, const std::string& modified, const std::string& hash, const std::string& what, const SealAs& seal) {
    const std::lock_guard guard(engine_->mutex);
    Database& database = engine_->database;
    THREATLAS_TRY(Transaction transaction, Transaction::begin(database));
    THREATLAS_TRY(Statement present, database.prepare("SELECT 1 FROM posted WHERE peer = $1 AND hash = $2"));
    THREATLAS_TRY(const bool there, present.bind(peer, hash).step());
    if (there) return false;
    THREATLAS_TRY(Statement last, database.prepare("SELECT COALESCE(MAX(number), 0) FROM posted WHERE peer = $1"));
    THREATLAS_TRY(const bool any, last.bind(peer).step());
    const std::int64_t number = (any ? last.integer(0) : 0) + 1;
    THREATLAS_TRY(const std::string body, seal(number));
    THREATLAS_CHECK(database.run("INSERT INTO posted (peer, number, object, modified, hash, body, in_feed) VALUES ($1, $2, $3, $4, $5, $6, 0)", peer, number, object, modified, hash, key_.seal(posted_context(peer, number), body)));
    THREATLAS_TRY(const AuditEntry entry, append_audit(*engine_, who, "post", what + " to " + peer + " number " + std::to_string(number) + " sha256 " + hash));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(note_audit_head(*engine_, entry));
    return true;
}

Result<std::string> Peers::posted_as(const std::string& object, const std::string& hash) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT modified FROM posted WHERE object = $1 AND hash = $2 LIMIT 1"));
    THREATLAS_TRY(const bool there, row.bind(object, hash).step());
    return there ? row.text(0) : std::string();
}

Result<std::string> Peers::latest_posted(const std::string& object) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COALESCE(MAX(modified), '') FROM posted WHERE object = $1"));
    THREATLAS_TRY(const bool there, row.bind(object).step());
    return there ? row.text(0) : std::string();
}

Result<std::vector<PostedObject>> Peers::waiting(const std::string& peer, std::size_t most) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT number, object, modified, body FROM posted WHERE peer = $1 AND in_feed = 0 ORDER BY number LIMIT $2"));
    row.bind(peer, static_cast<std::int64_t>(most));
    std::vector<PostedObject> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        PostedObject each{peer, row.integer(0), row.text(1), row.text(2), ""};
        THREATLAS_TRY(each.body, key_.open(posted_context(peer, each.number), row.text(3)));
        out.push_back(std::move(each));
    }
}

// The feed has them now, so they are not kept twice.
Result<void> Peers::in_feed(const std::string& peer, std::int64_t up_to) {
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("UPDATE posted SET in_feed = 1, body = '' WHERE peer = $1 AND number <= $2 AND in_feed = 0", peer, up_to);
}

Result<std::optional<Arrival>> Peers::arrival(const std::string& peer, const std::string& hash) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kArrival) + " WHERE peer = $1 AND hash = $2"));
    THREATLAS_TRY(const bool there, row.bind(peer, hash).step());
    if (!there) return std::nullopt;
    THREATLAS_TRY(Arrival out, arrival_of(row, key_, true));
    return std::optional(std::move(out));
}

Result<std::optional<Arrival>> Peers::latest(const std::string& author, const std::string& object) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kArrival) + " WHERE author = $1 AND object = $2 AND state = 'done' ORDER BY modified DESC, position LIMIT 1"));
    THREATLAS_TRY(const bool there, row.bind(author, object).step());
    if (!there) return std::nullopt;
    THREATLAS_TRY(Arrival out, arrival_of(row, key_, true));
    return std::optional(std::move(out));
}

Result<void> Peers::put_arrival(const Arrival& a) {
    const std::string body = key_.seal(arrival_context(a.peer, a.hash), a.body);
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("INSERT INTO arrivals (peer, hash, position, number, author, object, modified, kind, state, code, reason, at, body, size, tries) "
                                 "VALUES ($1, $2, (SELECT COALESCE(MAX(position), 0) + 1 FROM arrivals), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
                                 "ON CONFLICT (peer, hash) DO UPDATE SET author = excluded.author, object = excluded.object, modified = excluded.modified, kind = excluded.kind, state = excluded.state, code = excluded.code, reason = excluded.reason, tries = excluded.tries",
                                 a.peer, a.hash, a.number, a.author, a.object, a.modified, a.kind, a.state, a.code, a.reason, a.at.empty() ? engine_->clock() : a.at, body, static_cast<std::int64_t>(a.body.size()), a.tries);
}

Result<std::vector<Arrival>> Peers::aside(const std::string& peer, std::size_t most, bool bodies) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kArrival) + " WHERE state = 'aside' AND ($1 = '' OR peer = $1) ORDER BY position LIMIT $2"));
    row.bind(peer, static_cast<std::int64_t>(most));
    std::vector<Arrival> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(Arrival each, arrival_of(row, key_, bodies));
        out.push_back(std::move(each));
    }
}

Result<std::pair<std::int64_t, std::int64_t>> Peers::aside_size(const std::string& peer) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM arrivals WHERE peer = $1 AND state = 'aside'"));
    THREATLAS_TRY(const bool there, row.bind(peer).step());
    return there ? std::pair{row.integer(0), row.integer(1)} : std::pair<std::int64_t, std::int64_t>{0, 0};
}

Result<void> Peers::drop_aside(const model::Reader& who, const std::string& peer, const std::string& hash, const std::string& reason) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Statement row, engine_->database.prepare("UPDATE arrivals SET state = 'dropped' WHERE peer = $1 AND hash = $2 AND state = 'aside' RETURNING hash"));
    THREATLAS_TRY(const bool there, row.bind(peer, hash).step());
    if (!there) return fail(ErrorCode::not_found, "nothing of '" + peer + "' with this hash is set aside; 'threatlas node aside' lists what is");
    THREATLAS_CHECK(row.run());
    THREATLAS_TRY(const AuditEntry entry, append_audit(*engine_, who, "node", "object " + hash + " from " + peer + " dropped: " + reason));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(*engine_, entry);
}

}  // namespace threatlas::store

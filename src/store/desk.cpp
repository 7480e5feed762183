#include "store/desk.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "store/audit_chain.hpp"
#include "store/engine.hpp"
#include "store/records.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kAttemptsKept = 30;

std::string item_context(const std::string& kind, const std::string& id) { return "desk_items.sealed " + kind + " " + id; }
std::string file_context(const std::string& hash, const std::string& organisation) { return "attachments.sealed " + hash + " " + organisation; }

Result<DeskItem> item_at(const FieldKey& key, const Statement& row) {
    DeskItem out{row.text(0), row.text(1), row.text(2), row.integer(3), ""};
    THREATLAS_TRY(out.body, key.open(item_context(out.kind, out.id), row.text(4)));
    return out;
}

Result<Delivery> delivery_at(const Statement& row) {
    Delivery out{static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.integer(6), row.integer(7), {}};
    THREATLAS_TRY(const auto attempts, core::parse_json(row.text(8), "delivery"));
    THREATLAS_CHECK(model::from_json(attempts, out.attempts, "delivery"));
    return out;
}

constexpr const char* kDeliveryColumns = "SELECT number, channel, target, subject, organisation, state, made, next, attempts FROM deliveries ";

Result<std::vector<Delivery>> all_of(Statement& rows) {
    std::vector<Delivery> out;
    for (;;) {
        THREATLAS_TRY(const bool more, rows.step());
        if (!more) return out;
        THREATLAS_TRY(auto each, delivery_at(rows));
        out.push_back(std::move(each));
    }
}

}  // namespace

Result<void> Desk::put(const model::Reader& who, const DeskItem& item, const std::string& what) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_CHECK(engine_->database.run("INSERT INTO desk_items (kind, id, organisation, made, sealed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, id) DO UPDATE SET organisation = excluded.organisation, sealed = excluded.sealed", item.kind, item.id,
                                          item.organisation, item.made, key_.seal(item_context(item.kind, item.id), item.body)));
    if (what.empty()) return transaction.commit();
    THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, who, "desk", item.kind + " " + item.id + " of " + item.organisation + ": " + what));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(*engine_, audited);
}

Result<std::vector<DeskItem>> Desk::items(const std::string& kind) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT kind, id, organisation, made, sealed FROM desk_items WHERE kind = $1 ORDER BY id"));
    row.bind(kind);
    std::vector<DeskItem> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(auto each, item_at(key_, row));
        out.push_back(std::move(each));
    }
}

Result<std::optional<DeskItem>> Desk::item(const std::string& kind, const std::string& id) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT kind, id, organisation, made, sealed FROM desk_items WHERE kind = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, row.bind(kind, id).step());
    if (!there) return std::optional<DeskItem>();
    THREATLAS_TRY(auto out, item_at(key_, row));
    return std::optional(std::move(out));
}

Result<void> Desk::remove(const model::Reader& who, const std::string& kind, const std::string& id) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT organisation FROM desk_items WHERE kind = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, row.bind(kind, id).step());
    if (!there) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id + "'");
    const std::string organisation = row.text(0);
    THREATLAS_CHECK(engine_->database.run("DELETE FROM desk_items WHERE kind = $1 AND id = $2", kind, id));
    THREATLAS_CHECK(engine_->database.run("UPDATE deliveries SET state = 'dropped' WHERE target = $1 AND state = 'waiting'", id));
    THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, who, "desk", kind + " " + id + " of " + organisation + ": removed"));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(*engine_, audited);
}

Result<std::string> Desk::keep_file(const model::Reader& who, const std::string& content, std::int64_t now) {
    const std::string hash = core::sha256(content);
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT 1 FROM attachments WHERE hash = $1 AND organisation = $2"));
    THREATLAS_TRY(const bool there, row.bind(hash, who.organisation).step());
    if (there) return hash;
    THREATLAS_CHECK(engine_->database.run("INSERT INTO attachments (hash, organisation, size, made, sealed) VALUES ($1, $2, $3, $4, $5)", hash, who.organisation, static_cast<std::uint64_t>(content.size()), now, key_.seal(file_context(hash, who.organisation), content)));
    THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, who, "desk", "file " + hash + ", " + std::to_string(content.size()) + " bytes, kept for " + who.organisation));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(note_audit_head(*engine_, audited));
    return hash;
}

Result<std::string> Desk::file(const std::string& organisation, const std::string& hash) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT sealed FROM attachments WHERE hash = $1 AND organisation = $2"));
    THREATLAS_TRY(const bool there, row.bind(hash, organisation).step());
    if (!there) return fail(ErrorCode::not_found, "there is no file " + hash.substr(0, 12));
    return key_.open(file_context(hash, organisation), row.text(0));
}

Result<std::uint64_t> Desk::kept_bytes(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COALESCE(SUM(size), 0) FROM attachments WHERE organisation = $1"));
    THREATLAS_TRY(const bool there, row.bind(organisation).step());
    return there ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

Result<bool> Desk::plan(const Delivery& delivery) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT 1 FROM deliveries WHERE channel = $1 AND target = $2 AND subject = $3"));
    THREATLAS_TRY(const bool there, row.bind(delivery.channel, delivery.target, delivery.subject).step());
    if (there) return false;
    THREATLAS_CHECK(engine_->database.run("INSERT INTO deliveries (number, channel, target, subject, organisation, state, made, next, attempts) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM deliveries), $1, $2, $3, $4, $5, $6, $7, '[]')", delivery.channel,
                                          delivery.target, delivery.subject, delivery.organisation, delivery.state, delivery.made, delivery.next));
    THREATLAS_CHECK(transaction.commit());
    return true;
}

Result<std::vector<Delivery>> Desk::due(const std::string& channel, std::int64_t now, std::size_t most) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement rows, engine_->database.prepare(std::string(kDeliveryColumns) + "WHERE channel = $1 AND state = 'waiting' AND next <= $2 ORDER BY number LIMIT " + std::to_string(most)));
    rows.bind(channel, now);
    return all_of(rows);
}

Result<std::vector<Delivery>> Desk::deliveries(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement rows, engine_->database.prepare(std::string(kDeliveryColumns) + "WHERE $1 = '' OR organisation = $1 ORDER BY number DESC LIMIT 10000"));
    rows.bind(organisation);
    return all_of(rows);
}

Result<bool> Desk::claim(const Delivery& delivery, std::int64_t until) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT 1 FROM deliveries WHERE number = $1 AND state = 'waiting' AND next = $2"));
    THREATLAS_TRY(const bool there, row.bind(delivery.number, delivery.next).step());
    if (!there) return false;
    THREATLAS_CHECK(engine_->database.run("UPDATE deliveries SET next = $1 WHERE number = $2", until, delivery.number));
    THREATLAS_CHECK(transaction.commit());
    return true;
}

Result<void> Desk::tried(const Delivery& delivery, const Attempt& attempt, const std::string& state, std::int64_t next) {
    std::vector<Attempt> attempts = delivery.attempts;
    attempts.push_back(attempt);
    if (attempts.size() > kAttemptsKept) attempts.erase(attempts.begin(), attempts.end() - static_cast<std::ptrdiff_t>(kAttemptsKept));
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("UPDATE deliveries SET state = $1, next = $2, attempts = $3 WHERE number = $4", state, next, core::write_json(model::to_json(attempts)), delivery.number);
}

Result<std::uint64_t> Desk::newest() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COALESCE(MAX(number), 0) FROM dossiers"));
    THREATLAS_TRY(const bool there, row.step());
    return there ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

Result<std::vector<DossierMark>> Desk::opened_after(std::uint64_t number, const std::vector<std::string>& kinds, std::size_t most) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT number, kind, id, originators, audience FROM dossiers WHERE number > $1 ORDER BY number"));
    row.bind(number);
    std::vector<DossierMark> out;
    while (out.size() < most) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        if (std::find(kinds.begin(), kinds.end(), row.text(1)) != kinds.end()) out.push_back({static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2), unpacked(row.text(3)), unpacked(row.text(4))});
    }
    return out;
}

}  // namespace threatlas::store

#include "store/idempotency.hpp"

#include "core/hash.hpp"
#include "core/json.hpp"
#include "store/engine.hpp"

namespace threatlas::store {
namespace {

constexpr std::int64_t kKept = 24 * 3600;

std::string context_of(const std::string& caller, const std::string& key) { return "idempotency.body " + caller + " " + key; }

}  // namespace

core::Result<std::optional<Answered>> Idempotency::find(const std::string& caller, const std::string& key, std::int64_t now) {
    const std::string hidden = core::sha256(key);
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT request, status, type, body FROM idempotency WHERE caller = $1 AND key = $2 AND made > $3"));
    row.bind(caller, hidden, now - kKept);
    THREATLAS_TRY(const bool there, row.step());
    if (!there) return std::optional<Answered>();
    Answered out{row.text(0), static_cast<int>(row.integer(1)), row.text(2), ""};
    THREATLAS_TRY(out.body, key_.open(context_of(caller, hidden), row.text(3)));
    return std::optional(std::move(out));
}

core::Result<void> Idempotency::keep(const std::string& caller, const std::string& key, const Answered& answer, std::int64_t now) {
    const std::string hidden = core::sha256(key);
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_CHECK(engine_->database.run("DELETE FROM idempotency WHERE made <= $1 OR (caller = $2 AND key = $3)", now - kKept, caller, hidden));
    THREATLAS_CHECK(engine_->database.run("INSERT INTO idempotency (caller, key, request, status, type, body, made) VALUES ($1, $2, $3, $4, $5, $6, $7)", caller, hidden, answer.request, answer.status, answer.type, key_.seal(context_of(caller, hidden), answer.body), now));
    return transaction.commit();
}

}  // namespace threatlas::store

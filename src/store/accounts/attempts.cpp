#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "store/accounts/rows.hpp"

namespace threatlas::store {

using core::Result;

namespace {

constexpr std::int64_t kDay = 86400;

std::string linked(const FieldKey& key, const std::string& issuer, const std::string& subject) { return key.index("oidc", issuer + "\n" + subject); }
std::string counted(const FieldKey& key, const std::string& subject) { return key.index("attempts", subject); }

struct Count {
    std::int64_t failures = 0, last = 0, until = 0;
};

Result<Count> count_of(Database& database, const std::string& index) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT failures, last, until FROM attempts WHERE subject_index = $1"));
    THREATLAS_TRY(const bool there, row.bind(index).step());
    if (!there) return Count{};
    return Count{row.integer(0), row.integer(1), row.integer(2)};
}

}  // namespace

std::string Accounts::attempts_of_name(std::string_view name) {
    const auto folded = login_name(name);
    return "name " + (folded ? *folded : core::sha256(name));
}

Result<Attempts> Accounts::attempt(const std::string& subject, std::int64_t now, const std::function<std::int64_t(int)>& wait) {
    const std::string index = counted(key_, subject);
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_TRY(Count count, count_of(engine_->database, index));
    if (count.until > now) return Attempts{static_cast<int>(count.failures), count.until, true};
    if (count.last < now - kDay) count.failures = 0;
    count.failures = std::min<std::int64_t>(count.failures + 1, 1'000'000);
    count.until = now + wait(static_cast<int>(count.failures));
    THREATLAS_CHECK(engine_->database.run("INSERT INTO attempts (subject_index, failures, last, until) VALUES ($1, $2, $3, $4) "
                                          "ON CONFLICT (subject_index) DO UPDATE SET failures = excluded.failures, last = excluded.last, until = excluded.until",
                                          index, count.failures, now, count.until));
    THREATLAS_CHECK(transaction.commit());
    return Attempts{static_cast<int>(count.failures), count.until, false};
}

Result<void> Accounts::succeeded(const std::string& subject, bool forget_all) {
    const std::string index = counted(key_, subject);
    const std::lock_guard guard(engine_->mutex);
    if (forget_all) return engine_->database.run("DELETE FROM attempts WHERE subject_index = $1", index);
    return engine_->database.run("UPDATE attempts SET failures = failures - 1, until = 0 WHERE subject_index = $1 AND failures > 0", index);
}

Result<std::uint64_t> Accounts::unlock(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const auto found, person(id));
    if (!found) return core::fail(core::ErrorCode::not_found, "there is no person '" + id + "'");
    const std::string index = counted(key_, attempts_of_name(found->name));
    std::uint64_t failures = 0;
    const Result<void> done = Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const Count count, count_of(database, index));
        failures = static_cast<std::uint64_t>(count.failures);
        THREATLAS_CHECK(database.run("DELETE FROM attempts WHERE subject_index = $1", index));
        return "person " + id + " may try again, after " + std::to_string(failures) + " failed attempts";
    });
    if (!done) return tl::unexpected(done.error());
    return failures;
}

Result<std::optional<Person>> Accounts::person_linked(const std::string& issuer, const std::string& subject) {
    std::string id;
    {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT person FROM oidc_links WHERE subject_index = $1"));
        THREATLAS_TRY(const bool there, row.bind(linked(key_, issuer, subject)).step());
        if (!there) return std::nullopt;
        id = row.text(0);
    }
    return person(id);
}

Result<void> Accounts::link(const model::Reader& who, const std::string& id, const std::string& issuer, const std::string& subject, std::int64_t now) {
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(database.run("INSERT INTO oidc_links (subject_index, person, made) VALUES ($1, $2, $3)", linked(key_, issuer, subject), id, now));
        return "person " + id + " signs in through " + issuer;
    });
}

}  // namespace threatlas::store

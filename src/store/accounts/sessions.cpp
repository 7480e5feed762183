#include "store/accounts/rows.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kSession = "SELECT id, person, address_sealed, agent_sealed, made, seen FROM sessions";

Result<Session> session_of(const FieldKey& key, const Statement& row) {
    Session session{.id = row.text(0), .person = row.text(1), .made = row.integer(4), .seen = row.integer(5)};
    THREATLAS_TRY(session.address, key.open("sessions.address." + session.id, row.text(2)));
    THREATLAS_TRY(session.agent, key.open("sessions.agent." + session.id, row.text(3)));
    return session;
}

}  // namespace

Result<Session> Accounts::add_session(Session session, const std::string& secret) {
    session.id = new_id('s');
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_CHECK(engine_->database.run("INSERT INTO sessions (id, secret_index, person, address_sealed, agent_sealed, made, seen) VALUES ($1, $2, $3, $4, $5, $6, $7)", session.id,
                                          key_.fingerprint(secret), session.person, key_.seal("sessions.address." + session.id, session.address),
                                          key_.seal("sessions.agent." + session.id, session.agent), session.made, session.seen));
    return session;
}

Result<std::optional<Session>> Accounts::session(const std::string& secret) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kSession) + " WHERE secret_index = $1"));
    THREATLAS_TRY(const bool there, row.bind(key_.fingerprint(secret)).step());
    if (!there) return std::nullopt;
    THREATLAS_TRY(Session session, session_of(key_, row));
    return session;
}

Result<std::vector<Session>> Accounts::sessions(const std::string& person) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kSession) + " WHERE person = $1 OR $1 = '' ORDER BY seen DESC, id"));
    std::vector<Session> all;
    row.bind(person);
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        THREATLAS_TRY(Session session, session_of(key_, row));
        all.push_back(std::move(session));
    }
}

Result<void> Accounts::touch_session(const std::string& id, std::int64_t seen) {
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("UPDATE sessions SET seen = $2 WHERE id = $1 AND seen < $2", id, seen);
}

Result<bool> Accounts::end_session(const model::Reader& who, const std::string& id) {
    const auto ended = Rows::audited(*this, who, "logout", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database, "DELETE FROM sessions WHERE id = $1 RETURNING id", id));
        if (!there) return fail(ErrorCode::not_found, "there is no session '" + id + "'");
        return "session " + id;
    });
    if (!ended && ended.error().code == ErrorCode::not_found) return false;
    if (!ended) return tl::unexpected(ended.error());
    return true;
}

Result<void> Accounts::end_sessions_of(const model::Reader& who, const std::string& person, const std::string& except) {
    return Rows::audited(*this, who, "logout", [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(database.run("DELETE FROM sessions WHERE person = $1 AND id <> $2", person, except));
        return "sessions of " + person + (except.empty() ? "" : " but " + except);
    });
}

Result<void> Accounts::sweep(std::int64_t made_before, std::int64_t seen_before, std::int64_t now) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_CHECK(engine_->database.run("DELETE FROM sessions WHERE made < $1 OR seen < $2", made_before, seen_before));
    THREATLAS_CHECK(engine_->database.run("DELETE FROM invitations WHERE expires < $1", now));
    return engine_->database.run("DELETE FROM attempts WHERE last < $1", now - std::int64_t{86400});
}

}  // namespace threatlas::store

#include "store/accounts/rows.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kInvitation = "SELECT id, kind, organisation, role, clearance, made_by, made, expires FROM invitations";

Invitation invitation_of(const Statement& row) {
    return {.id = row.text(0), .kind = row.text(1), .standing = standing_of(row, 2), .made_by = row.text(5), .made = row.integer(6), .expires = row.integer(7)};
}

Result<void> insert(Database& database, const FieldKey& key, const Invitation& invitation, const std::string& secret) {
    return database.run("INSERT INTO invitations (id, secret_index, kind, email_index, organisation, role, clearance, made_by, made, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                        invitation.id, key.fingerprint(secret), invitation.kind, email_index(key, invitation.email), invitation.standing.organisation,
                        std::string(model::name_of(invitation.standing.role)), invitation.standing.clearance, invitation.made_by, invitation.made, invitation.expires);
}

template <class... Values>
Result<std::optional<Invitation>> one(Engine& engine, const std::string& where, const Values&... values) {
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(Statement row, engine.database.prepare(kInvitation + where));
    THREATLAS_TRY(const bool there, row.bind(values...).step());
    if (!there) return std::nullopt;
    return invitation_of(row);
}

Result<bool> anybody(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT 1 FROM people WHERE state <> 'erased' LIMIT 1"));
    return row.step();
}

}  // namespace

Result<Invitation> Accounts::add_invitation(const model::Reader& who, Invitation invitation, const std::string& secret) {
    THREATLAS_CHECK(check_standing(invitation.standing));
    invitation.id = new_id('i');
    const Result<void> done = Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(insert(database, key_, invitation, secret));
        return "invitation " + invitation.id + " made, " + standing_text(invitation.standing);
    });
    if (!done) return tl::unexpected(done.error());
    return invitation;
}

Result<std::vector<Invitation>> Accounts::invitations() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kInvitation) + " WHERE kind = 'person' ORDER BY made, id"));
    std::vector<Invitation> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back(invitation_of(row));
    }
}

Result<std::optional<Invitation>> Accounts::invitation(const std::string& secret, std::int64_t now) {
    return one(*engine_, " WHERE secret_index = $1 AND expires > $2", key_.fingerprint(secret), now);
}

Result<std::optional<Invitation>> Accounts::invitation_for(const std::string& email, std::int64_t now) {
    const std::string index = email_index(key_, email);
    if (index.empty()) return std::nullopt;
    return one(*engine_, " WHERE kind = 'person' AND email_index = $1 AND expires > $2 ORDER BY made DESC", index, now);
}

Result<Person> Accounts::accept(const std::string& id, Person person, std::int64_t now) {
    person.id = new_id('p');
    person.made = now;
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    Invitation invitation;
    {
        THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kInvitation) + " WHERE id = $1 AND expires > $2"));
        THREATLAS_TRY(const bool there, row.bind(id, now).step());
        if (!there) return fail(ErrorCode::not_found, "this invitation was used, withdrawn or has run out; ask for a new one");
        invitation = invitation_of(row);
    }
    if (invitation.kind == "setup") {
        THREATLAS_TRY(const bool taken, anybody(engine_->database));
        if (taken) return fail(ErrorCode::conflict, "Threatlas is set up already; ask an administrator for an invitation");
    }
    THREATLAS_TRY(const bool mine, Rows::did(engine_->database, "DELETE FROM invitations WHERE id = $1 RETURNING id", id));
    if (!mine) return fail(ErrorCode::not_found, "this invitation was used, withdrawn or has run out; ask for a new one");
    person.standing = invitation.standing;
    THREATLAS_CHECK(insert_person(engine_->database, key_, person));
    const model::Reader self{person.id, person.standing.organisation, person.standing.role, person.standing.clearance, "administration"};
    const std::string by = invitation.kind == "setup" ? "the setup link" : "invitation " + invitation.id + " of " + invitation.made_by;
    THREATLAS_TRY(const AuditEntry entry, append_audit(*engine_, self, "account", "person " + person.id + " added by " + by + ", " + standing_text(person.standing)));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(note_audit_head(*engine_, entry));
    return person;
}

Result<void> Accounts::drop_invitation(const model::Reader& who, const std::string& id) {
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database, "DELETE FROM invitations WHERE id = $1 RETURNING id", id));
        if (!there) return fail(ErrorCode::not_found, "there is no invitation '" + id + "'");
        return "invitation " + id + " withdrawn";
    });
}

Result<bool> Accounts::offer_setup(const Invitation& offered, const std::string& secret) {
    Invitation invitation = offered;
    invitation.id = new_id('i');
    invitation.kind = "setup";
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_CHECK(engine_->database.run("DELETE FROM invitations WHERE kind = 'setup'"));
    THREATLAS_TRY(const bool taken, anybody(engine_->database));
    if (!taken) THREATLAS_CHECK(insert(engine_->database, key_, invitation, secret));
    THREATLAS_CHECK(transaction.commit());
    return !taken;
}

}  // namespace threatlas::store

// What the parts of Accounts share: changes with their audit entry, columns of records.
#pragma once

#include <string>

#include "core/result.hpp"
#include "store/accounts/accounts.hpp"
#include "store/audit_chain.hpp"
#include "store/engine.hpp"

namespace threatlas::store {

struct Rows {
    static Engine& engine(Accounts& accounts) { return *accounts.engine_; }
    static const std::shared_ptr<Engine>& shared(Accounts& accounts) { return accounts.engine_; }
    static const FieldKey& key(Accounts& accounts) { return accounts.key_; }

    // One change with its audit entry in one transaction; apply returns the entry's object.
    template <class Apply>
    static core::Result<void> audited(Accounts& accounts, const model::Reader& who, const std::string& action, const Apply& apply) {
        Engine& engine = *accounts.engine_;
        const std::lock_guard guard(engine.mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
        THREATLAS_TRY(const std::string object, apply(engine.database));
        THREATLAS_TRY(const AuditEntry entry, append_audit(engine, who, action, object));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(engine, entry);
    }
    // A statement that ends in RETURNING: whether it did anything.
    template <class... Values>
    static core::Result<bool> did(Database& database, std::string_view sql, const Values&... values) {
        THREATLAS_TRY(Statement statement, database.prepare(sql));
        THREATLAS_TRY(const bool any, statement.bind(values...).step());
        if (any) THREATLAS_CHECK(statement.run());
        return any;
    }
};

std::string new_id(char letter);   // 'p-' and ten hexadecimal digits
std::string standing_text(const Standing& standing);   // for the audit log
core::Result<void> check_standing(const Standing& standing);
Standing standing_of(const Statement& row, int first);   // organisation, role, clearance
std::string email_index(const FieldKey& key, std::string_view email);   // empty for none
core::Result<void> insert_person(Database& database, const FieldKey& key, const Person& person);

}  // namespace threatlas::store

#include "core/text.hpp"
#include "store/accounts/rows.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kMachine = "SELECT id, kind, name, organisation, role, clearance, scopes, made_by, made, expires, used, revoked, password FROM machines";

Machine machine_of(const Statement& row) {
    Machine machine{.id = row.text(0), .name = row.text(2), .kind = row.text(1), .standing = standing_of(row, 3), .made_by = row.text(7), .made = row.integer(8), .expires = row.integer(9), .used = row.integer(10), .revoked = row.integer(11) != 0};
    for (std::string& each : core::split(row.text(6), ' '))
        if (!each.empty()) machine.scopes.push_back(std::move(each));
    return machine;
}

// Bound to the account: moved to another, it opens nothing.
std::string hidden(const FieldKey& key, const Machine& machine) { return machine.password.empty() ? std::string() : key.seal("machines.password " + machine.id, machine.password); }

}  // namespace

Result<Machine> Accounts::add_machine(const model::Reader& who, Machine machine, const std::string& secret) {
    THREATLAS_CHECK(check_standing(machine.standing));
    machine.id = new_id('m');
    const Result<void> done = Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool fresh,
                      Rows::did(database,
                                "INSERT INTO machines (id, kind, secret_index, name, organisation, role, clearance, scopes, made_by, made, expires, used, revoked, password) "
                                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12) ON CONFLICT DO NOTHING RETURNING id",
                                machine.id, machine.kind, key_.index("machine." + machine.kind, secret), machine.name, machine.standing.organisation,
                                std::string(model::name_of(machine.standing.role)), machine.standing.clearance, core::join(machine.scopes, " "), machine.made_by, machine.made, machine.expires, hidden(key_, machine)));
        if (!fresh) return fail(ErrorCode::conflict, "this " + machine.kind + " belongs to an account already");
        return machine.kind + " " + machine.id + " made, " + standing_text(machine.standing) + " scopes " + core::join(machine.scopes, ",");
    });
    if (!done) return tl::unexpected(done.error());
    return machine;
}

Result<std::vector<Machine>> Accounts::machines() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kMachine) + " ORDER BY made, id"));
    std::vector<Machine> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back(machine_of(row));
    }
}

Result<std::optional<Machine>> Accounts::machine(const std::string& kind, const std::string& secret) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kMachine) + " WHERE secret_index = $1 AND kind = $2"));
    THREATLAS_TRY(const bool there, row.bind(key_.index("machine." + kind, secret), kind).step());
    if (!there) return std::nullopt;
    Machine out = machine_of(row);
    if (!row.text(12).empty()) {
        THREATLAS_TRY(out.password, key_.open("machines.password " + out.id, row.text(12)));
    }
    return out;
}

Result<void> Accounts::change_machine(const model::Reader& who, const Machine& machine) {
    THREATLAS_CHECK(check_standing(machine.standing));
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database, "UPDATE machines SET name = $2, organisation = $3, role = $4, clearance = $5, scopes = $6, expires = $7, revoked = $8, password = $9 WHERE id = $1 RETURNING id", machine.id, machine.name, machine.standing.organisation,
                                                  std::string(model::name_of(machine.standing.role)), machine.standing.clearance, core::join(machine.scopes, " "), machine.expires, machine.revoked ? 1 : 0, hidden(key_, machine)));
        if (!there) return fail(ErrorCode::not_found, "there is no machine '" + machine.id + "'");
        return "machine " + machine.id + " changed, " + standing_text(machine.standing) + " scopes " + core::join(machine.scopes, ",");
    });
}

Result<void> Accounts::touch_machine(const std::string& id, std::int64_t used) {
    const std::lock_guard guard(engine_->mutex);
    return engine_->database.run("UPDATE machines SET used = $2 WHERE id = $1 AND used < $2", id, used);
}

Result<void> Accounts::revoke_machine(const model::Reader& who, const std::string& id) {
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database, "UPDATE machines SET revoked = 1 WHERE id = $1 AND revoked = 0 RETURNING id", id));
        if (!there) return fail(ErrorCode::not_found, "there is no token or certificate '" + id + "' that is not revoked");
        return "machine " + id + " revoked";
    });
}

}  // namespace threatlas::store

#include <sodium.h>

#include <array>

#include "core/hexadecimal.hpp"
#include "core/text.hpp"
#include "store/accounts/rows.hpp"
#include "store/rights.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kPerson =
    "SELECT id, name_sealed, email_sealed, organisation, role, clearance, state, password_sealed, totp_sealed, totp_pending_sealed, totp_step, settings, made FROM people";

std::string sealed(const FieldKey& key, const char* column, const std::string& id, const std::string& text) {
    return text.empty() ? "" : key.seal(std::string("people.") + column + "." + id, text);
}

Result<std::string> opened(const FieldKey& key, const char* column, const std::string& id, const std::string& text) {
    if (text.empty()) return std::string();
    return key.open(std::string("people.") + column + "." + id, text);
}

Result<Person> person_of(const FieldKey& key, const Statement& row, bool with_secrets) {
    Person person;
    person.id = row.text(0);
    THREATLAS_TRY(person.name, opened(key, "name", person.id, row.text(1)));
    THREATLAS_TRY(person.email, opened(key, "email", person.id, row.text(2)));
    person.standing = standing_of(row, 3);
    person.state = row.text(6);
    if (with_secrets) {
        THREATLAS_TRY(person.password, opened(key, "password", person.id, row.text(7)));
        THREATLAS_TRY(person.totp, opened(key, "totp", person.id, row.text(8)));
        THREATLAS_TRY(person.totp_pending, opened(key, "totp_pending", person.id, row.text(9)));
    } else {
        person.password = row.text(7).empty() ? "" : "*";
        person.totp = row.text(8).empty() ? "" : "*";
    }
    person.totp_step = row.integer(10);
    person.settings = row.text(11);
    person.made = row.integer(12);
    return person;
}

template <class... Values>
Result<std::optional<Person>> one(Engine& engine, const FieldKey& key, const std::string& where, const Values&... values) {
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(Statement row, engine.database.prepare(kPerson + where));
    THREATLAS_TRY(const bool there, row.bind(values...).step());
    if (!there) return std::nullopt;
    THREATLAS_TRY(Person person, person_of(key, row, true));
    THREATLAS_TRY(const bool another, row.step());
    if (another) return std::nullopt;
    return person;
}

std::string name_index(const FieldKey& key, std::string_view folded) { return key.index("people.name", folded); }

}  // namespace

std::string new_id(char letter) {
    std::array<unsigned char, 5> random{};
    randombytes_buf(random.data(), random.size());
    return std::string(1, letter) + "-" + core::hexadecimal(random);
}

std::string standing_text(const Standing& standing) {
    return "organisation " + standing.organisation + " role " + std::string(model::name_of(standing.role)) + " clearance " + standing.clearance;
}

Result<void> check_standing(const Standing& standing) {
    if (core::trim(standing.organisation).empty()) return fail(ErrorCode::bad_input, "an account belongs to an organisation: a member's id, or 'regional'");
    if (standing.clearance.size() > 200) return fail(ErrorCode::bad_input, "the clearance is too long");
    if (!clearance_of({"account", standing.organisation, standing.role, standing.clearance, "administration"}))
        return fail(ErrorCode::bad_input, "the clearance '" + standing.clearance + "' does not begin with a TLP word such as TLP:AMBER");
    return {};
}

Standing standing_of(const Statement& row, int first) {
    Standing standing;
    standing.organisation = row.text(first);
    model::from_name(row.text(first + 1), standing.role);
    standing.clearance = row.text(first + 2);
    return standing;
}

std::string email_index(const FieldKey& key, std::string_view email) {
    const std::string plain = core::lower_ascii(core::trim(email));
    return plain.empty() ? "" : key.index("people.email", plain);
}

Result<std::string> login_name(std::string_view name) {
    const std::string_view trimmed = core::trim(name);
    if (!core::is_utf8(trimmed)) return fail(ErrorCode::bad_input, "the name is not UTF-8 text");
    std::size_t letters = 0;
    for (const char each : trimmed) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte < 0x20 || byte == 0x7f) return fail(ErrorCode::bad_input, "the name holds a control character");
        letters += (byte & 0xc0) != 0x80;
    }
    const std::string folded = core::fold_name(trimmed);
    if (letters < 2 || letters > 64 || folded.empty()) return fail(ErrorCode::bad_input, "a name has between 2 and 64 letters");
    return folded;
}

Result<void> insert_person(Database& database, const FieldKey& key, const Person& person) {
    THREATLAS_TRY(const std::string folded, login_name(person.name));
    THREATLAS_CHECK(check_standing(person.standing));
    THREATLAS_TRY(const bool fresh, Rows::did(database,
                                              "INSERT INTO people (id, name_index, name_sealed, email_index, email_sealed, organisation, role, clearance, state, password_sealed, "
                                              "totp_sealed, totp_pending_sealed, totp_step, settings, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
                                              "ON CONFLICT DO NOTHING RETURNING id",
                                              person.id, name_index(key, folded), sealed(key, "name", person.id, std::string(core::trim(person.name))), email_index(key, person.email),
                                              sealed(key, "email", person.id, core::lower_ascii(core::trim(person.email))), person.standing.organisation,
                                              std::string(model::name_of(person.standing.role)), person.standing.clearance, person.state, sealed(key, "password", person.id, person.password),
                                              sealed(key, "totp", person.id, person.totp), sealed(key, "totp_pending", person.id, person.totp_pending), person.totp_step, person.settings, person.made));
    if (!fresh) return fail(ErrorCode::conflict, "this name is taken; choose another");
    return {};
}

Result<std::uint64_t> Accounts::count() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COUNT(*) FROM people WHERE state <> 'erased'"));
    THREATLAS_CHECK(row.step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<std::vector<Person>> Accounts::people() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kPerson) + " ORDER BY made, id"));
    std::vector<Person> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        THREATLAS_TRY(Person person, person_of(key_, row, false));
        all.push_back(std::move(person));
    }
}

Result<std::optional<Person>> Accounts::person(const std::string& id) { return one(*engine_, key_, " WHERE id = $1", id); }

Result<std::optional<Person>> Accounts::person_named(const std::string& name) {
    const auto folded = login_name(name);
    // A name that cannot be is looked for all the same: it must cost what another unknown one costs.
    return one(*engine_, key_, " WHERE name_index = $1", name_index(key_, folded ? *folded : "\n" + name));
}

Result<std::optional<Person>> Accounts::person_with_email(const std::string& email) {
    const std::string index = email_index(key_, email);
    if (index.empty()) return std::nullopt;
    return one(*engine_, key_, " WHERE email_index = $1", index);
}

Result<Person> Accounts::add(const model::Reader& who, Person person) {
    person.id = new_id('p');
    const Result<void> done = Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(insert_person(database, key_, person));
        return "person " + person.id + " added, " + standing_text(person.standing);
    });
    if (!done) return tl::unexpected(done.error());
    return person;
}

Result<void> Accounts::change(const model::Reader& who, const Person& person, const std::string& what) {
    THREATLAS_CHECK(check_standing(person.standing));
    if (person.state != "active" && person.state != "blocked") return fail(ErrorCode::bad_input, "an account is active or blocked");
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database,
                                                  "UPDATE people SET email_index = $2, email_sealed = $3, organisation = $4, role = $5, clearance = $6, state = $7, password_sealed = $8, "
                                                  "totp_sealed = $9, totp_pending_sealed = $10, settings = $11 WHERE id = $1 AND state <> 'erased' RETURNING id",
                                                  person.id, email_index(key_, person.email), sealed(key_, "email", person.id, core::lower_ascii(core::trim(person.email))),
                                                  person.standing.organisation, std::string(model::name_of(person.standing.role)), person.standing.clearance, person.state,
                                                  sealed(key_, "password", person.id, person.password), sealed(key_, "totp", person.id, person.totp),
                                                  sealed(key_, "totp_pending", person.id, person.totp_pending), person.settings));
        if (!there) return fail(ErrorCode::not_found, "there is no person '" + person.id + "'");
        return "person " + person.id + " " + what;
    });
}

Result<void> Accounts::erase(const model::Reader& who, const std::string& id) {
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        // The index must stay unique and no name can have it.
        THREATLAS_TRY(const bool there, Rows::did(database,
                                                  "UPDATE people SET name_index = $2, name_sealed = '', email_index = '', email_sealed = '', state = 'erased', password_sealed = '', "
                                                  "totp_sealed = '', totp_pending_sealed = '', settings = '{}' WHERE id = $1 AND state <> 'erased' RETURNING id",
                                                  id, "erased " + id));
        if (!there) return fail(ErrorCode::not_found, "there is no person '" + id + "'");
        for (const char* table : {"recovery_codes", "sessions", "oidc_links"}) THREATLAS_CHECK(database.run(std::string("DELETE FROM ") + table + " WHERE person = $1", id));
        return "person " + id + " erased: name, address, credentials and sessions";
    });
}

Result<bool> Accounts::use_totp_step(const std::string& id, std::int64_t step) {
    const std::lock_guard guard(engine_->mutex);
    return Rows::did(engine_->database, "UPDATE people SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id", id, step);
}

Result<void> Accounts::set_recovery_codes(const model::Reader& who, const std::string& id, const std::vector<std::string>& codes) {
    return Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(database.run("DELETE FROM recovery_codes WHERE person = $1", id));
        for (const std::string& code : codes) THREATLAS_CHECK(database.run("INSERT INTO recovery_codes (person, code_index) VALUES ($1, $2)", id, key_.index("recovery." + id, code)));
        return "person " + id + " recovery codes " + std::to_string(codes.size());
    });
}

Result<bool> Accounts::use_recovery_code(const model::Reader& who, const std::string& id, const std::string& code) {
    const auto used = Rows::audited(*this, who, "account", [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(const bool there, Rows::did(database, "DELETE FROM recovery_codes WHERE person = $1 AND code_index = $2 RETURNING person", id, key_.index("recovery." + id, code)));
        if (!there) return fail(ErrorCode::not_found, "no such recovery code");
        return "person " + id + " used a recovery code";
    });
    if (!used && used.error().code == ErrorCode::not_found) return false;
    if (!used) return tl::unexpected(used.error());
    return true;
}

Result<std::uint64_t> Accounts::recovery_codes(const std::string& id) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COUNT(*) FROM recovery_codes WHERE person = $1"));
    THREATLAS_CHECK(row.bind(id).step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<void> Accounts::note(const model::Reader& who, const std::string& action, const std::string& object) {
    const std::lock_guard guard(engine_->mutex);
    return record_audit(*engine_, who, action, object);
}

}  // namespace threatlas::store

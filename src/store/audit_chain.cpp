#include "store/audit_chain.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "store/file_io.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr const char* kColumns =
    "number, at, person, organisation, role, purpose, action, object, previous, hash";

struct Head {
    std::uint64_t entries = 0;
    std::string hash;
};

AuditEntry entry_of(const Statement& row) {
    AuditEntry entry;
    entry.number = static_cast<std::uint64_t>(row.integer(0));
    std::string* const texts[] = {&entry.at,     &entry.person,   &entry.organisation,
                                  &entry.role,   &entry.purpose,  &entry.action,
                                  &entry.object, &entry.previous, &entry.hash};
    for (int i = 0; i < 9; ++i) *texts[i] = row.text(i + 1);
    return entry;
}

Result<Head> head_in_table(Engine& engine) {
    THREATLAS_TRY(Statement row,
                  engine.database.prepare("SELECT entries, hash FROM audit_head WHERE one = 1"));
    THREATLAS_TRY(const bool there, row.step());
    if (!there)
        return fail(ErrorCode::mismatch, "the audit log's end is no longer noted in the store",
                    {engine.folder, 0, ""});
    return Head{static_cast<std::uint64_t>(row.integer(0)), row.text(1)};
}

Result<std::optional<Head>> head_in_file(const Engine& engine) {
    std::error_code ignored;
    if (!std::filesystem::exists(engine.head_file(), ignored)) return std::nullopt;
    THREATLAS_TRY(const std::string text, core::read_file(engine.head_file()));
    const auto parts = core::split(core::trim(text), ' ');
    const auto count = parts.size() == 2 ? core::parse_number(parts[0]) : std::nullopt;
    if (!count || *count < 0 || *count > 9e15 || parts[1].size() != 64)
        return fail(ErrorCode::mismatch, "audit.head does not hold a count and a hash",
                    {engine.head_file(), 0, ""});
    return Head{static_cast<std::uint64_t>(*count), parts[1]};
}

Result<std::optional<AuditEntry>> entry_at(Engine& engine, std::uint64_t number) {
    THREATLAS_TRY(Statement row, engine.database.prepare(std::string("SELECT ") + kColumns +
                                                         " FROM audit WHERE number = $1"));
    THREATLAS_TRY(const bool there, row.bind(number).step());
    if (!there) return std::nullopt;
    return entry_of(row);
}

tl::unexpected<core::Error> cut(const Engine& engine, std::uint64_t entry) {
    return fail(ErrorCode::mismatch,
                "the audit log does not end where it did: entry " + std::to_string(entry) +
                    " is missing or changed. Keep this folder as it is for whoever looks into it, and "
                    "go on with a copy restored from before; a copy of audit.head kept elsewhere "
                    "says how long the log was",
                {engine.folder, entry, ""});
}

// Whether the last entry is the one both notes name.
Result<Head> checked_end(Engine& engine) {
    THREATLAS_TRY(const Head head, head_in_table(engine));
    THREATLAS_TRY(
        Statement last,
        engine.database.prepare("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"));
    THREATLAS_TRY(const bool any, last.step());
    const auto number = any ? static_cast<std::uint64_t>(last.integer(0)) : 0;
    if (number != head.entries || (any ? last.text(1) : "") != head.hash)
        return cut(engine, std::max(number, head.entries));
    if (engine.remote()) return head;  // the database's administrator guards the table; checkpoints say the rest
    THREATLAS_TRY(const auto noted, head_in_file(engine));
    if (noted && noted->entries > 0) {
        THREATLAS_TRY(const auto entry, entry_at(engine, noted->entries));
        if (!entry || entry->hash != noted->hash) return cut(engine, noted->entries);
    }
    if (!noted)
        return fail(ErrorCode::mismatch,
                    "audit.head is missing, so a cut of the audit log could not be seen",
                    {engine.head_file(), 0, ""});
    return head;
}

}  // namespace

std::string audit_hash(const AuditEntry& e) {
    const core::json::object fields{{"number", e.number}, {"at", e.at},
                                    {"person", e.person}, {"organisation", e.organisation},
                                    {"role", e.role},     {"purpose", e.purpose},
                                    {"action", e.action}, {"object", e.object}};
    return core::sha256(e.previous + core::write_json(fields));
}

Result<AuditEntry> append_audit(Engine& engine, const model::Reader& who, const std::string& action,
                                const std::string& object) {
    const AuditNote note{who, action, object};
    return append_audit(engine, std::span(&note, 1));
}

Result<AuditEntry> append_audit(Engine& engine, std::span<const AuditNote> notes) {
    THREATLAS_TRY(Head head, checked_end(engine));
    AuditEntry entry;
    entry.number = head.entries, entry.hash = head.hash;
    THREATLAS_TRY(Statement insert, engine.database.prepare(std::string("INSERT INTO audit (") + kColumns + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    for (const AuditNote& note : notes) {
        entry = {entry.number + 1, engine.clock(), note.who.person, note.who.organisation, std::string(model::name_of(note.who.role)), note.who.purpose, note.action, note.object, entry.hash, ""};
        entry.hash = audit_hash(entry);
        THREATLAS_CHECK(insert.bind(entry.number, entry.at, entry.person, entry.organisation, entry.role, entry.purpose, entry.action, entry.object, entry.previous, entry.hash).run());
    }
    THREATLAS_CHECK(engine.database.run(
        "UPDATE audit_head SET entries = $1, hash = $2 WHERE one = 1", entry.number, entry.hash));
    return entry;
}

Result<void> note_audit_head(const Engine& engine, const AuditEntry& entry) {
    if (engine.remote()) return {};
    return write_durably(engine.head_file(),
                         std::to_string(entry.number) + " " + entry.hash + "\n");
}

Result<void> start_audit_head(Engine& engine) {
    if (engine.remote()) return {};
    THREATLAS_TRY(Head head, head_in_table(engine));
    if (head.entries == 0) head.hash.assign(64, '0');
    return write_durably(engine.head_file(), std::to_string(head.entries) + " " + head.hash + "\n");
}

Result<void> record_audit(Engine& engine, const model::Reader& who, const std::string& action,
                          const std::string& object) {
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, who, action, object));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(engine, entry);
}

Result<void> record_audit(Engine& engine, std::span<const AuditNote> notes) {
    if (notes.empty()) return {};
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, notes));
    THREATLAS_CHECK(transaction.commit());
    return note_audit_head(engine, entry);
}

Result<AuditPage> find_audit(Engine& engine, const AuditQuery& query) {
    std::string sql = std::string("SELECT ") + kColumns + " FROM audit WHERE number < $1";
    // What is not asked still names its parameter, so that their numbers stay; asked alone lets an index be used.
    int number = 1;
    const auto narrow = [&](bool asked, const char* condition) {
        ++number;
        sql += asked ? std::string(" AND ") + condition : " AND CAST($" + std::to_string(number) + " AS TEXT) IS NOT NULL";
    };
    narrow(!query.person.empty(), "person = $2");
    narrow(!query.organisation.empty(), "organisation = $3");
    narrow(!query.action.empty(), "action = $4");
    narrow(!query.from.empty(), "at >= $5");
    narrow(!query.to.empty(), "at < $6");
    narrow(!query.text.empty(), "(LOWER(object) LIKE $7 ESCAPE '!' OR LOWER(purpose) LIKE $7 ESCAPE '!')");
    sql += " ORDER BY number DESC LIMIT $8";
    std::string like = "%";
    for (const char letter : core::lower_ascii(query.text)) {
        if (letter == '%' || letter == '_' || letter == '!') like += '!';
        like += letter;
    }
    like += '%';
    constexpr std::size_t kMost = 1000;
    const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, kMost);
    const std::uint64_t before = query.after == 0 ? std::uint64_t{1} << 62 : query.after;
    THREATLAS_TRY(Statement row, engine.database.prepare(sql));
    // A day or a minute includes all of itself: '~' comes after every letter of a moment.
    row.bind(before, query.person, query.organisation, query.action, query.from, query.to + "~", like, static_cast<std::uint64_t>(limit + 1));
    AuditPage page;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return page;
        if (page.entries.size() == limit) {
            page.next = page.entries.back().number;
            return page;
        }
        page.entries.push_back(entry_of(row));
    }
}

Result<std::vector<AuditEntry>> read_audit(Engine& engine) {
    THREATLAS_TRY(Statement row, engine.database.prepare(std::string("SELECT ") + kColumns +
                                                         " FROM audit ORDER BY number"));
    std::vector<AuditEntry> entries;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return entries;
        entries.push_back(entry_of(row));
    }
}

Result<std::uint64_t> check_audit(Engine& engine) {
    THREATLAS_TRY(Statement row, engine.database.prepare(std::string("SELECT ") + kColumns +
                                                         " FROM audit ORDER BY number"));
    std::uint64_t number = 0;
    std::string previous;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        const AuditEntry entry = entry_of(row);
        ++number;
        if (entry.number != number || entry.previous != previous || entry.hash != audit_hash(entry))
            return fail(ErrorCode::mismatch,
                        "the audit log does not fit at entry " + std::to_string(number),
                        {engine.folder, number, ""});
        previous = entry.hash;
    }
    THREATLAS_CHECK(checked_end(engine));
    return number;
}

}  // namespace threatlas::store

#include "store/records.hpp"

#include "core/hash.hpp"
#include "model/json_codec.hpp"
#include "store/rights.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<std::vector<StoredSubmission>> load_submissions(Database& database) {
    THREATLAS_TRY(Statement row,
                  database.prepare("SELECT id, source, member, file, mapping, known_at, rows_read, "
                                   "accepted, rejected, duplicates, segment, mildest_handling, taken "
                                   "FROM submissions ORDER BY source, id"));
    std::vector<StoredSubmission> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        const auto count = [&](int column) {
            return static_cast<std::uint64_t>(row.integer(column));
        };
        StoredSubmission each;
        each.info = {row.text(0), row.text(1), row.text(2),
                     row.text(3), row.text(4), core::Day{static_cast<std::int32_t>(row.integer(5))},
                     count(6),    count(7),    count(8),
                     count(9)};
        each.segment = row.text(10);
        each.mildest_handling = static_cast<int>(row.integer(11));
        each.taken = count(12);
        all.push_back(std::move(each));
    }
}

Result<std::vector<Withdrawal>> load_withdrawals(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT submission, day, reason FROM withdrawals ORDER BY submission"));
    std::vector<Withdrawal> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.text(0), core::Day{static_cast<std::int32_t>(row.integer(1))}, row.text(2)});
    }
}

Result<void> insert_withdrawal(Database& database, const Withdrawal& w) {
    return database.run("INSERT INTO withdrawals (submission, day, reason) VALUES ($1, $2, $3)", w.submission, static_cast<int>(w.day.number), w.reason);
}

Result<void> delete_withdrawal(Database& database, const std::string& submission) {
    return database.run("DELETE FROM withdrawals WHERE submission = $1", submission);
}

Result<bool> has_submission(Database& database, const std::string& id) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT 1 FROM submissions WHERE id = $1"));
    return row.bind(id).step();
}

Result<bool> has_segment(Database& database, const std::string& hash) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT 1 FROM submissions WHERE segment = $1"));
    return row.bind(hash).step();
}

Result<void> insert_submission(Database& database, const StoredSubmission& s) {
    const SubmissionInfo& i = s.info;
    return database.run(
        "INSERT INTO submissions (id, source, member, file, mapping, known_at, rows_read, "
        "accepted, rejected, duplicates, segment, "
        "mildest_handling, taken) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
        "(SELECT COALESCE(MAX(taken), 0) + 1 FROM submissions))",
        i.id, i.source, i.member, i.file, i.mapping, static_cast<int>(i.known_at.number), i.rows,
        i.accepted, i.rejected, i.duplicates, s.segment, s.mildest_handling);
}

Result<std::vector<model::Claim>> load_claims(Database& database, const std::string& submission) {
    THREATLAS_TRY(
        Statement row,
        database.prepare("SELECT body FROM claims WHERE submission = $1 ORDER BY number"));
    row.bind(submission);
    std::vector<model::Claim> claims;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return claims;
        THREATLAS_TRY(const auto json, core::parse_json(row.text(0), "claims of the store"));
        THREATLAS_CHECK(model::from_json(json, claims.emplace_back(), "claim"));
    }
}

Result<void> insert_claim(Database& database, const std::string& submission, std::uint64_t number,
                          const model::Claim& claim) {
    return database.run("INSERT INTO claims (submission, number, body) VALUES ($1, $2, $3)",
                        submission, number, core::write_json(model::to_json(claim)));
}

Result<std::vector<Reject>> load_rejects(Database& database, const std::string& submission) {
    THREATLAS_TRY(Statement row,
                  database.prepare("SELECT file, row_number, column_name, verdict, reason, "
                                   "original FROM rejects WHERE submission = $1 ORDER BY number"));
    row.bind(submission);
    std::vector<Reject> rejects;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return rejects;
        rejects.push_back({row.text(0), static_cast<std::uint64_t>(row.integer(1)), row.text(2),
                           row.text(3), row.text(4), row.text(5)});
    }
}

Result<Statement> prepare_insert_reject(Database& database) {
    return database.prepare(
        "INSERT INTO rejects (submission, number, file, row_number, column_name, verdict, reason, "
        "original) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
}

Result<void> insert_reject(Statement& insert, const std::string& submission, std::uint64_t number,
                           const Reject& r) {
    return insert.bind(submission, number, r.file, r.row, r.column, r.verdict, r.reason, r.original)
        .run();
}

Result<bool> insert_assessment(Database& database, const StoredAssessment& entry,
                               std::string_view json) {
    const std::string body_hash = core::sha256(json);
    THREATLAS_TRY(Statement present,
                  database.prepare("SELECT body_hash FROM assessments WHERE id = $1"));
    THREATLAS_TRY(const bool there, present.bind(entry.id).step());
    if (there) {
        if (present.text(0) == body_hash) return false;
        return fail(ErrorCode::conflict, "assessment '" + entry.id + "' exists with other content");
    }
    THREATLAS_CHECK(database.run(
        "INSERT INTO assessments (number, id, created_for, content_hash, as_of, body, body_hash, "
        "handling) "
        "VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM assessments), $1, $2, $3, $4, $5, $6, "
        "$7)",
        entry.id, entry.created_for, entry.content_hash, static_cast<int>(entry.as_of.number), json,
        body_hash, handling_rank(entry.handling)));
    return true;
}

Result<std::vector<StoredAssessment>> load_assessments(Database& database) {
    THREATLAS_TRY(
        Statement row,
        database.prepare(
            "SELECT id, created_for, content_hash, as_of, handling FROM assessments ORDER BY "
            "number"));
    std::vector<StoredAssessment> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.text(0), row.text(1), row.text(2),
                       core::Day{static_cast<std::int32_t>(row.integer(3))},
                       std::string(handling_word(static_cast<int>(row.integer(4))))});
    }
}

Result<AssessmentText> load_assessment(Database& database, const std::string& id) {
    THREATLAS_TRY(
        Statement row,
        database.prepare(
            id == "latest"
                ? "SELECT id, body, body_hash, handling FROM assessments ORDER BY number DESC "
                  "LIMIT 1"
                : "SELECT id, body, body_hash, handling FROM assessments WHERE id = $1"));
    if (id != "latest") row.bind(id);
    THREATLAS_TRY(const bool there, row.step());
    if (!there)
        return fail(ErrorCode::not_found,
                    id == "latest" ? "there is no assessment yet; make one with 'threatlas assess'"
                                   : "there is no assessment '" + id + "'");
    AssessmentText found{row.text(0), row.text(1), static_cast<int>(row.integer(3))};
    if (core::sha256(found.json) != row.text(2))
        return fail(ErrorCode::mismatch, "assessment '" + found.id + "' is not what was saved");
    return found;
}

}  // namespace threatlas::store

#include "store/records.hpp"

#include <algorithm>
#include <map>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/refused_text.hpp"
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
        if (!more) break;
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
    THREATLAS_TRY(Statement mark, database.prepare("SELECT submission, marking, originator FROM submission_marks"));
    std::map<std::string, std::set<std::pair<std::string, std::string>>> marks;
    for (;;) {
        THREATLAS_TRY(const bool more, mark.step());
        if (!more) break;
        marks[mark.text(0)].emplace(mark.text(1), mark.text(2));
    }
    for (StoredSubmission& each : all)
        if (const auto found = marks.find(each.info.id); found != marks.end()) each.marks = std::move(found->second);
    return all;
}

bool may_know(const Sight& sight, const StoredSubmission& submission) {
    const auto own = [&](const std::string& originator) { return sight.entitled(originator, submission.info.id); };
    if (submission.marks.empty()) return sight.allows({submission.mildest_handling, 0}, own(std::string(originator_of(submission.info.member, submission.info.source))));
    return std::any_of(submission.marks.begin(), submission.marks.end(), [&](const auto& each) { return sight.allows(parse_marking(each.first), own(each.second)); });
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

Result<StoreState> content_state(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT COUNT(*), COALESCE(MAX(taken), 0), COALESCE(SUM(accepted), 0), (SELECT COUNT(*) FROM dossiers WHERE kind = 'consent'), "
                                                  "(SELECT COUNT(*) FROM dossier_steps s JOIN dossiers d ON d.number = s.dossier WHERE d.kind = 'consent'), (SELECT COUNT(*) FROM erasures), (SELECT COALESCE(SUM(due), 0) FROM reviews), (SELECT COALESCE(MAX(number), 0) FROM assessments) FROM submissions"));
    THREATLAS_TRY(const bool there, row.step());
    if (!there) return fail(ErrorCode::internal, "counting submissions gave nothing");
    StoreState out;
    for (int column = 0; column < 7; ++column) out.rows += std::to_string(row.integer(column)) + "/";
    THREATLAS_TRY(const auto withdrawn, load_withdrawals(database));
    for (const Withdrawal& each : withdrawn) out.rows += each.submission + "@" + std::to_string(each.day.number) + "/";
    out.assessments = std::to_string(row.integer(7)) + "/" + std::to_string(row.integer(5));   // erasure takes rows out of them
    return out;
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
    THREATLAS_CHECK(database.run(
        "INSERT INTO submissions (id, source, member, file, mapping, known_at, rows_read, "
        "accepted, rejected, duplicates, segment, "
        "mildest_handling, taken) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
        "(SELECT COALESCE(MAX(taken), 0) + 1 FROM submissions))",
        i.id, i.source, i.member, i.file, i.mapping, static_cast<int>(i.known_at.number), i.rows,
        i.accepted, i.rejected, i.duplicates, s.segment, s.mildest_handling));
    for (const auto& [marking, originator] : s.marks) THREATLAS_CHECK(database.run("INSERT INTO submission_marks (submission, marking, originator) VALUES ($1, $2, $3)", i.id, marking, originator));
    return {};
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

Result<std::vector<Reject>> load_rejects(Engine& engine, const std::string& submission) {
    THREATLAS_TRY(Statement row,
                  engine.database.prepare("SELECT file, row_number, column_name, verdict, reason, "
                                   "original, number, sealed FROM rejects WHERE submission = $1 ORDER BY number"));
    row.bind(submission);
    std::vector<Reject> rejects;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return rejects;
        std::string original = row.text(5);
        if (row.integer(7) != kNotSealed) {
            THREATLAS_TRY(original, open_original(engine, submission, row.integer(6), row.text(5)));
        }
        rejects.push_back({row.text(0), static_cast<std::uint64_t>(row.integer(1)), row.text(2),
                           row.text(3), row.text(4), std::move(original)});
    }
}

Result<Statement> prepare_insert_reject(Database& database) {
    return database.prepare(
        "INSERT INTO rejects (submission, number, file, row_number, column_name, verdict, reason, "
        "original, sealed) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
}

Result<void> insert_reject(Statement& insert, const std::string& submission, std::uint64_t number,
                           const Reject& r) {
    return insert.bind(submission, number, r.file, r.row, r.column, r.verdict, r.reason, r.original, kSealedAtOnce)
        .run();
}

Marking stored_marking(const std::string& text, std::int64_t rank) {
    if (text.empty()) return {static_cast<int>(rank), kAllCodes};
    const Marking marking = parse_marking(text);
    return marking.rank == rank ? marking : kAllMarks;  // changed from outside: verification names it
}

std::string packed(const std::vector<std::string>& originators) { return core::join(originators, ","); }

std::vector<std::string> unpacked(const std::string& text) { return text.empty() ? std::vector<std::string>{} : core::split(text, ','); }

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
        "handling, marking, originators) "
        "VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM assessments), $1, $2, $3, $4, $5, $6, "
        "$7, $8, $9)",
        entry.id, entry.created_for, entry.content_hash, static_cast<int>(entry.as_of.number), json,
        body_hash, handling_rank(entry.handling), text(parse_marking(entry.handling)), packed(entry.originators)));
    return true;
}

Result<std::vector<StoredAssessment>> load_assessments(Database& database) {
    THREATLAS_TRY(
        Statement row,
        database.prepare(
            "SELECT id, created_for, content_hash, as_of, handling, marking, originators FROM assessments ORDER BY "
            "number"));
    std::vector<StoredAssessment> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.text(0), row.text(1), row.text(2),
                       core::Day{static_cast<std::int32_t>(row.integer(3))},
                       text(stored_marking(row.text(5), row.integer(4))), unpacked(row.text(6))});
    }
}

Result<AssessmentText> load_assessment(Database& database, const std::string& id) {
    THREATLAS_TRY(
        Statement row,
        database.prepare(
            id == "latest"
                ? "SELECT id, body, body_hash, handling, marking, originators FROM assessments ORDER BY number DESC "
                  "LIMIT 1"
                : "SELECT id, body, body_hash, handling, marking, originators FROM assessments WHERE id = $1"));
    if (id != "latest") row.bind(id);
    THREATLAS_TRY(const bool there, row.step());
    if (!there)
        return fail(ErrorCode::not_found,
                    id == "latest" ? "there is no assessment yet; make one with 'threatlas assess'"
                                   : "there is no assessment '" + id + "'");
    AssessmentText found{row.text(0), row.text(1), stored_marking(row.text(4), row.integer(3)), unpacked(row.text(5))};
    if (core::sha256(found.json) != row.text(2))
        return fail(ErrorCode::mismatch, "assessment '" + found.id + "' is not what was saved");
    return found;
}

}  // namespace threatlas::store

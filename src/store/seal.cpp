#include "store/seal.hpp"

#include <map>
#include <set>

#include "core/hash.hpp"
#include "store/dossiers.hpp"
#include "store/erasure.hpp"
#include "store/matching_proof.hpp"
#include "store/refused_text.hpp"
#include "store/review.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

// Fields in order, each as '<bytes>:<text>' and a line end: nothing can move from one to the next.
class Fields {
  public:
    explicit Fields(std::string_view kind) { hash_.add(kind), hash_.add("\n"); }
    Fields& add(std::string_view text) {
        hash_.add(std::to_string(text.size()) + ":");
        hash_.add(text);
        hash_.add("\n");
        return *this;
    }
    Fields& add(std::uint64_t number) { return add(std::to_string(number)); }
    std::string finish() { return hash_.finish(); }

  private:
    core::Sha256 hash_;
};

// The fields are listed here and not taken from the field list: one added later must not change
// the hash of what was sealed before.
std::string record_hash(const StoredSubmission& s) {
    const SubmissionInfo& i = s.info;
    Fields fields("threatlas submission 1");
    for (const std::string* text : {&i.id, &i.source, &i.member, &i.file, &i.mapping, &s.segment})
        fields.add(*text);
    fields.add(std::to_string(i.known_at.number)).add(std::to_string(s.mildest_handling));
    fields.add(s.taken);
    for (const std::uint64_t count : {i.rows, i.accepted, i.rejected, i.duplicates})
        fields.add(count);
    return fields.finish();
}

Result<std::string> claims_hash(Database& database, const std::string& submission) {
    THREATLAS_TRY(
        Statement row,
        database.prepare("SELECT number, body FROM claims WHERE submission = $1 ORDER BY number"));
    row.bind(submission);
    Fields fields("threatlas claims 1");
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return fields.finish();
        fields.add(row.text(0)).add(row.text(1));
    }
}

// Over what is kept; of rows encrypted after they were sealed, over the text they were sealed with.
Result<std::string> rejects_hash(Engine& engine, const std::string& submission) {
    THREATLAS_TRY(Statement row,
                  engine.database.prepare("SELECT number, file, row_number, column_name, verdict, reason, "
                                   "original, sealed FROM rejects WHERE submission = $1 ORDER BY number"));
    row.bind(submission);
    Fields fields("threatlas rejects 1");
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return fields.finish();
        for (int column = 0; column < 6; ++column) fields.add(row.text(column));
        if (row.integer(7) == kSealedLater) {
            THREATLAS_TRY(const std::string text, open_original(engine, submission, row.integer(0), row.text(6)));
            fields.add(text);
        } else {
            fields.add(row.text(6));
        }
    }
}

std::string counts_of(const SubmissionInfo& i) {
    return "submission " + i.id + " source " + i.source + " rows " + std::to_string(i.rows) +
           " accepted " + std::to_string(i.accepted) + " refused " + std::to_string(i.rejected) +
           " duplicates " + std::to_string(i.duplicates);
}

constexpr std::string_view kRecord = " record ", kClaims = " claims ", kRejects = " rejects ";
constexpr std::string_view kBody = " body ";

// The word after a mark; empty when the mark is not there.
std::string word_after(const std::string& text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string::npos) return {};
    const std::size_t from = at + mark.size();
    return text.substr(from, text.find(' ', from) - from);
}

struct Noted {
    std::uint64_t number = 0;
    std::string object;
};

// By id, from 'submission <id> ...' or 'assessment <id> ...'.
Result<std::map<std::string, Noted>> noted(Database& database, const std::string& action,
                                           std::string_view before) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT number, object FROM audit WHERE action = "
                                                  "$1 ORDER BY number"));
    row.bind(action);
    std::map<std::string, Noted> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        const std::string object = row.text(1);
        if (object.starts_with(before))
            all[word_after(object, before)] = {static_cast<std::uint64_t>(row.integer(0)), object};
    }
}

Result<std::uint64_t> count(Database& database, const std::string& sql,
                            const std::string& parameter) {
    THREATLAS_TRY(Statement row, database.prepare(sql));
    if (!parameter.empty()) row.bind(parameter);
    THREATLAS_CHECK(row.step());
    return static_cast<std::uint64_t>(row.integer(0));
}

class Checker {
  public:
    explicit Checker(Engine& engine) : engine_(engine), database_(engine.database) {}

    Result<void> run(const std::string& folder) {
        THREATLAS_CHECK(submissions());
        THREATLAS_CHECK(orphans("claims", "judgements"));
        THREATLAS_CHECK(orphans("rejects", "refused rows"));
        THREATLAS_CHECK(withdrawals());
        THREATLAS_CHECK(assessments());
        THREATLAS_TRY(const auto followed, check_dossiers(database_));
        problems_.insert(problems_.end(), followed.begin(), followed.end());
        THREATLAS_TRY(const auto reviewed, check_reviews(database_));
        problems_.insert(problems_.end(), reviewed.begin(), reviewed.end());
        THREATLAS_TRY(const auto matched, check_matching(database_));
        problems_.insert(problems_.end(), matched.begin(), matched.end());
        if (problems_.empty()) return {};
        constexpr std::size_t kNamed = 5;
        std::string text = "the store does not fit its audit log: ";
        for (std::size_t i = 0; i < std::min(kNamed, problems_.size()); ++i)
            text += (i == 0 ? "" : "; ") + problems_[i];
        if (problems_.size() > kNamed)
            text += "; and " + std::to_string(problems_.size() - kNamed) + " more";
        return fail(ErrorCode::mismatch,
                    text +
                        ". Someone changed the database from outside: keep this folder as it is "
                        "and restore a copy",
                    {folder, 0, ""});
    }

  private:
    Result<void> submissions() {
        THREATLAS_TRY(auto entries, noted(database_, "ingest", "submission "));
        THREATLAS_TRY(const auto stored, load_submissions(database_));
        THREATLAS_TRY(auto erased, load_erasures(database_));
        THREATLAS_TRY(auto erase_entries, noted(database_, "erase", "submission "));
        for (const auto& [id, erasure] : erased) {
            const auto entry = erase_entries.find(id);
            THREATLAS_TRY(const std::string object, erase_object(database_, erasure));
            if (entry == erase_entries.end() || entry->second.object != object) problems_.push_back("the erasure of submission " + id + " is not as the log has it");
            if (entry != erase_entries.end()) erase_entries.erase(entry);
        }
        for (const auto& [id, entry] : erase_entries) problems_.push_back("the erasure of submission " + id + " of entry " + std::to_string(entry.number) + " is no longer in the store");
        for (const StoredSubmission& each : stored) {
            const auto entry = entries.find(each.info.id);
            if (entry == entries.end()) {
                problems_.push_back("submission " + each.info.id +
                                    " is in the store and its ingest is not in the log");
                continue;
            }
            const auto gone = erased.find(each.info.id);
            if (gone != erased.end()) THREATLAS_CHECK(nothing_left(each, entry->second));
            else THREATLAS_CHECK(submission(each, entry->second));
            entries.erase(entry);
        }
        for (const auto& [id, entry] : entries)
            problems_.push_back("submission " + id + " of entry " + std::to_string(entry.number) +
                                " is no longer in the store");
        return {};
    }

    // Of what was erased the counts stay, and nothing of the content.
    Result<void> nothing_left(const StoredSubmission& each, const Noted& entry) {
        THREATLAS_TRY(const auto claims, count(database_, "SELECT COUNT(*) FROM claims WHERE submission = $1", each.info.id));
        THREATLAS_TRY(const auto rejects, count(database_, "SELECT COUNT(*) FROM rejects WHERE submission = $1", each.info.id));
        const std::string counts = counts_of(each.info);
        if (claims + rejects > 0 || !each.segment.empty()) problems_.push_back("submission " + each.info.id + " was erased and content of it is in the store");
        if (entry.object != counts && !entry.object.starts_with(counts + std::string(kRecord))) problems_.push_back("the particulars of submission " + each.info.id + " differ from entry " + std::to_string(entry.number));
        return {};
    }

    Result<void> submission(const StoredSubmission& each, const Noted& entry) {
        const std::string& id = each.info.id;
        const auto differs = [&](const std::string& what) {
            problems_.push_back(what + " of submission " + id + " (" + each.info.file +
                                ") differ from entry " + std::to_string(entry.number));
        };
        const std::string counts = counts_of(each.info);
        if (const std::string sealed = word_after(entry.object, kRecord); !sealed.empty()) {
            if (!entry.object.starts_with(counts + std::string(kRecord)) ||
                sealed != record_hash(each))
                differs("the particulars");
            THREATLAS_TRY(const std::string claims, claims_hash(database_, id));
            if (claims != word_after(entry.object, kClaims)) differs("the judgements");
            THREATLAS_TRY(const std::string rejects, rejects_hash(engine_, id));
            if (rejects != word_after(entry.object, kRejects)) differs("the refused rows");
            return {};
        }
        // Taken in before entries held hashes: the counts are what there is.
        if (entry.object != counts) differs("the particulars");
        THREATLAS_TRY(const auto rejects,
                      count(database_, "SELECT COUNT(*) FROM rejects WHERE submission = $1", id));
        if (rejects != each.info.rejected + each.info.duplicates) differs("the refused rows");
        THREATLAS_TRY(const auto claims,
                      count(database_, "SELECT COUNT(*) FROM claims WHERE submission = $1", id));
        if (claims > each.info.accepted || (each.segment.empty() && claims != each.info.accepted))
            differs("the judgements");
        return {};
    }

    Result<void> orphans(const std::string& table, const std::string& what) {
        THREATLAS_TRY(const auto rows, count(database_,
                                             "SELECT COUNT(*) FROM " + table +
                                                 " WHERE submission NOT IN (SELECT id FROM "
                                                 "submissions)",
                                             ""));
        if (rows > 0)
            problems_.push_back(std::to_string(rows) + " " + what + " belong to no submission");
        return {};
    }

    // What the entries 'withdraw' and 'restore' leave, against the table.
    Result<void> withdrawals() {
        THREATLAS_TRY(auto left, noted(database_, "withdraw", "submission "));
        THREATLAS_TRY(const auto restored, noted(database_, "restore", "submission "));
        std::erase_if(left, [&](const auto& each) {
            const auto undone = restored.find(each.first);
            return undone != restored.end() && undone->second.number > each.second.number;
        });
        THREATLAS_TRY(const auto stored, load_withdrawals(database_));
        for (const Withdrawal& each : stored) {
            const auto entry = left.find(each.submission);
            // Entries made before they held the day end with the reason alone.
            if (entry == left.end() || (entry->second.object != withdraw_object(each) &&
                                        entry->second.object != "submission " + each.submission +
                                                                    " because: " + each.reason))
                problems_.push_back("the withdrawal of submission " + each.submission +
                                    " is not as the log has it");
            if (entry != left.end()) left.erase(entry);
        }
        for (const auto& [id, entry] : left)
            problems_.push_back("the withdrawal of submission " + id + " of entry " +
                                std::to_string(entry.number) + " is no longer in the store");
        return {};
    }

    Result<void> assessments() {
        THREATLAS_TRY(auto entries, noted(database_, "assess", "assessment "));
        THREATLAS_TRY(const auto before, bodies_before_erasure(database_));
        THREATLAS_TRY(Statement row,
                      database_.prepare("SELECT id, created_for, content_hash, as_of, handling, "
                                        "body, body_hash, marking, originators FROM assessments ORDER BY number"));
        for (;;) {
            THREATLAS_TRY(const bool more, row.step());
            if (!more) break;
            const StoredAssessment each{row.text(0), row.text(1), row.text(2),
                                        core::Day{static_cast<std::int32_t>(row.integer(3))}, row.text(7), unpacked(row.text(8))};
            const auto entry = entries.find(each.id);
            if (entry == entries.end()) {
                problems_.push_back("assessment " + each.id +
                                    " is in the store and its making is not in the log");
                continue;
            }
            const std::string body = core::sha256(row.text(5));
            const std::string whole = assess_object(each, static_cast<int>(row.integer(4)), before.of("assessment", each.id, body));
            // An entry made before it named the body holds the beginning of it.
            const std::string expected = entry->second.object.find(kBody) == std::string::npos
                                             ? whole.substr(0, whole.find(kBody))
                                             : whole;
            if (entry->second.object != expected || body != row.text(6))
                problems_.push_back("assessment " + each.id + " differs from entry " +
                                    std::to_string(entry->second.number));
            entries.erase(entry);
        }
        for (const auto& [id, entry] : entries)
            problems_.push_back("assessment " + id + " of entry " + std::to_string(entry.number) +
                                " is no longer in the store");
        return {};
    }

    Engine& engine_;
    Database& database_;
    std::vector<std::string> problems_;
};

}  // namespace

Result<std::string> ingest_object(Engine& engine, StoredSubmission submission) {
    Database& database = engine.database;
    THREATLAS_TRY(submission.taken, count(database, "SELECT taken FROM submissions WHERE id = $1",
                                          submission.info.id));
    THREATLAS_TRY(const std::string claims, claims_hash(database, submission.info.id));
    THREATLAS_TRY(const std::string rejects, rejects_hash(engine, submission.info.id));
    return counts_of(submission.info) + std::string(kRecord) + record_hash(submission) +
           std::string(kClaims) + claims + std::string(kRejects) + rejects;
}

std::string withdraw_object(const Withdrawal& withdrawal) {
    return "submission " + withdrawal.submission + " since " + core::iso(withdrawal.day) +
           " because: " + withdrawal.reason;
}

std::string assess_object(const StoredAssessment& entry, int handling,
                          const std::string& body_hash) {
    return "assessment " + entry.id + " content " + entry.content_hash + std::string(kBody) +
           body_hash + " handling " + std::to_string(handling) +
           (entry.handling.empty() ? "" : marks_object(entry.handling, entry.originators)) + " as of " +
           core::iso(entry.as_of) + " for " + entry.created_for;
}

Result<void> check_records(Engine& engine) {
    // One view of the database: an ingest that commits meanwhile is in all of it or in none.
    THREATLAS_TRY(Transaction transaction, Transaction::begin_reading(engine.database));
    THREATLAS_CHECK(Checker(engine).run(engine.folder));
    return transaction.commit();
}

}  // namespace threatlas::store

// The SQL of submissions, claims, rejects and assessments. The caller holds engine.mutex.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/rights.hpp"
#include "store/store.hpp"

namespace threatlas::store {

struct StoredSubmission {
    SubmissionInfo info;
    std::string segment;  // hash; empty when it holds no observation
    int mildest_handling = 0;
    std::uint64_t taken = 0;  // 1 for the first submission of the store; 0 when made before this was noted
    std::set<std::pair<std::string, std::string>> marks{};  // marking and originator, as its rows have them; empty when made before this was noted
};

// Whether the reader may know of it: when one of its rows is the reader's to see.
bool may_know(const Sight& sight, const StoredSubmission& submission);

core::Result<std::vector<StoredSubmission>> load_submissions(
    Database& database);  // by source, then id
core::Result<std::vector<Withdrawal>> load_withdrawals(Database& database);  // by submission
core::Result<void> insert_withdrawal(Database& database, const Withdrawal& withdrawal);
core::Result<StoreState> content_state(Database& database);
core::Result<void> delete_withdrawal(Database& database, const std::string& submission);
core::Result<bool> has_submission(Database& database, const std::string& id);
core::Result<bool> has_segment(Database& database, const std::string& hash);
core::Result<void> insert_submission(Database& database, const StoredSubmission& submission);

core::Result<std::vector<model::Claim>> load_claims(Database& database,
                                                    const std::string& submission);
core::Result<void> insert_claim(Database& database, const std::string& submission,
                                std::uint64_t number, const model::Claim& claim);

core::Result<std::vector<Reject>> load_rejects(Engine& engine, const std::string& submission);
core::Result<Statement> prepare_insert_reject(Database& database);
// Its original text encrypted already.
core::Result<void> insert_reject(Statement& insert, const std::string& submission,
                                 std::uint64_t number, const Reject& reject);

// conflict when the id is there with another text; the same text again is nothing to do (false).
core::Result<bool> insert_assessment(Database& database, const StoredAssessment& entry,
                                     std::string_view json);
// A marking as it is kept beside a rank, which says all when there is none: unknown codes are all codes.
Marking stored_marking(const std::string& text, std::int64_t rank);
// A list in one column, and back: no id holds a comma.
std::string packed(const std::vector<std::string>& originators);
std::vector<std::string> unpacked(const std::string& text);

core::Result<std::vector<StoredAssessment>> load_assessments(Database& database);
struct AssessmentText {
    std::string id, json;
    Marking marking{};
    std::vector<std::string> originators{};
};
core::Result<AssessmentText> load_assessment(Database& database, const std::string& id);

}  // namespace threatlas::store

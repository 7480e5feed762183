#include "store/review.hpp"

#include <algorithm>
#include <set>

#include "store/records.hpp"

namespace threatlas::store {

using core::Day;
using core::Result;

Day today_of(const Engine& engine) { return core::parse_day(engine.clock().substr(0, 10)).value_or(Day{}); }

Day first_review(const SubmissionInfo& info, bool judgements_alone, Day today) {
    const core::YearMonthDay from = core::split(std::max(info.known_at, today));
    const int years = info.review_after_years > 0 ? info.review_after_years : judgements_alone ? kReviewYearsOfJudgements : kReviewYears;
    // 29 February has no namesake in most years.
    return core::make_day(from.year + years, from.month, from.day).value_or(core::make_day(from.year + years, 3, 1).value_or(Day{}));
}

Result<void> set_review(Database& database, const Review& review) {
    return database.run("INSERT INTO reviews (submission, due, reason) VALUES ($1, $2, $3) ON CONFLICT (submission) DO UPDATE SET due = excluded.due, reason = excluded.reason", review.submission,
                        static_cast<int>(review.due.number), review.reason);
}

Result<std::vector<Review>> load_reviews(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT submission, due, reason FROM reviews WHERE submission NOT IN (SELECT submission FROM erasures) ORDER BY due, submission"));
    std::vector<Review> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.text(0), Day{static_cast<std::int32_t>(row.integer(1))}, row.text(2)});
    }
}

Result<void> set_missing_reviews(Engine& engine) {
    THREATLAS_TRY(const auto stored, load_submissions(engine.database));
    THREATLAS_TRY(const auto have, load_reviews(engine.database));
    std::set<std::string> known;
    for (const Review& each : have) known.insert(each.submission);
    for (const StoredSubmission& each : stored)
        if (!known.contains(each.info.id)) THREATLAS_CHECK(set_review(engine.database, {each.info.id, first_review(each.info, each.segment.empty() && each.info.accepted > 0, today_of(engine)), ""}));
    return {};
}

std::string review_object(const Review& review) { return "submission " + review.submission + " kept until " + core::iso(review.due) + " because: " + review.reason; }

Result<std::vector<std::string>> check_reviews(Database& database) {
    std::map<std::string, std::string> last;
    THREATLAS_TRY(Statement row, database.prepare("SELECT object FROM audit WHERE action = 'review' ORDER BY number"));
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        const std::string object = row.text(0);
        constexpr std::size_t kFrom = 11;  // 'submission '
        last[object.substr(kFrom, object.find(' ', kFrom) - kFrom)] = object;
    }
    std::vector<std::string> problems;
    THREATLAS_TRY(const auto all, load_reviews(database));
    for (const Review& each : all) {
        const auto entry = last.find(each.submission);
        if (each.reason.empty() ? entry != last.end() : entry == last.end() || entry->second != review_object(each)) problems.push_back("the review date of submission " + each.submission + " is not as the log has it");
    }
    return problems;
}

}  // namespace threatlas::store

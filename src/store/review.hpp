// Review dates: data are kept for as long as they are needed, and somebody asks at set times (Directive (EU)
// 2016/680, Art. 5). The caller of everything here holds engine.mutex.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

constexpr int kReviewYears = 5, kReviewYearsOfJudgements = 3;

core::Day today_of(const Engine& engine);  // by the store's clock
// Counted from the day the data are of, but not before they were taken in: what is kept since today is
// not due for having been published long ago.
core::Day first_review(const SubmissionInfo& info, bool judgements_alone, core::Day today);
core::Result<void> set_review(Database& database, const Review& review);
core::Result<std::vector<Review>> load_reviews(Database& database);  // by day, then submission
// For submissions of an earlier schema, which have none yet. Inside the caller's transaction.
core::Result<void> set_missing_reviews(Engine& engine);

std::string review_object(const Review& review);  // what the entry 'review' says
// What does not fit the entries 'review', in words.
core::Result<std::vector<std::string>> check_reviews(Database& database);

}  // namespace threatlas::store

#include "work/review.hpp"

#include <algorithm>

namespace threatlas::work {

core::Result<std::vector<ReviewItem>> review(store::Store& store, const model::Reader& who, core::Day today, const ReviewPolicy& policy) {
    THREATLAS_TRY(const auto reviews, store.reviews(who));
    THREATLAS_TRY(const auto submissions, store.submissions(who));
    THREATLAS_TRY(const auto withdrawn, store.withdrawals(who));
    std::vector<ReviewItem> out;
    for (const store::Review& each : reviews) {
        if (each.due.number > today.number + policy.warn_days) break;  // by date
        if (std::any_of(withdrawn.begin(), withdrawn.end(), [&](const auto& w) { return w.submission == each.submission; })) continue;
        const auto info = std::find_if(submissions.begin(), submissions.end(), [&](const auto& s) { return s.id == each.submission; });
        if (info == submissions.end()) continue;
        ReviewItem item{each.submission, info->source, info->member, info->file, each.due, each.due > today ? "coming" : "due"};
        if (policy.withdraw && each.due.number + policy.grace_days < today.number) {
            THREATLAS_CHECK(store.withdraw(who, {each.submission, today, "its review date " + core::iso(each.due) + " passed and nobody said that it is still needed"}));
            item.state = "withdrawn";
        }
        out.push_back(std::move(item));
    }
    return out;
}

}  // namespace threatlas::work

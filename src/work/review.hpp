// Review dates kept: who looks after the store is told in time, and what nobody said is still needed is
// withdrawn. For the command and the daily job.
#pragma once

#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct ReviewPolicy {
    int warn_days = 60;    // before the date it is told
    int grace_days = 30;   // so long after the date it is withdrawn
    bool withdraw = true;  // false: only told
};

struct ReviewItem {
    std::string submission, source, member, file;
    core::Day due{};
    std::string state;     // coming, due, or withdrawn (by this very call)
    static constexpr auto fields() {
        using T = ReviewItem;
        return std::make_tuple(model::field("submission", &T::submission, "content hash"), model::field("source", &T::source, "source id"), model::field("member", &T::member, "contributor"), model::field("file", &T::file, "file name"),
                               model::field("due", &T::due, "to be reviewed on"), model::field("state", &T::state, "coming, due or withdrawn"));
    }
};

// Submissions that are near, at or past their review date and not withdrawn yet, by date. Past date and grace
// they are withdrawn from today on, with the reason; an earlier day still sees them, and 'submissions restore'
// with 'review extend' brings them back.
core::Result<std::vector<ReviewItem>> review(store::Store& store, const model::Reader& who, core::Day today, const ReviewPolicy& policy = {});

}  // namespace threatlas::work

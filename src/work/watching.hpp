// One look for what is arising, and what is kept of it: the one way, for the command and the job.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyse/early_warning/follow_up.hpp"
#include "analyse/early_warning/watch.hpp"
#include "core/calendar.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct WatchRequest {
    std::vector<analyse::series::Step> steps{analyse::series::Step::week, analyse::series::Step::month};
    double false_per_week = analyse::early_warning::WatchOptions{}.false_per_week;   // shared by the steps
    std::optional<core::Day> as_of{};
};

// 'week', 'month' or 'both'; bad_usage otherwise.
core::Result<std::vector<analyse::series::Step>> watch_steps(const std::string& text);

// The signals of one day's knowledge; a step without counts is no error while the other has some.
core::Result<std::vector<analyse::early_warning::Watched>> look(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const WatchRequest& request, core::Progress& progress);

// Keeps them; the sum of what arrived.
core::Result<analyse::early_warning::Recorded> keep(store::Store& store, const model::Reader& writer, const std::vector<analyse::early_warning::Watched>& all);

}  // namespace threatlas::work

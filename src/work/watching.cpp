#include "work/watching.hpp"

namespace threatlas::work {

namespace warning = analyse::early_warning;
using analyse::series::Step;
using core::Result;

Result<std::vector<Step>> watch_steps(const std::string& text) {
    if (text == "week") return std::vector{Step::week};
    if (text == "month") return std::vector{Step::month};
    if (text == "both") return std::vector{Step::week, Step::month};
    return core::fail(core::ErrorCode::bad_usage, "--step is week, month or both, not '" + text + "'");
}

Result<std::vector<warning::Watched>> look(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const WatchRequest& request, core::Progress& progress) {
    store::SnapshotQuery query;
    query.as_of = request.as_of;
    query.with_judgements = false;
    THREATLAS_TRY(const store::Snapshot snapshot, store.snapshot(reader, query));
    std::vector<warning::Watched> out;
    core::Error last;
    for (const Step step : request.steps) {
        warning::WatchOptions options;
        options.step = step;
        options.false_per_week = request.false_per_week / static_cast<double>(request.steps.size());
        auto watched = warning::watch(snapshot, catalogue, options, progress);
        if (watched) out.push_back(std::move(*watched));
        else if (watched.error().code != core::ErrorCode::not_enough_data) return tl::unexpected<core::Error>(watched.error());
        else last = watched.error();
    }
    if (out.empty()) return tl::unexpected<core::Error>(last);
    return out;
}

Result<warning::Recorded> keep(store::Store& store, const model::Reader& writer, const std::vector<warning::Watched>& all) {
    warning::Recorded sum;
    for (const auto& watched : all) {
        THREATLAS_TRY(const auto recorded, warning::record(store, writer, watched.signals));
        sum.fresh += recorded.fresh, sum.again += recorded.again, sum.known += recorded.known;
    }
    return sum;
}

}  // namespace threatlas::work

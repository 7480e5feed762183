#include "assess/arising.hpp"

#include <algorithm>
#include <set>

#include "analyse/early_warning/follow_up.hpp"
#include "analyse/early_warning/watch.hpp"

namespace threatlas::assess {

namespace warning = analyse::early_warning;

core::Result<Arising> arising(const store::Snapshot& snapshot, const model::Catalogue& catalogue) {
    constexpr int kMonths = 12;
    Arising out;
    std::vector<warning::Followed> known;
    for (int back = kMonths - 1; back >= 0; --back) {
        warning::WatchOptions options;
        options.back = static_cast<std::size_t>(back);
        core::NoProgress progress;
        auto watched = warning::watch(snapshot, catalogue, options, progress);
        if (!watched && watched.error().code == core::ErrorCode::not_enough_data) return out;
        if (!watched) return tl::unexpected<core::Error>(watched.error());
        if (watched->tests > 0) ++out.months;
        out.budget += watched->budget, out.expected_false += watched->expected_false;
        out.newest = watched->newest, out.notes = watched->notes;
        out.series = static_cast<double>(watched->series), out.tests = static_cast<double>(watched->tests);
        out.threats = watched->threats;
        for (const auto& signal : watched->signals) warning::arrive(known, signal);
    }
    for (const auto& each : known) out.signals.push_back({each.surest, each.last_period()});
    std::stable_sort(out.signals.begin(), out.signals.end(), [](const auto& a, const auto& b) { return a.signal.p < b.signal.p; });
    return out;
}

}  // namespace threatlas::assess

#include "analyse/early_warning/baseline.hpp"

#include <algorithm>
#include <cstdlib>

namespace threatlas::analyse::early_warning {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

core::Result<core::Day> years_before(core::Day day, int years) {
    const auto date = core::split(day);
    // 29 February has no counterpart; the day after it does.
    if (date.month == 2 && date.day == 29 && !core::make_day(date.year - years, 2, 29)) return core::make_day(date.year - years, 3, 1);
    return core::make_day(date.year - years, date.month, date.day);
}

// Index of the period whose first day is nearest to the same day `years` earlier, on the same weekday.
Result<std::ptrdiff_t> reference_by_date(const CountSeries& series, std::size_t now, int years) {
    THREATLAS_TRY(const core::Day wanted, years_before(series.dates[now], years));
    const int ahead = ((series.dates[now].number - wanted.number) % 7 + 7) % 7;
    const core::Day moved{wanted.number + (ahead <= 3 ? ahead : ahead - 7)};
    const core::Day target = series.periods_per_year == 52 ? moved : wanted;
    const auto found = std::lower_bound(series.dates.begin(), series.dates.end(), target);
    if (found == series.dates.end() || *found != target) return fail(ErrorCode::not_enough_data, "no period begins on " + core::iso(target));
    return found - series.dates.begin();
}

}  // namespace

Result<Baseline> lay_out(const CountSeries& series, std::size_t now, const BaselineOptions& options) {
    if (options.years_back < 1 || options.half_window < 0 || options.blocks < 1 || options.blocks > 52 || options.recent_left_out < 0)
        return fail(ErrorCode::bad_usage, "a baseline needs at least one year, one block and no negative window");
    if (now >= series.counts.size() || (!series.dates.empty() && series.dates.size() != series.counts.size()))
        return fail(ErrorCode::bad_usage, "the period lies outside the series");

    const auto years = static_cast<std::size_t>(options.years_back);
    std::vector<std::ptrdiff_t> reference(years + 1, static_cast<std::ptrdiff_t>(now));
    for (std::size_t i = 1; i <= years; ++i) {
        if (series.dates.empty()) {
            reference[i] = reference[0] - static_cast<std::ptrdiff_t>(i) * series.periods_per_year;
        } else {
            THREATLAS_TRY(reference[i], reference_by_date(series, now, static_cast<int>(i)));
        }
    }
    const std::ptrdiff_t w = options.half_window;
    if (reference[years] - w < 0) return fail(ErrorCode::not_enough_data, "the history is shorter than " + std::to_string(options.years_back) + " years and a window");

    // 0: not used; otherwise the block's label, counted from 1.
    std::vector<std::uint8_t> label(now + 1, 0);
    const int others = options.blocks - 1;
    for (std::size_t i = 1; i <= years; ++i) {
        for (std::ptrdiff_t t = reference[i] - w; t <= std::min(reference[i] + w, reference[0]); ++t) label[static_cast<std::size_t>(t)] = static_cast<std::uint8_t>(options.blocks);
        if (others == 0) continue;
        const std::ptrdiff_t gap = reference[i - 1] - 2 * w - 1 - reference[i];
        if (gap < others) return fail(ErrorCode::bad_usage, "a year of " + std::to_string(series.periods_per_year) + " periods cannot be cut into " + std::to_string(options.blocks) + " seasonal blocks");
        const std::ptrdiff_t length = gap / others, longer = gap % others;
        std::ptrdiff_t t = reference[i] + w + 1;
        for (int block = 1; block <= others; ++block)
            for (std::ptrdiff_t n = length + (block <= longer ? 1 : 0); n > 0; --n, ++t) label[static_cast<std::size_t>(t)] = static_cast<std::uint8_t>(block);
    }
    const std::size_t last = now - std::min(now, static_cast<std::size_t>(options.recent_left_out));   // first period left out
    Baseline out;
    for (std::size_t t = 0; t < last; ++t) {
        if (label[t] == 0) continue;
        out.periods.push_back(static_cast<std::uint32_t>(t));
        out.block.push_back(static_cast<std::uint8_t>(label[t] - 1));
    }
    return out;
}

}  // namespace threatlas::analyse::early_warning

#include "analyse/early_warning/judge_lattice.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/early_warning/farrington_panel.hpp"
#include "core/parallel.hpp"

namespace threatlas::analyse::early_warning {

using core::Result;

namespace {

constexpr std::size_t kChunk = 64;

// Whole counts, all known by now: what the panel takes.
bool fits_panel(const series::Series& s, std::size_t end) {
    return s.completeness.empty() && std::all_of(s.counts.begin(), s.counts.begin() + static_cast<std::ptrdiff_t>(end), [](double c) { return std::isnan(c) || (c == std::floor(c) && c < 1e9); });
}

Result<Judgement> judge_one(const series::Series& s, std::size_t end, series::Step step, JudgeOptions options) {
    const auto head = [end](const std::vector<double>& all) { return all.empty() ? std::span<const double>{} : std::span<const double>(all).first(end); };
    options.settle = options.settle && !fits_panel(s, end);   // those are settled together
    return judge(head(s.counts), head(s.completeness), series::periods_per_year(step), options);
}

Result<void> settle_together(const series::Lattice& lattice, const Newest& newest, std::vector<Judgement>& judged) {
    std::map<std::size_t, std::vector<std::uint32_t>> by_end;
    for (std::uint32_t i = 0; i < judged.size(); ++i) {
        if (!judged[i].settled || judged[i].detector != "regime") continue;
        const std::size_t end = newest.at(lattice.series[i].key.source);
        if (fits_panel(lattice.series[i], end)) by_end[end].push_back(i);
    }
    for (const auto& [end, list] : by_end) {
        CountPanel panel{end, list.size(), series::periods_per_year(lattice.step), {}};
        panel.at.resize(end * list.size());
        for (std::size_t s = 0; s < list.size(); ++s)
            for (std::size_t t = 0; t < end; ++t) {
                const double c = lattice.series[list[s]].counts[t];
                panel.at[t * list.size() + s] = std::isnan(c) ? CountPanel::kMissing : static_cast<std::int32_t>(c);
            }
        THREATLAS_TRY(const auto verdicts, farrington_panel(panel, end - 1, {}));
        for (std::size_t s = 0; s < list.size(); ++s) settle(judged[list[s]], verdicts[s]);
    }
    return {};
}

}  // namespace

Newest newest_periods(const series::Lattice& lattice, int newest_days, std::size_t back) {
    Newest out;
    for (const series::Series& s : lattice.series)
        for (std::size_t t = lattice.periods; t-- > 0;) {
            const core::Day end = series::interval_of(lattice.step, lattice.first + static_cast<std::int32_t>(t)).end;
            if (std::isnan(s.counts[t]) || (lattice.as_of.number != 0 && end > lattice.as_of)) continue;
            if (newest_days > 0 && lattice.as_of.number - end.number > newest_days) break;
            auto& newest = out[s.key.source];
            newest = std::max(newest, t + 1);
            break;
        }
    for (auto& [source, end] : out) end -= std::min(end, back);
    std::erase_if(out, [](const auto& each) { return each.second == 0; });
    return out;
}

Result<std::vector<Judgement>> judge_lattice(const series::Lattice& lattice, const Newest& newest, const JudgeOptions& options) {
    const std::size_t n = lattice.series.size(), chunks = (n + kChunk - 1) / kChunk;
    std::vector<Judgement> judged(n);
    std::vector<Result<void>> failed(chunks);
    core::parallel_for(chunks, [&](std::size_t c) {
        for (std::size_t i = c * kChunk; i < std::min(n, (c + 1) * kChunk); ++i) {
            const auto end = newest.find(lattice.series[i].key.source);
            if (end == newest.end()) {
                judged[i].held = "its source has nothing new";
                continue;
            }
            auto one = judge_one(lattice.series[i], end->second, lattice.step, options);
            if (one) judged[i] = std::move(*one);
            else failed[c] = tl::unexpected<core::Error>(one.error());
        }
    });
    for (const auto& each : failed) THREATLAS_CHECK(each);
    if (options.settle) THREATLAS_CHECK(settle_together(lattice, newest, judged));
    return judged;
}

}  // namespace threatlas::analyse::early_warning

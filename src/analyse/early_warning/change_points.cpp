#include "analyse/early_warning/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace threatlas::analyse::early_warning {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<void> check(std::span<const double> counts, std::span<const double> exposure, const ChangePointOptions& options) {
    if (options.shortest < 1 || !(options.dispersion > 0)) return fail(ErrorCode::bad_usage, "the shortest segment and the dispersion must be above 0");
    if (!exposure.empty() && exposure.size() != counts.size()) return fail(ErrorCode::bad_usage, "exposures and counts differ in number");
    for (std::size_t t = 0; t < counts.size(); ++t)
        if (!(counts[t] >= 0) || std::isinf(counts[t])) return fail(ErrorCode::bad_input, "a count must be a number from 0 on", {"series", t + 1, "count"});
    for (std::size_t t = 0; t < exposure.size(); ++t)
        if (!(exposure[t] > 0) || std::isinf(exposure[t])) return fail(ErrorCode::bad_input, "an exposure must be a positive number", {"series", t + 1, "exposure"});
    if (counts.size() < static_cast<std::size_t>(options.shortest)) return fail(ErrorCode::not_enough_data, "the series is shorter than one segment");
    return {};
}

}  // namespace

Result<std::vector<Segment>> change_points(std::span<const double> counts, std::span<const double> exposure, const ChangePointOptions& options) {
    THREATLAS_CHECK(check(counts, exposure, options));
    const std::size_t n = counts.size();
    const auto shortest = static_cast<std::size_t>(options.shortest);
    const double ln = std::log(static_cast<double>(n)), penalty = (options.penalty == Penalty::mbic ? 3 : 2) * ln;
    std::vector<double> count(n + 1, 0), exposed(n + 1, 0);
    for (std::size_t t = 0; t < n; ++t) count[t + 1] = count[t] + counts[t], exposed[t + 1] = exposed[t] + (exposure.empty() ? 1 : exposure[t]);
    const auto cost = [&](std::size_t from, std::size_t to) {
        const double y = count[to] - count[from], e = exposed[to] - exposed[from];
        const double likelihood = y > 0 ? 2 * y * (std::log(e) - std::log(y)) / options.dispersion : 0;
        return likelihood + (options.penalty == Penalty::mbic ? std::log(static_cast<double>(to - from)) : 0);
    };
    // The lengths' logarithms are not additive: a cut can cost up to ln n more than none.
    const double slack = options.penalty == Penalty::mbic ? ln : 0;

    std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> previous(n + 1, 0);
    struct Candidate {
        std::size_t from = 0, useless_from = 0;   // 0: still of use
    };
    std::vector<Candidate> candidates{{}};
    best[0] = -penalty;
    for (std::size_t t = shortest; t <= n; ++t) {
        if (t >= 2 * shortest) candidates.push_back({t - shortest, 0});
        std::vector<double> reached;
        for (const Candidate& c : candidates) {
            reached.push_back(best[c.from] + cost(c.from, t));
            if (reached.back() + penalty < best[t]) best[t] = reached.back() + penalty, previous[t] = c.from;
        }
        // A last change no better than one at t never becomes better; the one at t can be used a segment later.
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (candidates[i].useless_from == 0 && reached[i] > best[t] + slack) candidates[i].useless_from = t + shortest;
        std::erase_if(candidates, [&](const Candidate& c) { return c.useless_from != 0 && c.useless_from <= t + 1; });
    }
    std::vector<Segment> out;
    for (std::size_t t = n; t > 0; t = previous[t]) out.push_back({previous[t], t, (count[t] - count[previous[t]]) / (exposed[t] - exposed[previous[t]])});
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace threatlas::analyse::early_warning

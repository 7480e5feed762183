#include "analyse/early_warning/bursts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace threatlas::analyse::early_warning {

using core::ErrorCode;
using core::fail;

core::Result<std::vector<Burst>> bursts(std::span<const double> times, double base, double gamma) {
    if (!(base > 1) || !(gamma > 0)) return fail(ErrorCode::bad_usage, "base must be above 1 and gamma above 0");
    if (times.size() < 2) return fail(ErrorCode::not_enough_data, "a burst needs at least two events");
    double shortest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < times.size(); ++i) {
        if (!std::isfinite(times[i])) return fail(ErrorCode::bad_input, "a time must be a number", {"events", i + 1, "time"});
        if (i == 0) continue;
        const double gap = times[i] - times[i - 1];
        if (!(gap > 0)) return fail(ErrorCode::bad_input, "the events must be in order of time, no two at the same", {"events", i + 1, "time"});
        shortest = std::min(shortest, gap);
    }
    const std::size_t gaps = times.size() - 1;
    const double total = times.back() - times.front(), n = static_cast<double>(gaps);
    constexpr double kMostLevels = 60;
    const auto levels = static_cast<std::size_t>(std::clamp(std::ceil(1 + std::log(total) / std::log(base) + std::log(1 / shortest) / std::log(base)), 1.0, kMostLevels));

    // Viterbi: the cheapest sequence of levels, one a gap.
    std::vector<double> cost(levels, std::numeric_limits<double>::infinity()), next(levels);
    std::vector<std::vector<std::uint8_t>> from(gaps, std::vector<std::uint8_t>(levels));
    cost[0] = 0;
    for (std::size_t g = 0; g < gaps; ++g) {
        const double gap = times[g + 1] - times[g];
        for (std::size_t to = 0; to < levels; ++to) {
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t k = 0; k < levels; ++k) {
                const double total_cost = cost[k] + (to > k ? static_cast<double>(to - k) * gamma * std::log(n) : 0);
                if (total_cost < least) least = total_cost, from[g][to] = static_cast<std::uint8_t>(k);
            }
            const double rate = std::pow(base, static_cast<double>(to)) * n / total;
            next[to] = least - std::log(rate) + rate * gap;
        }
        cost = next;
    }
    std::vector<std::size_t> level(gaps);
    level[gaps - 1] = static_cast<std::size_t>(std::min_element(cost.begin(), cost.end()) - cost.begin());
    for (std::size_t g = gaps - 1; g > 0; --g) level[g - 1] = from[g][level[g]];

    std::vector<Burst> out;
    const std::size_t highest = *std::max_element(level.begin(), level.end());
    for (std::size_t l = 0; l <= highest; ++l)
        for (std::size_t g = 0; g < gaps; ++g) {
            if (level[g] < l) continue;
            std::size_t end = g;
            while (end < gaps && level[end] >= l) ++end;
            out.push_back({static_cast<int>(l) + 1, times[g], times[end]});
            g = end;
        }
    return out;
}

}  // namespace threatlas::analyse::early_warning

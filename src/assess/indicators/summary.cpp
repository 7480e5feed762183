#include "assess/indicators/summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace threatlas::assess::indicators {

Summary summarise(std::span<const double> draws) {
    Summary out;
    if (draws.empty()) return out;
    std::vector<double> sorted(draws.begin(), draws.end());
    std::sort(sorted.begin(), sorted.end());
    const auto n = static_cast<double>(sorted.size());
    for (const double x : sorted) out.mean += x / n;
    double squares = 0;
    for (const double x : sorted) squares += (x - out.mean) * (x - out.mean);
    out.sd = sorted.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
    const auto quantile = [&](double p) {
        const double at = p * (n - 1);
        const auto below = static_cast<std::size_t>(at);
        const std::size_t above = std::min(below + 1, sorted.size() - 1);
        return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
    };
    out.q05 = quantile(0.05), out.q25 = quantile(0.25), out.q50 = quantile(0.5);
    out.q75 = quantile(0.75), out.q95 = quantile(0.95);
    return out;
}

double score(double value, std::span<const double> anchors) {
    const std::size_t last = anchors.size() - 1;
    const double step = 100.0 / static_cast<double>(last);
    const bool rising = anchors[last] >= anchors[0];
    const auto passed = [&](std::size_t i) { return rising ? value >= anchors[i] : value <= anchors[i]; };
    if (!passed(0)) return 0;
    for (std::size_t i = 1; i <= last; ++i) {
        if (passed(i)) continue;
        const double gap = anchors[i] - anchors[i - 1];
        return step * (static_cast<double>(i - 1) + (gap == 0 ? 0 : (value - anchors[i - 1]) / gap));
    }
    return 100;
}

void draw_anchors(std::span<const double> anchors, double spread, core::Random& random, std::span<double> out) {
    const std::size_t n = anchors.size();
    for (std::size_t i = 0; i < n; ++i) {
        const double below = i > 0 ? std::abs(anchors[i] - anchors[i - 1]) : std::abs(anchors[1] - anchors[0]);
        const double above = i + 1 < n ? std::abs(anchors[i + 1] - anchors[i]) : below;
        const double size = std::max(std::abs(anchors[i]), std::min(below, above) / 2);
        out[i] = anchors[i] + spread * size * random.normal();
    }
    if (anchors[n - 1] >= anchors[0]) std::sort(out.begin(), out.end());
    else std::sort(out.begin(), out.end(), std::greater<>());
}

double log_uniform(double low, double high, core::Random& random) {
    if (!(low > 0) || !(high > low)) return low > 0 ? low : 1;
    return low * std::exp(random.uniform() * std::log(high / low));
}

}  // namespace threatlas::assess::indicators

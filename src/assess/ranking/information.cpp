#include "assess/ranking/information.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/parallel.hpp"

namespace threatlas::assess::ranking {
namespace {

constexpr std::size_t kGroups = 8;
constexpr std::uint16_t kTop = 5;

double binary_entropy(double p) {
    if (p <= 0 || p >= 1) return 0;
    return -(p * std::log2(p) + (1 - p) * std::log2(1 - p));
}

}  // namespace

double top_five_entropy(const Scores& s) {
    double out = 0;
    for (std::size_t t = 0; t < s.threats; ++t) {
        std::size_t in = 0;
        for (std::size_t i = 0; i < s.draws; ++i) in += s.rank[i * s.threats + t] <= kTop ? 1U : 0U;
        out += binary_entropy(static_cast<double>(in) / static_cast<double>(s.draws));
    }
    return out;
}

std::vector<double> information(const Scores& s, const std::vector<float>& cells, const std::vector<bool>& asked, std::size_t criteria) {
    const std::size_t n = s.threats * criteria;
    std::vector<double> out(n, 0);
    if (s.draws < 64 * kGroups || s.threats <= kTop) return out;
    const double now = top_five_entropy(s);
    // The five of each draw, so that a cell's pass touches five counters and not all threats.
    std::vector<std::uint16_t> top(s.draws * kTop);
    for (std::size_t i = 0; i < s.draws; ++i)
        for (std::size_t t = 0; t < s.threats; ++t)
            if (s.rank[i * s.threats + t] <= kTop) top[i * kTop + s.rank[i * s.threats + t] - 1U] = static_cast<std::uint16_t>(t);

    core::parallel_for(n, [&](std::size_t k) {
        if (!asked[k]) return;
        // Cuts from a part of the draws are near enough: the groups need not be equal.
        std::vector<float> sample(std::min<std::size_t>(s.draws, 2048));
        for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = cells[i * n + k];
        std::sort(sample.begin(), sample.end());
        std::array<float, kGroups - 1> cut{};
        for (std::size_t g = 0; g + 1 < kGroups; ++g) cut[g] = sample[(g + 1) * sample.size() / kGroups];
        std::vector<std::uint32_t> in(kGroups * s.threats, 0);
        std::array<std::uint32_t, kGroups> count{};
        for (std::size_t i = 0; i < s.draws; ++i) {
            const float x = cells[i * n + k];
            std::size_t g = 0;
            for (const float c : cut) g += x > c ? 1U : 0U;
            ++count[g];
            for (std::uint16_t r = 0; r < kTop; ++r) ++in[g * s.threats + top[i * kTop + r]];
        }
        double after = 0;
        for (std::size_t g = 0; g < kGroups; ++g) {
            if (count[g] == 0) continue;
            double doubt = 0;
            for (std::size_t t = 0; t < s.threats; ++t) {
                const double p = static_cast<double>(in[g * s.threats + t]) / static_cast<double>(count[g]);
                doubt += binary_entropy(p);
                // Entropy of a sample falls short by (classes - 1) / (2 n ln 2).
                if (p > 0 && p < 1) doubt += 1 / (2 * static_cast<double>(count[g]) * std::log(2.0));
            }
            after += doubt * static_cast<double>(count[g]) / static_cast<double>(s.draws);
        }
        out[k] = std::max(0.0, now - after);
    });
    return out;
}

}  // namespace threatlas::assess::ranking

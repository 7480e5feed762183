#include "assess/ranking/explain_rank.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.hpp"

namespace threatlas::assess::ranking {

std::vector<double> attribution(const std::vector<double>& cells, const std::vector<double>& weights) {
    const std::size_t criteria = weights.size(), threats = criteria == 0 ? 0 : cells.size() / criteria;
    std::vector<double> out(cells.size());
    for (std::size_t c = 0; c < criteria; ++c) {
        double mean = 0;
        for (std::size_t t = 0; t < threats; ++t) mean += cells[t * criteria + c] / static_cast<double>(threats);
        for (std::size_t t = 0; t < threats; ++t) out[t * criteria + c] = weights[c] * (cells[t * criteria + c] - mean);
    }
    return out;
}

double flip_distance(const std::vector<double>& cells, const std::vector<double>& weights, std::size_t a, std::size_t b) {
    const std::size_t n = weights.size();
    std::vector<double> lead(n);
    double ahead = 0;
    for (std::size_t c = 0; c < n; ++c) {
        lead[c] = cells[a * n + c] - cells[b * n + c];
        ahead += weights[c] * lead[c];
    }
    if (ahead <= 0) return 0;
    const double best = *std::min_element(lead.begin(), lead.end());
    if (best > 0) return -1;
    std::vector<std::size_t> givers(n);
    std::iota(givers.begin(), givers.end(), std::size_t{0});
    std::stable_sort(givers.begin(), givers.end(), [&](std::size_t x, std::size_t y) { return lead[x] > lead[y]; });
    double moved = 0;
    for (const std::size_t c : givers) {
        const double gain = lead[c] - best;
        if (gain <= 0) break;
        const double part = std::min(weights[c], ahead / gain);
        moved += part;
        ahead -= part * gain;
        if (ahead <= 1e-12) return moved;
    }
    return -1;
}

SobolShares sobol_shares(const Posterior& p, const std::vector<Centre>& centres, std::size_t draws, std::uint64_t seed) {
    const std::size_t n = p.threats * p.criteria, threats = p.threats;
    const std::vector<float> w1 = draw_weights(centres, draws, seed), w2 = draw_weights(centres, draws, seed + 1);
    // Independent picks: a draw of the chains, and another from elsewhere in them.
    std::vector<std::size_t> pick(4 * draws);
    core::Random random(seed, core::stream_id("sobol"));
    for (std::size_t& each : pick) each = static_cast<std::size_t>(random.below(p.draws));
    const auto evaluate = [&](const std::vector<float>& weights, std::size_t evidence, std::size_t gaps) {
        std::vector<float> cells(draws * n);
        for (std::size_t i = 0; i < draws; ++i) {
            const std::size_t e = pick[evidence * draws + i], g = pick[gaps * draws + i];
            for (std::size_t k = 0; k < n; ++k) cells[i * n + k] = std::clamp(p.base[e * n + k] + p.gap_sd[e] * p.unit[g * n + k], 0.0F, 100.0F);
        }
        return score_draws(cells, weights, threats, p.criteria);
    };
    std::vector<Scores> runs(4);
    core::parallel_for(4, [&](std::size_t i) {
        runs[i] = i == 0 ? evaluate(w1, 0, 2) : i == 1 ? evaluate(w1, 1, 3) : i == 2 ? evaluate(w2, 0, 3) : evaluate(w2, 1, 2);
    });
    double total = 0, part[3] = {0, 0, 0};
    for (std::size_t t = 0; t < threats; ++t)
        for (std::size_t other = 1; other < 4; ++other) {
            double mean = 0, squares = 0, products = 0;
            for (std::size_t i = 0; i < draws; ++i) {
                const double x = runs[0].rank[i * threats + t], y = runs[other].rank[i * threats + t];
                mean += (x + y) / 2;
                squares += (x * x + y * y) / 2;
                products += x * y;
            }
            const auto count = static_cast<double>(draws);
            mean /= count;
            part[other - 1] += products / count - mean * mean;
            total += (squares / count - mean * mean) / 3;
        }
    if (total <= 1e-12) return {};
    const auto share = [&](double x) { return std::clamp(x / total, 0.0, 1.0); };
    return {share(part[0]), share(part[1]), share(part[2])};
}

RestsOn rests_on(const Grid& grid, const Spread& spread) {
    const std::size_t n = grid.threats * grid.criteria;
    struct Precisions {
        double measured = 0, judged = 0;
    };
    std::vector<Precisions> region(n), member(n * grid.members);
    const double member_variance = spread.member * spread.member, cell_variance = spread.cell * spread.cell;
    for (const Evidence& e : grid.evidence) {
        if (e.threat >= grid.threats || e.criterion >= grid.criteria || e.member >= static_cast<int>(grid.members) || !(e.sd > 0)) continue;
        const std::size_t at = e.threat * grid.criteria + e.criterion;
        const double width = (e.high - e.low) / std::sqrt(12.0);
        const double variance = e.is_grade ? spread.grading * spread.grading + std::max(width * width, e.sd * e.sd) : e.sd * e.sd;
        Precisions& p = e.member < 0 ? region[at] : member[static_cast<std::size_t>(e.member) * n + at];
        (e.basis == Basis::measured ? p.measured : p.judged) += 1 / variance;
    }
    double square_weights = 0;
    for (const double w : grid.member_weight) square_weights += w * w;
    RestsOn out{std::vector<Rests>(n), std::vector<Rests>(n * grid.members)};
    const auto mix = [](const Precisions& p, double other, const Rests& rest) {
        const double sum = p.measured + p.judged + other;
        return Rests{(p.measured + other * rest.measured) / sum, (p.judged + other * rest.judged) / sum, other * rest.imputed / sum};
    };
    for (std::size_t at = 0; at < n; ++at) {
        Rests members{0, 0, grid.members == 0 ? 1.0 : 0.0};
        for (std::size_t m = 0; m < grid.members; ++m) {
            const Rests own = mix(member[m * n + at], 1 / (cell_variance + member_variance), {});
            members.measured += grid.member_weight[m] * own.measured;
            members.judged += grid.member_weight[m] * own.judged;
            members.imputed += grid.member_weight[m] * own.imputed;
            // For one member, a figure of the region is as good as the members are alike.
            Precisions borrowed = region[at];
            const double through = borrowed.measured + borrowed.judged;
            if (through > 0) {
                const double factor = 1 / (1 + through * member_variance);
                borrowed.measured *= factor;
                borrowed.judged *= factor;
            }
            const double other = member[m * n + at].measured + member[m * n + at].judged + 1 / (cell_variance + member_variance);
            out.member[m * n + at] = mix(borrowed, other, own);
        }
        const double prior = 1 / ((cell_variance + member_variance * std::max(square_weights, 1e-6)) * std::max(members.imputed, 0.05));
        out.region[at] = mix(region[at], prior, members);
    }
    return out;
}

}  // namespace threatlas::assess::ranking

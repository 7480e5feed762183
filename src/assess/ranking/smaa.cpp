#include "assess/ranking/smaa.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/parallel.hpp"
#include "core/random.hpp"

namespace threatlas::assess::ranking {
namespace {

constexpr std::size_t kBlock = 512;   // draws a task; fixed, so that sums do not depend on threads
std::size_t blocks(std::size_t draws) { return (draws + kBlock - 1) / kBlock; }

template <class Body>
void over_draws(std::size_t draws, Body&& body) {
    core::parallel_for(blocks(draws), [&](std::size_t b) { body(b, b * kBlock, std::min(draws, (b + 1) * kBlock)); });
}

// Scores of all threats under one weight vector: criteria inside, eight-wide by the compiler.
void score_one(const float* cells, const float* weights, std::size_t threats, std::size_t criteria, float* out) {
    for (std::size_t t = 0; t < threats; ++t) {
        float sum = 0;
        for (std::size_t c = 0; c < criteria; ++c) sum += weights[c] * cells[t * criteria + c];
        out[t] = sum;
    }
}

}  // namespace

std::vector<float> draw_weights(const std::vector<Centre>& centres, std::size_t draws, std::uint64_t seed) {
    const std::size_t n = centres.front().weights.size();
    std::vector<float> out(draws * n, 0);
    over_draws(draws, [&](std::size_t b, std::size_t first, std::size_t last) {
        core::Random random(seed, core::stream_id("smaa/weights"), b), pick(seed, core::stream_id("smaa/whose weights"), b);
        std::vector<double> w(n);
        for (std::size_t i = first; i < last; ++i) {
            const Centre& centre = centres[centres.size() == 1 ? 0 : static_cast<std::size_t>(pick.below(centres.size()))];
            double sum = 0;
            for (std::size_t c = 0; c < n; ++c) sum += w[c] = centre.weights[c] > 0 ? random.gamma(centre.kappa * centre.weights[c]) : 0;
            for (std::size_t c = 0; c < n; ++c) out[i * n + c] = static_cast<float>(sum > 0 ? w[c] / sum : centre.weights[c]);
        }
    });
    return out;
}

DrawIndex draw_index(std::size_t i, std::size_t posterior_draws) {
    const std::size_t round = i / posterior_draws, within = i % posterior_draws;
    // A third of the posterior further: another chain, and another one each round.
    return {within, (within + posterior_draws / 3 + round * 37 + 1) % posterior_draws};
}

std::vector<float> cell_draws(const Posterior& p, std::size_t draws, Unknown unknown, const std::vector<double>& shift) {
    const std::size_t n = p.threats * p.criteria;
    std::vector<float> out(draws * n), move(n, 0), open(n, 0);
    for (std::size_t k = 0; k < shift.size(); ++k) move[k] = static_cast<float>(shift[k]);
    for (std::size_t k = 0; k < n; ++k) open[k] = 100 * static_cast<float>(1 - p.known_share[k]);
    std::vector<float> uniform;
    if (unknown == Unknown::full_range) {
        // A cell known for some members only still has the rest open, so it needs its own draw.
        uniform.resize(p.draws * n);
        over_draws(p.draws, [&](std::size_t b, std::size_t first, std::size_t last) {
            core::Random random(0x7ea7, core::stream_id("smaa/full range"), b);
            for (std::size_t i = first * n; i < last * n; ++i) uniform[i] = static_cast<float>(random.uniform());
        });
    }
    over_draws(draws, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const DrawIndex at = draw_index(i, p.draws);
            float* x = &out[i * n];
            if (unknown == Unknown::full_range) {
                const float* known = &p.known[at.evidence * n];
                const float* u = &uniform[at.gaps * n];
                for (std::size_t k = 0; k < n; ++k) x[k] = std::clamp(known[k] + open[k] * u[k] + move[k], 0.0F, 100.0F);
            } else {
                const float* base = &p.base[at.evidence * n];
                const float* unit = &p.unit[at.gaps * n];
                const float sd = p.gap_sd[at.evidence];
                for (std::size_t k = 0; k < n; ++k) x[k] = std::clamp(base[k] + sd * unit[k] + move[k], 0.0F, 100.0F);
            }
        }
    });
    return out;
}

std::vector<float> member_cell_draws(const Posterior& p, std::size_t member, std::size_t draws) {
    const std::size_t n = p.threats * p.criteria;
    std::vector<float> out(draws * n);
    over_draws(draws, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const float* x = &p.member[((i % p.draws) * p.members + member) * n];
            for (std::size_t k = 0; k < n; ++k) out[i * n + k] = std::clamp(x[k], 0.0F, 100.0F);
        }
    });
    return out;
}

Scores score_draws(const std::vector<float>& cells, const std::vector<float>& weights, std::size_t threats, std::size_t criteria) {
    Scores s;
    s.threats = threats;
    s.draws = weights.size() / std::max<std::size_t>(criteria, 1);
    s.score.resize(s.draws * threats);
    s.rank.resize(s.draws * threats);
    over_draws(s.draws, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            float* u = &s.score[i * threats];
            score_one(&cells[i * threats * criteria], &weights[i * criteria], threats, criteria, u);
            // Counting who is graver beats sorting for some tens of threats, and vectorises.
            // Equal scores are taken in an order that turns with the draw, so that nobody gains
            // by its place in the catalogue.
            for (std::size_t t = 0; t < threats; ++t) {
                unsigned above = 0, equal = 0;
                for (std::size_t o = 0; o < threats; ++o) above += u[o] > u[t] ? 1U : 0U;
                for (std::size_t o = 0; o < threats; ++o) equal += u[o] == u[t] ? 1U : 0U;
                if (equal > 1) {
                    const std::size_t turn = i % threats;
                    for (std::size_t o = 0; o < threats; ++o)
                        above += o != t && u[o] == u[t] && (o + turn) % threats < (t + turn) % threats ? 1U : 0U;
                }
                s.rank[i * threats + t] = static_cast<std::uint16_t>(above + 1);
            }
        }
    });
    return s;
}

std::vector<double> expected_ranks(const Scores& s) {
    std::vector<double> out(s.threats, 0);
    for (std::size_t i = 0; i < s.draws; ++i)
        for (std::size_t t = 0; t < s.threats; ++t) out[t] += s.rank[i * s.threats + t];
    for (double& each : out) each /= static_cast<double>(s.draws);
    return out;
}

double rank_sd(const Smaa& smaa, std::size_t threat) {
    double sum = 0;
    for (std::size_t r = 0; r < smaa.threats; ++r) {
        const double away = static_cast<double>(r + 1) - smaa.expected_rank[threat];
        sum += smaa.acceptability[threat * smaa.threats + r] * away * away;
    }
    return std::sqrt(sum);
}

std::vector<std::size_t> order_by(const std::vector<double>& expected_rank) {
    std::vector<std::size_t> order(expected_rank.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return expected_rank[a] < expected_rank[b]; });
    return order;
}

Summary summarise(std::vector<float> draws) {
    Summary out;
    if (draws.empty()) return out;
    const auto n = static_cast<double>(draws.size());
    for (const float x : draws) out.mean += static_cast<double>(x) / n;
    double squares = 0;
    for (const float x : draws) squares += (static_cast<double>(x) - out.mean) * (static_cast<double>(x) - out.mean);
    out.sd = std::sqrt(squares / n);
    const std::array<std::pair<double, double Summary::*>, 5> wanted{{{0.05, &Summary::q05}, {0.25, &Summary::q25}, {0.5, &Summary::q50}, {0.75, &Summary::q75}, {0.95, &Summary::q95}}};
    auto from = draws.begin();
    for (const auto& [p, member] : wanted) {
        const auto at = draws.begin() + std::lround(p * (n - 1));
        if (at >= from) std::nth_element(from, at, draws.end());
        out.*member = static_cast<double>(*at);
        from = std::max(from, at);
    }
    return out;
}

std::vector<int> tie_bands(const std::vector<std::size_t>& order, const std::vector<double>& pairwise, double level) {
    const std::size_t n = order.size();
    std::vector<int> band(n, 0);
    int number = 0;
    for (const std::size_t leader : order) {
        if (band[leader] != 0) continue;
        ++number;
        band[leader] = number;
        for (const std::size_t t : order)
            if (band[t] == 0 && pairwise[leader * n + t] < level) band[t] = number;
    }
    return band;
}

Smaa analyse(const Scores& s, const std::vector<float>& cells, const std::vector<float>& weights, std::size_t criteria) {
    const std::size_t n = s.threats;
    const auto draws = static_cast<double>(s.draws);
    struct Counts {
        std::vector<std::uint32_t> at_rank, beats;
        std::vector<double> weight;
    };
    std::vector<Counts> parts(blocks(s.draws));
    over_draws(s.draws, [&](std::size_t b, std::size_t first, std::size_t last) {
        Counts& part = parts[b];
        part.at_rank.assign(n * n, 0);
        part.beats.assign(n * n, 0);
        part.weight.assign(n * criteria, 0);
        for (std::size_t i = first; i < last; ++i) {
            const std::uint16_t* rank = &s.rank[i * n];
            for (std::size_t t = 0; t < n; ++t) {
                ++part.at_rank[t * n + rank[t] - 1U];
                for (std::size_t o = 0; o < n; ++o) part.beats[t * n + o] += rank[t] < rank[o] ? 1U : 0U;
                if (rank[t] == 1)
                    for (std::size_t c = 0; c < criteria; ++c) part.weight[t * criteria + c] += static_cast<double>(weights[i * criteria + c]);
            }
        }
    });
    Smaa out;
    out.threats = n;
    out.criteria = criteria;
    out.acceptability.assign(n * n, 0);
    out.pairwise.assign(n * n, 0);
    out.central_weights.assign(n * criteria, 0);
    for (const Counts& part : parts) {
        for (std::size_t k = 0; k < n * n; ++k) {
            out.acceptability[k] += part.at_rank[k] / draws;
            out.pairwise[k] += part.beats[k] / draws;
        }
        for (std::size_t k = 0; k < n * criteria; ++k) out.central_weights[k] += part.weight[k];
    }
    out.expected_rank.assign(n, 0);
    out.p_first.assign(n, 0);
    out.p_top5.assign(n, 0);
    out.confidence.assign(n, 0);
    out.rank_low.assign(n, 1);
    out.rank_high.assign(n, static_cast<int>(n));
    out.score.resize(n);
    core::parallel_for(n, [&](std::size_t t) {
        double below = 0;
        bool low = false, high = false;
        for (std::size_t r = 0; r < n; ++r) {
            const double p = out.acceptability[t * n + r];
            out.expected_rank[t] += p * static_cast<double>(r + 1);
            if (r < 5) out.p_top5[t] += p;
            below += p;
            if (!low && below >= 0.05) low = true, out.rank_low[t] = static_cast<int>(r + 1);
            if (!high && below >= 0.95) high = true, out.rank_high[t] = static_cast<int>(r + 1);
        }
        out.p_top5[t] = std::min(out.p_top5[t], 1.0);
        out.p_first[t] = n > 0 ? out.acceptability[t * n] : 0;
        std::vector<float> own(s.draws);
        for (std::size_t i = 0; i < s.draws; ++i) own[i] = s.score[i * n + t];
        out.score[t] = summarise(std::move(own));
        double* central = &out.central_weights[t * criteria];
        const double firsts = std::accumulate(central, central + criteria, 0.0);
        if (firsts <= 0) return;
        std::vector<float> w(criteria), u(n);
        for (std::size_t c = 0; c < criteria; ++c) w[c] = static_cast<float>(central[c] /= firsts);
        // Confidence factor: how often it is first under its own central weights.
        const std::size_t checked = std::min<std::size_t>(s.draws, 2048);
        std::size_t first = 0;
        for (std::size_t i = 0; i < checked; ++i) {
            score_one(&cells[i * n * criteria], w.data(), n, criteria, u.data());
            first += std::max_element(u.begin(), u.end()) == u.begin() + static_cast<std::ptrdiff_t>(t) ? 1U : 0U;
        }
        out.confidence[t] = static_cast<double>(first) / static_cast<double>(checked);
    });
    out.order = order_by(out.expected_rank);
    out.band = tie_bands(out.order, out.pairwise);
    return out;
}

}  // namespace threatlas::assess::ranking

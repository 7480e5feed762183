#include "analyse/forecast/annual_pool.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analyse/forecast/search.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast {
namespace {

// std::lgamma writes a global sign: not for several threads.
double lgamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

// Of the errors, sigma integrated out.
double log_likelihood(const State& s, const Pool& pool) {
    const double a = pool.degrees, prior = a * pool.sigma * pool.sigma;
    return lgamma((a + s.steps) / 2) - lgamma(a / 2) + a / 2 * std::log(prior) - (a + s.steps) / 2 * std::log(prior + s.squares) - s.log_scale / 2;
}

// Parameters on the whole line, and their weak priors: centre and standard deviation.
constexpr std::size_t kParameters = 5;
struct Prior {
    double centre, sd;
};
// logit q: levels move more than they flicker; log tau; common drift: within 10 % a year; log sigma: 5 to 50 %; log degrees.
constexpr Prior kPriors[kParameters] = {{0.5, 1}, {-1.2, 0.7}, {0, 0.05}, {-1.9, 0.7}, {1.8, 0.7}};

Pool pool_of(const std::array<double, kParameters>& x) { return {1 / (1 + std::exp(-x[0])), std::exp(x[1]), x[2], std::exp(x[3]), std::exp(x[4])}; }

using Point = std::array<double, kParameters>;

double badness(const Point& x, std::span<const std::vector<double>> members) {
    const Pool pool = pool_of(x);
    double sum = 0;
    for (std::size_t i = 0; i < kParameters; ++i) sum += (x[i] - kPriors[i].centre) * (x[i] - kPriors[i].centre) / (2 * kPriors[i].sd * kPriors[i].sd);
    for (const auto& m : members) sum -= log_likelihood(filter(m, pool), pool);
    return sum;
}

// One parameter after the other, in turns: the surface is smooth and of one hill, nearly.
Point summit(std::span<const std::vector<double>> members) {
    Point x{};
    for (std::size_t i = 0; i < kParameters; ++i) x[i] = kPriors[i].centre;
    for (int turn = 0; turn < 2; ++turn)
        for (const std::size_t i : {3U, 2U, 0U, 1U, 4U}) {
            const auto along = [&](double at) {
                Point candidate = x;
                candidate[i] = at;
                return badness(candidate, members);
            };
            x[i] = minimum(along, kPriors[i].centre - 4 * kPriors[i].sd, kPriors[i].centre + 4 * kPriors[i].sd, 12, 1e-2);
        }
    return x;
}

}  // namespace

State filter(std::span<const double> member, const Pool& pool) {
    State s;
    bool started = false;
    const double noise = 1 - pool.q;
    s.drift = pool.drift, s.v_drift = pool.tau * pool.tau;
    for (const double y : member) {
        if (!started) {
            if (!std::isnan(y)) s.level = y, s.v_level = noise, started = true;   // a flat prior of the first level
            continue;
        }
        s.level += s.drift;
        s.v_level += 2 * s.cov + s.v_drift + pool.q, s.cov += s.v_drift;
        if (std::isnan(y)) continue;
        const double f = s.v_level + noise, error = y - s.level, gain = s.v_level / f, gain_drift = s.cov / f;
        s.level += gain * error, s.drift += gain_drift * error;
        s.v_drift -= gain_drift * s.cov, s.cov -= gain_drift * s.v_level, s.v_level -= gain * s.v_level;
        s.squares += error * error / f, s.log_scale += std::log(f), s.steps += 1;
    }
    return s;
}

std::vector<Pool> draw_pools(std::span<const std::vector<double>> members) {
    Point x = summit(members);
    double here = badness(x, members);
    core::Random random(1, core::stream_id("forecast/annual"));
    // Steps of the order of what is left unknown: the more members, the less.
    const double reach = 2 / std::sqrt(1 + static_cast<double>(members.size()));
    constexpr int kBurnIn = 20, kThin = 12;
    std::vector<Pool> out;
    for (int sweep = 0; out.size() < kPools; ++sweep) {
        for (std::size_t i = 0; i < kParameters; ++i) {
            Point candidate = x;
            candidate[i] += reach * kPriors[i].sd * random.normal();
            const double there = badness(candidate, members);
            if (random.uniform() < std::exp(here - there)) x = candidate, here = there;
        }
        if (sweep >= kBurnIn && (sweep - kBurnIn) % kThin == 0) out.push_back(pool_of(x));
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

#include "assess/indicators/trend_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "assess/indicators/assumptions.hpp"

namespace threatlas::assess::indicators {
namespace {

// Keeps groups that can speak of a slope (two points and something counted), numbered anew.
std::vector<TrendPoint> usable(std::span<const TrendPoint> points, std::size_t& groups) {
    std::map<std::size_t, std::pair<double, int>> sums;
    for (const TrendPoint& p : points)
        if (p.exposure > 0) sums[p.group].first += p.value, ++sums[p.group].second;
    std::map<std::size_t, std::size_t> number;
    for (const auto& [group, sum] : sums)
        if (sum.first > 0 && sum.second > 1) number.emplace(group, number.size());
    std::vector<TrendPoint> out;
    for (TrendPoint p : points) {
        const auto found = number.find(p.group);
        if (found == number.end() || !(p.exposure > 0)) continue;
        p.group = found->second;
        out.push_back(p);
    }
    groups = number.size();
    double mean = 0;
    for (const TrendPoint& p : out) mean += p.year / static_cast<double>(out.size());
    for (TrendPoint& p : out) p.year -= mean;
    return out;
}

struct Fit {
    std::vector<double> level;
    double slope = 0, information = 0, pearson = 0;
};

// Scoring steps for a given overdispersion and precision of the slope's prior. The levels are profiled out within each group, so a step
// costs one pass whatever the number of groups.
void fit(const std::vector<TrendPoint>& points, double over, double prior, Fit& f) {
    const std::size_t groups = f.level.size();
    std::vector<double> w(groups), wx(groups), wr(groups);
    for (int round = 0; round < 60; ++round) {
        std::fill(w.begin(), w.end(), 0), std::fill(wx.begin(), wx.end(), 0), std::fill(wr.begin(), wr.end(), 0);
        double xx = 0, xr = 0;
        f.pearson = 0;
        for (const TrendPoint& p : points) {
            const double mu = p.exposure * std::exp(std::clamp(f.level[p.group] + f.slope * p.year, -30.0, 30.0));
            const double weight = mu / (1 + over * mu), rest = (p.value - mu) / mu;
            w[p.group] += weight, wx[p.group] += weight * p.year, wr[p.group] += weight * rest;
            xx += weight * p.year * p.year, xr += weight * p.year * rest;
            f.pearson += weight * rest * rest;
        }
        for (std::size_t g = 0; g < groups; ++g) xx -= wx[g] * wx[g] / w[g], xr -= wx[g] * wr[g] / w[g];
        f.information = xx + prior;
        const double step = std::clamp((xr - prior * f.slope) / f.information, -1.0, 1.0);
        double largest = std::abs(step);
        f.slope += step;
        for (std::size_t g = 0; g < groups; ++g) {
            const double move = std::clamp((wr[g] - step * wx[g]) / w[g], -2.0, 2.0);
            f.level[g] += move;
            largest = std::max(largest, std::abs(move));
        }
        if (largest < 1e-9) break;
    }
}

// One group after the other, each with its own slope; the overdispersion solves Pearson's equation over all.
struct Group {
    std::vector<TrendPoint> points;
    Fit fit;
    double variance = 0, share = 0;   // of its slope; of the sum, in the middle of the years
};

double fit_all(std::vector<Group>& groups, double over, double prior) {
    double pearson = 0;
    for (Group& g : groups) {
        fit(g.points, over, prior, g.fit);
        pearson += g.fit.pearson;
    }
    return pearson;
}

double overdispersion(std::vector<Group>& groups, double degrees, double prior) {
    if (fit_all(groups, 0, prior) <= degrees) return 0;
    double low = 0, high = 1;
    for (; high < 1e4 && fit_all(groups, high, prior) > degrees; high *= 4) low = high;
    double over = 0;
    for (int i = 0; i < 40; ++i) {
        over = (low + high) / 2;
        (fit_all(groups, over, prior) > degrees ? low : high) = over;
    }
    return over;
}

}  // namespace

Slope count_slope(std::span<const TrendPoint> all, double prior_sd) {
    std::size_t count = 0;
    const std::vector<TrendPoint> points = usable(all, count);
    std::vector<Group> groups(count);
    for (TrendPoint p : points) {
        const std::size_t g = std::exchange(p.group, 0);
        groups[g].points.push_back(p);
    }
    // Two points fit a slope exactly and say nothing of the spread.
    double degrees = 0;
    for (Group& g : groups) {
        double value = 0, exposure = 0;
        for (const TrendPoint& p : g.points) value += p.value, exposure += p.exposure;
        g.fit.level = {std::log(value / exposure)};
        degrees += static_cast<double>(g.points.size()) - 2;
    }
    if (degrees < 1) return {};
    const double over = overdispersion(groups, degrees, 1 / (prior_sd * prior_sd));

    double sum = 0;
    for (Group& g : groups) {
        g.variance = 1 / g.fit.information;
        sum += g.share = std::exp(g.fit.level[0]);
    }
    // Spread of the groups' slopes beyond their own errors, and their pooled mean.
    double w = 0, w2 = 0, wb = 0, wbb = 0;
    for (const Group& g : groups) w += 1 / g.variance, w2 += 1 / (g.variance * g.variance), wb += g.fit.slope / g.variance, wbb += g.fit.slope * g.fit.slope / g.variance;
    const double free = static_cast<double>(count) - 1, scale = w - w2 / w;
    const double between = scale > 0 ? std::max(0.0, (wbb - wb * wb / w - free) / scale) : 0;
    double weights = 0, pooled = 0;
    for (const Group& g : groups) weights += 1 / (g.variance + between), pooled += g.fit.slope / (g.variance + between);
    pooled /= weights;
    Slope out{0, 0, degrees, over};
    double of_pooled = 0, variance = 0;
    for (const Group& g : groups) {
        const double own = between / (between + g.variance), share = g.share / sum;
        out.mean += share * (own * g.fit.slope + (1 - own) * pooled);
        of_pooled += share * (1 - own);
        variance += share * share * own * g.variance;
    }
    out.sd = std::sqrt(variance + of_pooled * of_pooled / weights);
    return out;
}

Slope log_slope(std::span<const TrendPoint> all) {
    std::vector<TrendPoint> positive;
    for (const TrendPoint& p : all)
        if (p.value > 0 && p.exposure > 0) positive.push_back(p);
    std::size_t groups = 0;
    const std::vector<TrendPoint> points = usable(positive, groups);
    const double degrees = static_cast<double>(points.size()) - static_cast<double>(groups) - 1;
    if (degrees < 1) return {};
    std::vector<double> n(groups), x(groups), y(groups);
    for (const TrendPoint& p : points) n[p.group] += 1, x[p.group] += p.year, y[p.group] += std::log(p.value / p.exposure);
    double xx = 0, xy = 0, yy = 0;
    for (const TrendPoint& p : points) {
        const double dx = p.year - x[p.group] / n[p.group], dy = std::log(p.value / p.exposure) - y[p.group] / n[p.group];
        xx += dx * dx, xy += dx * dy, yy += dy * dy;
    }
    if (!(xx > 0)) return {};
    const double slope = xy / xx, rest = std::max(0.0, yy - slope * xy);
    return {slope, std::sqrt(rest / degrees / xx), degrees, 0};
}

std::vector<double> slope_draws(const Slope& slope, double extra_sd, std::size_t draws, core::Random& random) {
    std::vector<double> out(draws);
    for (double& x : out) {
        x = slope.mean + slope.sd * random.student_t(slope.degrees);
        if (extra_sd > 0) x += extra_sd * random.normal();
        x = std::clamp(x, -1.5, 1.5);
    }
    return out;
}

}  // namespace threatlas::assess::indicators

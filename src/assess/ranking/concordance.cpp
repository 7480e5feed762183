#include "assess/ranking/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace threatlas::assess::ranking {
namespace {

// Mean ranks, the greatest first.
std::vector<double> mean_ranks(const std::vector<double>& x) {
    std::vector<double> out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        double above = 0, same = 0;
        for (const double each : x) {
            above += each > x[i] ? 1 : 0;
            same += each < x[i] || each > x[i] ? 0 : 1;
        }
        out[i] = above + (same + 1) / 2;
    }
    return out;
}

double component_mean(const std::string& component, const std::vector<model::Criterion>& criteria, const std::vector<double>& weights, const double* cells) {
    double sum = 0, weight = 0;
    for (std::size_t c = 0; c < criteria.size(); ++c) {
        if (criteria[c].component != component) continue;
        sum += weights[c] * cells[c];
        weight += weights[c];
    }
    return weight > 0 ? sum / weight : 100;   // a component that the profile leaves out does not count
}

}  // namespace

std::vector<double> profile_scores(const model::Profile& profile, const std::vector<model::Criterion>& criteria, const std::vector<double>& cells) {
    const std::size_t n = criteria.size(), threats = n == 0 ? 0 : cells.size() / n;
    std::vector<double> weights(n, profile.weights.empty() ? 1.0 : 0.0), out(threats, 0);
    double total = 0;
    for (std::size_t c = 0; c < n; ++c) {
        if (const auto found = profile.weights.find(criteria[c].id); found != profile.weights.end()) weights[c] = found->second;
        total += weights[c];
    }
    if (total <= 0) return out;
    for (double& w : weights) w /= total;
    for (std::size_t t = 0; t < threats; ++t) {
        const double* x = &cells[t * n];
        if (profile.rule == "product") {
            out[t] = 100;
            for (const char* component : {"threat", "vulnerability", "impact"}) out[t] *= component_mean(component, criteria, weights, x) / 100;
        } else if (profile.rule == "geometric") {
            double log_sum = 0;
            for (std::size_t c = 0; c < n; ++c) log_sum += weights[c] * std::log(std::max(x[c], 1.0));
            out[t] = std::exp(log_sum);
        } else {
            for (std::size_t c = 0; c < n; ++c) out[t] += weights[c] * x[c];
        }
    }
    return out;
}

double gitoc_criminality(std::span<const double> markets, std::span<const double> actors) {
    if (markets.empty() || actors.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto mean = [](std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); };
    return (mean(markets) + mean(actors)) / 2;
}

std::vector<int> ranks_of(const std::vector<double>& scores) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<int> out(scores.size());
    for (std::size_t r = 0; r < order.size(); ++r) out[order[r]] = static_cast<int>(r + 1);
    return out;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
    const std::vector<double> x = mean_ranks(a), y = mean_ranks(b);
    const double mean = (static_cast<double>(x.size()) + 1) / 2;
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - mean) * (y[i] - mean);
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

double kendall_w(const std::vector<std::vector<double>>& scores) {
    if (scores.size() < 2 || scores[0].size() < 2) return 1;
    const auto judges = static_cast<double>(scores.size()), n = static_cast<double>(scores[0].size());
    std::vector<double> sum(scores[0].size(), 0);
    double ties = 0;
    for (const auto& each : scores) {
        const std::vector<double> rank = mean_ranks(each);
        for (std::size_t i = 0; i < rank.size(); ++i) sum[i] += rank[i];
        // Sum over groups of t^3 - t equals, over members, t^2 - 1.
        for (const double x : each) {
            const auto t = static_cast<double>(std::count_if(each.begin(), each.end(), [&](double y) { return !(y < x || y > x); }));
            ties += t * t - 1;
        }
    }
    double squares = 0;
    for (const double x : sum) squares += (x - judges * (n + 1) / 2) * (x - judges * (n + 1) / 2);
    const double most = judges * judges * (n * n * n - n) - judges * ties;
    return most > 0 ? 12 * squares / most : 1;
}

double kendall_tau(const std::vector<double>& a, const std::vector<double>& b) {
    double agree = 0, in_a = 0, in_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = i + 1; j < a.size(); ++j) {
            const double x = a[i] > a[j] ? 1 : a[i] < a[j] ? -1 : 0, y = b[i] > b[j] ? 1 : b[i] < b[j] ? -1 : 0;
            agree += x * y;
            in_a += x * x;
            in_b += y * y;
        }
    return in_a > 0 && in_b > 0 ? agree / std::sqrt(in_a * in_b) : 0;
}

}  // namespace threatlas::assess::ranking

#include "analyse/forecast/reconcile.hpp"

#include <algorithm>
#include <cmath>

namespace threatlas::analyse::forecast {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

struct Tree {
    std::vector<std::uint32_t> upwards;                 // every child before its parent
    std::vector<std::vector<std::uint32_t>> children;
    std::vector<double> leaves;
};

Result<Tree> tree_of(const Hierarchy& parents) {
    const std::size_t n = parents.size();
    Tree out{{}, std::vector<std::vector<std::uint32_t>>(n), std::vector<double>(n, 0.0)};
    std::vector<std::size_t> waiting(n, 0);
    for (std::uint32_t v = 0; v < n; ++v) {
        if (parents[v] == kNoParent) continue;
        if (parents[v] >= n) return fail(ErrorCode::bad_usage, "a parent is not among the nodes", {"", v + 1, ""});
        out.children[parents[v]].push_back(v), ++waiting[parents[v]];
    }
    for (std::uint32_t v = 0; v < n; ++v)
        if (waiting[v] == 0) out.upwards.push_back(v), out.leaves[v] = 1;
    for (std::size_t i = 0; i < out.upwards.size(); ++i) {
        const std::uint32_t v = out.upwards[i], above = parents[v];
        if (above == kNoParent) continue;
        out.leaves[above] += out.leaves[v];
        if (--waiting[above] == 0) out.upwards.push_back(above);
    }
    if (out.upwards.size() != n) return fail(ErrorCode::bad_usage, "the hierarchy runs in a circle");
    return out;
}

// The children's values closest to `said` that add up to `sum` and are not negative.
void share(const std::vector<std::uint32_t>& children, const std::vector<double>& said, const std::vector<double>& variance, double sum, std::vector<double>& value) {
    std::vector<std::uint32_t> left = children;
    while (!left.empty()) {
        double rest = sum, all = 0;
        for (const std::uint32_t c : left) rest -= said[c], all += variance[c];
        const auto negative = [&](std::uint32_t c) { return said[c] + rest * variance[c] / all < 0; };
        for (const std::uint32_t c : left) value[c] = negative(c) ? 0 : said[c] + rest * variance[c] / all;
        if (std::erase_if(left, negative) == 0) return;
    }
}

// Of one step: means in, means that add up out.
std::vector<double> agree(const Tree& tree, const std::vector<double>& base) {
    std::vector<double> said = base, variance(base.size(), 1.0), value(base.size(), 0.0);
    for (const std::uint32_t v : tree.upwards) {
        if (tree.children[v].empty()) continue;
        double sum = 0, below = 0;
        for (const std::uint32_t c : tree.children[v]) sum += said[c], below += variance[c];
        const double own = tree.leaves[v];
        said[v] = (base[v] * below + sum * own) / (own + below), variance[v] = own * below / (own + below);
    }
    std::vector<char> has_parent(base.size(), 0);
    for (const auto& children : tree.children)
        for (const std::uint32_t c : children) has_parent[c] = 1;
    for (std::size_t i = tree.upwards.size(); i-- > 0;) {
        const std::uint32_t v = tree.upwards[i];
        if (has_parent[v] == 0) value[v] = said[v];
        share(tree.children[v], said, variance, value[v], value);
    }
    // From below once more, so that sums agree to the last digit.
    for (const std::uint32_t v : tree.upwards) {
        if (tree.children[v].empty()) continue;
        value[v] = 0;
        for (const std::uint32_t c : tree.children[v]) value[v] += value[c];
    }
    return value;
}

void move(Step& step, double mean) {
    const double change = mean - step.mean;
    double below = 0;   // rounding must not make them fall
    for (double& q : step.quantiles) {
        const double part = step.mean > 0 ? std::min(q / step.mean, 1.0) : q > 0 ? 1.0 : 0.0;
        q = below = std::max(below, q + change * part);
    }
    step.mean = mean;
}

}  // namespace

Result<std::vector<Forecast>> reconcile(const Hierarchy& parents, std::vector<Forecast> base) {
    if (parents.size() != base.size()) return fail(ErrorCode::bad_usage, "one forecast a node is needed");
    THREATLAS_TRY(const Tree tree, tree_of(parents));
    for (std::size_t v = 0; v < base.size(); ++v) {
        if (base[v].steps.size() != base[0].steps.size()) return fail(ErrorCode::bad_usage, "the forecasts are not equally long", {"", v + 1, ""});
        for (const Step& s : base[v].steps)
            if (!(s.mean >= 0 && std::isfinite(s.mean))) return fail(ErrorCode::bad_input, "a mean is negative or not finite", {"", v + 1, ""});
    }
    std::vector<double> mean(base.size());
    for (std::size_t h = 0; !base.empty() && h < base[0].steps.size(); ++h) {
        for (std::size_t v = 0; v < base.size(); ++v) mean[v] = base[v].steps[h].mean;
        const std::vector<double> agreed = agree(tree, mean);
        for (std::size_t v = 0; v < base.size(); ++v) move(base[v].steps[h], agreed[v]);
    }
    for (Forecast& f : base) f.method += ", reconciled";
    return base;
}

}  // namespace threatlas::analyse::forecast

#include "analyse/early_warning/budget.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "analyse/early_warning/count_tail.hpp"
#include "core/parallel.hpp"

namespace threatlas::analyse::early_warning {
namespace {

// The probability with which the test rejects at the threshold where nothing is the matter.
double attained(const Trial& test, double threshold) {
    if (threshold <= 0) return 0;
    if (!(test.mean > 0) || threshold >= 1) return std::min(1.0, threshold);
    if (test.lower) {   // where even none at all is not improbable enough, it never rejects
        const double least = count_quantile(threshold, test.mean, test.dispersion);
        return least > 0 ? std::min(threshold, 1 - upper_tail(least, test.mean, test.dispersion)) : 0;
    }
    // The least count whose tail is at most the threshold.
    double count = tail_and_quantile(std::numeric_limits<double>::quiet_NaN(), 1 - threshold, test.mean, test.dispersion).quantile;
    if (!std::isfinite(count)) return threshold;
    const auto tail_at = [&](double k) { return tail_and_quantile(k, 0.5, test.mean, test.dispersion).tail; };
    double tail = tail_at(count);
    for (int i = 0; tail > threshold && i < 8; ++i) tail = tail_at(++count);
    return std::min(tail, threshold);
}

constexpr std::size_t kChunk = 256, kSampled = 8192;

// Of very many tests an even sample stands for all: the sum is then good to about a hundredth.
double expected_false(const std::vector<const Trial*>& tests, double threshold) {
    const std::size_t n = std::min(tests.size(), kSampled);
    std::vector<double> sums((n + kChunk - 1) / kChunk);
    core::parallel_for(sums.size(), [&](std::size_t c) {
        for (std::size_t i = c * kChunk; i < std::min(n, (c + 1) * kChunk); ++i) sums[c] += attained(*tests[i * tests.size() / n], threshold);
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0) * static_cast<double>(tests.size()) / static_cast<double>(n);
}

// The largest threshold, to a hundredth of its size, that spends no more than the budget.
double largest_threshold(const std::vector<const Trial*>& tests, double budget) {
    double low = std::min(kLargestThreshold, budget / static_cast<double>(tests.size())), high = std::min(kLargestThreshold, 50 * low);   // Bonferroni's is always within
    if (expected_false(tests, high) <= budget) return high;
    while (high / low > 1.01) {
        const double middle = std::sqrt(low * high);
        (expected_false(tests, middle) <= budget ? low : high) = middle;
    }
    return low;
}

// Of those that signal in one class: false ones expected at their p over those at most as large, made monotone.
void share_false(const std::vector<Trial>& tests, const std::vector<const Trial*>& of_class, double threshold, std::vector<double>& q) {
    std::vector<const Trial*> sure;
    std::copy_if(of_class.begin(), of_class.end(), std::back_inserter(sure), [&](const Trial* t) { return t->p <= threshold; });
    std::sort(sure.begin(), sure.end(), [](const Trial* a, const Trial* b) { return a->p != b->p ? a->p < b->p : a < b; });
    double least = 1;
    for (std::size_t r = sure.size(); r-- > 0;) {
        if (r + 1 == sure.size() || sure[r]->p != sure[r + 1]->p) least = std::min(least, expected_false(of_class, sure[r]->p) / static_cast<double>(r + 1));
        q[static_cast<std::size_t>(sure[r] - tests.data())] = least;
    }
}

}  // namespace

core::Result<Spending> spend(const std::vector<Trial>& tests, double budget) {
    if (!(budget > 0) || !std::isfinite(budget)) return core::fail(core::ErrorCode::bad_usage, "the false-alarm budget should be above zero");
    std::array<std::vector<const Trial*>, kClasses> by_class;
    for (const Trial& test : tests) {
        if (!(test.p >= 0 && test.p <= 1)) return core::fail(core::ErrorCode::internal, "a p-value is out of range");
        by_class[static_cast<std::size_t>(test.of)].push_back(&test);
    }
    double shares = 0;
    for (std::size_t c = 0; c < kClasses; ++c)
        if (!by_class[c].empty()) shares += kShares[c];
    Spending out;
    out.q.assign(tests.size(), 1);
    for (std::size_t c = 0; c < kClasses; ++c) {
        out.tests[c] = by_class[c].size();
        if (by_class[c].empty()) continue;
        out.threshold[c] = largest_threshold(by_class[c], budget * kShares[c] / shares);
        out.expected[c] = expected_false(by_class[c], out.threshold[c]);
        share_false(tests, by_class[c], out.threshold[c], out.q);
    }
    return out;
}

}  // namespace threatlas::analyse::early_warning

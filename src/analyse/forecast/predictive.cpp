#include "analyse/forecast/predictive.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/early_warning/count_tail.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::forecast {

Interval interval(const Step& step, double percent) {
    const double below = (100 - percent) / 200 + 1e-9;
    std::size_t low = 0;
    while (low + 1 < kMedian && kProbabilities[low + 1] <= below) ++low;
    return {step.quantiles[low], step.quantiles[kQuantiles - 1 - low]};
}

double probability_at_most(const Step& step, double x) {
    const auto& q = step.quantiles;
    // The normal that runs through the outermost two quantiles; of a point mass there is nothing beyond.
    const auto beyond = [&](std::size_t inner, std::size_t outer) {
        const double z0 = core::normal_quantile(kProbabilities[inner]), z1 = core::normal_quantile(kProbabilities[outer]);
        const double slope = (z1 - z0) / (q[outer] - q[inner]);
        return q[outer] == q[inner] ? (x < q[outer] ? 0.0 : 1.0) : core::normal_cdf(z1 + slope * (x - q[outer]));
    };
    if (x < q.front()) return beyond(1, 0);
    if (x >= q.back()) return beyond(kQuantiles - 2, kQuantiles - 1);
    const auto above = static_cast<std::size_t>(std::upper_bound(q.begin(), q.end(), x) - q.begin());
    const double part = (x - q[above - 1]) / (q[above] - q[above - 1]);
    return kProbabilities[above - 1] + part * (kProbabilities[above] - kProbabilities[above - 1]);
}

Step count_step(double mean, double dispersion) {
    Step out;
    out.mean = mean;
    double below = 0;   // rounding must not make them fall
    for (std::size_t i = 0; i < kQuantiles; ++i)
        out.quantiles[i] = below = std::max(below, early_warning::tail_and_quantile(std::nan(""), kProbabilities[i], mean, dispersion).quantile);
    return out;
}

Step normal_step(double mean, double sd) {
    Step out;
    out.mean = mean;
    for (std::size_t i = 0; i < kQuantiles; ++i) out.quantiles[i] = mean + sd * core::normal_quantile(kProbabilities[i]);
    out.quantiles[kMedian] = mean;
    return out;
}

}  // namespace threatlas::analyse::forecast

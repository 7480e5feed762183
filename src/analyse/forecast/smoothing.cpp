#include "analyse/forecast/smoothing.hpp"

#include <algorithm>
#include <cmath>

#include "analyse/forecast/search.hpp"

namespace threatlas::analyse::forecast {
namespace {

// level = fixed + share x first: both follow the recursion, so the best first level is a regression through the origin.
SmoothedLevel smooth(std::span<const double> values, double alpha) {
    double fixed = 0, share = 1, xx = 0, xy = 0, yy = 0, fixed_sum = 0, share_sum = 0;
    SmoothedLevel out;
    out.alpha = alpha;
    for (const double v : values) {
        if (std::isnan(v)) continue;
        const double error = v - fixed;
        xx += share * share, xy += share * error, yy += error * error;
        fixed_sum += fixed, share_sum += share;
        fixed += alpha * error, share *= 1 - alpha;
        ++out.observed;
    }
    out.first = xy / xx;
    out.squares = std::max(0.0, yy - xy * out.first);
    out.last = fixed + share * out.first;
    out.fitted = fixed_sum + share_sum * out.first;
    return out;
}

}  // namespace

core::Result<SmoothedLevel> smooth_level(std::span<const double> values) {
    std::size_t observed = 0;
    double shift = 0;
    for (std::size_t t = 0; t < values.size(); ++t) {
        if (std::isinf(values[t])) return core::fail(core::ErrorCode::bad_input, "a value is not finite", {"", t + 1, ""});
        if (!std::isnan(values[t])) ++observed, shift += values[t];
    }
    if (observed < 3) return core::fail(core::ErrorCode::not_enough_data, std::to_string(observed) + " values; smoothing needs 3");
    // About the mean, so that squares of large levels do not cancel.
    shift /= static_cast<double>(observed);
    std::vector<double> about(values.begin(), values.end());
    for (double& v : about) v -= shift;
    const double alpha = minimum([&](double a) { return smooth(about, a).squares; }, 1e-4, 0.9999, 20);
    SmoothedLevel out = smooth(about, alpha);
    out.first += shift, out.last += shift, out.fitted += shift * static_cast<double>(observed);
    return out;
}

}  // namespace threatlas::analyse::forecast

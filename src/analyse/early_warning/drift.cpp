#include "analyse/early_warning/drift.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace threatlas::analyse::early_warning {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

// Log likelihood ratio of factor x mean against mean.
double score(double count, double mean, double overdispersion, double factor) {
    if (overdispersion <= 0) return count * std::log(factor) - (factor - 1) * mean;
    return count * std::log(factor) - (count + 1 / overdispersion) * std::log((1 + overdispersion * factor * mean) / (1 + overdispersion * mean));
}

}  // namespace

Result<Drift> drift(std::span<const double> counts, std::span<const double> expected, double overdispersion, double factor) {
    if (counts.size() != expected.size() || counts.empty()) return fail(ErrorCode::bad_usage, "there should be one expectation for each count, and at least one");
    if (!(factor > 1) || !(overdispersion >= 0)) return fail(ErrorCode::bad_usage, "the options of the drift detector are out of range");
    Drift out;
    double c = 0, most = 0;
    std::uint32_t zero = 0;
    for (std::size_t t = 0; t < counts.size(); ++t) {
        if (counts[t] < 0 || std::isinf(counts[t]) || !(expected[t] > 0 && std::isfinite(expected[t]))) return fail(ErrorCode::bad_input, "a count or an expectation is out of range", {"", t + 1, ""});
        if (std::isnan(counts[t])) {
            out.statistic.push_back(std::numeric_limits<double>::quiet_NaN());
            continue;
        }
        c = std::max(0.0, c + score(counts[t], expected[t], overdispersion, factor));
        if (c == 0) zero = static_cast<std::uint32_t>(t + 1);
        if (c > most) most = c, out.began = zero;
        out.statistic.push_back(c);
    }
    out.p_bound = std::min(1.0, static_cast<double>(counts.size()) * std::exp(-most));
    return out;
}

}  // namespace threatlas::analyse::early_warning

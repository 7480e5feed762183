#include "analyse/early_warning/short_history.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "analyse/early_warning/count_tail.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kBaseline = 7;

struct Moments {
    double mean = 0, sd = 0;
};

Moments moments(std::span<const double> counts) {
    Moments m;
    for (const double c : counts) m.mean += c;
    m.mean /= static_cast<double>(counts.size());
    for (const double c : counts) m.sd += (c - m.mean) * (c - m.mean);
    m.sd = std::sqrt(m.sd / static_cast<double>(counts.size() - 1));
    return m;
}

// Baseline of period t with so many periods left out before it.
Moments before(std::span<const double> counts, std::size_t t, std::size_t gap) { return moments(counts.subspan(t - gap - kBaseline, kBaseline)); }

// Of a new count's excess over a mean of seven, in their standard deviations.
double tail(double excess) {
    using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    const boost::math::students_t_distribution<double, Policy> distribution(kBaseline - 1);
    return boost::math::cdf(boost::math::complement(distribution, excess / std::sqrt(1 + 1.0 / kBaseline)));
}

Result<void> check(std::span<const double> counts, double alpha, bool gaps_allowed) {
    if (!(alpha > 0 && alpha < 0.5)) return fail(ErrorCode::bad_usage, "alpha should be between 0 and 0.5");
    for (std::size_t t = 0; t < counts.size(); ++t)
        if (counts[t] < 0 || std::isinf(counts[t]) || (!gaps_allowed && std::isnan(counts[t]))) return fail(ErrorCode::bad_input, "a count is negative, missing or not finite", {"", t + 1, ""});
    return {};
}

}  // namespace

Result<ShortVerdict> ears(std::span<const double> counts, Ears method, double alpha) {
    THREATLAS_CHECK(check(counts, alpha, false));
    const std::size_t gap = method == Ears::c1 ? 0 : 2, needed = kBaseline + gap + (method == Ears::c3 ? 2 : 0) + 1;
    if (counts.size() < needed) return fail(ErrorCode::not_enough_data, std::to_string(counts.size()) + " periods; EARS needs " + std::to_string(needed));
    const std::size_t now = counts.size() - 1;
    const double z = core::normal_quantile(1 - alpha), count = counts[now];
    const Moments base = before(counts, now, gap);
    ShortVerdict out;
    out.expected = base.mean;
    double excess = base.sd > 0 ? (count - base.mean) / base.sd : count > base.mean ? HUGE_VAL : 0;
    double earlier = 0;
    if (method == Ears::c3)
        for (const std::size_t lag : {1U, 2U}) {
            const Moments m = before(counts, now - lag, gap);
            earlier += m.sd > 0 ? std::max(0.0, (counts[now - lag] - m.mean) / m.sd - 1) : 0;
        }
    excess += earlier;
    out.upper = base.mean + base.sd * (z - earlier);
    out.alarm = count > out.upper;
    out.p_value = std::isinf(excess) ? 0 : tail(excess);
    return out;
}

Result<ShortVerdict> bayes(std::span<const double> counts, double alpha, double overdispersion) {
    THREATLAS_CHECK(check(counts, alpha, true));
    double cases = 0, periods = 0;
    for (std::size_t t = 0; t + 1 < counts.size(); ++t)
        if (!std::isnan(counts[t])) cases += counts[t], periods += 1;
    if (periods < 1 || std::isnan(counts.back())) return fail(ErrorCode::not_enough_data, "no earlier count to compare with");
    ShortVerdict out;
    out.expected = (cases + 0.5) / periods;
    const double dispersion = (periods + 1) / periods + overdispersion * out.expected;
    out.upper = count_quantile(1 - alpha, out.expected, dispersion);
    out.alarm = counts.back() > out.upper;
    out.p_value = upper_tail(counts.back(), out.expected, dispersion);
    return out;
}

}  // namespace threatlas::analyse::early_warning

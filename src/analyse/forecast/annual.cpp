#include "analyse/forecast/annual.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>

#include "analyse/forecast/annual_pool.hpp"

namespace threatlas::analyse::forecast {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

struct Logs {
    std::vector<double> values;   // NaN: missing
    double offset = 0;            // added before the logarithm
};

Result<Logs> logs(std::span<const double> series) {
    std::size_t observed = 0;
    double least = HUGE_VAL;
    bool zeros = false;
    for (std::size_t t = 0; t < series.size(); ++t) {
        if (series[t] < 0 || std::isinf(series[t])) return fail(ErrorCode::bad_input, "a value is negative or not finite", {"", t + 1, ""});
        if (std::isnan(series[t])) continue;
        ++observed;
        if (series[t] > 0) least = std::min(least, series[t]);
        zeros |= series[t] == 0;
    }
    if (observed < kLeastYears) return fail(ErrorCode::not_enough_data, std::to_string(observed) + " years; an annual forecast needs " + std::to_string(kLeastYears));
    if (std::isinf(least)) return fail(ErrorCode::not_enough_data, "only zeros: no level to forecast from");
    Logs out{{}, zeros ? least / 2 : 0};
    for (const double v : series) out.values.push_back(std::log(v + out.offset));
    return out;
}

// Quantiles of Student's t at the middles of equal parts, by degrees of freedom; members of equal length share them.
constexpr std::size_t kParts = 200;
using Parts = std::array<double, kParts>;

Parts parts_of(double degrees) {
    using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;   // twelve digits are plenty
    const boost::math::students_t_distribution<double, Policy> t(degrees);
    Parts out{};
    for (std::size_t i = 0; i < kParts / 2; ++i) {
        out[i] = boost::math::quantile(t, (static_cast<double>(i) + 0.5) / kParts);
        out[kParts - 1 - i] = -out[i];
    }
    return out;
}

using Tables = std::map<std::pair<std::size_t, double>, Parts>;   // by pool and number of errors

Forecast predict(const Logs& member, const std::vector<Pool>& pools, std::size_t horizon, Tables& tables) {
    Forecast out{"annual: local level, damped drift, pooled", std::vector<Step>(horizon)};
    std::vector<std::vector<double>> points(horizon);
    for (std::size_t k = 0; k < pools.size(); ++k) {
        const Pool& pool = pools[k];
        const State s = filter(member.values, pool);
        const double degrees = pool.degrees + s.steps, sigma = std::sqrt((pool.degrees * pool.sigma * pool.sigma + s.squares) / degrees);
        const auto [table, fresh] = tables.try_emplace({k, s.steps});
        if (fresh) table->second = parts_of(degrees);
        double damped = 0, factor = 1;
        for (std::size_t h = 0; h < horizon; ++h) {
            factor *= kDamping, damped += factor;
            const double variance = s.v_level + 2 * damped * s.cov + damped * damped * s.v_drift + pool.q * static_cast<double>(h + 1) + 1 - pool.q;
            for (const double z : table->second) points[h].push_back(s.level + damped * s.drift + sigma * std::sqrt(variance) * z);
        }
    }
    for (std::size_t h = 0; h < horizon; ++h) {
        std::sort(points[h].begin(), points[h].end());
        Step& step = out.steps[h];
        for (std::size_t i = 0; i < kQuantiles; ++i) {
            const double at = kProbabilities[i] * static_cast<double>(points[h].size()) - 0.5;
            const auto below = static_cast<std::size_t>(at);
            const double log = points[h][below] + (at - static_cast<double>(below)) * (points[h][below + 1] - points[h][below]);
            step.quantiles[i] = std::max(0.0, std::exp(std::min(700.0, log)) - member.offset);
            if (i > 0) step.mean += (step.quantiles[i - 1] / 2 + step.quantiles[i] / 2) * (kProbabilities[i] - kProbabilities[i - 1]) / (kProbabilities.back() - kProbabilities[0]);
        }
    }
    return out;
}

Pool typical(std::vector<Pool> pools) {
    Pool out;
    for (double Pool::* field : {&Pool::q, &Pool::tau, &Pool::drift, &Pool::sigma, &Pool::degrees}) {
        std::nth_element(pools.begin(), pools.begin() + kPools / 2, pools.end(), [&](const Pool& a, const Pool& b) { return a.*field < b.*field; });
        out.*field = pools[kPools / 2].*field;
    }
    return out;
}

}  // namespace

Result<AnnualForecasts> forecast_annual(std::span<const std::vector<double>> members, int horizon) {
    if (horizon < 1 || horizon > kMostYears) return fail(ErrorCode::bad_usage, "the horizon should be from 1 to " + std::to_string(kMostYears) + " years");
    std::vector<Result<Logs>> read;
    std::vector<Logs> fit;
    for (const auto& m : members) {
        read.push_back(logs(m));
        if (read.back()) fit.push_back(*read.back());
    }
    if (fit.empty()) return fail(ErrorCode::not_enough_data, "no member has " + std::to_string(kLeastYears) + " years of values");
    std::vector<std::vector<double>> values;
    for (const Logs& m : fit) values.push_back(m.values);
    const std::vector<Pool> pools = draw_pools(values);
    AnnualForecasts out{typical(pools), {}};
    Tables tables;
    for (const auto& m : read) {
        if (m) out.members.emplace_back(predict(*m, pools, static_cast<std::size_t>(horizon), tables));
        else out.members.emplace_back(tl::unexpected(m.error()));
    }
    return out;
}

}  // namespace threatlas::analyse::forecast

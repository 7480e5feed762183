#include "assess/indicators/level_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "assess/indicators/assumptions.hpp"

namespace threatlas::assess::indicators {
namespace {

constexpr std::size_t kRates = 160;
constexpr std::array kOver{0.0001, 0.0003, 0.001, 0.003, 0.007, 0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 2.0, 4.0};

// log NB(y; mean m, size r) without the terms in y and r alone.
double kernel(double y, double mean, double size) { return y * std::log(mean / (size + mean)) - size * std::log1p(mean / size); }
// std::lgamma writes a global sign: not for several threads.
double log_gamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}
double constant(double y, double size) { return log_gamma(y + size) - log_gamma(size) - log_gamma(y + 1); }

// Counts at which an interval's probability is summed: all of them, or 41 evenly spaced ones.
std::vector<double> points(const YearCount& year) {
    const double low = std::round(year.low), high = std::max(low, std::round(year.high));
    std::vector<double> out;
    const double n = std::min(40.0, high - low);
    for (double i = 0; i <= n; ++i) out.push_back(n == 0 ? low : std::round(low + (high - low) * i / n));
    return out;
}

struct Prepared {
    std::vector<double> y, constants;   // by point
    double exposure;
};

double log_likelihood(const std::vector<Prepared>& years, double rate, double size) {
    double total = 0;
    for (const Prepared& year : years) {
        const double mean = rate * year.exposure;
        if (year.y.size() == 1) {
            total += year.constants[0] + kernel(year.y[0], mean, size);
            continue;
        }
        double largest = -1e300, sum = 0;
        std::array<double, 41> terms;
        for (std::size_t k = 0; k < year.y.size(); ++k) largest = std::max(largest, terms[k] = year.constants[k] + kernel(year.y[k], mean, size));
        for (std::size_t k = 0; k < year.y.size(); ++k) sum += std::exp(terms[k] - largest);
        total += largest + std::log(sum);
    }
    return total;
}

std::vector<Prepared> prepare(std::span<const YearCount> years) {
    std::vector<Prepared> out;
    for (const YearCount& year : years)
        if (year.exposure > 0) out.push_back({points(year), {}, year.exposure});
    return out;
}
void set_size(std::vector<Prepared>& years, double size) {
    for (Prepared& year : years) {
        year.constants.clear();
        for (const double y : year.y) year.constants.push_back(constant(y, size));
    }
}

}  // namespace

RateDraws rate_draws(std::span<const YearCount> window, std::span<const YearCount> baseline, double year_sd, std::size_t draws, core::Random& random) {
    RateDraws out;
    std::vector<Prepared> now = prepare(window), before = prepare(baseline);
    if (now.empty()) return out;
    // The grid of rates: wide enough for the pooled Poisson and for the spread between years.
    double count = 0, exposure = 0, lowest = 1e300, highest = 0;
    for (const auto* years : {&now, &before})
        for (const Prepared& year : *years) {
            const double middle = (year.y.front() + year.y.back()) / 2;
            if (years == &now) count += middle, exposure += year.exposure;
            lowest = std::min(lowest, (year.y.front() + 0.1) / year.exposure);
            highest = std::max(highest, (year.y.back() + 1) / year.exposure);
        }
    const double centre = (count + 0.5) / exposure;
    const double width = std::max(6 / std::sqrt(count + 0.5), 0.05);
    const double from = std::log(std::min(lowest, centre)) - width, to = std::log(std::max(highest, centre)) + width;
    const double step = (to - from) / static_cast<double>(kRates - 1);

    std::array<double, kOver.size()> log_over{};
    std::vector<double> posterior(kRates * kOver.size());
    for (std::size_t a = 0; a < kOver.size(); ++a) {
        const double size = 1 / kOver[a], spread = std::sqrt(kOver[a]) / year_sd;
        // Half-Cauchy on sqrt(a); the grid is about even in log sqrt(a), hence the Jacobian sqrt(a).
        const double next = a + 1 < kOver.size() ? kOver[a + 1] : kOver[a] * 2, last = a > 0 ? kOver[a - 1] : kOver[a] / 3;
        log_over[a] = std::log(spread / (1 + spread * spread)) + std::log(std::log(next / last));
        set_size(before, size);
        set_size(now, size);
        double largest = -1e300;
        std::array<double, kRates> terms;
        for (std::size_t i = 0; i < kRates; ++i) {
            const double rate = std::exp(from + step * static_cast<double>(i));
            largest = std::max(largest, terms[i] = log_likelihood(before, rate, size));
        }
        double sum = 0;
        for (const double term : terms) sum += std::exp(term - largest);
        log_over[a] += largest + std::log(sum);

        largest = -1e300;
        for (std::size_t i = 0; i < kRates; ++i) {
            const double log_rate = from + step * static_cast<double>(i);
            // Jeffreys prior rate^-1/2, times the Jacobian rate of the logarithmic grid.
            largest = std::max(largest, terms[i] = log_likelihood(now, std::exp(log_rate), size) + 0.5 * log_rate);
        }
        sum = 0;
        for (double& term : terms) sum += term = std::exp(term - largest);
        for (std::size_t i = 0; i < kRates; ++i) posterior[a * kRates + i] = terms[i] / sum;
    }
    const double best = *std::max_element(log_over.begin(), log_over.end());
    double total = 0;
    for (double& x : log_over) total += x = std::exp(x - best);
    std::array<double, kRates> mass{};
    for (std::size_t a = 0; a < kOver.size(); ++a) {
        out.overdispersion += log_over[a] / total * kOver[a];
        for (std::size_t i = 0; i < kRates; ++i) mass[i] += log_over[a] / total * posterior[a * kRates + i];
    }
    std::array<double, kRates> cumulative{};
    double sum = 0;
    for (std::size_t i = 0; i < kRates; ++i) cumulative[i] = sum += mass[i];
    out.rate.reserve(draws);
    for (std::size_t k = 0; k < draws; ++k) {
        const double u = random.uniform() * sum;
        const auto at = std::min<std::size_t>(static_cast<std::size_t>(std::lower_bound(cumulative.begin(), cumulative.end(), u) - cumulative.begin()), kRates - 1);
        out.rate.push_back(std::exp(from + step * (static_cast<double>(at) + random.uniform() - 0.5)));
    }
    return out;
}

std::vector<double> mean_draws(std::span<const double> years, double prior_cv, std::size_t draws, core::Random& random) {
    std::vector<double> out(draws, 0.0);
    if (years.empty()) return out;
    const auto n = static_cast<double>(years.size());
    double mean = 0, squares = 0;
    for (const double x : years) mean += x / n;
    if (!(mean > 0)) return out;
    for (const double x : years) squares += (x / mean - 1) * (x / mean - 1);
    const double cv2 = (2 * prior_cv * prior_cv + squares) / (2 + n - 1);
    const double spread = std::sqrt(std::log1p(cv2 / n));
    for (double& x : out) x = mean * std::exp(spread * std::clamp(random.student_t(n + 1), -6.0, 6.0));
    return out;
}

}  // namespace threatlas::assess::indicators

#include "analyse/forecast/log_linear.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace threatlas::analyse::forecast {
namespace {

constexpr std::size_t kTerms = 4;
using Vector = std::array<double, kTerms>;
using Matrix = std::array<Vector, kTerms>;
constexpr Vector kPrecision = {0, 0.25, 1, 1};   // of the priors

Vector terms(double t, double last, int periods_per_year, bool trend, bool season) {
    const double angle = 2 * std::numbers::pi * (t + 1) / periods_per_year;
    return {1, trend ? (t - last) / (last + 1) : 0, season ? std::sin(angle) : 0, season ? std::cos(angle) : 0};
}

// Cholesky; unused terms have a unit diagonal and stay zero.
Vector solve(Matrix a, Vector b) {
    for (std::size_t i = 0; i < kTerms; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double s = a[i][j];
            for (std::size_t k = 0; k < j; ++k) s -= a[i][k] * a[j][k];
            a[i][j] = i == j ? std::sqrt(std::max(s, 1e-300)) : s / a[j][j];
        }
    for (std::size_t i = 0; i < kTerms; ++i) {
        for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (std::size_t i = kTerms; i-- > 0;) {
        for (std::size_t k = i + 1; k < kTerms; ++k) b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return b;
}

double dot(const Vector& x, const Vector& y) { return x[0] * y[0] + x[1] * y[1] + x[2] * y[2] + x[3] * y[3]; }

}  // namespace

double LogLinear::mean(std::size_t step) const {
    const auto n = static_cast<double>(periods);
    Vector x = terms(n + static_cast<double>(step), n - 1, periods_per_year, false, parameters > 2);
    return std::exp(dot(x, beta));
}

core::Result<LogLinear> fit_log_linear(std::span<const double> counts, int periods_per_year) {
    const std::size_t n = counts.size(), two_years = 2 * static_cast<std::size_t>(periods_per_year);
    const bool season = periods_per_year > 2 && n >= two_years, trend = n >= std::max<std::size_t>(8, two_years);
    LogLinear out{.parameters = 1 + (trend ? 1U : 0U) + (season ? 2U : 0U), .periods = n, .periods_per_year = periods_per_year};
    std::vector<Vector> design(n);
    double observed = 0, total = 0;
    for (std::size_t t = 0; t < n; ++t) {
        design[t] = terms(static_cast<double>(t), static_cast<double>(n - 1), periods_per_year, trend, season);
        if (!std::isnan(counts[t])) observed += 1, total += counts[t];
    }
    // Penalised log-likelihood, its gradient and curvature.
    Vector gradient{};
    Matrix curvature{};
    const auto evaluate = [&](const Vector& beta) {
        double value = 0;
        gradient = {}, curvature = {};
        for (std::size_t i = 0; i < kTerms; ++i) {
            value -= kPrecision[i] * beta[i] * beta[i] / 2;
            gradient[i] = -kPrecision[i] * beta[i];
            curvature[i][i] = kPrecision[i];
        }
        for (std::size_t t = 0; t < n; ++t) {
            if (std::isnan(counts[t])) continue;
            const Vector& x = design[t];
            const double eta = dot(x, beta), mean = std::exp(eta), error = counts[t] - mean;
            value += counts[t] * eta - mean;
            for (std::size_t i = 0; i < kTerms; ++i) {
                gradient[i] += x[i] * error;
                for (std::size_t j = 0; j <= i; ++j) curvature[i][j] += mean * x[i] * x[j];
            }
        }
        return value;
    };
    out.beta[0] = std::log(total / observed);
    double value = evaluate(out.beta);
    bool converged = false;
    for (int round = 0; round < 60 && !converged; ++round) {
        const Vector step = solve(curvature, gradient), from = out.beta;
        converged = dot(step, gradient) < 1e-10 * (1 + std::abs(value));
        double length = 1, next = 0;
        // Concave: a short enough step always rises.
        for (int half = 0; half < 40; ++half, length /= 2) {
            for (std::size_t i = 0; i < kTerms; ++i) out.beta[i] = from[i] + length * step[i];
            next = evaluate(out.beta);
            if (next >= value - 1e-12 * std::abs(value)) break;
        }
        value = next;
    }
    if (!converged || !std::isfinite(value)) return core::fail(core::ErrorCode::not_enough_data, "the log-linear model does not converge; too few counts above zero");
    double squares = 0, means = 0;
    for (std::size_t t = 0; t < n; ++t) {
        if (std::isnan(counts[t])) continue;
        const double mean = std::exp(dot(design[t], out.beta));
        squares += (counts[t] - mean) * (counts[t] - mean), means += mean;
    }
    const double degrees = std::max(1.0, observed - static_cast<double>(out.parameters));
    out.dispersion = std::max(1.0, squares / means * observed / degrees);
    return out;
}

}  // namespace threatlas::analyse::forecast

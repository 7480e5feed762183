// Quasi-Poisson log-linear regression of counts on time: a trend and an annual harmonic (McCullagh and Nelder 1989).
//
//   log mean(t) = level + trend x (t - last) / n + a sin(2 pi t / year) + b cos(2 pi t / year)
//
// The trend is zero at the last period and stays so: it is learnt from, so that old levels do not speak for the
// present one, and never extrapolated.
#pragma once

#include <array>
#include <span>

#include "core/result.hpp"

namespace threatlas::analyse::forecast {

struct LogLinear {
    std::array<double, 4> beta{};   // level, trend, sine, cosine; what was not fitted is 0
    double dispersion = 1;          // sum of squared residuals over sum of means, by degrees of freedom; never below 1
    std::size_t parameters = 1;
    std::size_t periods = 0;
    int periods_per_year = 0;

    // step from 0: the period after the last.
    double mean(std::size_t step) const;
};

// Below two years of periods, or two in a year, no harmonic; below two years or 8 periods no trend. Weak normal priors (standard
// deviation 1 of the harmonic's terms, 2 of the trend) keep sparse series finite. counts checked by the caller:
// NaN missing, otherwise finite and not negative, at least one above zero. not_enough_data when it does not converge.
// Cost: about 0.3 microseconds a period.
core::Result<LogLinear> fit_log_linear(std::span<const double> counts, int periods_per_year);

}  // namespace threatlas::analyse::forecast

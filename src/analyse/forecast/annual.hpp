// Short annual series of several members at once: what one cannot say of its own spread and drift, the others tell.
//
//   log value = level + noise,  level' = level + drift + innovation
//   variance of innovation = q sigma^2, of noise = (1 - q) sigma^2;  drift ~ N(common, (tau sigma)^2);  sigma^2 ~ scaled inverse chi-squared
//
// Ahead the drift is damped: step k adds kDamping^k drift (Gardner and McKenzie 1985, Management Science 31). The member's level,
// drift and sigma are integrated out exactly (a Kalman filter in units of sigma; West and Harrison 1997, ch. 4.5): Student's t. q, tau, the common
// drift and the distribution of sigma are learnt from all members under the weak priors of annual_pool.cpp (all there is for one member
// alone), and averaged over forty draws of their posterior, since a few members of a few years leave them uncertain.
#pragma once

#include <span>
#include <vector>

#include "analyse/forecast/predictive.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::forecast {

inline constexpr double kDamping = 0.8;
inline constexpr std::size_t kLeastYears = 4;
inline constexpr int kMostYears = 30;

// What the members have in common; in the answer: medians of the draws.
struct Pool {
    double q = 0.6;
    double tau = 0.3;
    double drift = 0;        // common, log a year
    double sigma = 0.15;     // typical, log
    double degrees = 6;      // how alike the members' sigmas are
};

struct AnnualForecasts {
    Pool pool;
    std::vector<core::Result<Forecast>> members;   // in the order given
};

// One series a member, oldest first, of one unit (cases, rates, money); NaN: missing. A zero stands for half the
// member's smallest value above zero. mean: of the predictive distribution within its 0.5 to 99.5 %, since that of a
// log-t does not exist. Of a member: not_enough_data for fewer than kLeastYears values or only zeros, bad_input for a negative or
// infinite one; the others are forecast all the same. bad_usage for a horizon outside 1..kMostYears; not_enough_data without any fit member.
// Cost: one member 15 ms, 25 members 50 ms.
core::Result<AnnualForecasts> forecast_annual(std::span<const std::vector<double>> members, int horizon);

}  // namespace threatlas::analyse::forecast

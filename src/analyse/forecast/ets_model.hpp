// One exponential smoothing model of the state-space family (Hyndman, Koehler, Ord and Snyder 2008): its recursion.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace threatlas::analyse::forecast {

struct EtsKind {
    bool relative_error = false;             // the error is a share of the mean
    enum class Trend { none, additive, damped } trend = Trend::none;
    enum class Season { none, additive, multiplicative } season = Season::none;

    std::string name() const;                // as usual: 'MAdM'
    std::size_t smoothing() const;           // parameters among alpha, beta, gamma, phi
};

struct EtsFit {
    EtsKind kind;
    double alpha = 0, beta = 0, gamma = 0, phi = 1;
    double level = 0, slope = 0;
    std::vector<double> season;              // of the coming year, in order; empty without
    double log_likelihood = 0;               // up to a constant that is the same for all models of a series
    double sigma2 = 0;                       // of the error, of its share of the mean where relative
    double aicc = HUGE_VAL;
};

// One period: the mean expected before, and the states moved on by an error (in the unit of the series).
class EtsState {
  public:
    explicit EtsState(const EtsFit& fit) : fit_(&fit), level_(fit.level), slope_(fit.slope), season_(fit.season) {}
    double mean() const;
    void move(double error);                 // mean() before must not be zero where the season multiplies
    double level() const { return level_; }
    double slope() const { return slope_; }
    std::vector<double> season() const;      // the next period's first

  private:
    double damped() const { return fit_->kind.trend == EtsKind::Trend::none ? 0 : fit_->phi * slope_; }

    const EtsFit* fit_;
    double level_, slope_;
    std::vector<double> season_;
    std::size_t at_ = 0;
};

// Best parameters and first level and slope by maximum likelihood; the first season is that of moving averages and not
// changed. aicc stays infinite when the model does not suit: means or values that are not above zero under a relative error or a multiplying season,
// too few values. values: checked; first_season: of values[0] on, of the kind's sort.
EtsFit fit_ets(std::span<const double> values, EtsKind kind, std::span<const double> first_season);

}  // namespace threatlas::analyse::forecast

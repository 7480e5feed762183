// The flexible Farrington detector of one period: is the count above what its history allows?
// Farrington, Andrews, Beale and Catchpole (1996) J. R. Statist. Soc. A 159; Noufaily et al. (2013)
// Statistics in Medicine 32. See docs/method/early_warning.md#farrington.
#pragma once

#include <cstdint>

#include "analyse/early_warning/baseline.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

enum class Threshold {
    delta,              // normal quantile on a power scale, estimation error included
    negative_binomial,  // quantile of a negative binomial at the estimated mean
    muan,               // the same at the upper confidence limit of the mean
};
enum class Power { two_thirds, square_root, none };   // scale of Threshold::delta

// corrected: the maximum-likelihood fit, and standard errors from the dispersion as published.
// as_r: what R's package surveillance (1.20.3) computes, to compare with: iteration stopped early, and
// after reweighting a variance that forgets the fitted mean in the trend test and standard errors.
enum class Mode { corrected, as_r };

struct FarringtonOptions {
    BaselineOptions baseline{};
    bool reweight = true;
    double reweight_above = 2.58;    // Anscombe residual from which an observation counts less
    bool trend = true;
    double trend_level = 1;          // two-sided level the trend must pass; 1: always kept
    double alpha = 0.005;            // one-sided
    Threshold threshold = Threshold::negative_binomial;
    Power power = Power::two_thirds;
    int fewest_cases = 5, fewest_over = 4;   // no alarm below so many cases in the last so many periods
    Mode mode = Mode::corrected;
};

enum class Alarm : std::uint8_t { no, yes, not_assessed };

// Counts are expected, not whole. NaN where nothing can be said.
struct FarringtonVerdict {
    Alarm alarm = Alarm::not_assessed;
    double upper = 0;          // largest count that raises no alarm; NaN when too few cases
    double expected = 0;
    double dispersion = 1;     // variance over mean, at least 1
    double slope = 0;          // log per period; 0 without trend
    bool with_trend = false;
    double p_value = 1;        // P(a count at least as large), negative binomial
};

// One evaluation, observation by observation: any layout, dates, populations, missing periods. For many
// series of one layout see farrington_panel.hpp. not_enough_data when the history is too short;
// bad_input for a negative or infinite count or a population that is not positive.
// Cost: about 50 microseconds for five years of weeks.
core::Result<FarringtonVerdict> farrington(const CountSeries& series, std::size_t now, const FarringtonOptions& options);

}  // namespace threatlas::analyse::early_warning

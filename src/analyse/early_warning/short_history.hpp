// Detectors for series too young for a model: EARS C1 to C3 (Hutwagner et al. 2003, J. Urban Health 80) and
// the Bayesian rule (Riebler 2004; Salmon et al. 2016, J. Stat. Software 70(10)). They know no season.
#pragma once

#include <span>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

enum class Ears { c1, c2, c3 };

// Of the last count.
struct ShortVerdict {
    double upper = 0;       // a count above it raises an alarm
    double expected = 0;
    double p_value = 1;     // P(a count at least as large); of EARS: of its standardised excess, Student's t with 6 degrees
    bool alarm = false;
};

// Baseline: the seven periods before (C1), the seven before the last two (C2); C3 adds what C2 exceeded one standard
// deviation by in the two periods before. (R's surveillance 1.20.3 computes C3 about the present count instead of the
// baseline's mean, so that the present count cannot matter; here it does.) bad_input for a count that is negative, missing or not finite; not_enough_data for
// fewer than 8 (C1), 10 (C2) or 12 (C3) counts.
core::Result<ShortVerdict> ears(std::span<const double> counts, Ears method, double alpha);

// Predictive negative binomial of a steady rate under Jeffreys' prior, from all earlier counts; NaN: missing.
// overdispersion widens it beyond Poisson (variance = mean + overdispersion mean^2); 0: R's rule.
// not_enough_data without an earlier count.
core::Result<ShortVerdict> bayes(std::span<const double> counts, double alpha, double overdispersion = 0);

}  // namespace threatlas::analyse::early_warning

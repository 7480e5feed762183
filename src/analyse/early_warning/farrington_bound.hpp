// From the fitted mean to the bound, the alarm and the tail: shared by the reference detector and the fast one.
#pragma once

#include "analyse/early_warning/farrington.hpp"

namespace threatlas::analyse::early_warning {

// verdict: expected and dispersion are given; upper, alarm and p_value are set. count: of the period
// judged, NaN when missing. recent: cases of the last `fewest_over` periods. standard_error: of log expected.
void decide(double count, double recent, const FarringtonOptions& options, double standard_error, FarringtonVerdict& verdict);

// What a user can have wrong: levels outside (0, 1), a threshold that is not positive.
core::Result<void> check(const FarringtonOptions& options);

}  // namespace threatlas::analyse::early_warning

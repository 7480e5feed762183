// From the fitted mean to the bound, the alarm and the tail: shared by the reference detector and the fast one.
#pragma once

#include "analyse/early_warning/farrington.hpp"

namespace threatlas::analyse::early_warning {

// verdict: expected and dispersion are given; upper, alarm and p_value are set. standard_error: of log expected.
void decide(const CountSeries& series, std::size_t now, const FarringtonOptions& options, double standard_error, FarringtonVerdict& verdict);

}  // namespace threatlas::analyse::early_warning

// When did the level of a count series change? Segments of constant Poisson rate by PELT: Killick,
// Fearnhead and Eckley (2012) J. Am. Statist. Assoc. 107. It dates what a detector found; it does not
// detect: on overdispersed or seasonal counts the raw cost finds changes everywhere, so divide it by the
// dispersion and give the seasonal factor as exposure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

enum class Penalty {
    bic,    // 2 ln n a change: Schwarz, a change costs a rate and a place
    mbic,   // 3 ln n a change, and ln of each segment's length: Zhang and Siegmund (2007) Biometrics 63
};

struct ChangePointOptions {
    Penalty penalty = Penalty::bic;
    int shortest = 4;          // periods in a segment
    double dispersion = 1;     // variance over mean within a segment; the cost is divided by it
};

struct Segment {
    std::size_t begin = 0, end = 0;   // periods, end exclusive
    double rate = 0;                  // counts per unit of exposure
};

// The segmentation of least cost, exactly, oldest first; one segment when nothing changed. exposure:
// empty for 1 a period, else positive, of the same size. not_enough_data below `shortest` periods;
// bad_input for a count that is negative or not a number. Cost: linear while changes keep coming,
// quadratic for a long series without any (about 3 ms for 1,000 periods).
core::Result<std::vector<Segment>> change_points(std::span<const double> counts, std::span<const double> exposure, const ChangePointOptions& options);

}  // namespace threatlas::analyse::early_warning

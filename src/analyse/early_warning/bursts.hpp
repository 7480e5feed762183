// Bursts in a stream of events: Kleinberg (2003) Data Mining and Knowledge Discovery 7. Each level of
// intensity is `base` times the one below; rising a level costs `gamma` ln(number of gaps).
#pragma once

#include <span>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct Burst {
    int level = 1;             // 1 is the whole stream
    double start = 0, end = 0; // times of the first and last event of the burst
};

// times: of the events, ascending and distinct. Bursts by level, then by start. not_enough_data below
// two events; bad_input for times out of order or equal. Cost: events times levels squared, levels at most 60.
core::Result<std::vector<Burst>> bursts(std::span<const double> times, double base = 2, double gamma = 1);

}  // namespace threatlas::analyse::early_warning

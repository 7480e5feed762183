// One indicator for one place: from its series to a Figure with value and score.
#pragma once

#include <optional>

#include "assess/indicators/context.hpp"

namespace threatlas::assess::indicators {

struct Made {
    Figure figure;
    double score_mean = 50, score_sd = 25;   // for the grid: proxy error and floor included
    double p_rising = 0.5;                   // of a trend
};

// place: country id; empty: the region. Nothing when there is less than the indicator's minimum.
std::optional<Made> make_figure(const Context& context, const model::Indicator& indicator, const std::string& place);

// Figures whose number depends on how much the police look: detections, seizures, identified victims.
bool found_by_looking(const std::string& nature);

// Rows as shown by `explain`, and what follows from them: contributors, sources, handling, publicity.
EvidenceRow evidence_row(const Context& context, std::uint32_t row);
void attach_rows(const Context& context, const std::vector<std::uint32_t>& rows, Figure& figure);
// 'F-' and ten hexadecimal digits over the key, the rows' content and the value.
void name_figure(const std::string& key, Figure& figure);
std::string short_number(double value);

}  // namespace threatlas::assess::indicators

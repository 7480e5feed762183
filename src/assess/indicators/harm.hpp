// How harmful one offence of a threat is: the catalogue's range of sentence days, on the scale of the
// criterion that declares anchors in such days. After Sherman, Neyroud and Neyroud (2016): the days of
// a sentence are the one unit in which unlike harms compare; ranges, never points.
#pragma once

#include <optional>

#include "assess/indicators/context.hpp"
#include "assess/indicators/judgements.hpp"

namespace threatlas::assess::indicators {

// Score of a number of sentence days: logarithmic between the criterion's five anchors (0, 25, 50, 75,
// 100), constant beyond them. days > 0; anchors rising and positive.
double harm_score(const std::vector<double>& anchors, double days);

// Nothing when the threat states no range, or no criterion has anchors in sentence days. The range
// counts as judged: a sentencing scale is society's judgement, or the founders'.
std::optional<Judged> harm(const Context& context, std::size_t threat);

}  // namespace threatlas::assess::indicators

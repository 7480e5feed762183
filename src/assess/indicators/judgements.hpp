// Claims to figures and evidence. A grade stays a grade, by its rater; nobody's is averaged away.
#pragma once

#include <optional>
#include <vector>

#include "assess/evidence.hpp"
#include "assess/indicators/context.hpp"

namespace threatlas::assess::indicators {

struct Judged {
    Figure figure;
    std::optional<Evidence> evidence;    // none for modi operandi, notes and other descriptions
    double p_rising = 0.5;               // of a trend word
    bool is_trend = false;
};

// Multiplier of a judgement's width from its source evaluation ('4x4:A1', 'admiralty:B2'); unevaluated: for one that
// nobody gave or the catalogue does not know.
double evaluation_width(const model::Catalogue& catalogue, const std::string& evaluation, double unevaluated);

// raters: sorted. Nothing when the claim names a threat the catalogue does not know.
std::optional<Judged> judge(const Context& context, const model::Claim& claim, const std::vector<std::string>& raters);

}  // namespace threatlas::assess::indicators

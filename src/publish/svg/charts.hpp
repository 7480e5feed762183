// The charts of the report. Each returns one <svg>; the same function serves page and paper.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish::svg {

// The signature chart: rank, threat, interval and median, P(top five), what it rests on, trend.
std::string ranking(const assess::Assessment& assessment);
// A figure over time; gaps stay gaps, ranges are drawn.
std::string series(const assess::Figure& figure, double width = 300, double height = 150);
// Countries of one indicator with their 90 % intervals.
std::string places(const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue, double width = 300);
// Parts of a mix or share.
std::string parts(const assess::Figure& figure, double width = 300);
// The empty frame that says what would help.
std::string not_assessed(const std::string& would_help, double width = 300, double height = 110);
// Threat x criterion: measured, judged, imputed.
std::string evidence_map(const assess::Assessment& assessment, const model::Catalogue& catalogue);
// Criteria of one threat with their intervals.
std::string criteria(const assess::ThreatResult& threat, const model::Catalogue& catalogue, double width = 640);

}  // namespace threatlas::publish::svg

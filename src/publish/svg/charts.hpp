// The charts of the report. Each returns one <svg>; the same function serves page and paper.
// Widths and heights are CSS pixels; text inside keeps its size, so a chart is drawn at the width it is shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish::svg {

// The signature chart: rank, threat, interval and median, P(top five), what it rests on, trend.
std::string ranking(const assess::Assessment& assessment);
// The same marks for some of the threats, without title and foot.
std::string ranking_of(const std::vector<const assess::ThreatResult*>& threats);
// Probability of each rank for each threat, as a heat map.
std::string acceptability(const assess::Assessment& assessment);
// Threat x criterion: measured, judged, unknown.
std::string evidence_map(const assess::Assessment& assessment, const model::Catalogue& catalogue);
// Criteria of one threat with their intervals, in one column or two.
std::string criteria(const assess::ThreatResult& threat, const model::Catalogue& catalogue, double width = 676, std::size_t columns = 1);
// Threat x lens of one area: measured, judged, not assessed.
std::string lens_map(const std::vector<const assess::ThreatResult*>& threats, const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue);

// A figure over time; gaps stay gaps, ranges are drawn.
std::string series(const assess::Figure& figure, double width = 316, double height = 104);
// The last rate recorded, where the figure is an estimate of what was not (dark figure); nothing else.
std::optional<double> recorded_rate(const assess::Figure& figure);
// Past and forecast; the fan holds 50, 80 and 95 %.
std::string fan(const assess::Outlook& outlook, double width = 316, double height = 84);
// A signal: its series, what was expected, the period that rose.
std::string signal(const analyse::early_warning::Signal& signal, double width = 204, double height = 84);
// Countries of one indicator with their 90 % intervals, in the order given; at most `most` of them.
std::string places(const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue, double width = 316, std::size_t most = 8);
// Parts of a mix or share.
std::string parts(const assess::Figure& figure, const model::Catalogue& catalogue, double width = 316);
// The empty frame that says what would help.
std::string not_assessed(const std::string& would_help, double width = 316, double height = 66);

}  // namespace threatlas::publish::svg

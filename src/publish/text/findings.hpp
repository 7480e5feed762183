// Sentences made from results: what a chart or a page says in one line. English; its words stand in
// english.hpp, so that a translation replaces that file and the grammar of this one.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish::text {

// 'Three threats lead; the next four cannot be told apart'.
std::string ranking_finding(const assess::Assessment& assessment);
// A probability of 0.5 or more in the words of a yardstick: 'it is likely (55–75 %) that', 'there is a realistic
// possibility (40–50 %) that'. Between two words of PHIA, which leaves gaps on purpose, the less extreme one.
std::string probably(double p, const model::Catalogue& catalogue, const std::string& yardstick = "phia");
// 'It is highly likely (80–90 %) that its recorded figures rose from 2008 to 2020 (burglary): 22 % a year (90 %: 10 to 34).'
// figure: the one it rests on, for its measure and years; may be null.
std::string trend_sentence(const assess::ThreatResult& threat, const model::Catalogue& catalogue, const assess::Figure* figure);
// One sentence for each word and direction: which threats of an area are rising, which falling.
std::vector<std::string> trend_sentences(const std::vector<const assess::ThreatResult*>& threats, const model::Catalogue& catalogue);
// Analytic confidence from the share of the position that rests on nothing of its own: low above 0.6,
// moderate above 0.35.
const char* confidence(const assess::ThreatResult& threat);
// The word that most threats have.
const char* usual_confidence(const assess::Assessment& assessment);

bool in_region(const std::string& place, const model::Catalogue& catalogue);

// Chart titles.
std::string places_finding(const std::vector<const assess::Figure*>& members_first, const model::Catalogue& catalogue);
std::string parts_finding(const assess::Figure& figure, const model::Catalogue& catalogue);
std::string series_finding(const assess::Figure& figure);

// 'Drug precursors' -> 'drug precursors', but 'ATM attacks' stays.
std::string in_sentence(const std::string& title);
// 'a', 'a and b', 'a, b and c'.
std::string listed(const std::vector<std::string>& items);
// Unit as printed: 'per_100k' -> 'per 100,000 and year'.
std::string unit_words(const std::string& unit, const model::Catalogue& catalogue);

}  // namespace threatlas::publish::text

// The same evidence under other published rules of aggregation, and how far the rankings agree.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/catalogue.hpp"

namespace threatlas::assess::ranking {

// One score a threat from mean cells (threats x criteria, 0-100) under a profile. Rules:
// additive  sum of w x;  geometric  product of max(x, 1)^w;
// product   threat x vulnerability x impact, each the weighted mean of its criteria / 100 (CIRAM).
// Criteria that the profile does not name weigh nothing; an empty list weighs all alike.
std::vector<double> profile_scores(const model::Profile& profile, const std::vector<model::Criterion>& criteria, const std::vector<double>& cells);

// GI-TOC Global Organized Crime Index: criminality is the mean of the mean of the criminal markets
// and the mean of the criminal actors (Global Initiative 2021, methodology). NaN when one is empty.
double gitoc_criminality(std::span<const double> markets, std::span<const double> actors);

std::vector<int> ranks_of(const std::vector<double>& scores);          // 1 = the greatest; ties by index
double spearman(const std::vector<double>& a, const std::vector<double>& b);  // of scores; ties by mean rank
// Kendall's coefficient of concordance with the correction for ties; 1 when all agree.
double kendall_w(const std::vector<std::vector<double>>& scores);
double kendall_tau(const std::vector<double>& a, const std::vector<double>& b);  // tau-b

}  // namespace threatlas::assess::ranking

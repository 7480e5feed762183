// Shares of a whole and shifts of a mix between two windows.
#pragma once

#include <string>
#include <vector>

#include "assess/indicators/context.hpp"
#include "core/random.hpp"

namespace threatlas::assess::indicators {

// The smallest thing that may be exchanged between windows: a year, a month, or one report.
struct Block {
    int year = 0;
    std::vector<double> counts;         // by category
};

struct Mix {
    std::vector<std::string> categories;
    std::vector<Block> blocks;          // in time order
    std::vector<std::uint32_t> rows;
    int first_year = 0, last_year = 0;
    std::size_t not_stated = 0;         // rows that do not say their category
    model::Nature nature = model::Nature::other;
};

// Counts by the indicator's `over` dimension ('what' and 'place' are accepted too; empty: 'what').
Mix read_mix(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places);

struct ShareDraws {
    std::vector<double> share;                    // of the wanted categories together
    std::vector<std::vector<double>> categories;  // draws by category
    double overdispersion = 1;                    // of the yearly shares against multinomial, >= 1
};
// Dirichlet posterior (Jeffreys prior 1/2), with counts divided by the overdispersion of the years.
// Empty when nothing was counted.
ShareDraws share_draws(const std::vector<Block>& blocks, const std::vector<bool>& wanted, std::size_t draws, core::Random& random);

// Jensen-Shannon divergence of two count vectors, base 2: 0 equal, 1 disjoint. 0 when one is empty.
double divergence(const std::vector<double>& a, const std::vector<double>& b);

struct ShiftDraws {
    double observed = 0, expected = 0;  // divergence, and its mean under exchange
    double p = 1;                       // permutation p value, (1 + at least as large) / (1 + exchanges)
    std::vector<double> excess;         // 0-1: observed with its jackknife error, minus a draw of the null
};
// Blocks are exchanged between the windows at random, 500 times. Cost: 500 x blocks x categories.
ShiftDraws shift_draws(const std::vector<Block>& before, const std::vector<Block>& now, std::size_t draws, core::Random& random);

}  // namespace threatlas::assess::indicators

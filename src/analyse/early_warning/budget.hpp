// One false-alarm budget for all that is tested in a period: so many false signals are expected at most, whatever
// depends on what. Expectations add up, so the bound holds for overlapping series as well (unlike the false
// discovery rate of Benjamini and Hochberg (1995), which is reported beside it). Counts are discrete: a test
// at level t rejects with a probability of less, and what is not spent there is spent elsewhere (Tarone 1990).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

// The budget is divided among classes, so that the many special series do not drown the few general ones.
enum class Class : std::uint8_t { rise_general, rise_middle, rise_special, fall, drift, novelty };
constexpr std::size_t kClasses = 6;
constexpr std::array<double, kClasses> kShares{0.2, 0.2, 0.2, 0.1, 0.1, 0.2};   // of classes that have tests; the others' go to them

// However few the tests and large the budget: what one month in a hundred brings by chance is no signal.
constexpr double kLargestThreshold = 0.01;

struct Trial {
    double p = 1;
    Class of = Class::rise_general;
    double mean = 0, dispersion = 1;   // of the count under test; a mean of 0: the p-value is not of a count
    bool lower = false;                // the test is of few, not of many
};

struct Spending {
    std::array<double, kClasses> threshold{};   // a test of the class signals at p at most
    std::array<double, kClasses> expected{};    // false signals expected of the class; together at most the budget
    std::array<std::size_t, kClasses> tests{};
    std::vector<double> q;                      // by test: share of false among those of its class as sure (Benjamini-Hochberg, with
                                                // the attained levels: Heyse 2011); 1 for those that do not signal
};

// budget: false signals expected in the period, above 0. Cost: sorting, and ten tails of a count, and one a signal, for up to 8,192 tests a class.
core::Result<Spending> spend(const std::vector<Trial>& tests, double budget);

}  // namespace threatlas::analyse::early_warning

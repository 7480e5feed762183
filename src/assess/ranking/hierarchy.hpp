// The hierarchical model of METHOD 2b, by data augmentation Gibbs sampling (Albert and Chib 1993 for
// the grades; half-t(4) spreads by random walks on their logarithms; spreads and effects drawn with
// everything below them integrated out, so that cells without evidence do not slow the chains).
//
// A measurement observes its cell with its own standard deviation. A grade says that
// cell + severity of the rater + grading noise lies in the grade's interval, the end ones open. The
// severities are partially pooled: a rater with few grades is hardly corrected. Missing is assumed
// uninformative given the model. Latent values are not bounded; they are clamped to 0..100 only
// where they enter the ranking.
#pragma once

#include <cstdint>
#include <vector>

#include "assess/evidence.hpp"
#include "assess/ranking/structure.hpp"

namespace threatlas::assess::ranking {

struct HierarchyOptions {
    std::uint64_t seed = 1;
    int chains = 4, burn_in = 150, kept = 500;   // kept: draws a chain
    int thin = 2;                // sweeps for each draw kept
    bool severity = true;        // false: grades are taken as given
    bool keep_members = true;    // keep the draws of the members' own cells
};

// Draws of the posterior. Arrays are draws x threats x criteria, chain after chain. A gap (a cell
// without any evidence) has base = the model's expectation in that draw and unit = a standard
// normal; its value is base + gap_sd * unit. For a known cell, unit is 0 and base its value.
struct Posterior {
    std::size_t draws = 0, threats = 0, criteria = 0, members = 0;
    std::vector<float> base, unit;
    std::vector<float> known;            // the part of the region's cell that evidence speaks of
    std::vector<float> gap_sd;           // per draw
    std::vector<float> member;           // draws x members x threats x criteria
    std::vector<double> known_share;     // per cell: weight that `known` stands for, 0..1
    std::vector<double> severity_mean, severity_sd;   // per rater, points
    std::vector<double> latent;          // per evidence: posterior mean of what was observed
    Spread spread;                       // posterior means
    double r_hat = 1, effective_draws = 0;  // worst of the monitored quantities

    double value(std::size_t draw, std::size_t cell) const {
        const std::size_t at = draw * threats * criteria + cell;
        return static_cast<double>(base[at]) + static_cast<double>(gap_sd[draw]) * static_cast<double>(unit[at]);
    }
};

// Whether severities can be told from what raters chose to grade: it takes two raters. A region's only
// rater grades what struck it, and correcting that would undo what it says; its grades stand as given.
bool severity_told(const Grid& grid);

// Never fails: a grid without evidence gives the prior. The same on any number of threads.
// Cost: about 50 microseconds a sweep for 25 threats x 12 criteria, plus 0.1 ms a kept draw.
Posterior fit(const Grid& grid, const HierarchyOptions& options);

// Normal(mean, sd) restricted to (low, high), by inversion; exposed for its test.
double truncated_normal(double mean, double sd, double low, double high, core::Random& random);

}  // namespace threatlas::assess::ranking

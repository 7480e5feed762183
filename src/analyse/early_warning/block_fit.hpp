// Quasi-Poisson regression of counts on seasonal blocks and, if wanted, a common trend:
// log mean_i = level of block(i) + slope * time_i + log population_i. The normal equations are
// arrow-shaped (each level appears in one equation besides its own), so they are solved in closed form.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace threatlas::analyse::early_warning {

// Parallel arrays, one entry an observation. counts >= 0; weight > 0; log_exposure 0 without population.
struct BlockData {
    std::vector<double> counts, time, log_exposure, weight;
    std::vector<std::uint8_t> block;
    int blocks = 1;
    std::size_t size() const { return counts.size(); }
};

struct BlockFit {
    bool converged = false, with_trend = false;
    double slope = 0;
    std::vector<double> level;             // exp of each block's level
    std::vector<double> information;       // S_g: sum of working weights by block
    std::vector<double> centre;            // weighted mean time by block
    double spread = 0;                     // V: weighted sum of squared times about the centres
    double dispersion = 1;                 // phi, at least 1
    double variance_factor = 1;            // multiplies the inverse information in standard errors
    std::vector<double> mean, working;     // fitted means; working weights of the last iteration

    double predict(std::size_t block, double time, double log_exposure) const;
    // Standard error of the linear predictor there.
    double standard_error(std::size_t block, double time) const;
    double leverage(std::size_t i, const BlockData& data) const;
};

// When the iteration stops: the deviance moved by less than `tolerance` of itself.
struct Stop {
    double tolerance = 1e-14;
    int most_steps = 200;
};
inline constexpr Stop kStopAsR{1e-8, 25};   // R's glm

// Iteratively reweighted least squares from count + 0.1 on. Working weights, and with them leverages and
// the dispersion, are of the iterate before the last means, as in R. Cost: about 60 ns an observation
// and ten times that to the last digit.
BlockFit fit_blocks(const BlockData& data, bool with_trend, const Stop& stop);

}  // namespace threatlas::analyse::early_warning

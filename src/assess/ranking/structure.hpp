// The evidence of a grid laid out for the hierarchical model: which cells know something, through
// which sites (a member's cell, or the region's), and the normal equations they share.
// Model, METHOD 2b: z[t,c] = mean + criterion + area + area x criterion + threat + deviation,
// x[t,c,m] = z[t,c] + member deviation, region X[t,c] = sum over m of weight[m] x[t,c,m].
#pragma once

#include <cstdint>
#include <vector>

#include "assess/evidence.hpp"
#include "core/random.hpp"

namespace threatlas::assess::ranking {

// Standard deviations of the model, in score points.
struct Spread {
    double criterion = 8, area = 8, area_criterion = 6, threat = 10, cell = 12, member = 8;
    double severity = 6, grading = 10;
};
inline constexpr double kMean = 50, kMeanSpread = 15;  // prior of the overall mean

struct Site {               // all evidence of one cell by one member, or of the region (member -1)
    int member = -1;
    std::uint32_t first = 0, last = 0;  // into Structure::order
};
struct Cell {               // a threat x criterion cell with any evidence
    std::size_t threat = 0, criterion = 0;
    std::uint32_t first = 0, last = 0;  // into Structure::sites; the region's site is the last
    bool region = false;
    double weight_seen = 0;     // of the members with evidence of their own
    double square_unseen = 0;   // sum of squared weights of the others
};
struct Structure {
    std::size_t threats = 0, criteria = 0, members = 0, areas = 0;
    std::vector<std::size_t> area;       // of a threat
    std::vector<double> weight;          // of a member, sums to 1
    double square_all = 1;               // sum of squared member weights
    std::vector<std::size_t> order;      // evidence indices, site by site
    std::vector<Site> sites;
    std::vector<Cell> cells;             // by threat, then criterion
    std::vector<int> cell_of;            // threat * criteria + criterion -> cell, or -1: a gap
    std::vector<double> noise_factor;    // per evidence: how much wider than a plain grade
};

// Evidence with an index outside the grid or a spread that is not positive is left out.
Structure lay_out(const Grid& grid);

// Precision and precision-weighted mean of what each site says.
struct SiteData {
    std::vector<double> precision, mean;
};
// What each evidence cell says of z, the deviations of its members integrated out.
struct CellData {
    std::vector<double> information, mean;
    double log_scale = 0;   // of the likelihood, so that spreads can be compared
};
CellData reduce(const Structure& structure, const Spread& spread, const SiteData& sites);

struct Effects {
    double mean = 0;
    std::vector<double> criterion, area, threat, area_criterion;  // the last: area * criteria + c
    double predict(const Structure& s, std::size_t t, std::size_t c) const {
        return mean + criterion[c] + area[s.area[t]] + threat[t] +
               area_criterion[s.area[t] * s.criteria + c];
    }
};
// All effects jointly, the cells' deviations integrated out: a draw when `random` is given, else
// the mean. Cost: (1 + criteria + areas + threats)^3 / 6 multiplications.
Effects solve_effects(const Structure& structure, const Spread& spread, const CellData& cells,
                      core::Random* random);

// Log of the probability of all that the sites say, given the spreads, with effects, cells and member
// deviations integrated out; up to a constant. Cost: as solve_effects.
double log_marginal(const Structure& structure, const Spread& spread, const CellData& cells);

// Expected region cells (threats x criteria) at fixed spreads: the linear response used to see what
// an assumption moves. Cost: one solve, about 50 microseconds for 25 x 12.
std::vector<double> expected_cells(const Structure& structure, const Spread& spread,
                                   const SiteData& sites);

}  // namespace threatlas::assess::ranking

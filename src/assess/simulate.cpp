#include "assess/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "assess/ranking/structure.hpp"
#include "core/random.hpp"

namespace threatlas::assess {
namespace {

struct Draw {
    core::Random random;
    bool heavy;
    double normal(double sd) { return sd * random.normal(); }
    // t(3) has a standard deviation of sqrt(3): same scale, longer tail.
    double deviation(double sd) { return heavy ? sd * random.student_t(3) / std::sqrt(3.0) : normal(sd); }
    double error(double sd) { return heavy ? sd * random.student_t(2.5) / std::sqrt(5.0) : normal(sd); }
    double half_t(double scale) { return std::clamp(std::abs(scale * random.student_t(4)), 0.25, 60.0); }
    bool chance(double p) { return random.uniform() < p; }
};

// The four words of a grade on the scale.
constexpr std::array<std::pair<double, double>, 4> kGrades{{{0, 25}, {25, 50}, {50, 75}, {75, 100}}};

Evidence graded(double value, double noise, Draw& draw) {
    const double seen = value + draw.error(noise);
    const auto word = static_cast<std::size_t>(std::clamp(std::floor(seen / 25), 0.0, 3.0));
    Evidence e;
    e.basis = Basis::judged;
    e.is_grade = true;
    e.low = kGrades[word].first;
    e.high = kGrades[word].second;
    e.mean = (e.low + e.high) / 2;
    e.sd = (e.high - e.low) / std::sqrt(12.0);
    return e;
}

Evidence measured(double value, Draw& draw) {
    Evidence e;
    e.sd = 6 + 10 * draw.random.uniform();
    e.mean = value + draw.error(e.sd);
    return e;
}

}  // namespace

SyntheticRegion synthetic_region(const RegionOptions& o) {
    Draw draw{core::Random(o.seed, core::stream_id("synthetic region")), o.heavy_tails};
    SyntheticRegion out;
    Grid& grid = out.grid;
    grid.threats = o.threats;
    grid.criteria = o.criteria;
    grid.members = o.members;
    for (std::size_t t = 0; t < o.threats; ++t) grid.area_of_threat.push_back(t * o.areas / o.threats);
    const std::vector<double> spread(o.members, 4.0);
    grid.member_weight.resize(o.members);
    draw.random.dirichlet(spread, grid.member_weight);
    for (std::size_t m = 0; m < o.members; ++m) grid.raters.push_back("member_" + std::to_string(m + 1));
    grid.raters.emplace_back("region_report");

    out.central_weights.assign(o.criteria, 1 / static_cast<double>(o.criteria));
    out.kappa = static_cast<double>(o.criteria) * o.weight_alpha;
    out.weights.resize(o.criteria);
    draw.random.dirichlet(std::vector<double>(o.criteria, o.weight_alpha), out.weights);

    // The scales are those of the priors in hierarchy.cpp.
    ranking::Spread s{draw.half_t(8), draw.half_t(8), draw.half_t(6), draw.half_t(10), draw.half_t(12), draw.half_t(8), draw.half_t(8), 10};
    s.grading = std::clamp(std::sqrt(500 / draw.random.gamma(5)), 2.0, 40.0);
    if (o.harsh > 0) {
        // Alike but for the severities, so that three arms of one experiment can be compared.
        s = {8, 6, 5, 10, 12, 6, 3, 10};
    }
    for (std::size_t r = 0; r < grid.raters.size(); ++r) {
        const double own = draw.normal(s.severity);
        out.severity.push_back(o.plain_raters ? 0 : own);
    }
    if (o.harsh > 0 || o.plain_raters) {
        if (o.members > 0) out.severity[0] = o.harsh;
        if (o.members > 1) out.severity[1] = -o.harsh;
    }
    const double mean = ranking::kMean + draw.normal(o.harsh > 0 ? 5 : ranking::kMeanSpread);
    std::vector<double> criterion(o.criteria), area(o.areas), both(o.areas * o.criteria);
    for (double& x : criterion) x = draw.normal(s.criterion);
    for (double& x : area) x = draw.normal(s.area);
    for (double& x : both) x = draw.normal(s.area_criterion);

    out.cells.resize(o.threats * o.criteria);
    out.scores.assign(o.threats, 0);
    std::vector<double> member(o.members);
    for (std::size_t t = 0; t < o.threats; ++t) {
        const double threat = draw.normal(s.threat);
        for (std::size_t c = 0; c < o.criteria; ++c) {
            const std::size_t a = grid.area_of_threat[t];
            double z = mean + criterion[c] + area[a] + both[a * o.criteria + c] + threat + draw.deviation(s.cell);
            if (o.equal_threats) z = mean;
            double region = 0;
            for (std::size_t m = 0; m < o.members; ++m) {
                member[m] = z + (o.equal_threats ? 0 : draw.deviation(s.member));
                region += grid.member_weight[m] * member[m];
            }
            const double seen = std::clamp(region, 0.0, 100.0);
            out.cells[t * o.criteria + c] = seen;
            out.scores[t] += out.weights[c] * seen;

            double present = o.coverage;
            if (o.informative_missing && o.coverage < 1) {
                const double logit = std::log(o.coverage / (1 - o.coverage)) - (seen - 50) / 15;
                present = 1 / (1 + std::exp(-logit));
            }
            // Every branch draws the same numbers whether present or not, so that coverages nest.
            const bool is_present = draw.chance(present);
            const double kind = draw.random.uniform();
            const auto add = [&](Evidence e, int of, int rater) {
                e.threat = t;
                e.criterion = c;
                e.member = of;
                e.rater = rater;
                if (is_present) grid.evidence.push_back(std::move(e));
            };
            const int report = static_cast<int>(o.members);
            if (!o.only_grades && kind < 0.4) {
                add(measured(region, draw), -1, -1);
            } else if (!o.only_grades && kind < 0.6) {
                add(graded(region + out.severity[o.members], s.grading, draw), -1, report);
            } else {
                const bool grades = o.only_grades || kind < 0.8;
                for (std::size_t m = 0; m < o.members; ++m) {
                    if (!draw.chance(o.only_grades ? 0.25 : 0.4)) continue;
                    const int of = static_cast<int>(m);
                    if (grades) add(graded(member[m] + out.severity[m], s.grading, draw), of, of);
                    else add(measured(member[m], draw), of, -1);
                }
            }
        }
    }
    return out;
}

}  // namespace threatlas::assess

#include "assess/ranking/structure.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace threatlas::assess::ranking {
namespace {

bool usable(const Grid& grid, const Evidence& e) {
    return e.threat < grid.threats && e.criterion < grid.criteria &&
           e.member < static_cast<int>(grid.members) && std::isfinite(e.mean) &&
           std::isfinite(e.sd) && e.sd > 0 && (!e.is_grade || e.low < e.high);
}

double square(double x) { return x * x; }

}  // namespace

Structure lay_out(const Grid& grid) {
    Structure s;
    s.threats = grid.threats;
    s.criteria = grid.criteria;
    s.members = grid.members;
    s.area = grid.area_of_threat;
    s.area.resize(s.threats, 0);
    for (const std::size_t a : s.area) s.areas = std::max(s.areas, a + 1);
    s.weight = grid.member_weight;
    if (s.weight.empty() && s.members > 0)
        s.weight.assign(s.members, 1 / static_cast<double>(s.members));
    if (s.members > 0) s.square_all = 0;
    for (const double w : s.weight) s.square_all += w * w;
    s.cell_of.assign(s.threats * s.criteria, -1);
    s.noise_factor.assign(grid.evidence.size(), 1);

    for (std::size_t i = 0; i < grid.evidence.size(); ++i)
        if (usable(grid, grid.evidence[i])) s.order.push_back(i);
    // The region's site (-1) goes last in its cell.
    const auto key = [&](std::size_t i) {
        const Evidence& e = grid.evidence[i];
        const std::size_t place = e.member < 0 ? grid.members : static_cast<std::size_t>(e.member);
        return ((e.threat * s.criteria) + e.criterion) * (grid.members + 1) + place;
    };
    std::stable_sort(s.order.begin(), s.order.end(),
                     [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    for (std::uint32_t i = 0; i < s.order.size(); ++i) {
        const Evidence& e = grid.evidence[s.order[i]];
        // A poorer source is marked by a spread wider than that of its interval.
        if (e.is_grade)
            s.noise_factor[s.order[i]] = std::max(1.0, e.sd / ((e.high - e.low) / std::sqrt(12.0)));
        const std::size_t at = e.threat * s.criteria + e.criterion;
        if (s.cell_of[at] < 0) {
            s.cell_of[at] = static_cast<int>(s.cells.size());
            const auto here = static_cast<std::uint32_t>(s.sites.size());
            s.cells.push_back({e.threat, e.criterion, here, here, false, 0, s.square_all});
        }
        Cell& cell = s.cells.back();
        const int member = std::max(e.member, -1);
        if (cell.first == cell.last || s.sites.back().member != member) {
            s.sites.push_back({member, i, i});
            ++cell.last;
            if (member < 0) {
                cell.region = true;
            } else {
                const double w = s.weight[static_cast<std::size_t>(member)];
                cell.weight_seen += w;
                cell.square_unseen = std::max(0.0, cell.square_unseen - w * w);
            }
        }
        s.sites.back().last = i + 1;
    }
    return s;
}

CellData reduce(const Structure& s, const Spread& spread, const SiteData& sites) {
    CellData out{std::vector<double>(s.cells.size()), std::vector<double>(s.cells.size())};
    const double member = square(spread.member);
    for (std::size_t k = 0; k < s.cells.size(); ++k) {
        const Cell& cell = s.cells[k];
        const std::uint32_t own = cell.last - (cell.region ? 1 : 0);
        double information = 0, sum = 0, slope = 1, shift = 0, squares = 0, scales = 0;
        double variance = member * s.square_all;
        for (std::uint32_t j = cell.first; j < own; ++j) {
            const double w = s.weight[static_cast<std::size_t>(s.sites[j].member)];
            const double d = member + 1 / sites.precision[j];
            information += 1 / d;
            sum += sites.mean[j] / d;
            squares += sites.mean[j] * sites.mean[j] / d;
            scales += std::log(d);
            // The region's figure shares the members' deviations: condition on what they say.
            const double gain = member * w / d;
            slope -= gain;
            shift += gain * sites.mean[j];
            variance -= gain * member * w;
        }
        if (cell.region) {
            variance = std::max(variance, 0.0) + 1 / sites.precision[own];
            information += slope * slope / variance;
            sum += slope * (sites.mean[own] - shift) / variance;
            squares += (sites.mean[own] - shift) * (sites.mean[own] - shift) / variance;
            scales += std::log(variance);
        }
        out.information[k] = information;
        out.mean[k] = sum / information;
        out.log_scale -= (scales + squares - sum * sum / information + std::log(information)) / 2;
    }
    return out;
}

namespace {

// The normal equations of the effects, cells' deviations and area x criterion effects integrated
// out, factored.
struct System {
    std::size_t n = 0;
    std::vector<double> factor, right;                   // Cholesky factor; L^-1 times the right side
    std::vector<std::vector<std::size_t>> in_group;      // cells by area x criterion
    std::vector<double> precision, group_precision;
    double log_marginal = 0;
};

System factored(const Structure& s, const Spread& spread, const CellData& cells) {
    System out;
    const std::size_t n = out.n = 1 + s.criteria + s.areas + s.threats;
    std::vector<double>& matrix = out.factor;
    std::vector<double>& right = out.right;
    matrix.assign(n * n, 0);
    right.assign(n, 0);
    double log_prior = 0;
    const auto prior = [&](std::size_t i, double sd) {
        matrix[i * (n + 1)] = 1 / square(sd);
        log_prior -= std::log(sd);
    };
    prior(0, kMeanSpread);
    for (std::size_t c = 0; c < s.criteria; ++c) prior(1 + c, spread.criterion);
    for (std::size_t a = 0; a < s.areas; ++a) prior(1 + s.criteria + a, spread.area);
    for (std::size_t t = 0; t < s.threats; ++t) prior(1 + s.criteria + s.areas + t, spread.threat);

    // Cells of one area and criterion share the area x criterion effect: a rank-one correction each.
    const std::size_t groups = s.areas * s.criteria;
    out.in_group.resize(groups);
    out.precision.resize(s.cells.size());
    double log_cells = cells.log_scale, residual = 0;
    for (std::size_t k = 0; k < s.cells.size(); ++k) {
        const double p = out.precision[k] = 1 / (1 / cells.information[k] + square(spread.cell));
        out.in_group[s.area[s.cells[k].threat] * s.criteria + s.cells[k].criterion].push_back(k);
        log_cells += std::log(p) / 2;
        residual += p * square(cells.mean[k] - kMean);
    }
    out.group_precision.assign(groups, 0);
    std::vector<std::size_t> index;
    std::vector<double> load;
    for (std::size_t g = 0; g < groups; ++g) {
        if (out.in_group[g].empty()) continue;
        const std::size_t shared[3] = {0, 1 + g % s.criteria, 1 + s.criteria + g / s.criteria};
        double total = 0, pull = 0;
        index.assign(shared, shared + 3);
        load.assign(3, 0);
        for (const std::size_t k : out.in_group[g]) {
            const double p = out.precision[k], y = cells.mean[k] - kMean;
            const std::size_t own = 1 + s.criteria + s.areas + s.cells[k].threat;
            const std::size_t at[4] = {shared[0], shared[1], shared[2], own};
            for (const std::size_t i : at) {
                right[i] += p * y;
                for (const std::size_t j : at) matrix[i * n + j] += p;
            }
            total += p;
            pull += p * y;
            index.push_back(own);
            load.push_back(p);
        }
        load[0] = load[1] = load[2] = total;
        out.group_precision[g] = total;
        const double part = 1 / (1 / square(spread.area_criterion) + total);
        log_cells -= std::log(1 + square(spread.area_criterion) * total) / 2;
        residual -= part * pull * pull;
        for (std::size_t i = 0; i < index.size(); ++i) {
            right[index[i]] -= part * load[i] * pull;
            for (std::size_t j = 0; j < index.size(); ++j)
                matrix[index[i] * n + index[j]] -= part * load[i] * load[j];
        }
    }

    double log_factor = 0, explained = 0;
    for (std::size_t i = 0; i < n; ++i) {
        double* a = &matrix[i * n];
        for (std::size_t j = 0; j <= i; ++j) {
            const double* b = &matrix[j * n];
            double sum = a[j];
            for (std::size_t k = 0; k < j; ++k) sum -= a[k] * b[k];
            a[j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / b[j];
        }
        double sum = right[i];
        for (std::size_t k = 0; k < i; ++k) sum -= a[k] * right[k];
        right[i] = sum / a[i];
        log_factor += std::log(a[i]);
        explained += right[i] * right[i];
    }
    out.log_marginal = log_cells + log_prior - log_factor - (residual - explained) / 2;
    return out;
}

}  // namespace

double log_marginal(const Structure& structure, const Spread& spread, const CellData& cells) {
    return factored(structure, spread, cells).log_marginal;
}

Effects solve_effects(const Structure& s, const Spread& spread, const CellData& cells,
                      core::Random* random) {
    System system = factored(s, spread, cells);
    std::vector<double>& right = system.right;
    if (random != nullptr)
        for (double& each : right) each += random->normal();
    for (std::size_t i = system.n; i-- > 0;) {
        right[i] /= system.factor[i * system.n + i];
        for (std::size_t k = 0; k < i; ++k) right[k] -= system.factor[i * system.n + k] * right[i];
    }

    Effects out;
    out.mean = kMean + right[0];
    const auto* from = right.data() + 1;
    out.criterion.assign(from, from + s.criteria);
    out.area.assign(from + s.criteria, from + s.criteria + s.areas);
    out.threat.assign(from + s.criteria + s.areas, from + s.criteria + s.areas + s.threats);
    out.area_criterion.assign(s.areas * s.criteria, 0);
    for (std::size_t g = 0; g < out.area_criterion.size(); ++g) {
        double pull = 0;
        for (const std::size_t k : system.in_group[g]) {
            const Cell& cell = s.cells[k];
            pull += system.precision[k] *
                    (cells.mean[k] - out.predict(s, cell.threat, cell.criterion));
        }
        const double p = system.group_precision[g] + 1 / square(spread.area_criterion);
        out.area_criterion[g] = pull / p + (random != nullptr ? random->normal() / std::sqrt(p) : 0);
    }
    return out;
}

std::vector<double> expected_cells(const Structure& s, const Spread& spread, const SiteData& sites) {
    const CellData cells = reduce(s, spread, sites);
    const Effects effects = solve_effects(s, spread, cells, nullptr);
    std::vector<double> out(s.threats * s.criteria);
    for (std::size_t at = 0; at < out.size(); ++at) {
        const double prior = effects.predict(s, at / s.criteria, at % s.criteria);
        out[at] = prior;
        if (s.cell_of[at] < 0) continue;
        const auto k = static_cast<std::size_t>(s.cell_of[at]);
        const Cell& cell = s.cells[k];
        const double q = 1 / square(spread.cell), p = cells.information[k];
        const double z = (p * cells.mean[k] + q * prior) / (p + q);
        const double member = square(spread.member);
        double region = z, variance = member * cell.square_unseen;
        for (std::uint32_t j = cell.first; j < cell.last; ++j) {
            if (s.sites[j].member < 0) {
                region += (sites.mean[j] - region) * variance / (variance + 1 / sites.precision[j]);
                continue;
            }
            const double w = s.weight[static_cast<std::size_t>(s.sites[j].member)];
            const double v = 1 / (sites.precision[j] + 1 / member);
            region += w * v * sites.precision[j] * (sites.mean[j] - z);
            variance += w * w * v;
        }
        out[at] = region;
    }
    return out;
}

}  // namespace threatlas::assess::ranking

#include "assess/ranking/hierarchy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <limits>

#include "assess/ranking/convergence.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess::ranking {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
double square(double x) { return x * x; }

// Log density of a half-t(4 degrees, scale) spread, on the log scale.
double log_half_t(double sd, double scale) { return -2.5 * std::log1p(square(sd / scale) / 4) + std::log(sd); }

struct Learnt {             // a spread, its prior scale and the step of its random walk
    double Spread::*sd;
    double scale, step;
};
// Scales: what METHOD 2b takes for plausible on a 0-100 scale.
constexpr std::array<Learnt, 6> kLearnt{{{&Spread::criterion, 8, 0.6}, {&Spread::area, 8, 0.9}, {&Spread::area_criterion, 6, 0.7},
                                         {&Spread::threat, 10, 0.5}, {&Spread::cell, 12, 0.4}, {&Spread::member, 8, 0.5}}};
constexpr double kLeast = 0.25, kMost = 60;   // points; beyond, a spread means nothing here

class Chain {
  public:
    Chain(const Grid& grid, const Structure& s, const HierarchyOptions& options, std::uint64_t number)
        : grid_(grid), s_(s), options_(options), random_(options.seed, core::stream_id("hierarchy"), number) {
        const std::size_t n = grid.evidence.size();
        observed_.resize(n);
        latent_sum_.assign(n, 0);
        for (std::size_t i = 0; i < n; ++i) {
            const Evidence& e = grid.evidence[i];
            observed_[i] = e.is_grade ? (e.low + e.high) / 2 : e.mean;
        }
        severity_.assign(grid.raters.size(), 0);
        sites_.precision.resize(s.sites.size());
        sites_.mean.resize(s.sites.size());
        at_site_.resize(s.sites.size());
        z_.resize(s.cells.size());
        rest_.resize(s.cells.size());
        region_.resize(s.cells.size());
    }

    // Writes its kept draws into rows [first, first + kept) of `out`.
    void run(std::size_t first, Posterior& out, std::vector<std::vector<double>>& monitored) {
        for (int i = 0; i < options_.burn_in; ++i) sweep();
        for (int i = 0; i < options_.kept; ++i) {
            for (int k = 0; k < options_.thin; ++k) sweep();
            keep(first + static_cast<std::size_t>(i), out);
            monitor(out, first + static_cast<std::size_t>(i), monitored);
        }
    }
    const std::vector<double>& latent_sum() const { return latent_sum_; }
    const Spread& spread_sum() const { return spread_sum_; }

  private:
    double noise(std::size_t i) const {
        const Evidence& e = grid_.evidence[i];
        return e.is_grade ? spread_.grading * s_.noise_factor[i] : e.sd;
    }
    double severity_of(const Evidence& e) const {
        return e.rater >= 0 ? severity_[static_cast<std::size_t>(e.rater)] : 0;
    }

    void sweep() {
        double p = 0;
        for (std::size_t j = 0; j < s_.sites.size(); ++j) {
            double sum = p = 0;
            for (std::uint32_t k = s_.sites[j].first; k < s_.sites[j].last; ++k) {
                const std::size_t i = s_.order[k];
                const double q = 1 / square(noise(i));
                p += q;
                sum += q * (observed_[i] - severity_of(grid_.evidence[i]));
            }
            sites_.precision[j] = p;
            sites_.mean[j] = sum / p;
        }
        draw_spreads();
        effects_ = solve_effects(s_, spread_, cells_, &random_);
        draw_cells(cells_);
        draw_level();
        draw_observed();
    }

    // Random walks on the logarithms, everything below integrated out: a spread near zero would
    // otherwise hold its own effects there, and the chains would not mix.
    void draw_spreads() {
        cells_ = reduce(s_, spread_, sites_);
        double now = log_marginal(s_, spread_, cells_);
        for (const Learnt& each : kLearnt) {
            Spread to = spread_;
            to.*each.sd *= std::exp(each.step * 2 * random_.normal());
            const double chance = random_.uniform();
            if (to.*each.sd < kLeast || to.*each.sd > kMost) continue;
            const bool members = each.sd == &Spread::member;
            CellData cells = members ? reduce(s_, to, sites_) : CellData{};
            const double then = log_marginal(s_, to, members ? cells : cells_);
            const double gain = then - now + log_half_t(to.*each.sd, each.scale) - log_half_t(spread_.*each.sd, each.scale);
            if (std::log(chance) > gain) continue;
            spread_ = to;
            now = then;
            if (members) cells_ = std::move(cells);
        }
    }

    // Grades alone cannot tell a general severity from a general level: move both against each other
    // by an exact draw, or the chains creep along that ridge.
    void draw_level() {
        if (!options_.severity || severity_.empty()) return;
        double p = 1 / square(kMeanSpread), pull = (kMean - effects_.mean) * p;
        for (const double x : severity_) {
            p += 1 / square(spread_.severity);
            pull += x / square(spread_.severity);
        }
        for (std::size_t j = 0; j < s_.sites.size(); ++j)
            for (std::uint32_t k = s_.sites[j].first; k < s_.sites[j].last; ++k) {
                const std::size_t i = s_.order[k];
                if (grid_.evidence[i].rater >= 0) continue;
                const double q = 1 / square(noise(i));
                p += q;
                pull += q * (observed_[i] - at_site_[j]);
            }
        const double move = pull / p + random_.normal() / std::sqrt(p);
        for (double& x : severity_) x -= move;
        for (double& x : at_site_) x += move;
        for (double& x : z_) x += move;
        for (double& x : region_) x += move;
        effects_.mean += move;
    }

    void draw_cells(const CellData& cells) {
        const double member = square(spread_.member), q = 1 / square(spread_.cell);
        for (std::size_t k = 0; k < s_.cells.size(); ++k) {
            const Cell& cell = s_.cells[k];
            const double prior = effects_.predict(s_, cell.threat, cell.criterion);
            const double p = cells.information[k] + q;
            const double z = (cells.information[k] * cells.mean[k] + q * prior) / p + random_.normal() / std::sqrt(p);
            z_[k] = z;
            const std::uint32_t own = cell.last - (cell.region ? 1 : 0);
            double region = (1 - cell.weight_seen) * z, variance = member * cell.square_unseen;
            for (std::uint32_t j = cell.first; j < own; ++j) {
                const double w = weight(j), v = 1 / (sites_.precision[j] + 1 / member);
                at_site_[j] = v * (sites_.precision[j] * sites_.mean[j] + z / member) + random_.normal() * std::sqrt(v);
                region += w * at_site_[j];
                variance += w * w * v;
            }
            double rest = std::sqrt(member * cell.square_unseen) * random_.normal();
            region += rest;
            if (cell.region) {
                // Conditioning by residuals (Matheron's rule): exact, and one normal a site.
                const double error = 1 / sites_.precision[own];
                const double innovation = (sites_.mean[own] - region - std::sqrt(error) * random_.normal()) / (variance + error);
                for (std::uint32_t j = cell.first; j < own; ++j)
                    at_site_[j] += innovation * weight(j) / (sites_.precision[j] + 1 / member);
                rest += innovation * member * cell.square_unseen;
                region += innovation * variance;
                at_site_[own] = region;
            }
            rest_[k] = rest;
            region_[k] = region;
        }
    }

    // NOLINTBEGIN(bugprone-narrowing-conversions): clang-tidy 14 takes an infinite double for a narrowed one
    static double bottom(const Evidence& e) { return e.low <= 0 ? -kInfinity : e.low; }
    static double top(const Evidence& e) { return e.high >= 100 ? kInfinity : e.high; }
    // NOLINTEND(bugprone-narrowing-conversions)

    // Grading noise, the grades' latent values integrated out; prior: inverse gamma about 10 points,
    // worth ten grades.
    void draw_grading() {
        const auto log_density = [&](double sd) {
            double sum = -10 * std::log(sd) - 5 * 100 / square(sd);
            for (std::size_t j = 0; j < s_.sites.size(); ++j)
                for (std::uint32_t k = s_.sites[j].first; k < s_.sites[j].last; ++k) {
                    const std::size_t i = s_.order[k];
                    const Evidence& e = grid_.evidence[i];
                    if (!e.is_grade) continue;
                    const double centre = at_site_[j] + severity_of(e), noise = sd * s_.noise_factor[i];
                    const double above = (top(e) - centre) / noise, below = (bottom(e) - centre) / noise;
                    // The smaller tail keeps its precision.
                    const double p = below > 0 ? core::normal_cdf(-below) - core::normal_cdf(-above) : core::normal_cdf(above) - core::normal_cdf(below);
                    sum += std::log(std::max(p, 1e-300));
                }
            return sum;
        };
        const double to = spread_.grading * std::exp(0.25 * random_.normal()), chance = random_.uniform();
        if (to < 2 || to > 40) return;
        if (std::log(chance) < log_density(to) - log_density(spread_.grading)) spread_.grading = to;
    }

    void draw_observed() {
        draw_grading();
        std::vector<double> pull(severity_.size(), 0), precision(severity_.size(), 0);
        for (std::size_t j = 0; j < s_.sites.size(); ++j)
            for (std::uint32_t k = s_.sites[j].first; k < s_.sites[j].last; ++k) {
                const std::size_t i = s_.order[k];
                const Evidence& e = grid_.evidence[i];
                const double sd = noise(i);
                if (e.is_grade)
                    observed_[i] = truncated_normal(at_site_[j] + severity_of(e), sd, bottom(e), top(e), random_);
                if (e.rater < 0) continue;
                pull[static_cast<std::size_t>(e.rater)] += (observed_[i] - at_site_[j]) / square(sd);
                precision[static_cast<std::size_t>(e.rater)] += 1 / square(sd);
            }
        if (!options_.severity) return;
        double squares = 0, raters = 0;
        for (std::size_t r = 0; r < severity_.size(); ++r) {
            const double p = precision[r] + 1 / square(spread_.severity);
            severity_[r] = pull[r] / p + random_.normal() / std::sqrt(p);
            if (precision[r] <= 0) continue;
            squares += square(severity_[r]);
            ++raters;
        }
        for (int tries = 0; tries < 2; ++tries) {
            const double to = spread_.severity * std::exp(0.8 * random_.normal()), chance = random_.uniform();
            if (to < kLeast || to > kMost) continue;
            const auto log_density = [&](double sd) { return log_half_t(sd, 8) - raters * std::log(sd) - squares / square(sd) / 2; };
            if (std::log(chance) < log_density(to) - log_density(spread_.severity)) spread_.severity = to;
        }
    }

    void keep(std::size_t draw, Posterior& out) {
        const std::size_t cells = s_.threats * s_.criteria;
        out.gap_sd[draw] = static_cast<float>(std::sqrt(square(spread_.cell) + square(spread_.member) * s_.square_all));
        std::vector<double> deviation(s_.members);
        for (std::size_t at = 0; at < cells; ++at) {
            const std::size_t t = at / s_.criteria, c = at % s_.criteria, here = draw * cells + at;
            const int k = s_.cell_of[at];
            if (k < 0) {
                const double expected = effects_.predict(s_, t, c);
                out.base[here] = static_cast<float>(expected);
                out.unit[here] = static_cast<float>(random_.normal());
                if (!options_.keep_members) continue;
                const double z = expected + spread_.cell * random_.normal();
                for (std::size_t m = 0; m < s_.members; ++m) out.member[member_at(draw, m, at)] = static_cast<float>(z + spread_.member * random_.normal());
                continue;
            }
            const Cell& cell = s_.cells[static_cast<std::size_t>(k)];
            out.base[here] = static_cast<float>(region_[static_cast<std::size_t>(k)]);
            const std::uint32_t own = cell.last - (cell.region ? 1 : 0);
            double known = 0;
            for (std::uint32_t j = cell.first; j < own; ++j) known += weight(j) * at_site_[j];
            out.known[here] = cell.region ? out.base[here] : static_cast<float>(known);
            if (options_.keep_members) keep_members(draw, at, cell, static_cast<std::size_t>(k), deviation, out);
        }
        for (std::size_t i = 0; i < observed_.size(); ++i) latent_sum_[i] += observed_[i];
        spread_sum_.criterion += spread_.criterion;
        spread_sum_.area += spread_.area;
        spread_sum_.area_criterion += spread_.area_criterion;
        spread_sum_.threat += spread_.threat;
        spread_sum_.cell += spread_.cell;
        spread_sum_.member += spread_.member;
        spread_sum_.severity += spread_.severity;
        spread_sum_.grading += spread_.grading;
    }

    // Members without evidence of their own, given what they amount to together.
    void keep_members(std::size_t draw, std::size_t at, const Cell& cell, std::size_t k, std::vector<double>& deviation, Posterior& out) {
        std::fill(deviation.begin(), deviation.end(), kInfinity);
        for (std::uint32_t j = cell.first; j < cell.last; ++j)
            if (s_.sites[j].member >= 0) deviation[static_cast<std::size_t>(s_.sites[j].member)] = -kInfinity;
        double sum = 0;
        for (std::size_t m = 0; m < s_.members; ++m)
            if (deviation[m] > 0) sum += s_.weight[m] * (deviation[m] = spread_.member * random_.normal());
        const double factor = cell.square_unseen > 1e-12 ? (rest_[k] - sum) / cell.square_unseen : 0;
        for (std::size_t m = 0; m < s_.members; ++m)
            if (std::isfinite(deviation[m])) out.member[member_at(draw, m, at)] = static_cast<float>(z_[k] + deviation[m] + factor * s_.weight[m]);
        for (std::uint32_t j = cell.first; j < cell.last; ++j)
            if (s_.sites[j].member >= 0) out.member[member_at(draw, static_cast<std::size_t>(s_.sites[j].member), at)] = static_cast<float>(at_site_[j]);
    }

    void monitor(const Posterior& out, std::size_t draw, std::vector<std::vector<double>>& monitored) const {
        std::size_t next = 0;
        const auto add = [&](double x) { monitored[next++][draw] = x; };
        for (std::size_t t = 0; t < s_.threats; ++t) {
            double sum = 0;
            for (std::size_t c = 0; c < s_.criteria; ++c) sum += static_cast<double>(out.base[(draw * s_.threats + t) * s_.criteria + c]);
            add(sum / static_cast<double>(s_.criteria));
        }
        for (const double x : {spread_.criterion, spread_.area, spread_.area_criterion, spread_.threat, spread_.cell, spread_.member, spread_.grading}) add(std::log(x));
        for (const double x : severity_) add(x);
    }

    double weight(std::uint32_t site) const { return s_.weight[static_cast<std::size_t>(s_.sites[site].member)]; }
    std::size_t member_at(std::size_t draw, std::size_t m, std::size_t at) const {
        return (draw * s_.members + m) * s_.threats * s_.criteria + at;
    }

    const Grid& grid_;
    const Structure& s_;
    const HierarchyOptions& options_;
    core::Random random_;
    Spread spread_, spread_sum_{0, 0, 0, 0, 0, 0, 0, 0};
    std::vector<double> observed_, severity_, at_site_, z_, rest_, region_, latent_sum_;
    SiteData sites_;
    Effects effects_;
    CellData cells_;
};

}  // namespace

double truncated_normal(double mean, double sd, double low, double high, core::Random& random) {
    double a = (low - mean) / sd, b = (high - mean) / sd;
    // In the lower tail the distribution function keeps its precision; mirror the upper one.
    const bool mirror = a > 0;
    if (mirror) {
        const double keep = a;
        a = -b;
        b = -keep;
    }
    const double pa = std::isfinite(a) ? core::normal_cdf(a) : 0, pb = std::isfinite(b) ? core::normal_cdf(b) : 1;
    const double p = pa + random.uniform() * (pb - pa);
    double z = pb > 1e-290 && p > 0 && p < 1 ? core::normal_quantile(p) : b;
    z = std::clamp(z, a, b);
    return mean + sd * (mirror ? -z : z);
}

bool severity_told(const Grid& grid) {
    std::set<int> raters;
    for (const Evidence& e : grid.evidence)
        if (e.is_grade && e.rater >= 0) raters.insert(e.rater);
    return raters.size() > 1;
}

Posterior fit(const Grid& grid, const HierarchyOptions& wanted) {
    HierarchyOptions options = wanted;
    options.severity = options.severity && severity_told(grid);
    const Structure s = lay_out(grid);
    const auto chains = static_cast<std::size_t>(options.chains), kept = static_cast<std::size_t>(options.kept);
    const std::size_t cells = s.threats * s.criteria, raters = grid.raters.size();
    Posterior out;
    out.draws = chains * kept;
    out.threats = s.threats;
    out.criteria = s.criteria;
    out.members = s.members;
    out.base.assign(out.draws * cells, 0);
    out.unit.assign(out.draws * cells, 0);
    out.known.assign(out.draws * cells, 0);
    out.gap_sd.assign(out.draws, 0);
    if (options.keep_members) out.member.assign(out.draws * cells * s.members, 0);
    out.known_share.assign(cells, 0);
    for (const Cell& cell : s.cells) out.known_share[cell.threat * s.criteria + cell.criterion] = cell.region ? 1 : cell.weight_seen;

    std::vector<std::vector<double>> monitored(s.threats + 7 + raters, std::vector<double>(out.draws));
    std::vector<std::vector<double>> latent(chains);
    std::vector<Spread> spreads(chains);
    core::parallel_for(chains, [&](std::size_t number) {
        Chain chain(grid, s, options, number);
        chain.run(number * kept, out, monitored);
        latent[number] = chain.latent_sum();
        spreads[number] = chain.spread_sum();
    });

    const auto count = static_cast<double>(out.draws);
    out.latent.assign(grid.evidence.size(), 0);
    for (const auto& each : latent)
        for (std::size_t i = 0; i < each.size(); ++i) out.latent[i] += each[i] / count;
    out.spread = {0, 0, 0, 0, 0, 0, 0, 0};
    for (const Spread& each : spreads) {
        out.spread.criterion += each.criterion / count;
        out.spread.area += each.area / count;
        out.spread.area_criterion += each.area_criterion / count;
        out.spread.threat += each.threat / count;
        out.spread.cell += each.cell / count;
        out.spread.member += each.member / count;
        out.spread.severity += each.severity / count;
        out.spread.grading += each.grading / count;
    }
    out.r_hat = 1;
    out.effective_draws = count;
    for (std::size_t i = 0; i < monitored.size(); ++i) {
        const Convergence c = convergence(monitored[i], chains);
        out.r_hat = std::max(out.r_hat, c.r_hat);
        out.effective_draws = std::min(out.effective_draws, c.effective_draws);
        if (i < s.threats + 7) continue;
        out.severity_mean.push_back(c.mean);
        out.severity_sd.push_back(c.sd);
    }
    return out;
}

}  // namespace threatlas::assess::ranking

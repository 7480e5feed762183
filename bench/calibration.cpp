// Is what the ranking states as P(a graver than b) right that often? Synthetic regions whose truth,
// weights included, is drawn from the stated priors; then generators that break the model.
//   calibration [regions, default 500] [regions where the model is broken, default the same]
// Prints Markdown tables; docs/method/ranking.md holds them. About a third of a second a region and line on one core.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "assess/ranking/concordance.hpp"
#include "assess/ranking/smaa.hpp"
#include "assess/simulate.hpp"
#include "core/parallel.hpp"

namespace {

using namespace threatlas::assess;

struct Bin {
    double stated = 0, right = 0, pairs = 0;
};
struct Result {
    std::vector<Bin> bins = std::vector<Bin>(5);   // 0.5-0.65, 0.65-0.75, 0.75-0.85, 0.85-0.95, 0.95-1
    double tau = 0, first_band = 0, width = 0, covered = 0;
};

Result judge(const RegionOptions& options, const SyntheticRegion& region, const ranking::Posterior& posterior, ranking::Unknown unknown) {
    constexpr std::size_t kDraws = 4000;
    const auto weights = ranking::draw_weights({{region.central_weights, region.kappa}}, kDraws, options.seed);
    const auto cells = ranking::cell_draws(posterior, kDraws, unknown);
    const auto smaa = ranking::analyse(ranking::score_draws(cells, weights, options.threats, options.criteria), cells, weights, options.criteria);
    Result out;
    const std::size_t n = options.threats;
    const std::vector<int> true_rank = ranking::ranks_of(region.scores);
    std::vector<double> main(n);
    for (std::size_t t = 0; t < n; ++t) {
        main[t] = -smaa.expected_rank[t];
        out.first_band += smaa.band[t] == 1 ? 1 : 0;
        out.width += (smaa.rank_high[t] - smaa.rank_low[t]) / static_cast<double>(n);
        out.covered += (true_rank[t] >= smaa.rank_low[t] && true_rank[t] <= smaa.rank_high[t] ? 1 : 0) / static_cast<double>(n);
        for (std::size_t o = 0; o < n; ++o) {
            const double p = smaa.pairwise[t * n + o];
            if (p < 0.5 || o == t) continue;
            Bin& bin = out.bins[p < 0.65 ? 0 : p < 0.75 ? 1 : p < 0.85 ? 2 : p < 0.95 ? 3 : 4];
            bin.stated += p;
            bin.right += region.scores[t] > region.scores[o] ? 1 : 0;
            bin.pairs += 1;
        }
    }
    out.tau = ranking::kendall_tau(main, region.scores);
    return out;
}

// The ranking with unknown cells predicted, and with the full range for them.
std::pair<Result, Result> over(std::size_t regions, const RegionOptions& options, bool severity = true) {
    std::vector<std::pair<Result, Result>> all(regions);
    threatlas::core::parallel_for(regions, [&](std::size_t i) {
        RegionOptions one = options;
        one.seed = options.seed + i;
        const SyntheticRegion region = synthetic_region(one);
        const auto posterior = ranking::fit(region.grid, {.seed = one.seed, .chains = 2, .burn_in = 150, .kept = 300, .severity = severity, .keep_members = false});
        all[i] = {judge(one, region, posterior, ranking::Unknown::predicted), judge(one, region, posterior, ranking::Unknown::full_range)};
    });
    const auto sum_of = [&](Result std::pair<Result, Result>::*which) {
        Result sum;
        for (const auto& pair : all) {
            const Result& r = pair.*which;
            for (std::size_t b = 0; b < sum.bins.size(); ++b) {
                sum.bins[b].stated += r.bins[b].stated;
                sum.bins[b].right += r.bins[b].right;
                sum.bins[b].pairs += r.bins[b].pairs;
            }
            const auto n = static_cast<double>(regions);
            sum.tau += r.tau / n;
            sum.first_band += r.first_band / n;
            sum.width += r.width / n;
            sum.covered += r.covered / n;
        }
        return sum;
    };
    return {sum_of(&std::pair<Result, Result>::first), sum_of(&std::pair<Result, Result>::second)};
}

void line(const std::string& name, const Result& r) {
    std::printf("| %s ", name.c_str());
    for (const Bin& b : r.bins) std::printf("| %.3f / %.3f ", b.pairs > 0 ? b.stated / b.pairs : NAN, b.pairs > 0 ? b.right / b.pairs : NAN);
    std::printf("| %.3f | %.1f | %.1f | %.3f |\n", r.tau, r.first_band, r.width, r.covered);
    std::fflush(stdout);
}

void heading(const char* first) {
    std::printf("\n| %s | 0.50-0.65 | 0.65-0.75 | **0.75-0.85** | 0.85-0.95 | 0.95-1 | Kendall tau | first band | width of 90 %% ranks | true rank inside |\n|---|---|---|---|---|---|---|---|---|---|\n", first);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t regions = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 500;
    const std::size_t broken = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : regions;
    std::printf("%zu regions a line, %zu where the model is broken; stated / right share of pairs by stated probability.\n", regions, broken);
    heading("coverage, truth from the stated priors");
    for (const double coverage : {0.3, 0.5, 0.8, 1.0}) {
        RegionOptions o;
        o.coverage = coverage;
        o.seed = 1'000'000;
        const auto [predicted, full_range] = over(regions, o);
        line(std::to_string(static_cast<int>(std::lround(coverage * 100))) + " %, unknown predicted", predicted);
        line(std::to_string(static_cast<int>(std::lround(coverage * 100))) + " %, unknown full range", full_range);
    }
    heading("generators that break the model");
    for (const double coverage : {0.3, 0.5, 0.8}) {
        const std::string percent = std::to_string(static_cast<int>(std::lround(coverage * 100))) + " %, ";
        RegionOptions o;
        o.coverage = coverage;
        o.seed = 2'000'000;
        o.heavy_tails = true;
        line(percent + "heavy tails", over(broken, o).first);
        o.heavy_tails = false;
        o.informative_missing = true;
        line(percent + "informative missingness", over(broken, o).first);
    }
    heading("one harsh and one lenient member (20 points each)");
    for (const bool only_grades : {true, false})
        for (const double coverage : {0.3, 0.5, 0.8, 1.0}) {
            const std::string name = std::to_string(static_cast<int>(std::lround(coverage * 100))) + (only_grades ? " %, grades only, " : " %, mixed evidence, ");
            RegionOptions o;
            o.coverage = coverage;
            o.seed = 3'000'000;
            o.only_grades = only_grades;
            o.plain_raters = true;
            o.harsh = 1e-9;
            line(name + "unbiased", over(broken, o).first);
            o.harsh = 20;
            line(name + "biased, corrected", over(broken, o).first);
            line(name + "biased, as given", over(broken, o, false).first);
        }
    return 0;
}

// Time of the ranking at the target size: 25 threats x 9 members x 60 indicators x 20,000 draws, and
// at two and four times the draws; beside it the same scores and ranks in a plain loop on one core.
//   bench_smaa [threads, default 2]
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "assess/ranking/explain_rank.hpp"
#include "assess/ranking/information.hpp"
#include "assess/simulate.hpp"
#include "core/parallel.hpp"
#include "row.hpp"

namespace {

using namespace threatlas::assess;

// Scores and ranks as anyone would write them: doubles, and a sort a draw.
double plain_loop(const std::vector<float>& cells, const std::vector<float>& weights, std::size_t threats, std::size_t criteria, double& sink) {
    const bench::Watch watch;
    std::vector<double> score(threats);
    std::vector<std::size_t> order(threats);
    for (std::size_t i = 0; i < weights.size() / criteria; ++i) {
        for (std::size_t t = 0; t < threats; ++t) {
            score[t] = 0;
            for (std::size_t c = 0; c < criteria; ++c)
                score[t] += static_cast<double>(weights[i * criteria + c]) * static_cast<double>(cells[(i * threats + t) * criteria + c]);
        }
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
        sink += static_cast<double>(order[0]);
    }
    return watch.seconds();
}

std::string ms(double seconds) { return std::to_string(static_cast<long>(seconds * 1000 + 0.5)) + " ms"; }

}  // namespace

int main(int argc, char** argv) {
    threatlas::core::set_threads(argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 2);
    RegionOptions options;
    options.criteria = 12;
    options.coverage = 60.0 / (25 * 12);   // sixty cells known, one indicator each
    options.seed = 7;
    const SyntheticRegion region = synthetic_region(options);
    const std::size_t n = options.threats, criteria = options.criteria;

    struct Chains {
        const char* name;
        ranking::HierarchyOptions options;
    };
    // The second is what assess() runs.
    const Chains lengths[] = {{"4 chains of 1,150 sweeps", {.seed = 1}}, {"4 chains of 1,800 sweeps", {.seed = 1, .burn_in = 300, .thin = 3}}};
    ranking::Posterior posterior;
    double model[2] = {0, 0};
    for (int k = 0; k < 2; ++k) {
        const bench::Watch watch;
        posterior = ranking::fit(region.grid, lengths[k].options);
        model[k] = watch.seconds();
        std::fprintf(stderr, "%s: %s; worst R-hat %.3f, least effective draws %.0f\n", lengths[k].name, ms(model[k]).c_str(), posterior.r_hat, posterior.effective_draws);
    }

    double sink = 0;
    for (const std::size_t draws : {20000, 40000, 80000}) {
        const bench::Watch all;
        const auto weights = ranking::draw_weights({{region.central_weights, region.kappa}}, draws, 1);
        const auto cells = ranking::cell_draws(posterior, draws, ranking::Unknown::predicted);
        const bench::Watch scoring;
        const auto scores = ranking::score_draws(cells, weights, n, criteria);
        const double scored = scoring.seconds();
        const auto smaa = ranking::analyse(scores, cells, weights, criteria);
        const double ranked = all.seconds();
        const double plain = plain_loop(cells, weights, n, criteria, sink);
        bench::row("Ranking: weights, cells, scores, ranks, acceptability", (std::to_string(draws) + " draws").c_str(), ms(ranked).c_str(), draws == 20000 ? "1 s" : "",
                   ("scores and ranks in a plain loop, one core: " + ms(plain) + "; here " + ms(scored)).c_str(), scored / plain);
        if (draws != 20000) continue;
        for (int k = 0; k < 2; ++k)
            bench::row("The same with the hierarchical model", lengths[k].name, ms(ranked + model[k]).c_str(), "1 s", ("the ranking alone: " + ms(ranked)).c_str(), (ranked + model[k]) / ranked);

        const bench::Watch members;
        for (std::size_t m = 0; m < options.members; ++m) {
            const auto own = ranking::member_cell_draws(posterior, m, posterior.draws);
            const std::vector<float> part(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(posterior.draws * criteria));
            ranking::analyse(ranking::score_draws(own, part, n, criteria), own, part, criteria);
        }
        bench::row("Rankings of nine members", "2,000 draws", ms(members.seconds()).c_str(), "", "the region's ranking", members.seconds() / ranked);
        std::vector<bool> asked(posterior.known_share.size());
        for (std::size_t k = 0; k < asked.size(); ++k) asked[k] = posterior.known_share[k] <= 0;
        const bench::Watch information;
        ranking::information(scores, cells, asked, criteria);
        bench::row("Value of information of every unknown cell", "20,000 draws", ms(information.seconds()).c_str(), "", "the region's ranking", information.seconds() / ranked);
        const bench::Watch sobol;
        ranking::sobol_shares(posterior, {{region.central_weights, region.kappa}}, 4096, 1);
        bench::row("Sobol shares", "4,096 draws", ms(sobol.seconds()).c_str(), "", "the region's ranking", sobol.seconds() / ranked);
    }
    return sink < 0 ? 1 : 0;
}

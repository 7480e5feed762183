// Time of the ranking at the target size: 25 threats x 9 members x 60 indicators x 20,000 draws.
//   bench_smaa [threads, default 2]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "assess/ranking/explain_rank.hpp"
#include "assess/ranking/information.hpp"
#include "assess/simulate.hpp"
#include "core/parallel.hpp"

int main(int argc, char** argv) {
    using namespace threatlas::assess;
    using Clock = std::chrono::steady_clock;
    threatlas::core::set_threads(argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 2);
    RegionOptions options;
    options.criteria = 12;
    options.coverage = 60.0 / (25 * 12);   // sixty cells known, one indicator each
    options.seed = 7;
    const SyntheticRegion region = synthetic_region(options);
    constexpr std::size_t kDraws = 20000;
    auto last = Clock::now();
    double total = 0;
    const auto lap = [&](const char* what) {
        const auto now = Clock::now();
        const double ms = std::chrono::duration<double, std::milli>(now - last).count();
        total += ms;
        std::printf("| %s | %.0f |\n", what, ms);
        last = Clock::now();
    };
    std::printf("%zu pieces of evidence\n| step | ms |\n|---|---|\n", region.grid.evidence.size());
    const auto posterior = ranking::fit(region.grid, {.seed = 1});
    lap("hierarchical model, 4 chains of 1,150 sweeps");
    const auto weights = ranking::draw_weights(region.central_weights, region.kappa, kDraws, 1);
    const auto cells = ranking::cell_draws(posterior, kDraws, ranking::Unknown::predicted);
    const auto scores = ranking::score_draws(cells, weights, options.threats, options.criteria);
    lap("weights, cells, scores and ranks of 20,000 draws");
    const auto smaa = ranking::analyse(scores, cells, weights, options.criteria);
    lap("acceptability, pairwise, central weights, confidence");
    for (std::size_t m = 0; m < options.members; ++m) {
        const auto own = ranking::member_cell_draws(posterior, m, posterior.draws);
        const std::vector<float> part(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(posterior.draws * options.criteria));
        ranking::analyse(ranking::score_draws(own, part, options.threats, options.criteria), own, part, options.criteria);
    }
    lap("rankings of nine members");
    std::printf("| **in all** | **%.0f** |\n", total);
    total = 0;
    std::vector<bool> asked(posterior.known_share.size());
    for (std::size_t k = 0; k < asked.size(); ++k) asked[k] = posterior.known_share[k] <= 0;
    ranking::information(scores, cells, asked, options.criteria);
    lap("value of information of every unknown cell");
    ranking::sobol_shares(posterior, region.central_weights, region.kappa, 4096, 1);
    lap("Sobol shares");
    std::printf("first: threat %zu; worst R-hat %.3f, least effective draws %.0f\n", smaa.order[0], posterior.r_hat, posterior.effective_draws);
    return 0;
}

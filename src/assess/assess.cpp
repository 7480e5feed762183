#include "assess/assess.hpp"

#include <algorithm>
#include <set>

#include "assess/diff.hpp"
#include "assess/outlook.hpp"
#include "assess/results.hpp"
#include "core/hash.hpp"
#include "model/json_codec.hpp"

namespace threatlas::assess {
namespace {

// Each cell counts once: measured before judged, and a statement on the region is nobody's own.
void count_cells(const Grid& grid, Diagnostics& out) {
    std::set<std::size_t> measured, judged, region;
    for (const Evidence& e : grid.evidence) {
        const std::size_t pair = e.threat * grid.criteria + e.criterion;
        if (e.member < 0) region.insert(pair);
        else (e.basis == Basis::measured ? measured : judged).insert(pair * grid.members + static_cast<std::size_t>(e.member));
    }
    std::erase_if(judged, [&](std::size_t at) { return measured.contains(at); });
    out.region_cells = static_cast<double>(grid.threats * grid.criteria);
    out.region_cells_known = static_cast<double>(region.size());
    out.cells = out.region_cells * static_cast<double>(grid.members);
    out.cells_measured = static_cast<double>(measured.size());
    out.cells_judged = static_cast<double>(judged.size());
}

}  // namespace

core::Result<Assessment> assess(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Options& options, core::Progress& progress) {
    if (options.draws < 1) return core::fail(core::ErrorCode::bad_usage, "the number of draws must be at least 1");
    constexpr std::uint64_t kSteps = 7;
    const auto phase = [&](const char* what, std::uint64_t done) {
        progress.step(what, done, kSteps);
        return core::go_on(progress);
    };
    THREATLAS_CHECK(phase("indicators", 0));
    THREATLAS_TRY(Measured measured, measure(snapshot, catalogue, options));
    if (!options.judgements) std::erase_if(measured.grid.evidence, [](const Evidence& e) { return e.basis == Basis::judged; });
    if (measured.grid.evidence.empty())
        return core::fail(core::ErrorCode::not_enough_data, "no threat has any evidence yet: ingest a source that the catalogue's indicators read");

    THREATLAS_CHECK(phase("hierarchical model", 1));
    Run run{snapshot, catalogue, options, measured, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    run.centres = choose_weights(catalogue);
    run.weights = mean_weights(run.centres);
    const Grid& grid = measured.grid;
    run.posterior = ranking::fit(grid, {.seed = options.seed, .burn_in = 300, .thin = 3});
    run.rests = ranking::rests_on(grid, run.posterior.spread);
    if (options.posterior != nullptr) *options.posterior = run.posterior;

    THREATLAS_CHECK(phase("ranking", 2));
    const auto draws = static_cast<std::size_t>(options.draws);
    run.draw_weights = ranking::draw_weights(run.centres, draws, options.seed);
    run.cells = ranking::cell_draws(run.posterior, draws, ranking::Unknown::predicted);
    run.scores = ranking::score_draws(run.cells, run.draw_weights, grid.threats, grid.criteria);
    run.smaa = ranking::analyse(run.scores, run.cells, run.draw_weights, grid.criteria);
    run.cell_mean.assign(grid.threats * grid.criteria, 0);
    for (std::size_t i = 0; i < draws; ++i)
        for (std::size_t k = 0; k < run.cell_mean.size(); ++k) run.cell_mean[k] += static_cast<double>(run.cells[i * run.cell_mean.size() + k]);
    for (double& x : run.cell_mean) x /= static_cast<double>(draws);

    Assessment out;
    out.manifest = manifest(run);
    out.ranking = threat_results(run);
    THREATLAS_CHECK(phase("bounds", 3));
    add_bounds(run, out.ranking);
    out.members = member_results(run);
    THREATLAS_CHECK(phase("value of information", 4));
    out.gaps = gaps(run);
    add_concordance(run, out);
    const ranking::SobolShares sobol = ranking::sobol_shares(run.posterior, run.centres, 4096, options.seed);
    out.diagnostics.sobol_weights = sobol.weights;
    out.diagnostics.sobol_evidence = sobol.evidence;
    out.diagnostics.sobol_gaps = sobol.gaps;
    out.diagnostics.r_hat = run.posterior.r_hat;
    out.diagnostics.effective_draws = run.posterior.effective_draws;
    count_cells(grid, out.diagnostics);
    THREATLAS_CHECK(phase("assumptions", 5));
    out.assumptions = assumptions(run);
    if (options.previous != nullptr) add_change(*options.previous, run, out);

    THREATLAS_CHECK(phase("what is arising", 6));
    out.arising = measured.arising;
    THREATLAS_TRY(auto future, outlooks(snapshot, catalogue, measured));
    out.outlooks = std::move(future.outlooks), out.skill = std::move(future.skill);

    THREATLAS_CHECK(core::go_on(progress));
    out.figures = std::move(measured.figures);
    std::stable_sort(out.figures.begin(), out.figures.end(), [](const Figure& a, const Figure& b) { return a.id < b.id; });
    round_numbers(out);
    out.id = "A-" + core::sha256(to_json_text(out)).substr(0, 10);   // of all it says: another method or program, another id
    progress.step("done", kSteps, kSteps);
    return out;
}

}  // namespace threatlas::assess

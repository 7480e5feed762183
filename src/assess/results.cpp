#include "assess/results.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "assess/ranking/concordance.hpp"
#include "assess/ranking/information.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

namespace threatlas::assess {
namespace {

std::vector<std::string> figures_of(const Measured& measured, bool by_lens, const std::string& threat, const std::string& key) {
    std::set<std::string> out;
    for (const Figure& each : measured.figures)
        if (each.threat == threat && (by_lens ? each.lens : each.criterion) == key && each.basis != "imputed") out.insert(each.id);
    return {out.begin(), out.end()};
}

std::vector<float> one_cell(const std::vector<float>& cells, std::size_t stride, std::size_t k) {
    std::vector<float> out;
    out.reserve(cells.size() / stride);
    for (std::size_t i = k; i < cells.size(); i += stride) out.push_back(cells[i]);
    return out;
}

void add_claims(const Run& run, ThreatResult& out) {
    std::set<std::string> codes, roles;
    if (!run.options.judgements) return;
    for (const model::Claim& claim : run.snapshot.claims) {
        if (claim.threat != out.threat) continue;
        if (claim.kind != model::ClaimKind::modus_operandi && claim.kind != model::ClaimKind::role) continue;
        for (const std::string& part : core::split(claim.value, '|')) {
            const std::string word(core::trim(part));
            if (!word.empty()) (claim.kind == model::ClaimKind::role ? roles : codes).insert(word);
        }
    }
    out.modi_operandi.assign(codes.begin(), codes.end());
    out.roles.assign(roles.begin(), roles.end());
}

}  // namespace

std::vector<ranking::Centre> choose_weights(const model::Catalogue& catalogue) {
    const auto centre = [&](const model::Profile* profile) {
        ranking::Centre out;
        double sum = 0;
        for (const model::Criterion& each : catalogue.criteria) {
            double w = each.weight;
            if (profile != nullptr && !profile->weights.empty()) {
                const auto found = profile->weights.find(each.id);
                w = found == profile->weights.end() ? 0 : found->second;
            }
            out.weights.push_back(std::max(w, 0.0));
            sum += out.weights.back();
        }
        if (profile != nullptr && profile->concentration > 0) out.kappa = profile->concentration;
        for (double& w : out.weights) w = sum > 0 ? w / sum : 1 / static_cast<double>(out.weights.size());
        return out;
    };
    std::vector<ranking::Centre> members;
    for (const model::Profile& each : catalogue.profiles)
        if (!each.member.empty()) members.push_back(centre(&each));
    if (!members.empty()) return members;
    const auto found = std::find_if(catalogue.profiles.begin(), catalogue.profiles.end(), [](const auto& p) { return p.id == "default"; });
    return {centre(found == catalogue.profiles.end() ? nullptr : &*found)};
}

std::vector<double> mean_weights(const std::vector<ranking::Centre>& centres) {
    if (centres.size() == 1) return centres.front().weights;
    std::vector<double> out(centres.front().weights.size(), 0);
    for (const auto& each : centres)
        for (std::size_t c = 0; c < out.size(); ++c) out[c] += each.weights[c] / static_cast<double>(centres.size());
    return out;
}

std::vector<ThreatResult> threat_results(const Run& run) {
    const Grid& grid = run.measured.grid;
    const auto& criteria = run.catalogue.criteria;
    const std::size_t n = grid.threats, width = grid.criteria;
    const std::vector<double> phi = ranking::attribution(run.cell_mean, run.weights);
    std::vector<Summary> cell(n * width);
    core::parallel_for(n * width, [&](std::size_t k) { cell[k] = ranking::summarise(one_cell(run.cells, n * width, k)); });

    std::vector<ThreatResult> out;
    for (std::size_t r = 0; r < n; ++r) {
        const std::size_t t = run.smaa.order[r];
        const model::Threat& threat = run.catalogue.threats[t];
        ThreatResult one;
        one.threat = threat.id;
        one.area = threat.area;
        one.title = threat.title;
        one.rank = static_cast<int>(r + 1);
        one.band = run.smaa.band[t];
        one.score = run.smaa.score[t];
        one.expected_rank = run.smaa.expected_rank[t];
        one.rank_low = run.smaa.rank_low[t];
        one.rank_high = run.smaa.rank_high[t];
        one.p_top5 = run.smaa.p_top5[t];
        one.p_first = run.smaa.p_first[t];
        one.confidence = run.smaa.confidence[t];
        const auto row = run.smaa.acceptability.begin() + static_cast<std::ptrdiff_t>(t * n);
        one.acceptability.assign(row, row + static_cast<std::ptrdiff_t>(n));
        for (std::size_t other = 0; other < n; ++other)
            if (other != t) one.graver_than[run.catalogue.threats[other].id] = run.smaa.pairwise[t * n + other];
        for (std::size_t c = 0; c < width; ++c) {
            const std::size_t k = t * width + c;
            const ranking::Rests& rests = run.rests.region[k];
            if (one.p_first > 0) one.central_weights[criteria[c].id] = run.smaa.central_weights[k];
            one.measured += run.weights[c] * rests.measured;
            one.judged += run.weights[c] * rests.judged;
            one.imputed += run.weights[c] * rests.imputed;
            one.criteria.push_back({criteria[c].id, cell[k], rests.measured, rests.judged, rests.imputed, phi[k], figures_of(run.measured, false, threat.id, criteria[c].id)});
        }
        one.flip_distance = -1;
        if (r + 1 < n) {
            one.flip_distance = ranking::flip_distance(run.cell_mean, run.weights, t, run.smaa.order[r + 1]);
            one.flip_with = run.catalogue.threats[run.smaa.order[r + 1]].id;
        }
        one.trend.word = "not assessed";
        if (t < run.measured.trends.size()) one.trend = run.measured.trends[t];
        for (const model::Lens& lens : run.catalogue.lenses) {
            LensResult each{lens.id, false, figures_of(run.measured, true, threat.id, lens.id), ""};
            each.assessed = !each.figures.empty();
            if (!each.assessed) each.would_help = lens.question;
            one.lenses.push_back(std::move(each));
        }
        add_claims(run, one);
        out.push_back(std::move(one));
    }
    return out;
}

std::vector<MemberResult> member_results(const Run& run) {
    const Grid& grid = run.measured.grid;
    const std::size_t n = grid.threats, width = grid.criteria;
    const std::size_t draws = std::min<std::size_t>(run.scores.draws, run.posterior.draws);
    const std::vector<float> weights(run.draw_weights.begin(), run.draw_weights.begin() + static_cast<std::ptrdiff_t>(draws * width));
    std::vector<MemberResult> out(grid.members);
    core::parallel_for(grid.members, [&](std::size_t m) {
        const model::Member& member = run.catalogue.members[m];
        MemberResult& one = out[m];
        one.member = member.id;
        one.country = member.country;
        one.country_figures = std::count_if(run.catalogue.members.begin(), run.catalogue.members.end(), [&](const auto& each) { return each.country == member.country; }) > 1;
        for (std::size_t r = 0; r < grid.raters.size(); ++r)
            if (grid.raters[r] == member.id) {
                one.severity = run.posterior.severity_mean[r];
                one.severity_sd = run.posterior.severity_sd[r];
            }
        const std::vector<float> cells = ranking::member_cell_draws(run.posterior, m, draws);
        const ranking::Smaa smaa = ranking::analyse(ranking::score_draws(cells, weights, n, width), cells, weights, width);
        for (std::size_t r = 0; r < n; ++r) {
            const std::size_t t = smaa.order[r];
            MemberRank each{run.catalogue.threats[t].id, smaa.score[t], smaa.expected_rank[t], ranking::rank_sd(smaa, t), static_cast<int>(r + 1), smaa.rank_low[t], smaa.rank_high[t], 0, 0, 0};
            for (std::size_t c = 0; c < width; ++c) {
                const ranking::Rests& rests = run.rests.member[(m * n + t) * width + c];
                each.measured += run.weights[c] * rests.measured;
                each.judged += run.weights[c] * rests.judged;
                each.imputed += run.weights[c] * rests.imputed;
            }
            one.ranking.push_back(std::move(each));
        }
    });
    return out;
}

std::vector<Gap> gaps(const Run& run) {
    const Grid& grid = run.measured.grid;
    std::vector<bool> asked(run.posterior.known_share.size());
    for (std::size_t k = 0; k < asked.size(); ++k) asked[k] = run.posterior.known_share[k] <= 0;
    const std::vector<double> bits = ranking::information(run.scores, run.cells, asked, grid.criteria);
    std::vector<Gap> out;
    for (std::size_t k = 0; k < asked.size(); ++k) {
        if (!asked[k]) continue;
        const model::Threat& threat = run.catalogue.threats[k / grid.criteria];
        const model::Criterion& criterion = run.catalogue.criteria[k % grid.criteria];
        const auto like = std::find_if(run.catalogue.indicators.begin(), run.catalogue.indicators.end(), [&](const auto& i) { return i.criterion == criterion.id; });
        out.push_back({threat.id, criterion.id, "", like == run.catalogue.indicators.end() ? "" : like->lens, bits[k], threat.title + ": " + criterion.question});
    }
    std::stable_sort(out.begin(), out.end(), [](const Gap& a, const Gap& b) { return a.information > b.information; });
    return out;
}

void add_bounds(const Run& run, std::vector<ThreatResult>& results) {
    const Grid& grid = run.measured.grid;
    const std::size_t draws = std::min<std::size_t>(run.scores.draws, 8192);
    const std::vector<float> weights(run.draw_weights.begin(), run.draw_weights.begin() + static_cast<std::ptrdiff_t>(draws * grid.criteria));
    const std::vector<float> open = ranking::cell_draws(run.posterior, draws, ranking::Unknown::full_range);
    const ranking::Smaa wide = ranking::analyse(ranking::score_draws(open, weights, grid.threats, grid.criteria), open, weights, grid.criteria);

    Grid hard = grid;
    std::erase_if(hard.evidence, [](const Evidence& e) { return e.basis != Basis::measured; });
    std::vector<bool> assessed(grid.threats, false);
    for (const Evidence& e : hard.evidence) assessed[e.threat] = true;
    std::vector<double> expected(grid.threats, 0);
    if (!hard.evidence.empty()) {
        const ranking::Posterior p = ranking::fit(hard, {.seed = run.options.seed, .kept = 250, .keep_members = false});
        expected = ranking::expected_ranks(ranking::score_draws(ranking::cell_draws(p, draws, ranking::Unknown::predicted), weights, grid.threats, grid.criteria));
    }
    std::vector<int> rank(grid.threats, 0);
    int next = 0;
    for (const std::size_t t : ranking::order_by(expected))
        if (assessed[t]) rank[t] = ++next;   // among the threats that have any measurement
    for (std::size_t r = 0; r < results.size(); ++r) {
        const std::size_t t = run.smaa.order[r];
        // Bounds hold under either reading of the unknown: as the model expects it, or anything at all.
        results[r].full_range_low = std::min(wide.rank_low[t], results[r].rank_low);
        results[r].full_range_high = std::max(wide.rank_high[t], results[r].rank_high);
        results[r].rank_measured_only = rank[t];
    }
}

void add_concordance(const Run& run, Assessment& assessment) {
    const std::size_t n = run.measured.grid.threats;
    std::vector<double> main(n);
    for (std::size_t t = 0; t < n; ++t) main[t] = -run.smaa.expected_rank[t];
    std::vector<std::vector<double>> all{main};
    std::vector<int> least(n, static_cast<int>(n)), most(n, 1);
    for (const model::Profile& profile : run.catalogue.profiles) {
        if (profile.id == "default") continue;
        all.push_back(ranking::profile_scores(profile, run.catalogue.criteria, run.cell_mean));
        const std::vector<int> ranks = ranking::ranks_of(all.back());
        ProfileResult one{profile.id, profile.title, ranking::spearman(main, all.back()), {}};
        for (std::size_t t = 0; t < n; ++t) {
            one.ranks[run.catalogue.threats[t].id] = ranks[t];
            least[t] = std::min(least[t], ranks[t]);
            most[t] = std::max(most[t], ranks[t]);
        }
        assessment.profiles.push_back(std::move(one));
    }
    assessment.diagnostics.kendall_w = ranking::kendall_w(all);
    std::vector<std::size_t> order = run.smaa.order;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return most[a] - least[a] > most[b] - least[b]; });
    for (const std::size_t t : order)
        if (assessment.profiles.size() > 1 && assessment.diagnostics.disagreements.size() < 5 && most[t] - least[t] >= 3)
            assessment.diagnostics.disagreements.push_back(run.catalogue.threats[t].id);
}

Manifest manifest(const Run& run) {
    Manifest out;
    out.software = std::string("threatlas ") + THREATLAS_VERSION;
    out.method = kMethod;
    out.catalogue_id = run.catalogue.region.id;
    out.catalogue_version = run.catalogue.region.version;
    out.catalogue_hash = run.catalogue.hash;
    out.snapshot_hash = run.snapshot.hash;
    out.created_for = run.options.title;
    out.as_of = run.snapshot.as_of;
    out.seed = run.options.seed;
    out.draws = run.options.draws;
    out.left_out = run.options.left_out;
    for (const store::SubmissionInfo& each : run.snapshot.submissions) out.inputs[each.id] = each.file;
    return out;
}

}  // namespace threatlas::assess

// The arithmetic of the workbench; what is kept of it is in workbench.cpp.
#include <algorithm>
#include <cmath>
#include <set>

#include "assess/ranking/concordance.hpp"
#include "model/json_codec.hpp"
#include "work/workbench.hpp"

namespace threatlas::work {

namespace ranking = assess::ranking;
using core::ErrorCode;
using core::fail;
using core::Result;

Result<std::vector<double>> checked_weights(const std::map<std::string, double>& weights, const std::vector<std::string>& criteria) {
    std::vector<double> out;
    double sum = 0;
    for (const auto& criterion : criteria) {
        const auto found = weights.find(criterion);
        if (found == weights.end()) return fail(ErrorCode::bad_input, "there is no weight for '" + criterion + "': give one to each criterion, 0 if it shall not count");
        if (!std::isfinite(found->second) || found->second < 0) return fail(ErrorCode::bad_input, "the weight of '" + criterion + "' is not a number from 0 to 1");
        out.push_back(found->second);
        sum += found->second;
    }
    for (const auto& [name, weight] : weights)
        if (std::find(criteria.begin(), criteria.end(), name) == criteria.end()) return fail(ErrorCode::bad_input, "there is no criterion '" + name + "'");
    if (std::abs(sum - 1) > 0.005) return fail(ErrorCode::bad_input, "the weights sum to " + core::number_text(sum) + ", not to 1");
    for (double& each : out) each /= sum;
    return out;
}

std::vector<Weighed> weigh(const Bench& bench, const std::vector<ranking::Centre>& centres, std::size_t draws) {
    const std::size_t n = bench.threats.size(), criteria = bench.criteria.size();
    draws = draws == 0 ? bench.draws : std::min(draws, bench.draws);
    const auto weights = ranking::draw_weights(centres, draws, bench.seed);
    const auto scores = ranking::score_draws(bench.cells, weights, n, criteria);
    const auto smaa = ranking::analyse(scores, bench.cells, weights, criteria);
    std::vector<Weighed> out(n);
    for (std::size_t place = 0; place < n; ++place) {
        const std::size_t t = smaa.order[place];
        out[place] = {bench.threats[t], bench.titles[t], static_cast<int>(place) + 1, smaa.band[t], smaa.rank_low[t], smaa.rank_high[t], smaa.expected_rank[t],
                      smaa.score[t].q50, smaa.score[t].q05, smaa.score[t].q95, smaa.p_top5[t], smaa.p_first[t]};
    }
    return out;
}

namespace {

// Scores that grow with gravity, in the order of the bench's threats: for coefficients of agreement.
std::vector<double> gravity(const Bench& bench, const std::vector<Weighed>& ranked) {
    std::map<std::string, double> by_threat;
    for (const auto& each : ranked) by_threat[each.threat] = -each.expected_rank;
    std::vector<double> out;
    for (const auto& threat : bench.threats) out.push_back(by_threat[threat]);
    return out;
}

ranking::Centre centre_of(const Bench& bench, const MemberWeights& each) {
    ranking::Centre out;
    for (const auto& criterion : bench.criteria) {
        const auto found = each.weights.find(criterion);
        out.weights.push_back(found == each.weights.end() ? 0 : found->second);
    }
    out.kappa = each.kappa;
    return out;
}

constexpr std::size_t kMemberDraws = 8000;

}  // namespace

Consensus bring_together(const Bench& bench, const std::vector<MemberWeights>& members) {
    Consensus out;
    out.assessment = bench.assessment;
    std::vector<ranking::Centre> centres;
    for (const auto& each : members) centres.push_back(centre_of(bench, each));
    if (centres.empty()) centres.push_back(centre_of(bench, {"", bench.weights, 40, "", "", ""}));
    out.common = weigh(bench, centres);
    for (std::size_t c = 0; c < bench.criteria.size(); ++c) {
        double sum = 0;
        for (const auto& each : centres) sum += each.weights[c];
        out.mean_weights[bench.criteria[c]] = sum / static_cast<double>(centres.size());
    }
    const auto common = gravity(bench, out.common);
    std::vector<std::vector<double>> views;
    for (std::size_t m = 0; m < members.size(); ++m) {
        MemberView view{members[m], weigh(bench, {centres[m]}, kMemberDraws), 1};
        views.push_back(gravity(bench, view.ranking));
        view.agreement = ranking::kendall_tau(views.back(), common);
        out.members.push_back(std::move(view));
    }
    if (views.size() >= 2) out.concordance = ranking::kendall_w(views);
    for (std::size_t m = 0; members.size() >= 2 && m < members.size(); ++m) {
        auto others = centres;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(m));
        std::map<std::string, const Weighed*> without;
        const auto ranked = weigh(bench, others);
        for (const auto& each : ranked) without[each.threat] = &each;
        for (const auto& each : out.common) {
            const Weighed& other = *without.at(each.threat);
            if (std::abs(each.expected_rank - other.expected_rank) < 0.5 && each.rank == other.rank) continue;
            out.moves.push_back({members[m].member, each.threat, each.rank, other.rank, each.expected_rank, other.expected_rank});
        }
    }
    std::stable_sort(out.moves.begin(), out.moves.end(), [](const Move& a, const Move& b) { return std::abs(a.expected_with - a.expected_without) > std::abs(b.expected_with - b.expected_without); });
    return out;
}

core::json::object compare(const Freeze& earlier, const Freeze& later) {
    core::json::array ranks, weights, dissent;
    std::map<std::string, const Weighed*> before;
    for (const auto& each : earlier.consensus.common) before[each.threat] = &each;
    for (const auto& each : later.consensus.common) {
        const auto found = before.find(each.threat);
        core::json::object row{{"threat", each.threat}, {"title", each.title}, {"later", each.rank}, {"later_expected", each.expected_rank}};
        if (found != before.end()) row["earlier"] = found->second->rank, row["earlier_expected"] = found->second->expected_rank;
        ranks.push_back(std::move(row));
    }
    std::map<std::string, const MemberWeights*> old;
    for (const auto& each : earlier.consensus.members) old[each.weights.member] = &each.weights;
    for (const auto& each : later.consensus.members) {
        const auto found = old.find(each.weights.member);
        double moved = 1;
        if (found != old.end()) {
            moved = 0;
            for (const auto& [criterion, weight] : each.weights.weights) {
                const auto was = found->second->weights.find(criterion);
                moved += std::abs(weight - (was == found->second->weights.end() ? 0 : was->second)) / 2;
            }
        }
        weights.push_back({{"member", each.weights.member}, {"moved", moved}, {"known_before", found != old.end()}});
    }
    std::set<std::string> told;
    for (const auto& each : earlier.consensus.dissent) told.insert(each.member + "\n" + each.threat + "\n" + each.text);
    for (const auto& each : later.consensus.dissent)
        if (!told.contains(each.member + "\n" + each.threat + "\n" + each.text)) dissent.push_back(model::to_json(each));
    return {{"earlier", earlier.id}, {"later", later.id}, {"earlier_assessment", earlier.assessment}, {"later_assessment", later.assessment}, {"ranks", std::move(ranks)}, {"weights", std::move(weights)}, {"new_dissent", std::move(dissent)},
            {"concordance", core::json::array{earlier.consensus.concordance, later.consensus.concordance}}};
}

}  // namespace threatlas::work

#include "publish/explain_position.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "publish/format.hpp"

namespace threatlas::publish {
namespace {

constexpr std::size_t kNamed = 6;   // evidence ids printed of each criterion

std::string first_of(const std::vector<std::string>& ids) {
    std::string out;
    for (std::size_t i = 0; i < ids.size() && i < kNamed; ++i) out += (i == 0 ? "" : " ") + ids[i];
    if (ids.size() > kNamed) out += fmt::format(" and {} more", ids.size() - kNamed);
    return out;
}

}  // namespace

const assess::ThreatResult* position(const assess::Assessment& assessment, const std::string& id) {
    const std::string threat = id.starts_with("R-") ? id.substr(2) : id;
    const auto found = std::find_if(assessment.ranking.begin(), assessment.ranking.end(), [&](const auto& each) { return each.threat == threat; });
    return found == assessment.ranking.end() ? nullptr : &*found;
}

std::string explain_position(const assess::Assessment& a, const assess::ThreatResult& t, const model::Catalogue& catalogue) {
    std::string out = "R-" + t.threat + "  " + t.title + '\n';
    const auto say = [&](const char* what, const std::string& text) { out += fmt::format("  {:<13} {}\n", what, text); };
    say("Rank", fmt::format("{} of {} (90 %: {} to {}; expected {:.1f}); tie band {}", t.rank, a.ranking.size(), t.rank_low, t.rank_high, t.expected_rank, t.band));
    say("Score", fmt::format("{:.1f} of 100 (90 %: {:.1f} to {:.1f}; mean {:.1f}, standard deviation {:.1f})", t.score.q50, t.score.q05, t.score.q95, t.score.mean, t.score.sd));
    say("Formula", fmt::format("sum of weight times score over {} criteria; {} draws of evidence and weights (stochastic multicriteria acceptability analysis)", t.criteria.size(), a.manifest.draws));
    say("Probability", fmt::format("first {}, in the first five {}", percent(t.p_first), percent(t.p_top5)));
    if (!t.graver_than.empty()) {
        std::string pairs;
        for (const auto& other : a.ranking)
            if (const auto p = t.graver_than.find(other.threat); p != t.graver_than.end() && std::abs(other.rank - t.rank) <= 2) pairs += fmt::format("{}{} {}", pairs.empty() ? "" : ", ", percent(p->second), other.threat);
        say("Graver than", pairs + " (its neighbours; --json gives all)");
    }
    say("Rests on", fmt::format("{} measured, {} judged, {} borrowed by the model", percent(t.measured), percent(t.judged), percent(t.imputed)));
    say("Bounds", fmt::format("rank {} to {} if every unknown cell could be anything; rank {} on measurements alone", t.full_range_low, t.full_range_high,
                              t.rank_measured_only == 0 ? std::string("not assessed") : std::to_string(t.rank_measured_only)));
    if (t.flip_distance >= 0) say("Swaps with", fmt::format("{} if {} of the weight moves between criteria", t.flip_with, percent(t.flip_distance)));
    out += "  Criteria      score (90 %), points above or below the mean threat, evidence\n";
    for (const auto& each : t.criteria) {
        const model::Criterion* criterion = catalogue.criterion(each.criterion);
        out += fmt::format("    {:<36} {:>3.0f} ({:.0f} to {:.0f})  {:>+5.1f}  {}\n", criterion != nullptr ? criterion->title : each.criterion, each.score.q50, each.score.q05, each.score.q95, std::abs(each.attribution) < 0.05 ? 0.0 : each.attribution,
                           each.figures.empty() ? "nothing: borrowed from like threats and criteria" : first_of(each.figures));
    }
    return out;
}

}  // namespace threatlas::publish

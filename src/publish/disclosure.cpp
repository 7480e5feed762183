// The public edition. Rules: docs/METHOD.md#disclosure.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "publish/publish.hpp"

namespace threatlas::publish {
namespace {

constexpr double kSmallest = 5;
constexpr std::size_t kContributors = 3;

bool small(const assess::EvidenceRow& row) {
    if (row.unit != "count") return false;
    return row.state == "censored" || (row.value > 0 && row.value < kSmallest);
}

// Why a figure may not be public; empty when it may.
std::string reason(const assess::Figure& figure) {
    if (!figure.handling.empty() && figure.handling != "TLP:CLEAR") return "its handling is " + figure.handling;
    if (figure.already_public) return "";
    if (figure.place.empty() && figure.contributors.size() < kContributors) return "fewer than three members contributed to a regional figure";
    if (std::any_of(figure.rows.begin(), figure.rows.end(), small)) return "it holds a count of one to four";
    return "";
}

}  // namespace

Disclosure disclose(const assess::Assessment& assessment, const model::Catalogue&, Edition edition) {
    Disclosure out{assessment, {}};
    if (edition == Edition::restricted) return out;

    std::map<std::string, std::string> gone;
    for (const auto& figure : assessment.figures)
        if (const std::string why = reason(figure); !why.empty()) gone[figure.id] = why;

    // Secondary suppression: of the places of one indicator, one withheld figure could be had by
    // subtraction from a regional one. Either a second place goes too, or the regional figure does.
    std::map<std::string, std::vector<const assess::Figure*>> places;
    std::map<std::string, const assess::Figure*> regional;
    for (const auto& figure : assessment.figures) {
        if (figure.already_public) continue;
        if (figure.place.empty()) regional[figure.indicator] = &figure;
        else places[figure.indicator].push_back(&figure);
    }
    for (auto& [indicator, list] : places) {
        std::vector<const assess::Figure*> kept;
        std::size_t withheld = 0;
        for (const auto* figure : list) {
            if (gone.contains(figure->id)) ++withheld;
            else kept.push_back(figure);
        }
        if (withheld != 1 || !regional.contains(indicator) || gone.contains(regional[indicator]->id)) continue;
        const auto least = std::min_element(kept.begin(), kept.end(), [](const auto* a, const auto* b) { return a->value.q50 < b->value.q50; });
        if (least != kept.end()) gone[(*least)->id] = "another figure could be computed from it (secondary suppression)";
        else gone[regional[indicator]->id] = "the only withheld figure could be computed from it (secondary suppression)";
    }

    auto& result = out.assessment;
    std::erase_if(result.figures, [&](const auto& figure) { return gone.contains(figure.id); });
    const auto drop = [&](std::vector<std::string>& ids) { std::erase_if(ids, [&](const std::string& id) { return gone.contains(id); }); };
    for (auto& threat : result.ranking) {
        for (auto& criterion : threat.criteria) drop(criterion.figures);
        for (auto& lens : threat.lenses) drop(lens.figures);
        if (gone.contains(threat.trend.figure)) threat.trend.figure.clear();
    }
    for (const auto& [id, why] : gone) out.withheld.push_back(id + ": " + why);
    return out;
}

}  // namespace threatlas::publish

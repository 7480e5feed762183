// The public edition. Rules: docs/METHOD.md#disclosure.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/text.hpp"
#include "publish/publish.hpp"
#include "publish/subtraction.hpp"

namespace threatlas::publish {
namespace {

using assess::EvidenceRow;
using assess::Figure;

bool known(const EvidenceRow& row, const model::Catalogue& catalogue) {
    const auto* source = catalogue.source(row.source);
    return source != nullptr && source->already_public;
}

bool small(const EvidenceRow& row, const model::Catalogue& catalogue) { return row.state == "censored" || small_count(count_of(row, catalogue)); }

// Does what is printed of it hold a small count? Its rows are not printed: sums by year and series are. Shares
// give their counts away, so for them every row counts. A rate is judged by the count behind it; published
// rows are known, so the count is of the others.
bool shows_small(const Figure& figure, const model::Catalogue& catalogue) {
    std::map<std::string, double> sums;
    for (const auto& row : figure.rows) {
        if (known(row, catalogue)) continue;
        const double count = count_of(row, catalogue);
        if (count < 0) continue;
        if (!figure.parts.empty() && small(row, catalogue)) return true;
        sums[row.period.substr(0, 4)] += count;
    }
    if (std::any_of(sums.begin(), sums.end(), [](const auto& each) { return small_count(each.second); })) return true;
    return figure.unit == "count" && std::any_of(figure.series.begin(), figure.series.end(), [](const auto& point) { return std::isfinite(point.value) && small_count(point.value); });
}

// Why a figure may not be public by itself; empty when it may.
std::string reason(const Figure& figure, const model::Catalogue& catalogue) {
    if (figure.handling != "TLP:CLEAR") return figure.handling.empty() ? "it has no handling code" : "its handling is " + figure.handling;
    if (figure.already_public) return "";
    std::set<std::string> whose;
    for (const auto& row : figure.rows)
        if (!known(row, catalogue)) whose.insert(row.member.empty() ? row.place : row.member);
    if (figure.place.empty() && whose.size() < kContributors) return "fewer than three members contributed to a regional figure";
    if (shows_small(figure, catalogue)) return "it holds a count of one to four";
    return "";
}

// Codes and roles that kept judgements state: 'kind=role;value=transit|source;scope=region'.
std::set<std::string> stated(const std::vector<const Figure*>& judgements, const std::string& kind) {
    std::set<std::string> out;
    for (const Figure* figure : judgements)
        for (const auto& row : figure->rows) {
            const std::string head = "kind=" + kind + ";value=";
            if (!row.dims.starts_with(head)) continue;
            const std::string value = row.dims.substr(head.size(), row.dims.rfind(";scope=") - head.size());
            for (const auto& each : core::split(value, '|')) out.insert(std::string(core::trim(each)));
        }
    return out;
}

// What a threat's entry tells besides its figures: it goes with the figures it was taken from.
void withhold_from(assess::ThreatResult& threat, const std::map<std::string, std::string>& gone, const std::vector<const Figure*>& kept) {
    const auto is_gone = [&](const std::string& id) { return gone.contains(id); };
    // A score that rests on withheld figures alone would tell them through the criterion's anchors.
    std::erase_if(threat.criteria, [&](const auto& c) { return !c.figures.empty() && std::all_of(c.figures.begin(), c.figures.end(), is_gone); });
    for (auto& criterion : threat.criteria) std::erase_if(criterion.figures, is_gone);
    for (auto& lens : threat.lenses) std::erase_if(lens.figures, is_gone);
    if (is_gone(threat.trend.figure)) threat.trend = {"not assessed", 0.5, {}, ""};
    std::vector<const Figure*> judgements;
    for (const Figure* figure : kept)
        if (figure->threat == threat.threat && figure->basis == "judged") judgements.push_back(figure);
    const auto codes = stated(judgements, "modus_operandi"), roles = stated(judgements, "role");
    std::erase_if(threat.modi_operandi, [&](const std::string& code) { return !codes.contains(code); });
    std::erase_if(threat.roles, [&](const std::string& role) { return !roles.contains(role); });
}

// Signals and forecasts pass when they rest on published statistics alone; of the others not even their number does.
void withhold_future(assess::Assessment& result, const model::Catalogue& catalogue) {
    const auto published = [&](const std::string& id) {
        const model::Source* source = catalogue.source(id);
        return source != nullptr && source->already_public && !source->contributed;
    };
    auto& arising = result.arising;
    const bool all = std::all_of(arising.newest.begin(), arising.newest.end(), [&](const auto& each) { return published(each.first); });
    std::erase_if(arising.signals, [&](const auto& each) { return !published(each.signal.source) || each.signal.handling != "TLP:CLEAR"; });
    std::erase_if(arising.newest, [&](const auto& each) { return !published(each.first); });
    std::erase_if(arising.notes, [&](const std::string& note) { return !published(note.substr(0, note.find(','))); });
    if (!all) arising.series = arising.tests = arising.expected_false = 0, arising.threats.clear();
    for (auto& each : arising.signals) each.signal.q = all ? each.signal.q : 1;   // it depends on every other test
    std::erase_if(result.outlooks, [&](const auto& each) { return !each.already_public; });
    if (!all) std::erase_if(result.skill, [](const auto& each) { return each.kind == "months"; });
}

}  // namespace

Disclosure disclose(const assess::Assessment& assessment, const model::Catalogue& catalogue, Edition edition) {
    Disclosure out{assessment, {}};
    if (edition == Edition::restricted) return out;

    std::map<std::string, std::string> gone;
    std::vector<const Figure*> candidates, kept;
    for (const auto& figure : assessment.figures) {
        if (const std::string why = reason(figure, catalogue); !why.empty()) gone[figure.id] = why;
        if (!figure.already_public) candidates.push_back(&figure);
    }
    suppress_by_subtraction(candidates, catalogue, gone);
    for (const auto& figure : assessment.figures)
        if (!gone.contains(figure.id)) kept.push_back(&figure);

    auto& result = out.assessment;
    for (auto& threat : result.ranking) withhold_from(threat, gone, kept);
    std::erase_if(result.figures, [&](const auto& figure) { return gone.contains(figure.id); });
    for (auto& figure : result.figures)
        if (!figure.already_public) figure.rows.clear(), figure.contributors.clear();  // the sum is public; its rows, and whose, are not
    withhold_future(result, catalogue);
    result.members.clear();                                          // how one member stands and grades is its own
    std::erase_if(result.assumptions, [](const auto& each) { return each.id.starts_with("severity"); });
    std::erase_if(result.gaps, [](const auto& gap) { return !gap.member.empty(); });
    for (auto& [hash, file] : result.manifest.inputs) file.clear();  // names of national files
    for (const auto& [id, why] : gone) out.withheld.push_back(id + ": " + why);
    return out;
}

}  // namespace threatlas::publish

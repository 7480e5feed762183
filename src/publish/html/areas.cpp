// Per area: summary judgement, ranking, map, lenses, modi operandi; then a page for each threat.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "publish/format.hpp"
#include "publish/html/lens.hpp"
#include "publish/html/page.hpp"
#include "publish/svg/charts.hpp"
#include "publish/svg/map.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::html {
namespace {

namespace en = text::english;
using Threats = std::vector<const assess::ThreatResult*>;

// The country indicator of the area to be mapped: a rate before anything else, then the most countries,
// then the higher threat.
std::vector<const assess::Figure*> mapped(const Page& page, const Threats& threats) {
    std::vector<const assess::Figure*> best;
    int best_value = 0;
    for (const auto* t : threats) {
        std::map<std::string, std::vector<const assess::Figure*>> by_indicator;
        for (const auto& f : page.assessment().figures)
            if (f.threat == t->threat && f.basis == "measured" && !f.place.empty() && f.measure != "trend") by_indicator[f.indicator].push_back(&f);
        for (const auto& [indicator, list] : by_indicator) {
            const int value = (list.front()->measure == "rate" ? 100 : 0) + static_cast<int>(list.size());
            if (value > best_value && list.size() >= 4) best = list, best_value = value;
        }
    }
    return best;
}

void summary(Page& page, const model::Area& area, const Threats& threats) {
    page.heading(1, "area-" + area.id, area.title);
    page.paragraph(area.summary, "lead");
    const auto& first = *threats.front();
    std::string words = fmt::format(en::kGravest, text::in_sentence(first.title), first.rank, page.assessment().ranking.size(), first.rank_low, first.rank_high);
    for (const auto& sentence : text::trend_sentences(threats, page.catalogue())) words += " " + sentence;
    page.paragraph(words);
    page.heading(3, "threats-" + area.id, en::kAreaRanking);
    page.drawing(svg::ranking_of(threats));
    std::vector<const assess::Figure*> figures;
    for (const auto& f : page.assessment().figures) figures.push_back(&f);
    page.heading(3, "lenses-" + area.id, en::kAreaLenses);
    page.drawing(svg::lens_map(threats, figures, page.catalogue()));
}

void modi_operandi(Page& page, const model::Area& area, const Threats& threats) {
    if (std::all_of(threats.begin(), threats.end(), [](const auto* t) { return t->modi_operandi.empty(); })) return;
    page.heading(3, "mo-" + area.id, en::kModiOperandi);
    page.begin_table({"Threat", "Stated by members and sources"});
    for (const auto* t : threats) {
        std::vector<std::string> titles;
        for (const auto& id : t->modi_operandi) {
            const model::Code* code = page.catalogue().code(id);
            titles.push_back(code == nullptr ? escape(id) : "<span title=\"" + escape(code->definition) + "\">" + escape(titles.empty() ? code->title : text::in_sentence(code->title)) + "</span>");
        }
        if (!titles.empty()) page.row({threat_link(t->threat, t->title), text::listed(titles) + "."});
    }
    page.end_table();
}

void map(Page& page, const model::Area& area, const Threats& threats) {
    const auto on_map = mapped(page, threats);
    if (on_map.empty() || page.options().map.empty()) return;
    page.put("<section class=\"mapped\">");
    page.heading(3, "map-" + area.id, fmt::format(en::kMapTitle, text::in_sentence(on_map.front()->title.substr(0, on_map.front()->title.find(';')))));
    page.drawing(svg::map(page.options().map, on_map));
    page.paragraph(en::kMapNote, "note");
    page.put("</section>\n");
}

std::string swap(const Page& page, const assess::ThreatResult& t) {
    if (t.flip_distance < 0 || t.flip_with.empty()) return "";
    return fmt::format(en::kSwap, t.flip_distance < 0.01 ? std::string(en::kLessThanOne) : percent(t.flip_distance), text::in_sentence(page.threat_title(t.flip_with)));
}

void threat(Page& page, const assess::ThreatResult& t, const model::Area& area) {
    page.put("<section class=\"threat\"><p class=\"area\">" + escape(area.title) + "</p>");
    page.heading(2, t.threat, t.title);
    if (const auto* known = page.catalogue().threat(t.threat)) page.paragraph(known->definition, "definition");
    page.put("<p class=\"lead\">" + escape(text::trend_sentence(t, page.catalogue(), page.figure(t.trend.figure))) + " " + evidence_link(page.figure(t.trend.figure) != nullptr ? t.trend.figure : "") + "</p>\n<div class=\"cards\">");
    page.card(en::kRank, std::to_string(t.rank) + " (" + std::to_string(t.rank_low) + "–" + std::to_string(t.rank_high) + ")", "R-" + t.threat);
    page.card(en::kTopFive, percent(t.p_top5));
    page.card(en::kScore, fixed(t.score.q50, 0) + " (" + fixed(t.score.q05, 0) + "–" + fixed(t.score.q95, 0) + ")");
    page.card(en::kRestsOn, fmt::format(en::kRestsOnValue, percent(t.measured), percent(t.judged)));
    if (text::confidence(t) != text::usual_confidence(page.assessment())) page.card(en::kConfidence, text::confidence(t));
    page.put("</div>\n<div class=\"lenses\">\n");
    // Where few lenses have evidence, there is room for two charts in each; the threat stays on one sheet.
    const auto filled = std::count_if(t.lenses.begin(), t.lenses.end(), [](const auto& each) { return !each.figures.empty(); });
    const bool full = filled >= 3;
    const Room room{filled <= 1 ? 2U : 1U, full ? 1U : 2U, full ? 0U : 2U};
    const auto& all = page.assessment().outlooks;
    const auto ahead = std::find_if(all.begin(), all.end(), [&](const auto& o) { return o.threat == t.threat; });
    for (const auto& each : t.lenses) lens(page, each, room, t.trend.figure, each.lens == "future_trends" && ahead != all.end() ? &*ahead : nullptr);
    page.put("</div>\n");
    if (!page.options().landscape) {
        page.put("<section class=\"together\"><h3>" + escape(en::kCriteria) + "</h3>");
        page.drawing(svg::criteria(t, page.catalogue(), 676, full ? 2 : 1));
        page.paragraph(swap(page, t), "note");
        page.put("</section>");
    }
    page.put("</section>\n");
}

// A sheet on its side holds the lenses of a threat, and no more: its area's criteria follow together.
void criteria_of_all(Page& page, const Threats& threats) {
    page.put("<section class=\"sheet\"><h2>" + escape(en::kCriteria) + "</h2><div class=\"pairs\">");
    for (const auto* t : threats) page.put("<div class=\"pair\"><h4>" + escape(t->title) + "</h4>" + svg::criteria(*t, page.catalogue()) + "<p class=\"note\">" + escape(swap(page, *t)) + "</p></div>");
    page.put("</div></section>\n");
}

}  // namespace

void areas(Page& page) {
    for (const auto& area : page.catalogue().areas) {
        const Threats threats = page.threats_of(area.id);
        if (threats.empty()) continue;
        summary(page, area, threats);
        modi_operandi(page, area, threats);
        map(page, area, threats);
        for (const auto* t : threats) threat(page, *t, area);
        if (page.options().landscape) criteria_of_all(page, threats);
    }
}

}  // namespace threatlas::publish::html

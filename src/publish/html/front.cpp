// Cover, contents, purpose and methodology, the ranking, what changed.
#include <fmt/format.h>

#include <algorithm>

#include "publish/format.hpp"
#include "publish/html/page.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::html {
namespace {

namespace en = text::english;

void cover(Page& page) {
    const auto& a = page.assessment();
    const auto& d = a.diagnostics;
    page.put("<section class=\"cover\"><p class=\"area\">" + escape(page.catalogue().region.title) + "</p><div class=\"title\">" + escape(en::kTitle) + "</div>");
    page.paragraph(a.manifest.created_for + ". " + fmt::format(en::kAsOf, day_text(a.manifest.as_of)) + ".", "lead");
    page.paragraph(page.options().edition == Edition::restricted ? en::kRestricted : en::kPublic, "edition");
    page.put("<h2>" + escape(en::kAtAGlance) + "</h2>\n<ul class=\"glance\">");
    std::vector<std::string> five, collect;
    for (std::size_t i = 0; i < a.ranking.size() && i < 5; ++i) five.push_back(text::in_sentence(a.ranking[i].title));
    const auto item = [&](const std::string& words) { page.put("<li>" + escape(words) + "</li>\n"); };
    item(fmt::format(en::kGlanceLead, text::ranking_finding(a), text::listed(five)));
    std::vector<const assess::ThreatResult*> all;
    for (const auto& t : a.ranking)
        if (t.trend.p_rising >= 0.75 || t.trend.p_rising <= 0.25) all.push_back(&t);
    for (const auto& sentence : text::trend_sentences(all, page.catalogue())) item(sentence);
    const auto share = [](double part, double of) { return percent(of > 0 ? part / of : 0); };
    item(fmt::format(en::kGlanceSure, number(d.cells), share(d.cells_measured + d.cells_judged, d.cells), number(d.region_cells), share(d.region_cells_known, d.region_cells)));
    for (std::size_t i = 0; i < a.gaps.size() && i < 3; ++i) {
        const auto* criterion = page.catalogue().criterion(a.gaps[i].criterion);
        collect.push_back(text::in_sentence(criterion != nullptr ? criterion->title : a.gaps[i].criterion) + " of " + text::in_sentence(page.threat_title(a.gaps[i].threat)));
    }
    if (!collect.empty()) item(fmt::format(en::kGlanceCollect, text::listed(collect)));
    page.put("</ul>\n");
    page.paragraph(page.catalogue().region.boundary_note, "note");
    page.put("</section>\n<nav class=\"contents\"><h2>" + escape(en::kContents) + "</h2>");
    page.place_contents();
    page.put("</nav>\n");
}

void purpose(Page& page) {
    page.heading(1, "purpose", en::kPurpose, page.assessment().skill.empty());   // after a table of forecasts on a sheet of its own
    page.paragraph(page.catalogue().region.purpose, "lead");
    page.heading(2, "methodology", en::kMethodology);
    for (const char* sentence : en::kMethod) page.paragraph(sentence);
    std::vector<std::string> countries;
    for (const auto& country : page.catalogue().countries)
        if (text::in_region(country.id, page.catalogue())) countries.push_back(country.name);
    page.paragraph(fmt::format(en::kRegionIs, text::listed(countries)));
    page.heading(2, "reading", en::kReading);
    for (const char* sentence : en::kReadingText) page.paragraph(sentence);
}

void ranking(Page& page) {
    const auto& a = page.assessment();
    const auto& d = a.diagnostics;
    page.heading(1, "ranking", en::kRanking);
    page.put("<div class=\"signature\">");
    page.drawing(svg::ranking(a));
    page.put("</div>\n");
    page.paragraph(fmt::format(en::kRankingSpread, percent(d.sobol_evidence), percent(d.sobol_gaps), percent(d.sobol_weights), fixed(d.kendall_w, 2)));
    const char* usual = text::usual_confidence(a);
    const auto with = std::count_if(a.ranking.begin(), a.ranking.end(), [&](const auto& t) { return text::confidence(t) == usual; });
    page.paragraph(with == static_cast<std::ptrdiff_t>(a.ranking.size()) ? fmt::format(en::kAllConfidence, usual) : fmt::format(en::kMostConfidence, usual, with, a.ranking.size()));
}

void changes(Page& page) {
    const auto& ranking = page.assessment().ranking;
    page.heading(1, "changes", en::kChanges, true);
    const bool any = std::any_of(ranking.begin(), ranking.end(), [](const auto& t) { return t.previous_rank != 0; });
    if (!any) return page.paragraph(en::kFirstAssessment);
    page.begin_table({"Threat", "Rank before", "Rank now", "Points by data", "Points by method", "Points by weights"}, "figures");
    for (const auto& t : ranking)
        page.row({threat_link(t.threat, t.title), t.previous_rank == 0 ? "–" : std::to_string(t.previous_rank), std::to_string(t.rank), signed_points(t.moved_by_data), signed_points(t.moved_by_method), signed_points(t.moved_by_weights)});
    page.end_table();
}

void rank_tables(Page& page) {
    const auto& a = page.assessment();
    page.put("<section class=\"sheet\">");
    page.heading(2, "rank-probability", en::kRankProbability);
    page.drawing(svg::acceptability(a));
    page.heading(2, "rank-table", en::kRankTable);
    page.paragraph(en::kRankTableText, "note");
    page.begin_table({"Rank", "Threat", "Score", "90 %", "Rank 90 %", "Bounds", "Measured only", "Measured", "Judged", "To explain"}, "figures ranked");
    for (const auto& t : a.ranking)
        page.row({std::to_string(t.rank), threat_link(t.threat, t.title), fixed(t.score.q50, 0), fixed(t.score.q05, 0) + "–" + fixed(t.score.q95, 0), std::to_string(t.rank_low) + "–" + std::to_string(t.rank_high),
                  std::to_string(t.full_range_low) + "–" + std::to_string(t.full_range_high), t.rank_measured_only == 0 ? "not assessed" : std::to_string(t.rank_measured_only), percent(t.measured), percent(t.judged),
                  "R-" + escape(t.threat)});
    page.end_table();
    page.put("</section>\n");
}

}  // namespace

void front(Page& page) {
    cover(page);
    forecasts_done(page);
    purpose(page);
    ranking(page);
    changes(page);
    arising(page);
    rank_tables(page);
}

}  // namespace threatlas::publish::html

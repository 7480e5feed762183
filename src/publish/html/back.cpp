// Routes, recommendations, gaps, members, profiles, assumptions, method and sources.
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

void routes(Page& page) {
    page.heading(1, "routes", en::kRoutes);
    page.paragraph(en::kRoutesText);
    page.begin_table({"Route", "Kind", "Along", "Described by"});
    for (const auto& r : page.catalogue().routes) {
        std::string path;
        for (const auto& id : r.path) {
            const auto* country = page.catalogue().country(id);
            path += (path.empty() ? "" : " → ") + (country != nullptr ? country->name : id);
        }
        page.row({escape(r.title), escape(r.kind), escape(path), escape(r.source)});
    }
    page.end_table();
    page.put("<div class=\"lenses\">");
    for (const auto& f : page.assessment().figures) {
        const bool detections = f.threat == "migration.smuggling" && f.place.empty() && (f.series.size() > 1 || f.parts.size() > 1);
        if (!detections || f.basis != "measured") continue;
        page.put("<div class=\"lens\"><p class=\"finding\">" + escape(f.parts.size() > 1 ? text::parts_finding(f, page.catalogue()) : text::series_finding(f)) + "</p><p class=\"chart\">" + escape(f.title) + " " + evidence_link(f.id) + "</p>");
        page.put(f.parts.size() > 1 ? svg::parts(f, page.catalogue()) : svg::series(f));
        page.put("</div>");
    }
    page.put("</div>\n");
    page.paragraph(page.catalogue().region.boundary_note, "note");
}

void recommendations(Page& page) {
    page.heading(1, "recommendations", en::kRecommendations);
    for (const auto& r : page.catalogue().recommendations) {
        page.put("<section class=\"together\"><h3>" + std::to_string(r.number) + ". " + escape(r.title) + "</h3>");
        page.paragraph(r.text);
        std::vector<std::string> rests;
        for (const auto& t : page.assessment().ranking)
            if (std::count(r.threats.begin(), r.threats.end(), t.threat) != 0)
                rests.push_back(threat_link(t.threat, t.title) + ", rank " + std::to_string(t.rank) + " <span class=\"note\">R-" + escape(t.threat) + "</span> " + evidence_link(page.figure(t.trend.figure) != nullptr ? t.trend.figure : ""));
        page.put("<p class=\"note\">" + fmt::format(en::kRestsOnThreats, text::listed(rests)) + "</p></section>\n");
    }
}

void gaps(Page& page) {
    constexpr std::size_t kShown = 12;
    const auto& a = page.assessment();
    page.heading(1, "gaps", en::kGaps);
    page.drawing(svg::evidence_map(a, page.catalogue()));
    page.paragraph(en::kGapsText);
    page.begin_table({"Threat", "Criterion", "Question", "Would tell (bits)"}, "figures-last");
    for (std::size_t i = 0; i < a.gaps.size() && i < kShown; ++i) {
        const auto& g = a.gaps[i];
        const auto* criterion = page.catalogue().criterion(g.criterion);
        page.row({threat_link(g.threat, page.threat_title(g.threat)), escape(criterion != nullptr ? criterion->title : g.criterion), escape(criterion != nullptr ? criterion->question : g.question), fixed(g.information, 2)});
    }
    page.end_table();
}

void members(Page& page) {
    if (page.options().edition == Edition::public_edition) return;   // how a member grades is not for the public
    page.heading(1, "members", en::kMembers);
    page.paragraph(en::kMembersText);
    page.begin_table({"Member", "First five (90 % of the rank)", "Grading habit"});
    for (const auto& m : page.assessment().members) {
        std::vector<const assess::MemberRank*> ranks;
        for (const auto& r : m.ranking) ranks.push_back(&r);
        std::stable_sort(ranks.begin(), ranks.end(), [](const auto* x, const auto* y) { return x->rank < y->rank; });
        std::string five;
        for (std::size_t i = 0; i < ranks.size() && i < 5; ++i)
            five += (five.empty() ? "" : "; ") + page.threat_title(ranks[i]->threat) + " (" + std::to_string(ranks[i]->rank_low) + "–" + std::to_string(ranks[i]->rank_high) + ")";
        const auto* member = page.catalogue().member(m.member);
        page.row({escape(member != nullptr ? member->name : m.member) + (m.country_figures ? "<br><span class=\"note\">country figures</span>" : ""), escape(five),
                  m.severity_sd > 0 ? signed_points(m.severity) + " ± " + fixed(m.severity_sd, 1) + " points" : "no grades"});
    }
    page.end_table();
}

void profiles(Page& page) {
    const auto& a = page.assessment();
    page.heading(1, "profiles", en::kProfiles);
    std::vector<std::string> agree, disagree;
    for (const auto& p : a.profiles) agree.push_back(text::in_sentence(p.title) + " " + fixed(p.spearman, 2));
    if (!agree.empty()) page.paragraph(fmt::format(en::kProfilesText, text::listed(agree)));
    for (const auto& id : a.diagnostics.disagreements) {
        int least = 1 << 20, most = 0;
        for (const auto& p : a.profiles)
            if (const auto at = p.ranks.find(id); at != p.ranks.end()) least = std::min(least, at->second), most = std::max(most, at->second);
        disagree.push_back(fmt::format(en::kDisagreeOne, text::in_sentence(page.threat_title(id)), least, most));
    }
    if (!disagree.empty()) page.paragraph(fmt::format(en::kDisagree, text::listed(disagree)));
    page.put("<table class=\"figures\"><thead><tr><th>Threat</th><th>Here</th>");
    for (const auto& p : a.profiles) page.put("<th>" + escape(p.title) + "</th>");
    page.put("</tr></thead><tbody>\n");
    for (const auto& t : a.ranking) {
        page.put("<tr><td>" + threat_link(t.threat, t.title) + "</td><td>" + std::to_string(t.rank) + "</td>");
        for (const auto& p : a.profiles) {
            const auto at = p.ranks.find(t.threat);
            page.put("<td>" + (at == p.ranks.end() ? std::string("–") : std::to_string(at->second)) + "</td>");
        }
        page.put("</tr>\n");
    }
    page.end_table();
}

void assumptions(Page& page) {
    constexpr std::size_t kShown = 40;
    const auto& list = page.assessment().assumptions;
    page.heading(1, "assumptions", en::kAssumptions);
    page.paragraph(en::kAssumptionsText);
    page.begin_table({"Assumption", "Low", "High", "Moves at most", "Source"});
    for (std::size_t i = 0; i < list.size() && i < kShown; ++i) {
        const auto& x = list[i];
        page.row({escape(x.title), number(x.low), number(x.high), fixed(x.largest_rank_move, 1) + " places" + (x.largest_rank_move >= 0.05 ? " (" + escape(text::in_sentence(page.threat_title(x.moved_threat))) + ")" : ""), escape(x.source)});
    }
    page.end_table();
    if (list.size() > kShown) page.paragraph(fmt::format(en::kAllAssumptions, kShown, list.size()), "note");
}

void sources(Page& page) {
    page.heading(1, "sources", en::kSources);
    page.begin_table({"Source", "Publisher and terms", "What is counted", "Known gaps"});
    for (const auto& s : page.catalogue().sources) page.row({escape(s.title), escape(s.publisher + "; " + s.licence), escape(s.definitions), escape(s.gaps)});
    page.end_table();
    const auto& m = page.assessment().manifest;
    const auto& d = page.assessment().diagnostics;
    page.paragraph(fmt::format(en::kReproduce, m.catalogue_version, m.catalogue_hash.substr(0, 16), m.snapshot_hash.substr(0, 16), m.method, m.software, m.seed, number(m.draws), fixed(d.r_hat, 3), number(std::round(d.effective_draws))), "note");
}

}  // namespace

void back(Page& page) {
    routes(page);
    recommendations(page);
    gaps(page);
    members(page);
    profiles(page);
    assumptions(page);
    sources(page);
}

}  // namespace threatlas::publish::html

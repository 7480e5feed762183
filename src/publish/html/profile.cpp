// A profile as a page: what it says, with its charts beside, and the figures behind in the annex.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "publish/format.hpp"
#include "publish/html/lens.hpp"
#include "publish/html/page.hpp"
#include "publish/profiles/profile.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish {
namespace {

// The part of an assessment that the profile carries, for the charts of the report.
assess::Assessment carried(const AreaProfile& profile) {
    assess::Assessment out;
    out.id = profile.assessment;
    out.manifest.created_for = profile.title + ", profile " + std::to_string(profile.version);
    out.manifest.as_of = profile.as_of;
    out.ranking = profile.threats, out.figures = profile.figures, out.outlooks = profile.outlooks;
    out.arising.signals = profile.signals;
    return out;
}

const char* tag_of(const std::string& nature) { return nature == "fact" ? "measured" : nature == "gap" ? "gap" : "judged"; }

class Writer {
  public:
    Writer(html::Page& page, const AreaProfile& profile, const std::vector<svg::Shape>& map) : page_(page), profile_(profile), map_(map) {}

    void cover(const std::string& state) {
        page_.put("<header class=\"cover\"><p class=\"area\">Crime area profile</p><p class=\"title\">" + escape(profile_.title) + "</p>");
        page_.put("<p class=\"edition\">Version " + std::to_string(profile_.version) + ", " + escape(state) + " · " + escape(profile_.organisation) + " · known on " + escape(day_text(profile_.as_of)) + "<br><b>" + escape(profile_.handling) + "</b>" +
                  (profile_.edition == "public" ? " · public edition" : "") + "</p><div class=\"cards\">");
        if (!profile_.threats.empty()) {
            const auto& first = profile_.threats.front();
            page_.card("Gravest", first.title);
            page_.card("Its rank", std::to_string(first.rank) + " (" + std::to_string(first.rank_low) + "–" + std::to_string(first.rank_high) + ")");
        }
        page_.card("Statements", std::to_string(count("fact")) + " measured, " + std::to_string(count("assessment")) + " judged");
        page_.card("Not known", std::to_string(count("gap")) + (count("gap") == 1 ? " gap" : " gaps"));
        if (profile_.withheld > 0) page_.card("Withheld", std::to_string(profile_.withheld) + " figures");
        page_.put("</div></header>\n");
    }

    void section(const ProfileSection& section) {
        if (section.statements.empty()) return;
        page_.heading(2, "section-" + section.id, section.title);
        if (section.id == "overview" && !profile_.threats.empty()) {
            std::vector<const assess::ThreatResult*> threats;
            for (const auto& each : profile_.threats) threats.push_back(&each);
            page_.drawing(svg::ranking_of(threats));
        }
        if (section.id == "gaps") return questions(section);
        if (section.id == "arising" && !profile_.signals.empty()) return signals(section);
        std::vector<const ProfileStatement*> gaps;
        std::string threat = "-";
        for (const auto& each : section.statements) {
            if (each.nature == "gap") {
                gaps.push_back(&each);
                continue;
            }
            const bool headed = each.threat != threat && !each.threat.empty() && profile_.threats.size() > 1 && section.id != "overview";
            threat = each.threat;
            statement(each, section, headed);
        }
        for (const auto* each : gaps) page_.put("<p class=\"said gap\"><span class=\"tag\">not known</span> " + escape(each->text) + "</p>\n");
    }

  private:
    std::size_t count(std::string_view nature) const {
        std::size_t out = 0;
        for (const auto& section : profile_.sections) out += static_cast<std::size_t>(std::count_if(section.statements.begin(), section.statements.end(), [&](const auto& s) { return s.nature == nature; }));
        return out;
    }

    void statement(const ProfileStatement& s, const ProfileSection& section, bool headed) {
        page_.put("<section class=\"together\">");
        if (headed) page_.put("<h4>" + escape(page_.threat_title(s.threat)) + "</h4>");
        page_.put("<p class=\"said " + escape(s.nature) + "\"><span class=\"tag " + std::string(tag_of(s.nature)) + "\">" + tag_of(s.nature) + "</span> " + escape(s.text));
        constexpr std::size_t kLinks = 3;
        for (std::size_t i = 0; i < s.figures.size() && i < kLinks; ++i) page_.put(" " + html::evidence_link(s.figures[i]));
        if (s.figures.size() > kLinks) page_.put(" <span class=\"note\">and " + std::to_string(s.figures.size() - kLinks) + " more</span>");
        if (!s.by.empty()) page_.put(" <span class=\"note\">" + escape(text::listed(named(s.by))) + "</span>");
        page_.put("</p>");
        chart(s, section);
        page_.put("</section>\n");
    }

    std::vector<std::string> named(const std::vector<std::string>& ids) const {
        std::vector<std::string> out;
        for (const auto& id : ids) {
            const auto* source = page_.catalogue().source(id);
            const auto* member = page_.catalogue().member(id);
            out.push_back(source != nullptr ? source->title : member != nullptr ? member->name : id);
        }
        return out;
    }

    void questions(const ProfileSection& section) {
        page_.put("<ul class=\"glance\">\n");
        for (const auto& s : section.statements) page_.put("<li>" + escape(s.text) + "</li>\n");
        page_.put("</ul>\n");
    }

    void signals(const ProfileSection& section) {
        page_.put("<div class=\"multiples\">\n");
        for (const auto& s : section.statements) {
            const auto found = std::find_if(profile_.signals.begin(), profile_.signals.end(), [&](const auto& each) { return s.key == "arising/signal/" + each.signal.id; });
            page_.put("<div class=\"multiple\">");
            if (found != profile_.signals.end() && found->signal.points.size() > 2) page_.put(svg::signal(found->signal));
            page_.put("<p class=\"chart\"><span class=\"tag " + std::string(tag_of(s.nature)) + "\">" + tag_of(s.nature) + "</span> " + escape(s.text) + "</p></div>\n");
        }
        page_.put("</div>\n");
    }

    void chart(const ProfileStatement& s, const ProfileSection& section) {
        std::vector<const assess::Figure*> figures;
        for (const auto& id : s.figures)
            if (const auto* f = page_.figure(id)) figures.push_back(f);
        if (section.id == "places" && !mapped_ && figures.size() >= 4 && !map_.empty()) {
            mapped_ = true;
            page_.put("<div class=\"mapped\">");
            page_.drawing(svg::map(map_, figures));
            page_.put("</div>");
        } else if (section.id == "places" && figures.size() >= 2) page_.drawing(svg::places(figures, page_.catalogue(), 420, figures.size()));
        else if ((section.id == "routes" || section.id == "modi_operandi" || section.id == "groups") && s.nature == "fact" && figures.size() == 1) {
            if (figures.front()->parts.size() > 1) page_.drawing(svg::parts(*figures.front(), page_.catalogue(), 420));
            else if (figures.front()->series.size() > 2) page_.drawing(svg::series(*figures.front(), 420, 110));
        } else if (section.id == "forecasts") {
            const auto found = std::find_if(profile_.outlooks.begin(), profile_.outlooks.end(), [&](const auto& o) { return o.threat == s.threat; });
            if (found != profile_.outlooks.end() && !found->fan.empty()) page_.drawing(svg::fan(*found, 420, 110));
        }
    }

    html::Page& page_;
    const AreaProfile& profile_;
    const std::vector<svg::Shape>& map_;
    bool mapped_ = false;
};

constexpr const char* kProfileStyle = "<style>.said { margin: 8px 0 2px; } .tag.measured { color: #0a7d4b; } .said .tag.gap, .said.gap .tag { color: var(--muted); } .said.gap { border: 1px dashed var(--muted); border-radius: 6px; padding: 6px 10px; }"
                                      " .together h4 { margin: 14px 0 2px; } .together figure { margin: 4px 0 8px; } @media print { .said { margin: 4pt 0 1pt; } .cover { padding-top: 6mm; } .together figure svg { max-height: 60mm; } h2 { margin-top: 12pt; } }</style>";

}  // namespace

std::string html_profile(const AreaProfile& profile, const model::Catalogue& catalogue, const std::vector<svg::Shape>& map, const std::string& state) {
    const assess::Assessment part = carried(profile);
    ReportOptions options;
    options.edition = profile.edition == "public" ? Edition::public_edition : Edition::restricted;
    options.map = map;
    html::Page page(part, catalogue, options);
    page.put(kProfileStyle);
    Writer writer(page, profile, map);
    writer.cover(state);
    page.put("<div style=\"display: none\">");   // a profile is short: it has no list of contents
    page.place_contents();
    page.put("</div>");
    for (const auto& section : profile.sections) writer.section(section);
    html::annex(page);
    return page.finish();
}

}  // namespace threatlas::publish

// The report as one page: HTML that a browser shows and WeasyPrint prints. No request leaves it.
#include <algorithm>
#include <map>
#include <set>

#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "publish/format.hpp"
#include "publish/html/style.hpp"
#include "publish/publish.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/english.hpp"

namespace threatlas::publish {
namespace {

namespace en = text::english;

class Report {
  public:
    Report(const assess::Assessment& a, const model::Catalogue& c, Edition edition, Paper paper) : a_(a), c_(c), edition_(edition), paper_(paper) {
        for (const auto& figure : a.figures) figures_[figure.id] = &figure;
    }

    std::string write() {
        head();
        cover();
        contents();
        purpose();
        ranking();
        changes();
        for (const auto& area : c_.areas) this->area(area);
        routes();
        recommendations();
        gaps();
        members();
        profiles();
        assumptions();
        sources();
        annex();
        evidence();
        return out_ + "</main></body></html>\n";
    }

  private:
    void put(std::string_view html) { out_ += html; }
    void para(std::string_view words, const char* css = nullptr) { out_ += (css != nullptr ? "<p class=\"" + std::string(css) + "\">" : std::string("<p>")) + escape(words) + "</p>\n"; }
    void heading(int level, const std::string& id, std::string_view words) {
        out_ += "<h" + std::to_string(level) + " id=\"" + escape(id) + "\">" + escape(words) + "</h" + std::to_string(level) + ">\n";
        if (level == 1) contents_.push_back({id, std::string(words), 1});
    }
    void row(std::initializer_list<std::string> cells, const char* tag = "td") {
        out_ += "<tr>";
        for (const auto& cell : cells) out_ += "<" + std::string(tag) + ">" + cell + "</" + tag + ">";
        out_ += "</tr>\n";
    }
    void table(std::initializer_list<std::string> headings) {
        put("<table><thead>");
        row(headings, "th");
        put("</thead><tbody>\n");
    }
    void end_table() { put("</tbody></table>\n"); }
    static std::string link(const std::string& id) { return id.empty() ? "" : "<a class=\"ev\" href=\"#" + id + "\" data-ev=\"" + id + "\">" + id + "</a>"; }
    std::string word(double p) const {
        // PHIA leaves gaps on purpose: a probability in a gap takes the nearer word.
        std::string best;
        double distance = 2;
        for (const auto& y : c_.yardsticks) {
            if (y.yardstick != "phia") continue;
            const double away = p < y.low ? y.low - p : p > y.high ? p - y.high : 0;
            if (away < distance) distance = away, best = y.word + " (" + fixed(100 * y.low, 0) + "–" + fixed(100 * y.high, 0) + "\u2009%)";
        }
        return best;
    }
    static const char* confidence(const assess::ThreatResult& t) { return t.imputed > 0.6 ? en::kLow : t.imputed > 0.35 ? en::kModerate : en::kHigh; }

    void head() {
        put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
        put(escape(a_.manifest.created_for));
        put("</title><style>@page { size: A4 ");
        put(paper_.landscape ? "landscape" : "portrait");
        put("; }\n");
        put(kStyle);
        put("</style></head><body><main>\n");
    }

    void cover() {
        put("<section class=\"cover\"><p class=\"area\">" + escape(c_.region.title) + "</p><div class=\"title\">" + escape(en::kTitle) + "</div><p class=\"lead\">" + escape(a_.manifest.created_for) + "</p>");
        put("<p>" + std::string(en::kAsOf) + " " + day_text(a_.manifest.as_of) + ". " + std::string(edition_ == Edition::restricted ? en::kRestricted : en::kPublic) + "</p>");
        put("<div class=\"cards\">");
        const auto card = [&](const std::string& name, const std::string& value) { put("<div class=\"card\"><span>" + escape(name) + "</span><b>" + escape(value) + "</b></div>"); };
        card("First", a_.ranking.front().title);
        card("Threats ranked", std::to_string(a_.ranking.size()));
        card("Figures, each open to its rows", std::to_string(a_.figures.size()));
        card("Cells with evidence", a_.diagnostics.cells > 0 ? percent((a_.diagnostics.cells_measured + a_.diagnostics.cells_judged) / a_.diagnostics.cells) : "–");
        put("</div><p class=\"note\">" + escape(c_.region.boundary_note) + "</p></section>\n");
    }

    void contents() { put("<nav class=\"contents\"><h2>Contents</h2><!--contents--></nav>\n"); }

    void purpose() {
        heading(1, "purpose", en::kPurpose);
        para(c_.region.purpose);
        heading(2, "methodology", en::kMethodology);
        for (const char* sentence : en::kMethod) para(sentence);
    }

    void ranking() {
        heading(1, "ranking", en::kRanking);
        put("<figure>" + svg::ranking(a_) + "</figure>\n");
        const auto& d = a_.diagnostics;
        para("Of the spread of ranks, " + percent(d.sobol_evidence) + " comes from what the evidence leaves open, " + percent(d.sobol_gaps) + " from gaps, " + percent(d.sobol_weights) +
             " from the weights (first-order shares). Other published profiles agree with this ranking with Kendall's W = " + fixed(d.kendall_w, 2) + ".");
        table({"Rank", "Threat", "Score", "90 % interval", "Rank 90 %", "Bounds if unknown were anything", "Measured only", "Confidence"});
        for (const auto& t : a_.ranking)
            row({std::to_string(t.rank), "<a href=\"#" + escape(t.threat) + "\">" + escape(t.title) + "</a>", fixed(t.score.q50, 0), fixed(t.score.q05, 0) + " to " + fixed(t.score.q95, 0),
                 std::to_string(t.rank_low) + " to " + std::to_string(t.rank_high), std::to_string(t.full_range_low) + " to " + std::to_string(t.full_range_high),
                 t.rank_measured_only == 0 ? "not assessed" : std::to_string(t.rank_measured_only), confidence(t)});
        end_table();
    }

    void changes() {
        heading(1, "changes", en::kChanges);
        const bool any = std::any_of(a_.ranking.begin(), a_.ranking.end(), [](const auto& t) { return t.previous_rank != 0; });
        if (!any) return para(en::kFirstAssessment);
        table({"Threat", "Rank before", "Rank now", "By data", "By method", "By weights"});
        for (const auto& t : a_.ranking)
            row({escape(t.title), t.previous_rank == 0 ? "–" : std::to_string(t.previous_rank), std::to_string(t.rank), fixed(t.moved_by_data, 1), fixed(t.moved_by_method, 1), fixed(t.moved_by_weights, 1)});
        end_table();
    }

    void area(const model::Area& area) {
        std::vector<const assess::ThreatResult*> threats;
        for (const auto& t : a_.ranking)
            if (t.area == area.id) threats.push_back(&t);
        if (threats.empty()) return;
        heading(1, "area-" + area.id, area.title);
        para(area.summary, "lead");
        std::string summary = "Gravest here: " + threats.front()->title + " (rank " + std::to_string(threats.front()->rank) + " of " + std::to_string(a_.ranking.size()) + ").";
        for (const auto* t : threats)
            if (t->trend.word != "not assessed" && !t->trend.word.empty())
                summary += " It is " + word(t->trend.p_rising) + " that " + lower(t->title) + " is rising.";
        para(summary);
        std::set<std::string> codes;
        for (const auto* t : threats) codes.insert(t->modi_operandi.begin(), t->modi_operandi.end());
        if (!codes.empty()) {
            heading(2, "mo-" + area.id, en::kModiOperandi);
            table({"Modus operandi", "Definition", "Threats"});
            for (const auto& id : codes) {
                const model::Code* code = c_.code(id);
                std::string whose;
                for (const auto* t : threats)
                    if (std::count(t->modi_operandi.begin(), t->modi_operandi.end(), id) != 0) whose += (whose.empty() ? "" : ", ") + t->title;
                row({escape(code != nullptr ? code->title : id), escape(code != nullptr ? code->definition : ""), escape(whose)});
            }
            end_table();
        }
        for (const auto* t : threats) threat(*t, area);
    }

    static std::string lower(const std::string& title) {
        std::string out = title;
        if (out.size() > 1 && out[1] >= 'a' && out[1] <= 'z' && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
        return out;
    }

    void threat(const assess::ThreatResult& t, const model::Area& area) {
        put("<section class=\"threat\"><p class=\"area\">" + escape(area.title) + "</p>");
        heading(2, t.threat, t.title);
        if (const auto* known = c_.threat(t.threat)) para(known->definition);
        std::string lead;
        if (t.trend.word == "not assessed" || t.trend.word.empty()) lead = "Whether it is rising could not be assessed.";
        else lead = "It is " + word(t.trend.p_rising) + " that it is rising: " + fixed(t.trend.percent_per_year.q50, 0) + "\u2009% a year (90 %: " + fixed(t.trend.percent_per_year.q05, 0) + " to " + fixed(t.trend.percent_per_year.q95, 0) + ").";
        put("<p class=\"lead\">" + escape(lead) + " Confidence in its rank: " + confidence(t) + ". " + link(t.trend.figure) + "</p>\n<div class=\"cards\">");
        const auto card = [&](const std::string& name, const std::string& value) { put("<div class=\"card\"><span>" + escape(name) + "</span><b>" + escape(value) + "</b></div>"); };
        card("Rank (90 %)", std::to_string(t.rank) + " (" + std::to_string(t.rank_low) + "–" + std::to_string(t.rank_high) + ")");
        card("In the top five", percent(t.p_top5));
        card("Score", fixed(t.score.q50, 0));
        card("Measured", percent(t.measured));
        card("Judged", percent(t.judged));
        put("</div>\n<div class=\"lenses\">\n");
        for (const auto& lens : t.lenses) this->lens(lens);
        put("</div>\n<h3>" + std::string(en::kCriteria) + "</h3><figure>" + svg::criteria(t, c_) + "</figure>\n");
        if (t.flip_distance >= 0 && !t.flip_with.empty()) {
            const auto* other = c_.threat(t.flip_with);
            para("Moving " + percent(t.flip_distance) + " of the weight would swap it with " + (other != nullptr ? lower(other->title) : t.flip_with) + ".", "note");
        }
        put("</section>\n");
    }

    void lens(const assess::LensResult& l) {
        const auto found = std::find_if(c_.lenses.begin(), c_.lenses.end(), [&](const auto& x) { return x.id == l.lens; });
        put("<div class=\"lens\"><h4>" + escape(found == c_.lenses.end() ? l.lens : found->title) + "</h4>");
        std::vector<const assess::Figure*> regional;
        std::map<std::string, std::vector<const assess::Figure*>> countries;
        for (const auto& id : l.figures) {
            const auto at = figures_.find(id);
            if (at == figures_.end()) continue;
            if (at->second->place.empty()) regional.push_back(at->second);
            else countries[at->second->indicator].push_back(at->second);
        }
        if (regional.empty() && countries.empty()) {
            put(svg::not_assessed(l.would_help) + "</div>\n");
            return;
        }
        std::size_t charts = 0;
        for (auto& [indicator, list] : countries) {
            if (++charts > 2) break;
            std::stable_sort(list.begin(), list.end(), [](const auto* a, const auto* b) { return a->value.q50 > b->value.q50; });
            put("<p class=\"chart\">" + escape(list.front()->title) + "</p>" + svg::places(list, c_));
        }
        for (const auto* f : regional) {
            if (f->basis == "judged") {
                const std::string said = f->rows.empty() || f->rows.front().text.empty() ? f->title : f->rows.front().text;
                put("<p class=\"judged\"><span class=\"tag\">judged</span> " + escape(said) + " " + link(f->id) + "</p>");
                continue;
            }
            if (++charts > 3) continue;
            put("<p class=\"chart\">" + escape(f->title) + " " + link(f->id) + "</p>");
            if (f->parts.size() > 1) put(svg::parts(*f));
            else if (f->series.size() > 1) put(svg::series(*f));
            else put("<p class=\"value\">" + number(f->value.q50) + " " + escape(f->unit) + "</p>");
        }
        put("</div>\n");
    }

    void routes() {
        heading(1, "routes", en::kRoutes);
        table({"Route", "Kind", "Along", "Described by"});
        for (const auto& r : c_.routes) {
            std::string path;
            for (const auto& id : r.path) {
                const auto* country = c_.country(id);
                path += (path.empty() ? "" : " → ") + (country != nullptr ? country->name : id);
            }
            row({escape(r.title), escape(r.kind), escape(path), escape(r.source)});
        }
        end_table();
        for (const auto& f : a_.figures)
            if (std::count(f.sources.begin(), f.sources.end(), "frontex_detections") != 0 && f.measure == "trend" && f.series.size() > 1)
                put("<p class=\"chart\">" + escape(f.title) + " " + link(f.id) + "</p><figure>" + svg::series(f, 640, 190) + "</figure>\n");
        para(c_.region.boundary_note, "note");
    }

    void recommendations() {
        heading(1, "recommendations", en::kRecommendations);
        for (const auto& r : c_.recommendations) {
            put("<h3>" + std::to_string(r.number) + ". " + escape(r.title) + "</h3>");
            para(r.text);
            std::string rests;
            for (const auto& id : r.threats)
                for (const auto& t : a_.ranking)
                    if (t.threat == id) {
                        rests += (rests.empty() ? "" : "; ") + std::string("<a href=\"#") + escape(id) + "\">" + escape(t.title) + "</a>, rank " + std::to_string(t.rank);
                        if (!t.trend.figure.empty()) rests += " " + link(t.trend.figure);
                    }
            put("<p class=\"note\">Rests on: " + rests + ".</p>\n");
        }
    }

    void gaps() {
        heading(1, "gaps", en::kGaps);
        para(en::kGapsText);
        put("<figure>" + svg::evidence_map(a_, c_) + "</figure>\n");
        table({"Collect next", "Threat", "Criterion", "Would tell (bits)"});
        std::size_t shown = 0;
        for (const auto& g : a_.gaps) {
            if (++shown > 15) break;
            const auto* threat = c_.threat(g.threat);
            const auto* criterion = c_.criterion(g.criterion);
            row({escape(g.question), escape(threat != nullptr ? threat->title : g.threat), escape(criterion != nullptr ? criterion->title : g.criterion), fixed(g.information, 3)});
        }
        end_table();
    }

    void members() {
        heading(1, "members", en::kMembers);
        para(en::kMembersText);
        table({"Member", "First five", "Grading habit"});
        for (const auto& m : a_.members) {
            std::string five;
            std::vector<const assess::MemberRank*> ranks;
            for (const auto& r : m.ranking) ranks.push_back(&r);
            std::stable_sort(ranks.begin(), ranks.end(), [](const auto* x, const auto* y) { return x->rank < y->rank; });
            for (std::size_t i = 0; i < ranks.size() && i < 5; ++i) {
                const auto* threat = c_.threat(ranks[i]->threat);
                five += (five.empty() ? "" : "; ") + (threat != nullptr ? threat->title : ranks[i]->threat) + " (" + std::to_string(ranks[i]->rank_low) + "–" + std::to_string(ranks[i]->rank_high) + ")";
            }
            const auto* member = c_.member(m.member);
            row({escape(member != nullptr ? member->name : m.member) + (m.country_figures ? "<br><span class=\"note\">country figures</span>" : ""), escape(five),
                 m.severity_sd > 0 ? fixed(m.severity, 1) + " ± " + fixed(m.severity_sd, 1) + " points" : "no grades"});
        }
        end_table();
    }

    void profiles() {
        heading(1, "profiles", en::kProfiles);
        put("<table><thead><tr><th>Threat</th><th>Here</th>");
        for (const auto& p : a_.profiles) put("<th>" + escape(p.title) + "</th>");
        put("</tr></thead><tbody>\n");
        for (const auto& t : a_.ranking) {
            put("<tr><td>" + escape(t.title) + "</td><td>" + std::to_string(t.rank) + "</td>");
            for (const auto& p : a_.profiles) {
                const auto at = p.ranks.find(t.threat);
                put("<td>" + (at == p.ranks.end() ? std::string("–") : std::to_string(at->second)) + "</td>");
            }
            put("</tr>\n");
        }
        end_table();
    }

    void assumptions() {
        heading(1, "assumptions", en::kAssumptions);
        para(en::kAssumptionsText);
        table({"Assumption", "Low", "High", "Moves at most", "Source"});
        std::size_t shown = 0;
        for (const auto& x : a_.assumptions) {
            if (++shown > 40) break;
            const auto* threat = c_.threat(x.moved_threat);
            row({escape(x.title), number(x.low), number(x.high), fixed(x.largest_rank_move, 1) + " places" + (threat != nullptr && x.largest_rank_move >= 0.05 ? " (" + escape(threat->title) + ")" : ""), escape(x.source)});
        }
        end_table();
        if (a_.assumptions.size() > shown) para("All " + std::to_string(a_.assumptions.size()) + " stand in the tables file.", "note");
    }

    void sources() {
        heading(1, "sources", en::kSources);
        table({"Source", "Publisher and terms", "What is counted", "Known gaps"});
        for (const auto& s : c_.sources)
            row({escape(s.title), escape(s.publisher + "; " + s.licence), escape(s.definitions), escape(s.gaps)});
        end_table();
        const auto& m = a_.manifest;
        para("Catalogue " + m.catalogue_version + ", SHA-256 " + m.catalogue_hash.substr(0, 16) + "…; snapshot " + m.snapshot_hash.substr(0, 16) + "…; method " + m.method + "; software " + m.software + "; seed " + std::to_string(m.seed) + "; " +
                 std::to_string(m.draws) + " draws; model convergence R-hat " + fixed(a_.diagnostics.r_hat, 3) + ", effective draws " + fixed(a_.diagnostics.effective_draws, 0) + ".",
             "note");
    }

    void annex() {
        heading(1, "annex", en::kAnnex);
        para(en::kAnnexText);
        put("<table class=\"annex\"><thead>");
        row({"Id", "Figure", "Where", "Value (90 %)", "Score", "First row"}, "th");
        put("</thead><tbody>\n");
        for (const auto& f : a_.figures) {
            const std::string first = f.rows.empty() ? "–" : escape(f.rows.front().file) + ":" + std::to_string(f.rows.front().row) + (f.rows.size() > 1 ? " and " + std::to_string(f.rows.size() - 1) + " more" : "");
            const bool valued = f.value.q95 != 0 || f.value.q50 != 0;
            put("<tr id=\"" + f.id + "\"><td>" + link(f.id) + "</td><td>" + escape(f.title) + "</td><td>" + escape(f.place.empty() ? "region" : f.place) + "</td><td>" +
                (valued ? number(f.value.q50) + " (" + number(f.value.q05) + " to " + number(f.value.q95) + ") " + escape(f.unit) : "") + "</td><td>" + (valued ? fixed(f.score.q50, 0) : "") + "</td><td>" + first + "</td></tr>\n");
        }
        end_table();
    }

    // What a click opens, as data: figures with at most 60 rows each; all rows are in the tables file.
    void evidence() {
        core::json::object all;
        for (const auto& f : a_.figures) {
            core::json::array rows;
            for (std::size_t i = 0; i < f.rows.size() && i < 60; ++i) {
                const auto& r = f.rows[i];
                rows.push_back({r.file, r.row, r.what, r.place, r.period, r.state == "censored" ? core::json::value(number(r.value) + " to " + number(r.upper)) : core::json::value(number(r.value)), r.unit, r.text.empty() ? r.dims : r.text});
            }
            const auto* s = f.sources.empty() ? nullptr : c_.source(f.sources.front());
            all[f.id] = {{"title", f.title}, {"basis", f.basis}, {"place", f.place}, {"unit", f.unit}, {"formula", f.formula}, {"note", f.note}, {"citation", f.citation}, {"public", f.already_public},
                         {"handling", f.handling}, {"source", s != nullptr ? s->publisher + ": " + s->title : ""}, {"value", number(f.value.q50) + " (90 %: " + number(f.value.q05) + " to " + number(f.value.q95) + ")"},
                         {"score", fixed(f.score.q50, 0) + " (" + fixed(f.score.q05, 0) + " to " + fixed(f.score.q95, 0) + ")"}, {"count", f.rows.size()}, {"rows", rows}};
        }
        std::string text = core::write_json(all);
        for (std::size_t at = 0; (at = text.find("</", at)) != std::string::npos; at += 3) text.replace(at, 2, "<\\/");
        put("<dialog id=\"open\" aria-label=\"Evidence\"></dialog><script type=\"application/json\" id=\"evidence\">" + text + "</script><script>" + kScript + "</script>\n");
        std::string list = "<ol>";
        for (const auto& entry : contents_) list += "<li><a href=\"#" + escape(entry.id) + "\">" + escape(entry.title) + "</a></li>";
        const std::string mark = "<!--contents-->";
        out_.replace(out_.find(mark), mark.size(), list + "</ol>");
    }

    struct Entry {
        std::string id, title;
        int level;
    };
    const assess::Assessment& a_;
    const model::Catalogue& c_;
    Edition edition_;
    Paper paper_;
    std::map<std::string, const assess::Figure*> figures_;
    std::vector<Entry> contents_;
    std::string out_;
};

}  // namespace

std::string html_report(const assess::Assessment& assessment, const model::Catalogue& catalogue, Edition edition, Paper paper) { return Report(assessment, catalogue, edition, paper).write(); }

}  // namespace threatlas::publish

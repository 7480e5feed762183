#include "publish/html/lens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "publish/format.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::html {
namespace {

namespace en = text::english;

struct Exhibits {
    std::vector<const assess::Figure*> regional, statements;
    std::vector<std::vector<const assess::Figure*>> countries;   // by indicator, the fullest first; highest first
};

Exhibits sort_out(const Page& page, const assess::LensResult& lens) {
    Exhibits out;
    std::map<std::string, std::vector<const assess::Figure*>> by_indicator;
    for (const auto& id : lens.figures) {
        const auto* f = page.figure(id);
        if (f == nullptr || f->measure == "harm") continue;
        if (f->basis == "judged") out.statements.push_back(f);
        else if (f->place.empty()) out.regional.push_back(f);
        else by_indicator[f->indicator].push_back(f);
    }
    for (auto& [indicator, list] : by_indicator) {
        std::stable_sort(list.begin(), list.end(), [&](const auto* a, const auto* b) {
            return std::pair(!text::in_region(a->place, page.catalogue()), -a->value.q50) < std::pair(!text::in_region(b->place, page.catalogue()), -b->value.q50);
        });
        out.countries.push_back(list);
    }
    std::stable_sort(out.countries.begin(), out.countries.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    // Parts tell more than a line, a line more than a single value.
    std::stable_sort(out.regional.begin(), out.regional.end(), [](const auto* a, const auto* b) {
        const auto telling = [](const assess::Figure* f) { return f->parts.size() > 1 ? 2 : f->series.size() > 1 ? 1 : 0; };
        return telling(a) > telling(b);
    });
    return out;
}

void title(Page& page, const std::string& finding, const std::string& what, const std::string& id) {
    page.put("<p class=\"finding\">" + escape(finding) + "</p><p class=\"chart\">" + escape(what) + " " + evidence_link(id) + "</p>");
}

void chart(Page& page, const assess::Figure& f) {
    if (f.parts.size() > 1) {
        title(page, text::parts_finding(f, page.catalogue()), f.title, f.id);
        page.put(svg::parts(f, page.catalogue()));
    } else if (f.series.size() > 1) {
        title(page, text::series_finding(f), f.title, f.id);
        page.put(svg::series(f));
    } else if (f.measure == "signals") {
        title(page, fmt::format(en::kSignalsTrue, number(f.value.q50), number(f.value.q05), number(f.value.q95)), f.title, f.id);
    } else {
        title(page, number(f.value.q50) + " " + text::unit_words(f.unit, page.catalogue()), f.title, f.id);
    }
}

void chart(Page& page, const std::vector<const assess::Figure*>& countries, std::size_t others) {
    const auto own = static_cast<std::size_t>(std::count_if(countries.begin(), countries.end(), [&](const auto* f) { return text::in_region(f->place, page.catalogue()); }));
    const std::size_t rows = std::min(countries.size(), own + others);
    std::string what = countries.front()->title;
    if (countries.size() > rows) what += ", " + fmt::format(en::kShownOf, rows, countries.size());
    if (std::any_of(countries.begin(), countries.end(), [](const auto* f) { return svg::recorded_rate(*f).has_value(); })) what += "; " + std::string(en::kAsRecorded);
    title(page, text::places_finding(countries, page.catalogue()), what, "");
    page.put(svg::places(countries, page.catalogue(), 316, rows));
}

}  // namespace

void lens(Page& page, const assess::LensResult& l, const Room& room, const std::string& first, const assess::Outlook* ahead) {
    const auto& lenses = page.catalogue().lenses;
    const auto found = std::find_if(lenses.begin(), lenses.end(), [&](const auto& x) { return x.id == l.lens; });
    page.put("<div class=\"lens\"><h4>" + escape(found == lenses.end() ? l.lens : found->title) + "</h4>");
    Exhibits exhibits = sort_out(page, l);
    std::stable_partition(exhibits.regional.begin(), exhibits.regional.end(), [&](const auto* f) { return f->id == first; });
    if (ahead != nullptr) outlook(page, *ahead);
    else if (exhibits.regional.empty() && exhibits.countries.empty() && exhibits.statements.empty()) {
        page.put(svg::not_assessed(l.would_help.empty() && found != lenses.end() ? found->question : l.would_help) + "</div>");
        return;
    }
    // By turns one of the region and one by country.
    std::size_t charts = ahead != nullptr ? 1 : 0, regional = 0, countries = 0, statements = 0;
    while (charts < room.charts && (regional < exhibits.regional.size() || countries < exhibits.countries.size())) {
        if (regional < exhibits.regional.size() && (regional <= countries || countries >= exhibits.countries.size())) chart(page, *exhibits.regional[regional++]);
        else chart(page, exhibits.countries[countries++], room.other_countries);
        ++charts;
    }
    for (const auto* f : exhibits.statements) {
        if (++statements > room.statements) break;
        const std::string said = f->rows.empty() || f->rows.front().text.empty() ? f->title : f->rows.front().text;
        page.put("<p class=\"judged\"><span class=\"tag\">" + escape(en::kJudged) + "</span> " + escape(said) + " " + evidence_link(f->id) + "</p>");
    }
    std::size_t more = exhibits.regional.size() - regional + exhibits.statements.size() - std::min(exhibits.statements.size(), room.statements);
    for (std::size_t i = countries; i < exhibits.countries.size(); ++i) more += exhibits.countries[i].size();
    if (more == 1) page.paragraph(en::kOneMore, "note");
    if (more > 1) page.paragraph(fmt::format(en::kMore, more), "note");
    page.put("</div>");
}

}  // namespace threatlas::publish::html

// Every figure with its first row, and what a click opens.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/json.hpp"
#include "publish/explain.hpp"
#include "publish/format.hpp"
#include "publish/html/page.hpp"
#include "publish/html/style.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::html {
namespace {

namespace en = text::english;

bool valued(const assess::Figure& f) { return f.value.q95 != 0 || f.value.q50 != 0; }

// As the report goes: area, threat by rank, lens, then the region before its countries.
std::vector<const assess::Figure*> in_order(const Page& page) {
    const auto& catalogue = page.catalogue();
    std::map<std::string, std::size_t> areas, ranks, lenses;
    for (const auto& area : catalogue.areas) areas.emplace(area.id, areas.size());
    for (const auto& lens : catalogue.lenses) lenses.emplace(lens.id, lenses.size());
    for (const auto& t : page.assessment().ranking) ranks.emplace(t.threat, 1000 * areas[t.area] + static_cast<std::size_t>(t.rank));
    std::vector<const assess::Figure*> out;
    for (const auto& f : page.assessment().figures) out.push_back(&f);
    std::stable_sort(out.begin(), out.end(), [&](const auto* a, const auto* b) {
        const auto key = [&](const assess::Figure& f) { return std::tuple(ranks[f.threat], lenses[f.lens], f.title, f.place); };
        return key(*a) < key(*b);
    });
    return out;
}

void table(Page& page) {
    page.heading(1, "annex", en::kAnnex);
    page.paragraph(en::kAnnexText);
    if (page.options().withheld > 0) page.paragraph(fmt::format(en::kWithheld, page.options().withheld), "note");
    // Lines, not a table: paper takes five times as long to set a table of a thousand rows.
    page.put("<div class=\"annex\">\n");
    const bool open = page.options().edition == Edition::public_edition;   // there it matters what was public before
    for (const auto* each : in_order(page)) {
        const auto& f = *each;
        const auto* country = page.catalogue().country(f.place);
        std::string value, first = f.citation;
        if (valued(f)) value = number(f.value.q50) + " (" + number(f.value.q05) + " to " + number(f.value.q95) + ") " + text::unit_words(f.unit, page.catalogue());
        if (!f.rows.empty()) first = f.rows.front().file + ":" + std::to_string(f.rows.front().row) + (f.rows.size() > 1 ? fmt::format(en::kMoreRows, number(static_cast<double>(f.rows.size() - 1))) : "");
        std::string words;
        for (const std::string& part : {f.title, f.place.empty() ? std::string(en::kRegion) : country != nullptr ? country->name : f.place, value, valued(f) ? fmt::format(en::kScoreOf, fixed(f.score.q50, 0)) : "", first, f.already_public && open ? std::string(en::kAlreadyPublic) : ""})
            if (!part.empty()) words += " · " + part;
        page.put("<p id=\"" + escape(f.id) + "\">" + evidence_link(f.id) + escape(words) + "</p>\n");
    }
    page.put("</div>\n");
}

core::json::value opened(const Page& page, const assess::Figure& f) {
    constexpr std::size_t kRows = 40;
    core::json::array rows;
    for (std::size_t i = 0; i < f.rows.size() && i < kRows; ++i) {
        const auto& r = f.rows[i];
        rows.push_back({r.file, r.row, r.what, r.place, r.period, row_value(r), r.unit, r.text.empty() ? r.dims : r.text});
    }
    const auto* s = f.sources.empty() ? nullptr : page.catalogue().source(f.sources.front());
    std::string source = s != nullptr ? s->publisher + ": " + s->title : f.citation;
    if (f.already_public) source += " (" + std::string(en::kAlreadyPublic) + ")";
    return {{"title", f.title}, {"basis", f.basis}, {"place", f.place}, {"formula", f.formula}, {"note", f.note}, {"citation", f.citation}, {"handling", f.handling}, {"source", source},
            {"value", number(f.value.q50) + " (90 %: " + number(f.value.q05) + " to " + number(f.value.q95) + ") " + text::unit_words(f.unit, page.catalogue())},
            {"score", fixed(f.score.q50, 0) + " (" + fixed(f.score.q05, 0) + " to " + fixed(f.score.q95, 0) + ")"}, {"count", f.rows.size()}, {"rows", rows}};
}

}  // namespace

void annex(Page& page) {
    table(page);
    core::json::object all;
    for (const auto& f : page.assessment().figures) all[f.id] = opened(page, f);
    std::string text = core::write_json(all);
    // No '<' at all: neither an end of the script nor a comment can begin in the data.
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; at += 6) text.replace(at, 1, "\\u003c");
    page.put("<dialog id=\"open\" aria-label=\"Evidence\"></dialog><script type=\"application/json\" id=\"evidence\">" + text + "</script><script>" + kScript + "</script>\n");
}

}  // namespace threatlas::publish::html

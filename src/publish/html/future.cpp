// How the forecasts have done; what is arising; the outlook of a threat.
#include <fmt/format.h>

#include <algorithm>

#include "publish/format.hpp"
#include "publish/html/page.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"
#include "publish/text/future.hpp"

namespace threatlas::publish::html {
namespace {

namespace en = text::english;
constexpr std::size_t kDrawn = 9;   // signals with a chart: three rows of three
constexpr double kDoubtful = 0.5;   // share of false from which a signal is only listed

void card(Page& page, const assess::ArisingSignal& each) {
    const auto& s = each.signal;
    const auto& states = page.options().follow_up.states;
    const auto state = states.find(s.id);
    page.put("<div class=\"multiple\"><p class=\"finding\">" + escape(s.title) + "</p>" + svg::signal(s) + "<p class=\"chart\">" + escape(s.sentence.substr(std::min(s.title.size() + 2, s.sentence.size()))) + " " +
             escape(fmt::format(en::kMayBeFalse, percent(s.q))) + (state != states.end() ? ", " + escape(state->second) : "") + ". <span class=\"id\">" + escape(s.id) + "</span></p></div>\n");
}

void list(Page& page, const std::vector<const assess::ArisingSignal*>& rest) {
    if (rest.empty()) return;
    page.heading(3, "further-signals", en::kMoreSignals);
    page.begin_table({"Signal", "What", "Kind", "Period", "Seen", "Expected", "May be false"}, "figures");
    for (const auto* each : rest) {
        const auto& s = each->signal;
        page.row({escape(s.id), escape(s.title), escape(s.kind), escape(s.period), number(s.seen), number(s.expected), percent(s.q)});
    }
    page.end_table();
}

}  // namespace

void forecasts_done(Page& page) {
    const auto& skill = page.assessment().skill;
    const auto& scores = page.options().follow_up.scores;
    const bool closed = std::any_of(scores.begin(), scores.end(), [](const auto& s) { return s.fits > 0; });
    if (skill.empty() && !closed) return;
    page.heading(1, "forecasts-done", en::kForecastsDone, true);
    page.paragraph(en::kForecastsDoneText);
    const auto share = [](double x) { return percent(x); };
    if (closed) {
        page.heading(3, "forecasts-closed", en::kForecastsClosed);
        page.begin_table({"Assessment", "Known on", "Periods closed", "In 50 %", "In 80 %", "In 95 %", "Score", "Last year again", "Brier of 'will rise'", "Of the share that rose"}, "figures");
        for (const auto& s : scores)
            if (s.fits > 0)
                page.row({escape(s.created_for), day_text(s.as_of), fixed(s.fits, 0), share(s.cover50), share(s.cover80), share(s.cover95), fixed(s.crps, 2), fixed(s.crps_naive, 2), s.rises > 0 ? fixed(s.brier, 2) : "–", s.rises > 0 ? fixed(s.climatology, 2) : "–"});
        page.end_table();
    } else page.paragraph(en::kNothingClosed);
    if (skill.empty()) return;
    page.heading(3, "forecasts-before", en::kForecastsBefore);
    page.begin_table({"Series", "Method", "Forecasts", "In 50 %", "In 80 %", "In 95 %", "Score"}, "figures");
    for (const auto& s : skill) page.row({escape(s.kind), escape(s.method), fixed(s.fits, 0), share(s.cover50), share(s.cover80), share(s.cover95), fixed(s.crps, 2)});
    page.end_table();
}

void arising(Page& page) {
    const auto& a = page.assessment().arising;
    page.heading(1, "arising", en::kArising);
    if (a.months == 0) return page.paragraph(en::kNothingWatched);
    std::vector<std::string> newest;
    for (const auto& [source, period] : a.newest) {
        const auto* known = page.catalogue().source(source);
        newest.push_back((known != nullptr ? known->title : source) + ": " + period);
    }
    if (page.options().edition == Edition::public_edition) page.paragraph(fmt::format(en::kArisingTextPublic, a.months, a.signals.size()));
    else if (a.signals.empty()) page.paragraph(fmt::format(en::kNoSignal, a.months, fixed(a.budget, 0)));
    else page.paragraph(fmt::format(en::kArisingText, number(a.series), number(a.tests), text::listed(newest), a.months, a.signals.size(), fixed(a.budget, 0)));
    const auto& o = page.options().follow_up.outcomes;
    if (o.open + o.closed_true + o.closed_false + o.undecided > 0) {
        std::string words = fmt::format(en::kOutcomes, o.open, o.closed_true, o.closed_false, o.undecided);
        if (o.closed_true + o.closed_false > 0) words += fmt::format(en::kOutcomesShare, percent(o.ppv), percent(o.ppv_low), percent(o.ppv_high));
        if (o.with_lead > 0) words += fmt::format(en::kOutcomesLead, number(o.lead_days), o.with_lead);
        page.paragraph(words);
    }
    if (a.signals.empty()) return;
    page.put("<div class=\"multiples\">\n");
    std::vector<const assess::ArisingSignal*> rest;
    std::size_t drawn = 0;
    for (const auto& each : a.signals) {
        if (drawn < kDrawn && each.signal.q <= kDoubtful && !each.signal.points.empty()) card(page, each), ++drawn;
        else rest.push_back(&each);
    }
    page.put("</div>\n");
    if (drawn > 0) page.paragraph(en::kSignalDrawn, "note");
    list(page, rest);
}

void outlook(Page& page, const assess::Outlook& o) {
    page.put("<p class=\"finding\">" + escape(text::outlook_sentence(o, page.catalogue())) + "</p><p class=\"chart\">" + escape(fmt::format(en::kOutlookTitle, text::in_sentence(o.title)) + ". " + text::outlook_change(o, page.assessment().manifest.as_of)) + " " +
             (o.figure.empty() ? "" : evidence_link(o.figure)) + "</p>" + svg::fan(o));
}

}  // namespace threatlas::publish::html

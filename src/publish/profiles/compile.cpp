// From an assessment to what it says of one area.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.hpp"
#include "publish/format.hpp"
#include "publish/profiles/profile.hpp"
#include "publish/profiles/statements.hpp"
#include "publish/text/findings.hpp"
#include "publish/text/future.hpp"

namespace threatlas::publish {

using assess::Figure;
using core::ErrorCode;
using core::fail;

namespace profiles {

namespace {

constexpr std::size_t kRows = 8, kPlaces = 8, kIndicators = 5, kJudged = 4, kSignals = 12, kGaps = 12;

bool on_routes(const Compiler& c, const Figure& f) {
    const auto* indicator = c.catalogue.indicator(f.indicator);
    if (indicator == nullptr) return false;
    static const std::set<std::string> kOver{"route", "routing", "departure", "destination", "border", "border_section", "transport", "means_of_transport"};
    return kOver.contains(indicator->over) || indicator->dims.contains("route");
}

// A judgement's own words, as a sentence.
std::string first_row_text(const Figure& f) {
    std::string out = f.rows.empty() || f.rows.front().text.empty() ? f.title : f.rows.front().text;
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') out.front() = static_cast<char>(out.front() - 'a' + 'A');
    if (!out.empty() && std::string_view(".!?)").find(out.back()) == std::string_view::npos) out += '.';
    return out;
}

std::string period_of(const Figure& f) {
    if (!f.from.empty() && !f.to.empty()) return f.from == f.to ? f.to : f.from + " to " + f.to;
    return f.series.empty() ? std::string() : f.series.back().period;
}

// What a figure shows, in a sentence.
std::string shown(const Compiler& c, const Figure& f) {
    if (f.parts.size() > 1) return f.title + ": " + text::parts_finding(f, c.catalogue) + ".";
    const auto* country = c.catalogue.country(f.place);
    std::string out = f.title + (f.place.empty() ? "" : " in " + (country != nullptr ? country->name : f.place)) + ": " + number(f.value.q50) + " " + text::unit_words(f.unit, c.catalogue);
    if (f.value.q95 > f.value.q05) out += " (90 %: " + number(f.value.q05) + " to " + number(f.value.q95) + ")";
    if (const std::string period = period_of(f); !period.empty()) out += ", " + period;
    return out + ".";
}

void judged(Compiler& c, const char* section, const assess::ThreatResult& t, const std::function<bool(const Figure&)>& wanted) {
    std::size_t said = 0;
    for (const Figure* f : c.figures_of(t.threat))
        if (f->basis == "judged" && wanted(*f) && said++ < kJudged) c.say(section, "judged/" + f->id, "assessment", first_row_text(*f), t.threat, {f});
}

void overview(Compiler& c, const assess::ThreatResult& t) {
    std::string words = fmt::format("{} is number {} of {} in the ranking (90 %: {} to {}).", t.title, t.rank, c.assessment.ranking.size(), t.rank_low, t.rank_high);
    const Figure* trend = c.figure(t.trend.figure);
    words += " " + text::trend_sentence(t, c.catalogue, trend);
    c.say("overview", "rank/" + t.threat, "assessment", words, t.threat, trend != nullptr ? std::vector{trend} : std::vector<const Figure*>{});
}

void groups(Compiler& c, const assess::ThreatResult& t) {
    for (const Figure* f : c.figures_of(t.threat))
        if (f->basis == "measured" && f->criterion == "actor_capability" && f->lens != "modi_operandi" && f->place.empty()) c.say("groups", "figure/" + f->indicator + "/", "fact", shown(c, *f), t.threat, {f});
    judged(c, "groups", t, [](const Figure& f) { return f.criterion == "actor_capability" && f.lens != "modi_operandi"; });
}

void modi_operandi(Compiler& c, const assess::ThreatResult& t) {
    if (!t.modi_operandi.empty()) {
        std::vector<std::string> titles;
        std::vector<const Figure*> from;
        for (const auto& id : t.modi_operandi) {
            const model::Code* code = c.catalogue.code(id);
            titles.push_back(code == nullptr ? id : text::in_sentence(code->title));
        }
        for (const Figure* f : c.figures_of(t.threat))
            if (f->basis == "judged" && f->lens == "modi_operandi" && from.size() < kPlaces) from.push_back(f);
        c.say("modi_operandi", "codes/" + t.threat, "assessment", "Stated by members and sources for " + text::in_sentence(t.title) + ": " + text::listed(titles) + ".", t.threat, from);
    }
    for (const Figure* f : c.figures_of(t.threat))
        if (f->basis == "measured" && f->lens == "modi_operandi" && f->place.empty() && !on_routes(c, *f)) c.say("modi_operandi", "figure/" + f->indicator + "/", "fact", shown(c, *f), t.threat, {f});
    judged(c, "modi_operandi", t, [](const Figure& f) { return f.lens == "modi_operandi"; });
}

void routes(Compiler& c, const assess::ThreatResult& t) {
    for (const Figure* f : c.figures_of(t.threat))
        if (f->basis == "measured" && f->place.empty() && on_routes(c, *f)) {
            std::string words = shown(c, *f);
            if (f->parts.size() <= 1 && f->series.size() > 2) words += " " + text::series_finding(*f) + ".";
            c.say("routes", "figure/" + f->indicator + "/", "fact", words, t.threat, {f});
        }
    if (!t.roles.empty()) {
        std::vector<std::string> roles;
        for (const auto& each : t.roles) {
            const auto known = std::find_if(c.catalogue.grades.begin(), c.catalogue.grades.end(), [&](const auto& grade) { return grade.scheme == "role" && grade.word == each; });
            roles.push_back(known == c.catalogue.grades.end() ? each : known->meaning);
        }
        c.say("routes", "roles/" + t.threat, "assessment", "What members and sources say of the region in " + text::in_sentence(t.title) + ": " + text::listed(roles) + ".", t.threat, {});
    }
    judged(c, "routes", t, [](const Figure& f) { return f.criterion == "cross_border_reach"; });
}

// By indicator the countries, members first, highest first.
std::map<std::string, std::vector<const Figure*>> by_place(const Compiler& c, const std::string& threat) {
    std::map<std::string, std::vector<const Figure*>> out;
    for (const Figure* f : c.figures_of(threat))
        if (f->basis == "measured" && !f->place.empty() && f->measure != "trend" && f->measure != "harm") out[f->indicator].push_back(f);
    for (auto& [indicator, list] : out)
        std::stable_sort(list.begin(), list.end(), [&](const Figure* a, const Figure* b) { return std::pair(!text::in_region(a->place, c.catalogue), -a->value.q50) < std::pair(!text::in_region(b->place, c.catalogue), -b->value.q50); });
    return out;
}

void places(Compiler& c, const assess::ThreatResult& t) {
    const auto all = by_place(c, t.threat);
    const std::vector<const Figure*>* best = nullptr;
    for (const auto& [indicator, list] : all)
        if (best == nullptr || list.size() > best->size()) best = &list;
    if (best == nullptr) return;
    std::vector<const Figure*> first(best->begin(), best->begin() + static_cast<std::ptrdiff_t>(std::min(best->size(), kPlaces)));
    std::vector<std::string> named;
    for (const Figure* f : first) {
        const auto* country = c.catalogue.country(f->place);
        named.push_back((country != nullptr ? country->name : f->place) + " " + number(f->value.q50));
    }
    const Figure& one = *first.front();
    c.say("places", "places/" + one.indicator, "fact", t.title + ", by " + text::in_sentence(one.title) + ", " + text::unit_words(one.unit, c.catalogue) + ": " + core::join(named, ", ") + ".", t.threat, first);
}

// What is counted behind a figure of victims, in its latest period: the rows themselves, so a small count is a count.
struct Counted {
    std::string period;
    double low = 0, high = 0;
};
std::optional<Counted> victims_behind(const Compiler& c, const Figure& f) {
    std::optional<Counted> out;
    for (const auto& row : f.rows) {
        const auto* what = c.catalogue.what(row.what);
        if (what == nullptr || what->nature != "victim" || (row.unit != "count" && row.unit != "persons") || (row.state != "measured" && row.state != "censored")) continue;
        if (!out || row.period > out->period) out = Counted{row.period, 0, 0};
        if (row.period == out->period) out->low += row.value, out->high += row.state == "censored" ? row.upper : row.value;
    }
    return out;
}

void victims(Compiler& c, const assess::ThreatResult& t) {
    for (const auto& [indicator, list] : by_place(c, t.threat)) {
        std::vector<std::string> named;
        std::vector<const Figure*> from;
        std::set<std::string> known;
        for (const Figure* f : list) {
            if (!text::in_region(f->place, c.catalogue)) continue;
            const auto counted = victims_behind(c, *f);
            if (!counted) continue;
            const auto* country = c.catalogue.country(f->place);
            named.push_back(fmt::format("{} {}{} ({})", country != nullptr ? country->name : f->place, number(counted->low), counted->high > counted->low ? " to " + number(counted->high) : "", counted->period));
            from.push_back(f), known.insert(f->place);
        }
        if (named.empty()) continue;
        c.say("victims", "counts/" + t.threat, "fact", "Victims recorded for " + text::in_sentence(t.title) + ", last period each: " + core::join(named, ", ") + ".", t.threat, from);
        std::vector<std::string> silent;
        for (const auto& country : c.catalogue.countries)
            if (country.role == "member_country" && !known.contains(country.id)) silent.push_back(country.name);
        if (!silent.empty()) c.say("victims", "silent/" + t.threat, "gap", "No figures of victims of " + text::in_sentence(t.title) + " from " + text::listed(silent) + ": not known, which is not none.", t.threat, {});
        return;
    }
}

void indicators(Compiler& c, const assess::ThreatResult& t) {
    std::size_t said = 0;
    for (const Figure* f : c.figures_of(t.threat)) {
        if (f->basis != "measured" || !f->place.empty() || f->measure == "harm" || f->measure == "signals" || c.cited(*f) || said++ >= kIndicators) continue;
        c.say("indicators", "figure/" + f->indicator + "/", "fact", shown(c, *f), t.threat, {f});
    }
}

void arising(Compiler& c, const std::vector<assess::ArisingSignal>& further) {
    std::set<std::string> told;
    const auto tell = [&](const assess::ArisingSignal& each) {
        const auto& s = each.signal;
        const bool ours = std::any_of(s.threats.begin(), s.threats.end(), [&](const auto& id) { return c.threats.contains(id); });
        if (!ours || c.profile.signals.size() >= kSignals || !told.insert(s.id).second) return;
        c.profile.signals.push_back(each);
        c.profile.signals.back().signal.rows.clear();
        c.say("arising", "signal/" + s.id, "fact", s.sentence + " Of signals as sure, " + percent(s.q) + " are false.", s.threats.front(), {}, s.handling);
    };
    for (const auto& each : c.assessment.arising.signals) tell(each);
    for (const auto& each : further) tell(each);
    const auto& watched = c.assessment.arising.threats;
    const bool any = std::any_of(watched.begin(), watched.end(), [&](const auto& id) { return c.threats.contains(id); });
    if (told.empty() && any) c.say("arising", "quiet", "fact", fmt::format("No signal in the {} months watched.", c.assessment.arising.months), "", {});
}

void forecasts(Compiler& c) {
    for (const auto& o : c.assessment.outlooks) {
        if (!c.threats.contains(o.threat)) continue;
        const std::string words = text::outlook_sentence(o, c.catalogue);
        if (words.empty()) continue;
        c.profile.outlooks.push_back(o);
        const Figure* f = c.figure(o.figure);
        c.say("forecasts", "outlook/" + o.threat, "assessment", o.title + ": " + words + " " + text::outlook_change(o, c.assessment.manifest.as_of), o.threat, f != nullptr ? std::vector{f} : std::vector<const Figure*>{});
    }
}

std::string unknown(std::string_view section) {
    static const std::map<std::string_view, const char*> kWhat{{"overview", "how grave it is"}, {"groups", "offender groups"}, {"modi_operandi", "modi operandi"}, {"routes", "routes"}, {"places", "places"}, {"victims", "its victims"}, {"indicators", "indicators"}};
    if (section == "arising") return "Not known: no series of this area is watched, so nothing can be said of what is arising.";
    if (section == "forecasts") return "Not known: no series of this area is long enough to say what comes next.";
    return std::string("Not known: nothing that was handed in or published speaks of ") + kWhat.at(section) + " in this area.";
}

void gaps(Compiler& c) {
    for (const auto& [id, title] : kProfileSections) {
        if (std::string_view(id) == "gaps") continue;
        const auto& said = c.section(id).statements;
        if (said.empty()) c.say(id, "none", "gap", unknown(id), "", {});
    }
    std::size_t said = 0;
    for (const auto& gap : c.assessment.gaps) {
        if (!c.threats.contains(gap.threat) || said++ >= kGaps) continue;
        c.say("gaps", "gap/" + gap.threat + "/" + gap.criterion + "/" + gap.member, "gap", gap.question, gap.threat, {});
    }
    for (const auto& t : c.profile.threats)
        for (const auto& lens : t.lenses)
            if (!lens.assessed && !lens.would_help.empty()) {
                const auto found = std::find_if(c.catalogue.lenses.begin(), c.catalogue.lenses.end(), [&](const auto& each) { return each.id == lens.lens; });
                c.say("gaps", "lens/" + t.threat + "/" + lens.lens, "gap", t.title + ", " + text::in_sentence(found == c.catalogue.lenses.end() ? lens.lens : found->title) + ": not assessed. " + lens.would_help, t.threat, {});
            }
}

}  // namespace

Compiler::Compiler(const assess::Assessment& a, const model::Catalogue& cat, AreaProfile& out) : assessment(a), catalogue(cat), profile(out) {
    for (const auto& [id, title] : kProfileSections) profile.sections.push_back({id, title, {}});
    for (const auto& f : a.figures) figures_[f.id] = &f;
}

const Figure* Compiler::figure(const std::string& id) const {
    const auto found = figures_.find(id);
    return found == figures_.end() ? nullptr : found->second;
}

std::vector<const Figure*> Compiler::figures_of(const std::string& threat) const {
    std::vector<const Figure*> out;
    for (const auto& f : assessment.figures)
        if (f.threat == threat) out.push_back(&f);
    return out;
}

ProfileSection& Compiler::section(std::string_view id) {
    return *std::find_if(profile.sections.begin(), profile.sections.end(), [&](const auto& each) { return each.id == id; });
}

bool Compiler::cited(const Figure& f) const { return cited_.contains(f.id); }

void Compiler::say(std::string_view section_id, std::string key, std::string nature, std::string words, std::string threat, const std::vector<const Figure*>& figures, const std::string& handling) {
    ProfileStatement out{std::string(section_id) + "/" + std::move(key), std::move(nature), std::move(words), std::move(threat), {}, {}, handling};
    store::Protection marks;
    std::set<std::string> by;
    for (const Figure* f : figures) {
        out.figures.push_back(f->id);
        marks.add(store::parse_marking(f->handling), "");
        for (const auto& row : f->rows)
            if (f->basis == "judged" && !row.member.empty()) by.insert(row.member);
        by.insert(f->sources.begin(), f->sources.end());
        if (cited_.insert(f->id).second) {
            profile.figures.push_back(*f);
            auto& rows = profile.figures.back().rows;
            if (rows.size() > kRows) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(kRows));   // the latest stand last
        }
    }
    if (!figures.empty()) out.handling = marks.handling();
    out.by.assign(by.begin(), by.end());
    section(section_id).statements.push_back(std::move(out));
}

}  // namespace profiles

core::Result<AreaProfile> compile_profile(const assess::Assessment& assessment, const model::Catalogue& catalogue, const std::string& area, const std::vector<assess::ArisingSignal>& further) {
    const auto known = std::find_if(catalogue.areas.begin(), catalogue.areas.end(), [&](const auto& each) { return each.id == area; });
    if (known == catalogue.areas.end()) {
        std::vector<std::string> all;
        for (const auto& each : catalogue.areas) all.push_back(each.id);
        return fail(ErrorCode::bad_input, "the catalogue has no crime area '" + area + "'; it has " + core::join(all, ", "));
    }
    AreaProfile out;
    out.area = area, out.title = known->title, out.assessment = assessment.id, out.created_for = assessment.manifest.created_for, out.as_of = assessment.manifest.as_of;
    profiles::Compiler c(assessment, catalogue, out);
    for (const auto& t : assessment.ranking)
        if (t.area == area) out.threats.push_back(t), c.threats.insert(t.threat);
    if (out.threats.empty()) return fail(ErrorCode::not_enough_data, "the assessment has no threat of '" + area + "'");
    for (const auto& t : out.threats) {
        profiles::overview(c, t);
        profiles::groups(c, t);
        profiles::modi_operandi(c, t);
        profiles::routes(c, t);
        profiles::places(c, t);
        profiles::victims(c, t);
    }
    for (const auto& t : out.threats) profiles::indicators(c, t);
    profiles::arising(c, further);
    profiles::forecasts(c);
    profiles::gaps(c);
    return out;
}

}  // namespace threatlas::publish

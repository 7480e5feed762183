// The profile of a crime area: offender groups, modi operandi, routes, places, victims as counts, indicators, what is
// arising and what comes next, each statement with the figures it rests on. Compiled from one assessment, never written
// by hand; what is not known is a statement too. It carries the figures it cites, so it opens on any node.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "assess/assessment.hpp"
#include "core/calendar.hpp"
#include "core/json.hpp"
#include "model/catalogue.hpp"
#include "publish/publish.hpp"
#include "publish/svg/map.hpp"

namespace threatlas::publish {

struct ProfileStatement {
    std::string key;                     // the same from version to version: 'routes/figure/drugs.cocaine.routing/'
    std::string nature;                  // fact, assessment or gap
    std::string text, threat;
    std::vector<std::string> figures;    // evidence ids, within the profile
    std::vector<std::string> by;         // who says so: members of a judgement, sources of a figure
    std::string handling;                // of its own inputs
    static constexpr auto fields() {
        using T = ProfileStatement;
        using model::field;
        return std::make_tuple(field("key", &T::key, "the same from version to version"), field("nature", &T::nature, "fact, assessment or gap"), field("text", &T::text, "in words"), field("threat", &T::threat, "threat id"),
            field("figures", &T::figures, "evidence ids"), field("by", &T::by, "who says so"), field("handling", &T::handling, "of its inputs"));
    }
};
struct ProfileSection {
    std::string id, title;
    std::vector<ProfileStatement> statements;
    static constexpr auto fields() {
        using T = ProfileSection;
        return std::make_tuple(model::field("id", &T::id, "section"), model::field("title", &T::title, "title"), model::field("statements", &T::statements, "what it says"));
    }
};

struct AreaProfile {
    std::string id;                      // 'rs_mup.drugs.3'
    std::string organisation, area, title;
    int version = 0;
    std::string edition = "restricted";  // restricted or public
    std::string assessment, created_for; // which it was compiled from
    core::Day as_of{};
    std::string made, person;            // when, by whom
    std::string handling;                // join of all inputs
    std::vector<std::string> originators;
    int withheld = 0;                    // figures that the disclosure rules took out
    std::vector<ProfileSection> sections;
    std::vector<assess::ThreatResult> threats;
    std::vector<assess::Figure> figures; // cited; at most eight rows of each
    std::vector<assess::Outlook> outlooks;
    std::vector<assess::ArisingSignal> signals;
    static constexpr auto fields() {
        using T = AreaProfile;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("organisation", &T::organisation, "who compiled it"), field("area", &T::area, "crime area"), field("title", &T::title, "title"), field("version", &T::version, "from 1"), field("edition", &T::edition, "restricted or public"),
            field("assessment", &T::assessment, "assessment id"), field("created_for", &T::created_for, "its title"), field("as_of", &T::as_of, "known on that day"), field("made", &T::made, "when"), field("person", &T::person, "by whom"), field("handling", &T::handling, "join of all inputs"),
            field("originators", &T::originators, "whose marks bind it"), field("withheld", &T::withheld, "figures the disclosure rules took out"), field("sections", &T::sections, "what it says"), field("threats", &T::threats, "the area's threats in the ranking"),
            field("figures", &T::figures, "cited"), field("outlooks", &T::outlooks, "forecasts"), field("signals", &T::signals, "what is arising"));
    }
};

inline constexpr std::pair<const char*, const char*> kProfileSections[] = {{"overview", "In short"}, {"groups", "Offender groups"}, {"modi_operandi", "Modi operandi"}, {"routes", "Routes and how they change"}, {"places", "Places"},
                                                                          {"victims", "Victims, as counts"}, {"indicators", "Indicators"}, {"arising", "What is arising"}, {"forecasts", "What comes next"}, {"gaps", "What is not known"}};

// Of an assessment as the reader has it, or as disclose() left it. Everything but id, organisation, version, made, person,
// handling and originators. further: signals found since. bad_input for an area the catalogue lacks; not_enough_data when
// the assessment has no threat of it.
core::Result<AreaProfile> compile_profile(const assess::Assessment& assessment, const model::Catalogue& catalogue, const std::string& area, const std::vector<assess::ArisingSignal>& further);

// What changed from one version to another, in words and in fields.
struct ProfileChange {
    std::string section, key, kind;      // added, gone, changed
    std::string before, after;           // texts; of a figure its value
    static constexpr auto fields() {
        using T = ProfileChange;
        using model::field;
        return std::make_tuple(field("section", &T::section, "section, 'figures' or 'fields'"), field("key", &T::key, "statement, figure or field"), field("kind", &T::kind, "added, gone or changed"), field("before", &T::before, "before"), field("after", &T::after, "after"));
    }
};
struct ProfileDiff {
    std::string from, to, summary;
    std::vector<ProfileChange> changes;
    static constexpr auto fields() {
        using T = ProfileDiff;
        return std::make_tuple(model::field("from", &T::from, "earlier"), model::field("to", &T::to, "later"), model::field("summary", &T::summary, "in one sentence"), model::field("changes", &T::changes, "statement by statement"));
    }
};
ProfileDiff compare_profiles(const AreaProfile& from, const AreaProfile& to);

// One self-contained page, as html_report. state: 'draft', 'approved by ...', printed on the cover.
std::string html_profile(const AreaProfile& profile, const model::Catalogue& catalogue, const std::vector<svg::Shape>& map, const std::string& state);
// The words alone, for a terminal and for what carries it.
std::string profile_text(const AreaProfile& profile);

// Read back: bad_input for what is no profile, or is beyond what a page can hold.
core::Result<AreaProfile> read_profile(const core::json::value& value, const std::string& where);

}  // namespace threatlas::publish

// The catalogue: what another region would change. Loaded from a folder of YAML files, one per list,
// named like the members of Catalogue below (members.yaml, threats.yaml ...), each a list of records
// whose keys are the field names, and map.geojson. Values anchors etc. are on the scales stated with each
// field. A `required` field must be there and say something.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"

namespace threatlas::model {

struct Country {
    std::string id, iso3, name;
    std::vector<std::string> aliases;   // every other spelling a source uses: 'EL', 'UNK', 'Macedonia'
    std::string role;                   // member_country, territory, neighbour, partner
    std::string footnote;
    std::map<std::string, double> population;  // year -> inhabitants
    static constexpr auto fields() {
        using T = Country;
        return std::make_tuple(required("id", &T::id, "ISO 3166 alpha-2, XK for Kosovo*"), required("iso3", &T::iso3, "ISO 3166 alpha-3"),
            required("name", &T::name, "English name"), field("aliases", &T::aliases, "other names and codes in sources"),
            required("role", &T::role, "member_country, territory, neighbour or partner"), field("footnote", &T::footnote, "printed wherever the name stands"),
            field("population", &T::population, "inhabitants by year"));
    }
};
struct Member {
    std::string id, name, organisation, country;
    static constexpr auto fields() {
        using T = Member;
        return std::make_tuple(required("id", &T::id, "member id, never a country code"), required("name", &T::name, "short name"),
            required("organisation", &T::organisation, "the police organisation"), required("country", &T::country, "country it reports for"));
    }
};
struct Area {
    std::string id, title, summary;
    static constexpr auto fields() {
        using T = Area;
        return std::make_tuple(required("id", &T::id, "area id"), required("title", &T::title, "title"), required("summary", &T::summary, "what it covers"));
    }
};
struct Threat {
    std::string id, area, title, definition, parent;  // parent: id or empty; a cycle is refused
    std::vector<std::string> iccs, misp, modi_operandi;
    double dark_figure_low = 1, dark_figure_high = 1;  // true events per recorded event
    std::string dark_figure_source;
    double harm_days_low = 0, harm_days_high = 0;      // sentence days per offence
    std::string harm_source;                           // citation, or 'founders' assumption'
    static constexpr auto fields() {
        using T = Threat;
        return std::make_tuple(required("id", &T::id, "threat id"), required("area", &T::area, "area id"), required("title", &T::title, "title"),
            required("definition", &T::definition, "definition"), field("parent", &T::parent, "wider threat, if any"),
            field("iccs", &T::iccs, "ICCS codes"), field("misp", &T::misp, "MISP taxonomy tags"),
            field("modi_operandi", &T::modi_operandi, "codes known for it"),
            field("dark_figure_low", &T::dark_figure_low, "events per recorded event, low"), field("dark_figure_high", &T::dark_figure_high, "events per recorded event, high"),
            field("dark_figure_source", &T::dark_figure_source, "source or founders' assumption"),
            required("harm_days_low", &T::harm_days_low, "sentence days per offence, low"), required("harm_days_high", &T::harm_days_high, "sentence days per offence, high"),
            required("harm_source", &T::harm_source, "source or founders' assumption"));
    }
};
struct Lens {
    std::string id, title, question;
    static constexpr auto fields() {
        using T = Lens;
        return std::make_tuple(required("id", &T::id, "lens id"), required("title", &T::title, "title"), required("question", &T::question, "what it asks"));
    }
};
struct Criterion {
    std::string id, component, title, question, source;  // component: threat, vulnerability, impact
    double weight = 0;            // weights over all criteria sum to 1
    std::vector<std::string> anchors;  // words for 0, 25, 50, 75, 100
    std::vector<double> harm_days;     // sentence days for the same five, when threats' harm is scored here
    std::vector<std::string> aliases;  // ids of earlier catalogues, still understood in what is ingested
    static constexpr auto fields() {
        using T = Criterion;
        return std::make_tuple(required("id", &T::id, "criterion id"), required("component", &T::component, "threat, vulnerability or impact"),
            required("title", &T::title, "title"), required("question", &T::question, "what it asks"), required("source", &T::source, "where the weight comes from"),
            required("weight", &T::weight, "central weight; all sum to 1"), required("anchors", &T::anchors, "words for 0, 25, 50, 75, 100"),
            field("harm_days", &T::harm_days, "sentence days for 0, 25, 50, 75, 100: the threats' harm is scored here"), field("aliases", &T::aliases, "earlier ids, still understood"));
    }
};
struct Code {   // modus operandi and other descriptive codes
    std::string id, title, definition, group;
    std::vector<std::string> iccs, misp, aliases;
    static constexpr auto fields() {
        using T = Code;
        return std::make_tuple(required("id", &T::id, "code: 'entry.window'"), required("title", &T::title, "title"), required("definition", &T::definition, "definition"),
            required("group", &T::group, "group of codes"), field("iccs", &T::iccs, "ICCS codes"), field("misp", &T::misp, "MISP taxonomy or galaxy tags"),
            field("aliases", &T::aliases, "what sources call it"));
    }
};
struct What {   // a thing that is measured; observations name it
    std::string id, title, nature, unit;
    std::vector<std::string> threats;   // threats it speaks of
    std::string note;
    static constexpr auto fields() {
        using T = What;
        return std::make_tuple(required("id", &T::id, "code used by observations"), required("title", &T::title, "title"), required("nature", &T::nature, "nature of its figures"),
            required("unit", &T::unit, "canonical unit"), field("threats", &T::threats, "threats it speaks of"), field("note", &T::note, "what to mind"));
    }
};
struct Unit {
    std::string id, title, base;        // base: unit it converts to
    double factor_low = 1, factor_high = 1;  // base units in one of it, as a range
    std::string drug, source;           // drug: conversion valid for this drug only
    static constexpr auto fields() {
        using T = Unit;
        return std::make_tuple(required("id", &T::id, "unit code"), required("title", &T::title, "title"), required("base", &T::base, "unit it converts to"),
            field("factor_low", &T::factor_low, "base units in one, low"), field("factor_high", &T::factor_high, "base units in one, high"),
            field("drug", &T::drug, "drug this conversion is for, or empty"), field("source", &T::source, "source or founders' assumption"));
    }
};
struct Drug {
    std::string id, threat, title;
    std::vector<std::string> aliases;
    static constexpr auto fields() {
        using T = Drug;
        return std::make_tuple(required("id", &T::id, "drug id"), required("threat", &T::threat, "threat id"), required("title", &T::title, "title"), field("aliases", &T::aliases, "names in sources"));
    }
};
struct Route {
    std::string id, title, kind;        // kind: migration, drugs
    std::vector<std::string> aliases, path;  // path: country ids or place names in order
    std::string source;
    static constexpr auto fields() {
        using T = Route;
        return std::make_tuple(required("id", &T::id, "route id"), required("title", &T::title, "title"), required("kind", &T::kind, "migration or drugs"),
            field("aliases", &T::aliases, "names in sources"), field("path", &T::path, "countries along it, in order"), required("source", &T::source, "where it is described"));
    }
};
struct Indicator {
    std::string id, title, threat, lens, criterion;
    std::string measure;                // rate, quantity, trend, share, mix_shift, signals, grade
    std::vector<std::string> whats;     // codes of `whats` it reads; summed
    std::map<std::string, std::string> dims;  // observation dims that must match; value may list 'a|b'
    std::string over;                   // for share and mix_shift: the dim whose mix is taken
    std::string part;                   // for share: the value(s) of `over` counted, 'a|b'; for signals: the kinds counted
    std::string scope;                  // country: one figure a country; region: one for the region
    std::string unit;                   // of the value: 'per_100k', 'kg', 'EUR', '%/year'
    int window_years = 3;               // periods read, back from the assessment's end
    int minimum_periods = 1;            // fewer: not assessed
    double speaks_for_low = 1, speaks_for_high = 1;  // share of the counted events that belong to the threat
    std::string speaks_for_source;
    std::vector<double> anchors;        // values at which the score is 0, 25, 50, 75, 100; monotone either way
    double anchor_spread = 0.15;        // relative standard deviation of each anchor
    std::string anchor_source;
    std::vector<std::string> sources;   // catalogue source ids it may read
    std::string citation, note;
    static constexpr auto fields() {
        using T = Indicator;
        return std::make_tuple(required("id", &T::id, "indicator id"), required("title", &T::title, "title"), required("threat", &T::threat, "threat id"),
            required("lens", &T::lens, "lens id"), required("criterion", &T::criterion, "criterion id"), required("measure", &T::measure, "rate, quantity, trend, share, mix_shift, signals or grade"),
            required("whats", &T::whats, "codes it reads"), field("dims", &T::dims, "dimensions that must match"), field("over", &T::over, "dimension of a share or mix"),
            field("part", &T::part, "values counted in a share; kinds of signals counted"), required("scope", &T::scope, "country or region"), required("unit", &T::unit, "unit of the value"),
            required("window_years", &T::window_years, "years read"), required("minimum_periods", &T::minimum_periods, "fewer periods: not assessed"),
            field("speaks_for_low", &T::speaks_for_low, "share of counted events that belong to the threat, low"), field("speaks_for_high", &T::speaks_for_high, "the same, high"),
            field("speaks_for_source", &T::speaks_for_source, "source or founders' assumption"), required("anchors", &T::anchors, "values scored 0, 25, 50, 75, 100"),
            field("anchor_spread", &T::anchor_spread, "relative standard deviation of an anchor"), required("anchor_source", &T::anchor_source, "source or founders' assumption"),
            required("sources", &T::sources, "sources it may read"), required("citation", &T::citation, "citation"), field("note", &T::note, "limits"));
    }
};
struct Source {
    std::string id, title, publisher, licence, url, cadence, definitions, gaps;
    bool already_public = true;
    bool contributed = false;   // a member's own figures: read by every indicator of their code
    std::string evaluation = "unevaluated", handling = "TLP:CLEAR";
    int review_after_years = 0;    // what came of it is reviewed so many years after it was taken in; 0: 5, judgements 3
    static constexpr auto fields() {
        using T = Source;
        return std::make_tuple(required("id", &T::id, "source id"), required("title", &T::title, "title"), required("publisher", &T::publisher, "publisher"),
            required("licence", &T::licence, "licence or terms"), field("url", &T::url, "where it is published"), field("cadence", &T::cadence, "how often"),
            required("definitions", &T::definitions, "what is counted"), field("gaps", &T::gaps, "known gaps"), field("already_public", &T::already_public, "published by a third party"), field("contributed", &T::contributed, "a member's own figures: read by every indicator of their code"),
            field("evaluation", &T::evaluation, "default source evaluation"), field("handling", &T::handling, "default handling"),
            field("review_after_years", &T::review_after_years, "years until a submission is reviewed; 0: five, judgements alone three"));
    }
};
struct YardstickWord {
    std::string yardstick, word;        // yardstick: phia, icd203
    double low = 0, high = 1;
    std::string source;
    static constexpr auto fields() {
        using T = YardstickWord;
        return std::make_tuple(required("yardstick", &T::yardstick, "phia or icd203"), required("word", &T::word, "the word"), required("low", &T::low, "probability from"),
            required("high", &T::high, "probability to"), required("source", &T::source, "citation"));
    }
};
struct Grade {  // what a word of a structured judgement means on the 0-100 scale
    std::string scheme, word;           // scheme: grade, trend, 4x4.source, 4x4.information, admiralty.source...
    double low = 0, high = 100;         // interval for grades; multiplier of spread for evaluations
    std::string meaning, source;
    static constexpr auto fields() {
        using T = Grade;
        return std::make_tuple(required("scheme", &T::scheme, "scheme"), required("word", &T::word, "word or code"), required("low", &T::low, "from"), required("high", &T::high, "to"),
            required("meaning", &T::meaning, "meaning"), required("source", &T::source, "source or founders' assumption"));
    }
};
struct Handling {
    std::string scheme, code, title, meaning;  // scheme: tlp, europol
    int order = 0;                      // chain position for TLP; 0 for set members
    static constexpr auto fields() {
        using T = Handling;
        return std::make_tuple(required("scheme", &T::scheme, "tlp or europol"), required("code", &T::code, "code"), required("title", &T::title, "title"),
            required("meaning", &T::meaning, "meaning"), field("order", &T::order, "position in the chain"));
    }
};
struct Profile {  // a weighting of criteria other than the default; also for concordance
    std::string id, title, rule, source;   // rule: additive, geometric, product
    std::map<std::string, double> weights;
    double concentration = 40;          // Dirichlet kappa
    std::string member;                 // whose own weights these are; such profiles make the ranking, each in its share of the draws
    static constexpr auto fields() {
        using T = Profile;
        return std::make_tuple(required("id", &T::id, "profile id"), required("title", &T::title, "title"), required("rule", &T::rule, "additive, geometric or product"),
            required("source", &T::source, "citation"), required("weights", &T::weights, "weight by criterion"), field("concentration", &T::concentration, "Dirichlet concentration"), field("member", &T::member, "member whose own weights these are"));
    }
};
struct Recommendation {
    int number = 0;
    std::string title, text;
    std::vector<std::string> threats;   // bound to the evidence of these
    static constexpr auto fields() {
        using T = Recommendation;
        return std::make_tuple(required("number", &T::number, "number"), required("title", &T::title, "title"), required("text", &T::text, "text"), required("threats", &T::threats, "threats whose evidence it rests on"));
    }
};
struct Region {
    std::string id, title, version, purpose, boundary_note;
    static constexpr auto fields() {
        using T = Region;
        return std::make_tuple(required("id", &T::id, "region id"), required("title", &T::title, "title"), required("version", &T::version, "catalogue version"),
            required("purpose", &T::purpose, "purpose of the assessment"), required("boundary_note", &T::boundary_note, "printed under every map"));
    }
};

struct Catalogue {
    Region region;                      // region.yaml: one record
    std::vector<Country> countries;
    std::vector<Member> members;
    std::vector<Area> areas;
    std::vector<Threat> threats;
    std::vector<Lens> lenses;
    std::vector<Criterion> criteria;
    std::vector<Code> codes;
    std::vector<What> whats;
    std::vector<Unit> units;
    std::vector<Drug> drugs;
    std::vector<Route> routes;
    std::vector<Indicator> indicators;
    std::vector<Source> sources;
    std::vector<YardstickWord> yardsticks;
    std::vector<Grade> grades;
    std::vector<Handling> handling;
    std::vector<Profile> profiles;
    std::vector<Recommendation> recommendations;
    std::string hash;                   // SHA-256 over the files, map.geojson included, in name order
    static constexpr auto fields() {
        using T = Catalogue;
        return std::make_tuple(field("region", &T::region, "the region"), field("countries", &T::countries, "countries and territories"), field("members", &T::members, "police organisations"),
            field("areas", &T::areas, "crime areas"), field("threats", &T::threats, "threats"), field("lenses", &T::lenses, "lenses"), field("criteria", &T::criteria, "criteria"),
            field("codes", &T::codes, "modus operandi codes"), field("whats", &T::whats, "things measured"), field("units", &T::units, "units"), field("drugs", &T::drugs, "drugs"),
            field("routes", &T::routes, "routes"), field("indicators", &T::indicators, "indicators"), field("sources", &T::sources, "sources"), field("yardsticks", &T::yardsticks, "probability words"),
            field("grades", &T::grades, "grades and evaluations"), field("handling", &T::handling, "handling codes"), field("profiles", &T::profiles, "weightings"),
            field("recommendations", &T::recommendations, "recommendations"));
    }
    const Threat* threat(std::string_view id) const;
    const Country* country(std::string_view id_or_alias) const;  // any id, ISO3, name or alias, case-insensitive
    const Member* member(std::string_view id) const;
    const What* what(std::string_view id) const;
    const Indicator* indicator(std::string_view id) const;
    const Criterion* criterion(std::string_view id_or_alias) const;
    const Source* source(std::string_view id) const;
    const Code* code(std::string_view id) const;
    // Inhabitants in a year; the nearest known year when it is missing; 0 when none is known.
    double population(std::string_view country, int year) const;
};

// Reads and validates a catalogue folder. All problems found are returned, each with file, line and
// sentence ('threats.yaml:41: weight is not a number'); the first one is the Result's error.
struct CatalogueProblem {
    std::string file;
    std::uint64_t line = 0;
    std::string message;
};
// The same from texts by file name ('threats.yaml', 'map.geojson').
core::Result<Catalogue> read_catalogue(const std::map<std::string, std::string>& files, std::vector<CatalogueProblem>* problems = nullptr);
core::Result<Catalogue> load_catalogue(const std::string& folder, std::vector<CatalogueProblem>* problems = nullptr);

}  // namespace threatlas::model

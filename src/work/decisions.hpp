// What was agreed, by whom, until when, by which figure one will see it; and whether that figure has moved.
#pragma once

#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct DecisionStep {
    std::string action;                 // progress, done, dropped
    std::string text, at, person, organisation;
    static constexpr auto fields() {
        using T = DecisionStep;
        using model::field;
        return std::make_tuple(field("action", &T::action, "progress, done or dropped"), field("text", &T::text, "what was done"), field("at", &T::at, "when"), field("person", &T::person, "who"), field("organisation", &T::organisation, "of which organisation"));
    }
};

struct Decision {
    std::string id;                     // 'B-' and 10 hex digits
    std::string title, threat;
    std::vector<std::string> members;   // who acts
    std::string measure;                // what is done, in words
    std::string indicator, place;       // by which figure one will see it, and where; both may be empty
    double baseline = 0, target = 0;    // in the indicator's own terms; 0: none stated
    core::Day decided{};                // day of the decision; default: today
    std::string due;                    // day, or empty
    std::string handling = "TLP:AMBER";
    std::string state = "open";         // open, done, dropped
    std::string opened, person, organisation;
    std::vector<DecisionStep> steps;
    static constexpr auto fields() {
        using T = Decision;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("title", &T::title, "title"), field("threat", &T::threat, "threat id"), field("members", &T::members, "who acts"), field("measure", &T::measure, "what is done"),
            field("indicator", &T::indicator, "indicator by which one will see it"), field("place", &T::place, "country; empty: the region"), field("baseline", &T::baseline, "where it stood"), field("target", &T::target, "where it should go"),
            field("decided", &T::decided, "day of the decision"), field("due", &T::due, "until when"), field("handling", &T::handling, "TLP word"), field("state", &T::state, "open, done or dropped"), field("opened", &T::opened, "when it was recorded"),
            field("person", &T::person, "who recorded it"), field("organisation", &T::organisation, "of which organisation"), field("steps", &T::steps, "what was done since"));
    }
};

struct WorksPoint {
    std::string period;
    double seen = 0;
    bool since = false;                 // the period began on the day of the decision or later
    double expected = 0;                // since: had it gone on as before
    static constexpr auto fields() {
        using T = WorksPoint;
        using model::field;
        return std::make_tuple(field("period", &T::period, "month or year"), field("seen", &T::seen, "figure"), field("since", &T::since, "after the decision"), field("expected", &T::expected, "had it gone on as before"));
    }
};

// Whether the figure moved since, and how surely. It never says why.
struct Works {
    std::string decision, indicator, title, place, source, step, unit;   // step: month or year
    std::vector<WorksPoint> points;
    std::string word = "not assessed";  // lower, higher, no clear change, not assessed
    double ratio = 1, low = 0, high = 0;   // seen since over expected, with its 90 % interval
    double p_lower = 0.5;
    std::size_t before = 0, since = 0;  // periods
    std::string statement;
    static constexpr auto fields() {
        using T = Works;
        using model::field;
        return std::make_tuple(field("decision", &T::decision, "decision id"), field("indicator", &T::indicator, "indicator"), field("title", &T::title, "its title"), field("place", &T::place, "country; empty: the region"), field("source", &T::source, "source read"),
            field("step", &T::step, "month or year"), field("unit", &T::unit, "unit"), field("points", &T::points, "the series"), field("word", &T::word, "lower, higher, no clear change or not assessed"), field("ratio", &T::ratio, "seen over expected"),
            field("low", &T::low, "5 %"), field("high", &T::high, "95 %"), field("p_lower", &T::p_lower, "P(lower than expected)"), field("before", &T::before, "periods before"), field("since", &T::since, "periods since"), field("statement", &T::statement, "in words"));
    }
};

// bad_input for a threat, member, indicator or country that the catalogue lacks, or a missing title or measure.
// Recorded by directors, analysts and contact points.
core::Result<Decision> decide(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, Decision wanted, core::Day today);
core::Result<std::vector<Decision>> decisions(store::Store& store, const model::Reader& reader);   // oldest first
// By id or its beginning. not_found; conflict when several begin so.
core::Result<Decision> decision(store::Store& store, const model::Reader& reader, const std::string& id);
// conflict once it is done or dropped.
core::Result<Decision> step_decision(store::Store& store, const model::Reader& who, const std::string& id, const std::string& action, const std::string& text);

// The indicator's figures of the source that gives most of them, by month where it gives months, else by year: what
// came since the decision against a quasi-Poisson trend with season fitted to what came before (analyse/forecast).
// Months in which the source gave nothing at all for the place are left out. not_enough_data is said in the word, not
// as an error: fewer than 12 months (4 years) before, or 3 (1) since. Cost: one snapshot.
core::Result<Works> works(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const Decision& decision);
// The same from a snapshot that holds every code, for several decisions.
Works works_in(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Decision& decision);

}  // namespace threatlas::work

// What people make of signals: new, acknowledged, assessed, closed. And what the outcomes say of the detector.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyse/early_warning/signal.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/store.hpp"

namespace threatlas::analyse::early_warning {

struct SignalStep {
    std::string action;          // acknowledged, assessed, closed; again: seen in a later period
    std::string at, person, organisation;
    std::string word;            // assessed: word of the yardstick for 'something real is arising'
    std::string text;            // assessed: the judgement; closed: the reason; acknowledged: a note
    std::string outcome;         // closed: true, false or undecided
    std::string known_on;        // closed as true: day it would have been known without the signal, or empty
    std::string period;          // again: the later period
    double seen = 0, expected = 0, p = 1, q = 1;
    static constexpr auto fields() {
        using T = SignalStep;
        using model::field;
        return std::make_tuple(field("action", &T::action, "acknowledged, assessed, closed or again"), field("at", &T::at, "when"), field("person", &T::person, "who"), field("organisation", &T::organisation, "of which organisation"),
            field("word", &T::word, "yardstick word"), field("text", &T::text, "judgement, reason or note"), field("outcome", &T::outcome, "true, false or undecided"), field("known_on", &T::known_on, "day it was known otherwise"),
            field("period", &T::period, "later period"), field("seen", &T::seen, "count"), field("expected", &T::expected, "expected"), field("p", &T::p, "probability where nothing is the matter"), field("q", &T::q, "share of false among signals as sure"));
    }
};

struct Followed {
    Signal signal;
    std::string state;           // new, acknowledged, assessed, closed
    std::string opened;          // when
    std::vector<SignalStep> steps;
    Signal surest{};             // as arrive() saw it in its surest period; not kept by the store
    static constexpr auto fields() {
        using T = Followed;
        using model::field;
        return std::make_tuple(field("state", &T::state, "new, acknowledged, assessed or closed"), field("opened", &T::opened, "when"), field("signal", &T::signal, "the signal"), field("steps", &T::steps, "what was done"));
    }
    // The last period in which it was seen.
    std::string last_period() const;
};

// Signals the reader may see, in the order they were opened. internal for a record that cannot be read.
core::Result<std::vector<Followed>> followed(store::Store& store, const model::Reader& reader);
// One by its id or the beginning of it. not_found; conflict when several begin so.
core::Result<Followed> followed_one(store::Store& store, const model::Reader& reader, const std::string& id);

// What becomes of a signal beside those known, which are brought up to date: one that goes on with an open signal
// (the same direction and series, or one told along with it, within two periods) is added to that one.
enum class Arrival { fresh, again, known };
Arrival arrive(std::vector<Followed>& known, const Signal& fresh);

// Writes what arrives. The same signal again changes nothing.
struct Recorded {
    std::size_t fresh = 0, again = 0, known = 0;
};
core::Result<Recorded> record(store::Store& store, const model::Reader& writer, const std::vector<Signal>& signals);

// bad_usage for a word that the catalogue's yardstick lacks, an outcome that is none, or a judgement or reason
// without text; conflict when the signal is closed already.
core::Result<void> acknowledge(store::Store& store, const model::Reader& who, const std::string& id, const std::string& note);
core::Result<void> assess(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& id, const std::string& word, const std::string& judgement);
core::Result<void> close(store::Store& store, const model::Reader& who, const std::string& id, const std::string& outcome, const std::string& reason, const std::string& known_on);

// Of closed signals. ppv: share true of those closed true or false, with a 90 % interval (Jeffreys); lead: days
// between a signal and the day it would have been known, median of those that give it.
struct Outcomes {
    std::size_t open = 0, closed_true = 0, closed_false = 0, undecided = 0, with_lead = 0;
    double ppv = 0, ppv_low = 0, ppv_high = 1, lead_days = 0;
    static constexpr auto fields() {
        using T = Outcomes;
        using model::field;
        return std::make_tuple(field("open", &T::open, "not closed"), field("closed_true", &T::closed_true, "closed as true"), field("closed_false", &T::closed_false, "closed as false"), field("undecided", &T::undecided, "closed undecided"),
            field("with_lead", &T::with_lead, "true ones whose lead is known"), field("ppv", &T::ppv, "share true"), field("ppv_low", &T::ppv_low, "5 %"), field("ppv_high", &T::ppv_high, "95 %"), field("lead_days", &T::lead_days, "median lead, days"));
    }
};
Outcomes outcomes(const std::vector<Followed>& signals);

}  // namespace threatlas::analyse::early_warning

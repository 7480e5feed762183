// What an assessment says of the future: signals of what is arising, and forecasts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyse/early_warning/signal.hpp"
#include "model/fields.hpp"

namespace threatlas::assess {

using model::field;

struct SeriesPoint {
    std::string period;
    double value = 0, low = 0, high = 0;   // low = high = value when known exactly; NaN when missing
    static constexpr auto fields() {
        using T = SeriesPoint;
        return std::make_tuple(field("period", &T::period, "year or month"), field("value", &T::value, "value, null when missing"), field("low", &T::low, "lower end"), field("high", &T::high, "upper end"));
    }
};
struct Part {   // one line of a mix, an attribution, a share
    std::string id, title;
    double value = 0, low = 0, high = 0;
    static constexpr auto fields() {
        using T = Part;
        return std::make_tuple(field("id", &T::id, "id"), field("title", &T::title, "title"), field("value", &T::value, "value"), field("low", &T::low, "5 %"), field("high", &T::high, "95 %"));
    }
};

struct ArisingSignal {
    analyse::early_warning::Signal signal;
    std::string last;               // last period in which it was seen
    static constexpr auto fields() {
        using T = ArisingSignal;
        return std::make_tuple(field("signal", &T::signal, "the signal"), field("last", &T::last, "last period in which it was seen"));
    }
};

struct Arising {
    std::map<std::string, std::string> newest;   // by source: last month judged
    int months = 0;                              // judged, back from there
    double budget = 0, expected_false = 0;       // false signals that were allowed, and at most expected, in these months
    double series = 0, tests = 0;                // of the last month
    std::vector<std::string> threats;            // with at least one series that was judged
    std::vector<std::string> notes;              // reporting breaks
    std::vector<ArisingSignal> signals;          // surest first
    static constexpr auto fields() {
        using T = Arising;
        return std::make_tuple(field("newest", &T::newest, "last month judged, by source"), field("months", &T::months, "months judged"), field("budget", &T::budget, "false signals allowed"),
            field("expected_false", &T::expected_false, "false signals expected, at most"), field("series", &T::series, "series of the last month"), field("tests", &T::tests, "tests of the last month"),
            field("threats", &T::threats, "threats that are watched"), field("notes", &T::notes, "reporting breaks"), field("signals", &T::signals, "surest first"));
    }
};

struct FanPoint {
    std::string period;
    double mean = 0;
    std::vector<double> quantiles;   // at analyse::forecast::kProbabilities
    static constexpr auto fields() {
        using T = FanPoint;
        return std::make_tuple(field("period", &T::period, "period"), field("mean", &T::mean, "mean"), field("quantiles", &T::quantiles, "at 0.5, 2.5, 5, 10, 15 ... 95, 97.5 and 99.5 %"));
    }
    // At one of those probabilities.
    double at(double probability) const;
};

struct Outlook {
    std::string threat, title;      // title: what is forecast
    std::string kind;               // months: counts a month; years: an annual figure
    std::string series;             // canonical key of the lattice; empty for an annual figure
    std::string figure, indicator, unit, method;   // figure: evidence id of an annual figure; indicator: what it measures
    std::string source;
    bool already_public = false;
    std::vector<SeriesPoint> history;
    std::vector<FanPoint> fan;
    std::vector<Part> parts;        // of months: the next twelve's mean by the parts the series is the sum of; they add up to `next`
    double p_rise = -1;             // P(the next twelve months, or the next year, hold more than the last); -1: not known
    double last = 0, next_low = 0, next = 0, next_high = 0;   // last twelve months or year; the next: 10 %, mean, 90 % (of twelve months: mean alone)
    static constexpr auto fields() {
        using T = Outlook;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("title", &T::title, "what is forecast"), field("kind", &T::kind, "months or years"), field("series", &T::series, "series of counts"),
            field("figure", &T::figure, "evidence id of an annual figure"), field("indicator", &T::indicator, "indicator of an annual figure"), field("unit", &T::unit, "unit"), field("method", &T::method, "method"), field("source", &T::source, "source id"),
            field("already_public", &T::already_public, "all inputs are published statistics"), field("history", &T::history, "what was seen"), field("fan", &T::fan, "what is expected"), field("parts", &T::parts, "the next twelve months by part"), field("p_rise", &T::p_rise, "P(more than last year)"),
            field("last", &T::last, "last twelve months or year"), field("next_low", &T::next_low, "10 % of the next"), field("next", &T::next, "mean of the next"), field("next_high", &T::next_high, "90 % of the next"));
    }
};

// How well the same method did on the same series at earlier times, one step of each origin counting alike.
struct Skill {
    std::string kind, method;       // months or years; of which method
    double fits = 0;                // forecasts compared with what came
    double cover50 = 0, cover80 = 0, cover95 = 0;
    double crps = 0;                // over the series' mean change
    double brier = 0, climatology = 0;   // of 'will rise', and of always stating how often it did; months only
    static constexpr auto fields() {
        using T = Skill;
        return std::make_tuple(field("kind", &T::kind, "months or years"), field("method", &T::method, "method"), field("fits", &T::fits, "forecasts compared"), field("cover50", &T::cover50, "within the 50 % interval"),
            field("cover80", &T::cover80, "within the 80 % interval"), field("cover95", &T::cover95, "within the 95 % interval"), field("crps", &T::crps, "score over the series' mean change"), field("brier", &T::brier, "Brier score of 'will rise'"),
            field("climatology", &T::climatology, "that of stating the share that did rise"));
    }
};

}  // namespace threatlas::assess

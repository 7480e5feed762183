// A signal: something arising, with what one needs to judge it. What people made of it is kept by the store.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "model/fields.hpp"

namespace threatlas::analyse::early_warning {

// Another series that tells the same story, at a wider or a more special level.
struct AlsoAt {
    std::string title, series;
    double seen = 0, expected = 0;
    double share = 0;             // of the signal's excess
    static constexpr auto fields() {
        using T = AlsoAt;
        return std::make_tuple(model::field("title", &T::title, "in words"), model::field("series", &T::series, "the series"), model::field("seen", &T::seen, "count"), model::field("expected", &T::expected, "expected"),
            model::field("share", &T::share, "its excess over the signal's"));
    }
};

struct SignalRow {
    std::string submission, file, what, place, member, period, handling;
    std::uint64_t row = 0;
    double value = 0;
    static constexpr auto fields() {
        using T = SignalRow;
        return std::make_tuple(model::field("submission", &T::submission, "content hash of the submission"), model::field("file", &T::file, "file"), model::field("row", &T::row, "row, heading included"),
            model::field("what", &T::what, "code"), model::field("place", &T::place, "place"), model::field("member", &T::member, "member"), model::field("period", &T::period, "period"),
            model::field("value", &T::value, "value"), model::field("handling", &T::handling, "handling"));
    }
};

struct SignalPoint {
    std::string period;
    double value = 0;
    bool known = true;            // false: missing
    double expected = 0, high = 0;   // of the period, before it was seen; 0 where it was not judged
    static constexpr auto fields() {
        using T = SignalPoint;
        return std::make_tuple(model::field("period", &T::period, "period"), model::field("value", &T::value, "count"), model::field("known", &T::known, "false: missing"),
            model::field("expected", &T::expected, "expected"), model::field("high", &T::high, "95 % of what was expected lies below"));
    }
};

struct Signal {
    std::string id;               // 'S-' and 10 hex digits: the same for the same series, kind and period
    std::string kind;             // rise, fall, drift; new, spread, surge of a modus operandi
    std::string title, sentence;
    std::string series;           // canonical key
    std::string what, area, modus_operandi, place, member, source, nature;
    std::vector<std::string> threats;
    std::map<std::string, std::string> dims;
    std::string step, period, began;   // week or month; labels
    core::Day begin{}, end{};     // of the period
    core::Day as_of{};            // what was known on that day
    double seen = 0, expected = 0, low = 0, high = 0;   // 90 % of what was expected lies between
    double completeness = 1;      // share of the final count known by then
    double p = 1, q = 1;          // probability where nothing is the matter; share of false among signals as sure
    double threshold = 0;         // p it had to reach
    std::string detector;
    int level = 0;                // 0 is the most general series
    std::uint32_t regime = 0;     // regimes before the present one
    std::string regime_began;
    std::vector<std::string> changed;          // periods in which the level of the series changed (PELT), within its points
    std::vector<AlsoAt> also_at;
    std::vector<std::string> earlier;          // periods in which the series rose before
    std::vector<std::string> would_be_false;   // what would make it false
    std::uint64_t row_count = 0;
    std::vector<SignalRow> rows;  // the first of them
    std::string handling;         // join of the rows of its series
    std::vector<std::string> originators;      // whose marks bind it; no field of the record: the store keeps it beside
    std::vector<SignalPoint> points;           // the series, to draw it
    static constexpr auto fields() {
        using T = Signal;
        using model::field;
        return std::make_tuple(field("id", &T::id, "signal id"), field("kind", &T::kind, "rise, fall, drift, new, spread or surge"), field("title", &T::title, "what and where"), field("sentence", &T::sentence, "what was seen"),
            field("series", &T::series, "the series, canonical"), field("what", &T::what, "code"), field("area", &T::area, "crime area"), field("modus_operandi", &T::modus_operandi, "code or group of codes"),
            field("place", &T::place, "place, empty for the region"), field("member", &T::member, "member"), field("source", &T::source, "source id"), field("nature", &T::nature, "nature of the figures"),
            field("threats", &T::threats, "threats it speaks of"), field("dims", &T::dims, "further dimensions"), field("step", &T::step, "week or month"), field("period", &T::period, "period judged"),
            field("began", &T::began, "first period of the run"), field("begin", &T::begin, "first day of the period"), field("end", &T::end, "day after its last"), field("as_of", &T::as_of, "known on that day"),
            field("seen", &T::seen, "count"), field("expected", &T::expected, "expected count"), field("low", &T::low, "5 % of what was expected"), field("high", &T::high, "95 % of what was expected"),
            field("completeness", &T::completeness, "share of the final count known"), field("p", &T::p, "probability where nothing is the matter"), field("q", &T::q, "share of false among signals as sure"),
            field("threshold", &T::threshold, "probability it had to reach"), field("detector", &T::detector, "detector"), field("level", &T::level, "0 is the most general"), field("regime", &T::regime, "regimes before the present one"),
            field("regime_began", &T::regime_began, "since when the present one runs"), field("changed", &T::changed, "periods in which the level changed"), field("also_at", &T::also_at, "series that tell the same"), field("earlier", &T::earlier, "earlier rises of the series"),
            field("would_be_false", &T::would_be_false, "what would make it false"), field("row_count", &T::row_count, "rows behind the count"), field("rows", &T::rows, "the first of them"), field("handling", &T::handling, "join of the rows of its series"),
            field("points", &T::points, "the series"));
    }
};

}  // namespace threatlas::analyse::early_warning

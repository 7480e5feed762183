// An observation: one immutable measured fact, with where it came from.
// Absent, zero, withheld and censored are four different things and stay so to the end of the line.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "core/calendar.hpp"
#include "model/fields.hpp"

namespace threatlas::model {

// How the figure came about. Detections and seizures depend on looking; reports and victims do not.
enum class Nature : std::uint8_t { reported_crime, detection, seizure, victim, loss, price, conviction, population, capability_grade, judgement, other };

// What the cell said.
enum class State : std::uint8_t {
    measured,  // value holds, zero included
    censored,  // the truth lies in [value, upper], e.g. '<5' is [1, 4]
    withheld,  // exists, not given
    absent,    // the source says it has none (':' in Eurostat); never a zero
};

// Directive 2016/680, Art. 7.
enum class Statement : std::uint8_t { fact, assessment };

struct Observation {
    std::string what;       // code of the catalogue's `whats`: 'iccs.ICCS05012', 'frontex.detections', 'seizure.heroin'
    std::string member;     // member id, or empty: a country figure or one that no member gave
    std::string place;      // ISO 3166 alpha-2 of a country ('XK' for Kosovo*), or a catalogue place id; may be empty
    core::Interval period{};
    double value = 0;       // in `unit`; lower end when censored
    double upper = 0;       // upper end when censored, else equal to value
    State state = State::measured;
    std::string unit;       // a unit code of the catalogue: 'count', 'kg', 'g', 'tablet', 'EUR', 'USD', 'per_100k', 'mg/1000/day'
    Nature nature = Nature::other;
    Statement statement = Statement::fact;
    std::map<std::string, std::string> dims;  // further keys: route, border, citizenship (descriptive only), departure, concealment...
    std::string flags;      // the source's own flags, kept: 'b' break, 'p' provisional, 'd' definition differs
    std::string evaluation = "unevaluated";  // in the scheme it was given: '4x4:A1', 'admiralty:B2'
    std::string handling = "TLP:CLEAR";      // TLP word, then H codes: 'TLP:AMBER H1 H3'
    std::string source;     // catalogue source id
    core::Day known_at{};   // since when it was known: publication or submission day
    std::string submission; // provenance: which submission (content hash), which file, which row
    std::string file;
    std::uint64_t row = 0;  // counted from 1, the heading row included, as a spreadsheet shows it

    static constexpr auto fields() {
        using O = Observation;
        return std::make_tuple(
            field("what", &O::what, "what was measured: a code of the catalogue"),
            field("member", &O::member, "contributing police organisation, empty for a country figure"),
            field("place", &O::place, "country (ISO 3166 alpha-2, XK for Kosovo*) or place id"),
            field("period", &O::period, "half-open interval of days"),
            field("value", &O::value, "value in its unit; lower end when censored"),
            field("upper", &O::upper, "upper end when censored, else the value"),
            field("state", &O::state, "measured, censored, withheld or absent"),
            field("unit", &O::unit, "unit code of the catalogue"),
            field("nature", &O::nature, "how the figure came about"),
            field("statement", &O::statement, "fact or assessment (Directive 2016/680, Art. 7)"),
            field("dims", &O::dims, "further dimensions by name"),
            field("flags", &O::flags, "the source's own flags"),
            field("evaluation", &O::evaluation, "source evaluation, in the scheme it was given"),
            field("handling", &O::handling, "TLP word and handling codes"),
            field("source", &O::source, "catalogue source id"),
            field("known_at", &O::known_at, "day since when it was known"),
            field("submission", &O::submission, "content hash of the submission"),
            field("file", &O::file, "file of the submission"),
            field("row", &O::row, "row of the file, heading included, from 1"));
    }
};

template <>
struct EnumNames<Nature> {
    static constexpr std::array<std::pair<Nature, std::string_view>, 11> names{{
        {Nature::reported_crime, "reported_crime"}, {Nature::detection, "detection"}, {Nature::seizure, "seizure"},
        {Nature::victim, "victim"}, {Nature::loss, "loss"}, {Nature::price, "price"}, {Nature::conviction, "conviction"},
        {Nature::population, "population"}, {Nature::capability_grade, "capability_grade"},
        {Nature::judgement, "judgement"}, {Nature::other, "other"}}};
};
template <>
struct EnumNames<State> {
    static constexpr std::array<std::pair<State, std::string_view>, 4> names{{
        {State::measured, "measured"}, {State::censored, "censored"}, {State::withheld, "withheld"}, {State::absent, "absent"}}};
};
template <>
struct EnumNames<Statement> {
    static constexpr std::array<std::pair<Statement, std::string_view>, 2> names{{
        {Statement::fact, "fact"}, {Statement::assessment, "assessment"}}};
};

}  // namespace threatlas::model

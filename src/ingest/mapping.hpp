// A mapping: how the columns of any table become observations, written in YAML by whoever knows the
// table (docs/HOWTO-mapping.md). Nothing is guessed: what is not stated or not translated is refused.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {

// Where the text of one field comes from: a constant, or a column, perhaps through a table.
struct FieldRule {
    bool given = false;
    std::string constant;
    std::string column;                         // heading; empty: the constant
    std::map<std::string, std::string> table;   // cell -> text
    bool has_table = false;
    std::optional<std::string> otherwise;       // for cells the table does not hold; nothing: refused
    std::optional<std::string> blank;           // for blank cells; nothing: refused
    std::uint64_t line = 0;                     // of the mapping file
};

enum class PeriodForm { year, month, day, interval, excel_serial, parts };

struct PeriodRule {
    PeriodForm form = PeriodForm::interval;
    std::string format;          // for month and day: yyyy, mm, m, dd, d and literal text
    FieldRule text;              // for all forms but parts
    FieldRule year, month, quarter;
};

// One value column; a wide table ('2019', '2020', ...) has several, each with what it sets.
struct MeasureRule {
    FieldRule value;
    std::optional<FieldRule> what, unit;
    std::optional<PeriodRule> period;
    std::map<std::string, FieldRule> dims;
};

struct NumberRule {
    char decimal = '.';
    std::string thousands;       // '', '.', ',', ' ' (any space, also no-break ones) or '\''
};

struct Mapping {
    std::string id, title, source, member;
    std::string path, content;   // the file, for messages; its text, for content identity
    TableOptions table;
    NumberRule numbers;
    std::vector<std::string> absent, withheld, zero;               // cell words
    std::map<std::string, std::pair<double, double>> censored;     // '<5' -> 1, 4
    std::optional<core::Day> known_at;
    std::optional<int> known_after_days;                           // past the end of the period
    FieldRule what, threat, place, member_rule, unit, nature, evaluation, handling, flags, row_id;
    std::map<std::string, FieldRule> dims;
    PeriodRule period;
    bool has_period = false;
    std::vector<MeasureRule> measures;
};

// bad_input with file and line for YAML that is not understood: an unknown key, a missing part, a
// field that is neither constant nor column.
core::Result<Mapping> parse_mapping(std::string_view yaml, const std::string& name);
core::Result<Mapping> load_mapping(const std::string& path);

// A number by the file's habits. The error says which habit the text breaks: '1.234,5' under decimal
// point reads 'the separators look swapped'.
core::Result<double> mapped_number(std::string_view text, const NumberRule& rule);

// A date or month by a format of yyyy, mm, m, dd, d and literal text. Day 0 in the answer: none given.
core::Result<core::YearMonthDay> formatted_date(std::string_view text, std::string_view format);

}  // namespace threatlas::ingest

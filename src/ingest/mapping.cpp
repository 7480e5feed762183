#include "ingest/mapping.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <set>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "ingest/decode.hpp"
#include "model/yaml_text.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

// yaml-cpp throws; the throw ends in parse_mapping below.
class Parser {
  public:
    explicit Parser(std::string name) : name_(std::move(name)) {}

    struct Wrong {
        core::Error error;
    };

    Mapping read(const YAML::Node& root) {
        if (!root.IsMap()) wrong(root, "a mapping file is a table of names and values");
        only(root, {"mapping", "id", "title", "source", "member", "known_at", "known_after_days", "format", "numbers", "absent", "withheld", "zero", "censored", "columns", "measures"}, "a mapping");
        if (!root["mapping"] || text(root["mapping"]) != "1") wrong(root, "the first line should be 'mapping: 1' (the version of this format)");
        Mapping out;
        out.id = need(root, "id");
        out.source = need(root, "source");
        if (root["title"]) out.title = text(root["title"]);
        if (root["member"]) out.member = text(root["member"]);
        if (root["known_at"]) {
            const auto day = core::parse_day(text(root["known_at"]));
            if (!day) wrong(root["known_at"], day.error().message);
            out.known_at = *day;
        }
        if (root["known_after_days"]) out.known_after_days = static_cast<int>(whole(root["known_after_days"], 0, 36500));
        if (root["format"]) format(root["format"], out.table);
        if (root["numbers"]) numbers(root["numbers"], out.numbers);
        words(root["absent"], out.absent);
        words(root["withheld"], out.withheld);
        words(root["zero"], out.zero);
        censored(root["censored"], out);
        apart(root, out);
        columns(root, out);
        return out;
    }

  private:
    [[noreturn]] void wrong(const YAML::Node& node, const std::string& message) const {
        const int line = node.Mark().line;
        throw Wrong{{ErrorCode::bad_input, message, {name_, line < 0 ? 0 : static_cast<std::uint64_t>(line) + 1, ""}}};
    }
    std::string text(const YAML::Node& node) const {
        if (node.IsNull()) return "";
        if (!node.IsScalar()) wrong(node, "a single word or number is expected here");
        return node.Scalar();
    }
    std::string need(const YAML::Node& root, const char* key) const {
        if (!root[key] || text(root[key]).empty()) wrong(root, std::string("the mapping does not say '") + key + "'");
        return text(root[key]);
    }
    std::uint64_t whole(const YAML::Node& node, std::uint64_t low, std::uint64_t high) const {
        const auto value = core::parse_number(text(node));
        if (!value || *value != static_cast<double>(static_cast<std::uint64_t>(std::max(0.0, std::min(*value, 1e9)))) || *value < static_cast<double>(low) || *value > static_cast<double>(high))
            wrong(node, "a whole number from " + std::to_string(low) + " to " + std::to_string(high) + " is expected here");
        return static_cast<std::uint64_t>(*value);
    }
    void only(const YAML::Node& node, std::initializer_list<std::string_view> known, const std::string& of) const {
        std::set<std::string> seen;
        for (const auto& each : node) {
            const std::string key = text(each.first);
            if (!seen.insert(key).second) wrong(each.first, "'" + key + "' is given twice");
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            std::string list;
            for (const auto word : known) list += (list.empty() ? "" : ", ") + std::string(word);
            wrong(each.first, of + " has no '" + key + "'; it has: " + list);
        }
    }
    void words(const YAML::Node& node, std::vector<std::string>& out) const {
        if (!node) return;
        if (!node.IsSequence()) wrong(node, "a list of words is expected here, such as ['-', '...']");
        for (const auto& each : node) out.push_back(text(each));
    }

    // A word has one meaning.
    void apart(const YAML::Node& root, const Mapping& mapping) const {
        std::map<std::string, std::string> meant;
        const auto see = [&](const std::string& word, const char* as) {
            const auto [found, fresh] = meant.emplace(std::string(core::trim(word)), as);
            if (!fresh) wrong(root[as], "the word '" + word + "' is given twice, as '" + found->second + "' and as '" + as + "'");
        };
        for (const auto& word : mapping.absent) see(word, "absent");
        for (const auto& word : mapping.withheld) see(word, "withheld");
        for (const auto& word : mapping.zero) see(word, "zero");
        for (const auto& [word, ends] : mapping.censored) see(word, "censored");
    }

    void format(const YAML::Node& node, TableOptions& out) const {
        if (!node.IsMap()) wrong(node, "'format' is a table");
        only(node, {"type", "delimiter", "encoding", "sheet", "heading_row"}, "'format'");
        if (node["type"]) {
            out.format = text(node["type"]);
            if (out.format != "delimited" && out.format != "xlsx" && out.format != "jsonl") wrong(node["type"], "a type is delimited, xlsx or jsonl");
        }
        if (node["delimiter"]) {
            std::string mark = text(node["delimiter"]);
            if (mark == "tab" || mark == "\\t") mark = "\t";
            if (mark.size() != 1 || mark == "\"" || mark == "\n" || mark == "\r" || static_cast<unsigned char>(mark[0]) >= 128 || mark[0] == '\0')
                wrong(node["delimiter"], "a delimiter is one mark: ',' ';' '|' or tab");
            out.delimiter = mark[0];
        }
        if (node["encoding"]) {
            out.encoding = text(node["encoding"]);
            if (const auto known = Decoder::make(out.encoding); !known) wrong(node["encoding"], known.error().message);
        }
        if (node["sheet"]) out.sheet = text(node["sheet"]);
        if (node["heading_row"]) out.heading_row = whole(node["heading_row"], 0, 100000);
    }
    void numbers(const YAML::Node& node, NumberRule& out) const {
        if (!node.IsMap()) wrong(node, "'numbers' is a table");
        only(node, {"decimal", "thousands"}, "'numbers'");
        const std::string decimal = node["decimal"] ? text(node["decimal"]) : ".";
        if (decimal != "." && decimal != ",") wrong(node, "the decimal mark is '.' or ','");
        out.decimal = decimal[0];
        if (node["thousands"]) out.thousands = text(node["thousands"]);
        if (!out.thousands.empty() && (out.thousands.size() != 1 || std::string_view(".,' ").find(out.thousands[0]) == std::string_view::npos))
            wrong(node, "the thousands separator is '.', ',', ' ' or an apostrophe, or left out");
        if (out.thousands == decimal) wrong(node, "decimal mark and thousands separator are the same");
    }
    void censored(const YAML::Node& node, Mapping& out) const {
        if (!node) return;
        if (!node.IsMap()) wrong(node, "'censored' says for a cell word its interval: '<5': [1, 4]");
        for (const auto& each : node) {
            if (!each.second.IsSequence() || each.second.size() != 2) wrong(each.second, "an interval is two numbers: [1, 4]");
            const auto low = core::parse_number(text(each.second[0])), high = core::parse_number(text(each.second[1]));
            if (!low || !high || *low < 0 || *high < *low) wrong(each.second, "an interval is two numbers, the lower first, none below zero");
            out.censored[text(each.first)] = {*low, *high};
        }
    }

    FieldRule rule(const YAML::Node& node, std::initializer_list<std::string_view> more = {}) const {
        FieldRule out;
        out.given = true;
        out.line = node.Mark().line < 0 ? 0 : static_cast<std::uint64_t>(node.Mark().line) + 1;
        if (node.IsScalar()) {
            out.constant = node.Scalar();
            return out;
        }
        if (!node.IsMap()) wrong(node, "a field is a constant, or {column: ..., table: {...}}");
        std::set<std::string> seen;
        for (const auto& each : node) {
            const std::string key = text(each.first);
            if (!seen.insert(key).second) wrong(each.first, "'" + key + "' is given twice");
            if (each.second.IsNull()) wrong(each.second, "'" + key + "' says nothing: write what it means ('' for nothing), or leave it out");
            if (std::find(more.begin(), more.end(), key) == more.end() && key != "column" && key != "table" && key != "unknown" && key != "blank")
                wrong(each.first, "a field has no '" + key + "'; it has: column, table, unknown, blank");
        }
        if (!node["column"]) wrong(node, "a field names its 'column', or is a constant");
        out.column = text(node["column"]);
        if (out.column.empty()) wrong(node["column"], "the column has no name");
        if (node["table"]) {
            if (!node["table"].IsMap()) wrong(node["table"], "a table says for each cell what it means: 'Крађа': code");
            out.has_table = true;
            for (const auto& each : node["table"])
                if (!out.table.emplace(text(each.first), text(each.second)).second) wrong(each.first, "'" + text(each.first) + "' is given twice");
        }
        if (node["unknown"] && text(node["unknown"]) != "refuse") out.otherwise = text(node["unknown"]);
        if (node["blank"] && text(node["blank"]) != "refuse") out.blank = text(node["blank"]);
        return out;
    }
    PeriodRule period(const YAML::Node& node) const {
        PeriodRule out;
        if (node.IsMap() && !node["column"]) {
            only(node, {"year", "month", "quarter"}, "a period in parts");
            if (!node["year"]) wrong(node, "a period in parts needs its 'year'");
            if (node["month"] && node["quarter"]) wrong(node, "a period has a month or a quarter, not both");
            out.form = PeriodForm::parts;
            out.year = rule(node["year"]);
            if (node["month"]) out.month = rule(node["month"]);
            if (node["quarter"]) out.quarter = rule(node["quarter"]);
            return out;
        }
        out.text = rule(node, {"as", "format"});
        if (!node.IsMap()) return out;
        if (!node["as"]) wrong(node, "say what the column holds: as: year, month, day, interval or excel_serial");
        const std::string as = text(node["as"]);
        if (as == "year") out.form = PeriodForm::year;
        else if (as == "month") out.form = PeriodForm::month;
        else if (as == "day") out.form = PeriodForm::day;
        else if (as == "interval") out.form = PeriodForm::interval;
        else if (as == "excel_serial") out.form = PeriodForm::excel_serial;
        else wrong(node["as"], "a period is read as year, month, day, interval or excel_serial, not '" + as + "'");
        if (node["format"]) out.format = text(node["format"]);
        if (!out.format.empty()) {
            const bool has_day = out.format.find('d') != std::string::npos;
            if (out.format.find("yyyy") == std::string::npos || out.format.find('m') == std::string::npos || (out.form == PeriodForm::day) != has_day ||
                (out.form != PeriodForm::day && out.form != PeriodForm::month))
                wrong(node["format"], "a format says where yyyy, mm and (for a day) dd stand: 'dd.mm.yyyy'");
        }
        return out;
    }
    void dims(const YAML::Node& node, std::map<std::string, FieldRule>& out) const {
        if (!node) return;
        if (!node.IsMap()) wrong(node, "'dims' is a table of dimension and field");
        for (const auto& each : node) {
            const std::string key = text(each.first);
            if (key.empty() || !out.emplace(key, rule(each.second)).second) wrong(each.first, "the dimension '" + key + "' is given twice or has no name");
        }
    }
    void columns(const YAML::Node& root, Mapping& out) const {
        const YAML::Node node = root["columns"];
        if (!node || !node.IsMap()) wrong(root, "the mapping has no 'columns'");
        only(node, {"what", "threat", "place", "member", "period", "value", "unit", "nature", "evaluation", "handling", "flags", "id", "dims"}, "'columns'");
        const auto set = [&](const char* key, FieldRule& field) { if (node[key]) field = rule(node[key]); };
        set("what", out.what);
        set("threat", out.threat);
        set("place", out.place);
        set("member", out.member_rule);
        set("unit", out.unit);
        set("nature", out.nature);
        set("evaluation", out.evaluation);
        set("handling", out.handling);
        set("flags", out.flags);
        set("id", out.row_id);
        dims(node["dims"], out.dims);
        if (node["period"]) {
            out.period = period(node["period"]);
            out.has_period = true;
        }
        if (node["value"] && root["measures"]) wrong(node["value"], "a mapping has one 'value' or several 'measures', not both");
        if (node["value"]) {
            MeasureRule one;
            one.value = rule(node["value"]);
            out.measures.push_back(one);
        }
        if (root["measures"]) {
            if (!root["measures"].IsSequence()) wrong(root["measures"], "'measures' is a list");
            for (const auto& each : root["measures"]) {
                if (!each.IsMap()) wrong(each, "a measure is a table: {value: {column: '2019'}, period: 2019}");
                only(each, {"value", "what", "unit", "period", "dims"}, "a measure");
                if (!each["value"]) wrong(each, "a measure names its 'value'");
                MeasureRule one;
                one.value = rule(each["value"]);
                if (each["what"]) one.what = rule(each["what"]);
                if (each["unit"]) one.unit = rule(each["unit"]);
                if (each["period"]) one.period = period(each["period"]);
                dims(each["dims"], one.dims);
                out.measures.push_back(std::move(one));
            }
        }
        if (out.measures.empty()) wrong(node, "the mapping does not say which column is the value");
        for (const auto& each : out.measures) {
            if (out.what.given == out.threat.given && !each.what) wrong(node, "say either 'what' (a code of the catalogue) or 'threat' (when one code alone measures it)");
            if (!out.unit.given && !each.unit) wrong(node, "the unit is not stated: a unit is never guessed");
            if (!out.has_period && !each.period) wrong(node, "the period is not stated");
        }
        if (!out.place.given) wrong(node, "the place is not stated: a country, a column, or '' for none");
    }

    std::string name_;
};

}  // namespace

Result<Mapping> parse_mapping(std::string_view yaml, const std::string& name) {
    // Depth and size are limited before yaml-cpp sees the text: it recurses, and aliases multiply.
    if (yaml.size() > (std::size_t{4} << 20)) return fail(ErrorCode::bad_input, "the mapping is larger than 4 MiB", {name, 0, ""});
    if (!core::is_utf8(yaml) || yaml.find('\0') != std::string_view::npos) return fail(ErrorCode::bad_input, "the mapping is not UTF-8 text", {name, 0, ""});
    std::size_t depth = 0, deepest = 0;
    std::uint64_t line = 1;
    std::size_t indent = 0, dashes = 0;
    bool leading = true;
    for (const char c : yaml) {
        if (c == '\n') {
            ++line;
            indent = dashes = 0;
            leading = true;
        } else if (leading && (c == ' ' || c == '-' || c == '?' || c == '\t')) {
            ++indent;
            dashes += c == '-' || c == '?';
        } else {
            leading = false;
        }
        if (c == '[' || c == '{') deepest = std::max(deepest, ++depth);
        if ((c == ']' || c == '}') && depth > 0) --depth;
        if (deepest > 64 || indent > 256 || dashes > 64) return fail(ErrorCode::bad_input, "the mapping is nested deeper than any mapping needs", {name, line, ""});
    }
    try {
        if (const std::uint64_t second = model::second_document_line(std::string(yaml)); second != 0)
            return fail(ErrorCode::bad_input, "more than one mapping: a second document begins here", {name, second, ""});
        const YAML::Node root = YAML::Load(std::string(yaml));
        Mapping out = Parser(name).read(root);
        out.path = name;
        out.content = std::string(yaml);
        return out;
    } catch (const Parser::Wrong& wrong) {
        return tl::unexpected<core::Error>(wrong.error);
    } catch (const YAML::Exception& error) {
        return fail(ErrorCode::bad_input, "the mapping is not YAML: " + error.msg, {name, error.mark.line < 0 ? 0 : static_cast<std::uint64_t>(error.mark.line) + 1, ""});
    }
}

Result<Mapping> load_mapping(const std::string& path) {
    THREATLAS_TRY(const std::string text, core::read_file(path));
    return parse_mapping(text, path);
}

}  // namespace threatlas::ingest

#include "ingest/field_reader.hpp"

#include <cmath>

#include "core/text.hpp"
#include "ingest/repeats.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kRemembered = 1 << 16;  // distinct cells a field; then it starts afresh

Result<int> whole(std::string_view text, int low, int high, const char* what) {
    if (text.size() > 1 && text.back() == '.') text.remove_suffix(1);  // '2023.' is how a year is written in several languages
    const auto value = core::parse_number(text);
    if (!value || *value != std::floor(*value) || *value < low || *value > high)
        return fail(ErrorCode::bad_input, "'" + std::string(text.substr(0, 80)) + "' is not a " + what);
    return static_cast<int>(*value);
}

core::Interval day_interval(core::Day day) { return {day, {day.number + 1}}; }

Result<core::Interval> read_period(std::string_view text, const PeriodRule& rule, bool since_1904) {
    switch (rule.form) {
        case PeriodForm::year: {
            THREATLAS_TRY(const int year, whole(text, 1000, 9999, "year"));
            return core::year_interval(year);
        }
        case PeriodForm::month: {
            // A workbook holds a month as the date of its first day.
            if (const auto day = core::parse_day(text); day && core::split(*day).day == 1)
                return core::month_interval(core::split(*day).year, core::split(*day).month);
            THREATLAS_TRY(const auto date, formatted_date(text, rule.format.empty() ? "yyyy-mm" : std::string_view(rule.format)));
            if (date.year < 1000) return fail(ErrorCode::bad_input, "'" + std::string(text) + "' has no year of four digits");
            return core::month_interval(date.year, date.month);
        }
        case PeriodForm::day: {
            if (text.size() == 10 && text[4] == '-') {
                THREATLAS_TRY(const core::Day day, core::parse_day(text));
                return day_interval(day);
            }
            THREATLAS_TRY(const auto date, formatted_date(text, rule.format.empty() ? "yyyy-mm-dd" : std::string_view(rule.format)));
            THREATLAS_TRY(const core::Day day, core::make_day(date.year, date.month, date.day));
            return day_interval(day);
        }
        case PeriodForm::excel_serial: {
            if (const auto day = core::parse_day(text)) return day_interval(*day);
            const auto serial = core::parse_number(text);
            if (!serial) return fail(ErrorCode::bad_input, "'" + std::string(text.substr(0, 80)) + "' is not an Excel date number");
            THREATLAS_TRY(const core::Day day, excel_day(*serial, since_1904));
            return day_interval(day);
        }
        case PeriodForm::interval:
        case PeriodForm::parts: break;
    }
    return core::parse_interval(text);
}

}  // namespace

Result<FieldReader> FieldReader::make(const FieldRule& rule, std::string name, const RowSource& table, const Mapping& mapping, Interpret interpret) {
    FieldReader out;
    out.rule_ = rule;
    out.name_ = std::move(name);
    out.interpret_ = std::move(interpret);
    if (rule.column.empty()) {
        out.constant_.text = rule.constant;
        out.constant_.hash = hash_text(rule.constant);
        out.interpret_(out.constant_, false);
        if (!out.constant_.refusal.empty()) return fail(ErrorCode::bad_input, "the mapping's '" + out.name_ + "': " + out.constant_.refusal, {mapping.path, rule.line, ""});
        return out;
    }
    auto column = table.column(rule.column);
    if (!column) {
        auto error = column.error();
        error.message = "the mapping's '" + out.name_ + "' (" + mapping.path + ":" + std::to_string(rule.line) + "): " + error.message;
        return tl::unexpected<core::Error>(std::move(error));
    }
    out.column_ = *column;
    out.name_ = rule.column;
    return out;
}

Meaning FieldReader::translate(std::string_view cell, bool is_number) const {
    Meaning out;
    if (cell.empty()) {
        if (!rule_.blank) {
            out.refusal = "the cell is blank, and the mapping does not say what blank means";
            return out;
        }
        out.text = *rule_.blank;
    } else if (const auto found = rule_.table.find(std::string(cell)); found != rule_.table.end()) {
        out.text = found->second;
    } else if (rule_.otherwise) {
        out.text = *rule_.otherwise;
    } else if (rule_.has_table) {
        out.refusal = "'" + std::string(cell.substr(0, 200)) + "' is not in the mapping's table";
        return out;
    } else {
        out.text = cell;
    }
    out.hash = hash_text(out.text);
    interpret_(out, is_number);
    return out;
}

const Meaning& FieldReader::read(const std::vector<std::string_view>& cells, const RowSource& table) {
    if (rule_.column.empty()) return constant_;
    const std::string_view cell = core::trim(cells[column_]);
    const bool is_number = table.is_number(column_);
    if (last_ != nullptr && cell == last_cell_ && is_number == last_number_) return *last_;
    auto& known = known_[is_number ? 1 : 0];
    auto found = known.find(cell);
    if (found == known.end()) {
        if (known.size() >= kRemembered) known.clear();
        found = known.emplace(std::string(cell), std::make_unique<Meaning>(translate(cell, is_number))).first;
    }
    last_cell_ = cell;
    last_number_ = is_number;
    last_ = found->second.get();
    return *last_;
}

Result<PeriodReader> PeriodReader::make(const PeriodRule& rule, const RowSource& table, const Mapping& mapping) {
    PeriodReader out;
    const auto text_only = [](Meaning&, bool) {};
    if (rule.form == PeriodForm::parts) {
        THREATLAS_TRY(auto year, FieldReader::make(rule.year, "period.year", table, mapping, text_only));
        out.parts_.push_back(std::move(year));
        out.quarter_ = rule.quarter.given;
        if (rule.month.given || rule.quarter.given) {
            THREATLAS_TRY(auto part, FieldReader::make(out.quarter_ ? rule.quarter : rule.month, out.quarter_ ? "period.quarter" : "period.month", table, mapping, text_only));
            out.parts_.push_back(std::move(part));
        }
        return out;
    }
    THREATLAS_TRY(auto whole_field, FieldReader::make(rule.text, "period", table, mapping, [rule, since_1904 = table.since_1904()](Meaning& meaning, bool) {
        const auto period = read_period(meaning.text, rule, since_1904);
        if (!period) {
            meaning.refusal = period.error().message;
            return;
        }
        meaning.period = *period;
        meaning.hash = combine(static_cast<std::uint32_t>(period->begin.number), static_cast<std::uint32_t>(period->end.number));
    }));
    out.whole_ = std::make_unique<FieldReader>(std::move(whole_field));
    return out;
}

const Meaning& PeriodReader::read(const std::vector<std::string_view>& cells, const RowSource& table) {
    if (whole_) return whole_->read(cells, table);
    const Meaning& year_cell = parts_[0].read(cells, table);
    if (!year_cell.refusal.empty()) return year_cell;
    static const Meaning kNone;
    const Meaning& part_cell = parts_.size() > 1 ? parts_[1].read(cells, table) : kNone;
    if (!part_cell.refusal.empty()) return part_cell;
    if (year_cell.text == last_year_ && part_cell.text == last_part_ && last_.period.days() != 0) return last_;
    last_ = {};
    last_year_ = year_cell.text;
    last_part_ = part_cell.text;
    const auto period = [&]() -> Result<core::Interval> {
        THREATLAS_TRY(const int year, whole(year_cell.text, 1000, 9999, "year"));
        if (parts_.size() == 1) return core::year_interval(year);
        if (!quarter_) {
            THREATLAS_TRY(const int month, whole(part_cell.text, 1, 12, "month"));
            return core::month_interval(year, month);
        }
        THREATLAS_TRY(const int quarter, whole(part_cell.text, 1, 4, "quarter"));
        THREATLAS_TRY(const auto first, core::month_interval(year, quarter * 3 - 2));
        THREATLAS_TRY(const auto last, core::month_interval(year, quarter * 3));
        return core::Interval{first.begin, last.end};
    }();
    if (!period) {
        last_.refusal = period.error().message;
        return last_;
    }
    last_.period = *period;
    last_.hash = combine(static_cast<std::uint32_t>(period->begin.number), static_cast<std::uint32_t>(period->end.number));
    return last_;
}

}  // namespace threatlas::ingest

#include "ingest/mapped_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "core/text.hpp"
#include "ingest/field_reader.hpp"
#include "ingest/repeats.hpp"
#include "model/units.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

struct Figure {
    double value = 0, upper = 0;
    model::State state = model::State::measured;
};

class Reader {
  public:
    Reader(const Mapping& mapping, const model::Catalogue& catalogue, RowSource& table, Recorder& recorder)
        : mapping_(mapping), catalogue_(catalogue), table_(table), recorder_(recorder), heading_of_([this](std::string_view field) { return heading_of(field); }) {}

    Result<void> bind() {
        const auto plain = [](Meaning&, bool) {};
        const auto* source = catalogue_.source(mapping_.source);
        observation_.handling = source != nullptr ? source->handling : "TLP:CLEAR";
        if (source != nullptr) observation_.evaluation = source->evaluation;
        if (mapping_.member_rule.given && source != nullptr && source->already_public && !source->contributed)
            return fail(ErrorCode::bad_input, "'" + source->id + "' is a published source: rows with a member need the source 'member_statistics' (or another with contributed: true)", {mapping_.path, 0, ""});
        THREATLAS_CHECK(bind(place_, mapping_.place, "place", [this](Meaning& m, bool) {
            if (m.text.empty()) return;
            const auto* country = catalogue_.country(m.text);
            if (country == nullptr) m.refusal = "unknown country or place '" + m.text + "': name it in the mapping's table";
            else set(m, country->id);
        }));
        if (mapping_.member_rule.given)
            THREATLAS_CHECK(bind(member_, mapping_.member_rule, "member", [this](Meaning& m, bool) {
                if (!m.text.empty() && catalogue_.member(m.text) == nullptr) m.refusal = "unknown member '" + m.text + "'";
            }));
        if (mapping_.nature.given)
            THREATLAS_CHECK(bind(nature_, mapping_.nature, "nature", [](Meaning& m, bool) {
                if (!model::from_name(m.text, m.nature)) m.refusal = "unknown nature '" + m.text + "'";
            }));
        if (mapping_.evaluation.given)
            THREATLAS_CHECK(bind(evaluation_, mapping_.evaluation, "evaluation", [this](Meaning& m, bool) { m.refusal = recorder_.wrong_words(m.text, ""); }));
        if (mapping_.handling.given)
            THREATLAS_CHECK(bind(handling_, mapping_.handling, "handling", [this](Meaning& m, bool) { m.refusal = recorder_.wrong_words("unevaluated", m.text); }));
        if (mapping_.flags.given) THREATLAS_CHECK(bind(flags_, mapping_.flags, "flags", plain));
        if (mapping_.row_id.given) {
            if (mapping_.row_id.column.empty()) return fail(ErrorCode::bad_input, "the mapping's 'id' should be a column: every row has its own", {mapping_.path, 0, ""});
            THREATLAS_TRY(id_column_, table_.column(mapping_.row_id.column));
        }
        for (const auto& rule : mapping_.measures) {
            Measure measure;
            THREATLAS_CHECK(bind_value(rule.value, measure));
            THREATLAS_CHECK(bind(measure.unit, rule.unit ? *rule.unit : mapping_.unit, "unit", [this](Meaning& m, bool) {
                if (std::none_of(catalogue_.units.begin(), catalogue_.units.end(), [&](const auto& u) { return u.id == m.text; }))
                    m.refusal = m.text.empty() ? "no unit is stated" : "unknown unit '" + m.text + "'";
            }));
            const bool by_threat = !rule.what && mapping_.threat.given;
            const FieldRule& unit = rule.unit ? *rule.unit : mapping_.unit;
            THREATLAS_CHECK(bind(measure.what, rule.what ? *rule.what : by_threat ? mapping_.threat : mapping_.what, by_threat ? "threat" : "what",
                                 [this, by_threat, stated = unit.constant](Meaning& m, bool) { what_of(m, by_threat, stated); }));
            THREATLAS_TRY(auto period, PeriodReader::make(rule.period ? *rule.period : mapping_.period, table_, mapping_));
            measure.period = std::make_unique<PeriodReader>(std::move(period));
            auto dims = mapping_.dims;
            for (const auto& [key, each] : rule.dims) dims[key] = each;
            for (const auto& [key, each] : dims) {
                measure.dims.emplace_back(key, nullptr);
                // A misspelt way of working would look like a new one.
                const bool codes = key == "modus_operandi";
                THREATLAS_CHECK(bind(measure.dims.back().second, each, "dims." + key, [this, codes](Meaning& m, bool) {
                    for (const std::string& code : core::split(codes ? m.text : std::string(), '|'))
                        if (!code.empty() && catalogue_.code(code) == nullptr) m.refusal = "unknown modus operandi code '" + code + "': name it in the mapping's table; 'threatlas catalogue show' lists the codes";
                }));
                measure.dim_names.push_back(hash_text(key));
                measure.dim_hashes.push_back(0);
            }
            measures_.push_back(std::move(measure));
        }
        for (const auto& each : mapping_.absent) word(each, {0, 0, model::State::absent});
        for (const auto& each : mapping_.withheld) word(each, {0, 0, model::State::withheld});
        for (const auto& each : mapping_.zero) word(each, {0, 0, model::State::measured});
        for (const auto& [each, ends] : mapping_.censored) word(each, {ends.first, ends.second, model::State::censored});
        return {};
    }

    Result<void> run() {
        std::vector<std::string_view> cells;
        std::uint64_t rows = 0;
        for (;;) {
            THREATLAS_TRY(const bool more, table_.next(cells));
            if (!more) break;
            if ((++rows & 0x1FFF) == 0) recorder_.rows_read(rows, table_.bytes_read());
            if (table_.ragged()) {
                THREATLAS_CHECK(refuse("", "the row has more or fewer cells than the heading row"));
                continue;
            }
            for (std::size_t i = 0; i < measures_.size(); ++i) THREATLAS_CHECK(measure(i, cells));
        }
        recorder_.rows_read(rows, table_.bytes_read());
        if (table_.ends_open()) recorder_.note("the last row has no line end: if the file was cut short there, its last cell may be too");
        return {};
    }

  private:
    using Field = std::unique_ptr<FieldReader>;
    struct Measure {
        std::size_t column = 0;
        std::string heading;
        std::optional<Figure> always;            // instead of a column
        Field what, unit;
        std::unique_ptr<PeriodReader> period;
        std::vector<std::pair<std::string, Field>> dims;
        std::vector<std::uint64_t> dim_names;    // hashes
        std::vector<std::uint64_t> dim_hashes;   // of the texts last written
    };

    static void set(Meaning& m, const std::string& text) {
        m.text = text;
        m.hash = hash_text(text);
    }
    static void assign(std::string& to, const std::string& from) {
        if (to != from) to = from;
    }

    Result<void> bind(Field& out, const FieldRule& rule, const std::string& name, FieldReader::Interpret interpret) {
        THREATLAS_TRY(auto field, FieldReader::make(rule, name, table_, mapping_, std::move(interpret)));
        out = std::make_unique<FieldReader>(std::move(field));
        return {};
    }

    void what_of(Meaning& m, bool by_threat, const std::string& unit) const {
        if (by_threat) {
            if (catalogue_.threat(m.text) == nullptr) {
                m.refusal = "unknown threat '" + m.text + "'";
                return;
            }
            std::string found;
            std::size_t count = 0;
            for (const auto& each : catalogue_.whats)
                if (std::find(each.threats.begin(), each.threats.end(), m.text) != each.threats.end() && (unit.empty() || each.unit == unit)) {
                    ++count;
                    found += (found.empty() ? "" : ", ") + each.id;
                }
            if (count != 1) {
                m.refusal = "the threat '" + m.text + "' is measured by " + (count == 0 ? "no code in this unit" : "several codes (" + found + ")") + ": say 'what'";
                return;
            }
            set(m, found);
        }
        m.what = catalogue_.what(m.text);
        if (m.what == nullptr) m.refusal = "unknown code '" + m.text + "'";
        else if (!model::from_name(m.what->nature, m.nature)) m.refusal = "the catalogue gives '" + m.text + "' no known nature";
    }

    void word(const std::string& text, Figure figure) {
        words_.emplace(core::trim(text), figure);
        if (core::trim(text).empty()) blank_word_ = true;
        else first_bytes_[static_cast<unsigned char>(core::trim(text).front())] = true;
    }

    Result<void> refuse(std::string_view column, std::string reason) {
        return recorder_.set_aside("refused", table_.row(), column, std::move(reason), table_.original());
    }

    // A column; or one number for every row, of a list of events. Those need an id: two alike on one day are two.
    Result<void> bind_value(const FieldRule& rule, Measure& measure) {
        measure.heading = rule.column.empty() ? "value" : rule.column;
        if (!rule.column.empty()) {
            THREATLAS_TRY(measure.column, table_.column(rule.column));
            return {};
        }
        const auto number = core::parse_number(rule.constant);
        if (!number || *number < 0) return fail(ErrorCode::bad_input, "the mapping's 'value' is a column, or one number for every row", {mapping_.path, rule.line, ""});
        if (!mapping_.row_id.given) return fail(ErrorCode::bad_input, "rows that all count the same are events: map their 'id', or two alike cannot be told from one told twice", {mapping_.path, rule.line, ""});
        measure.always = Figure{*number, *number, model::State::measured};
        return {};
    }

    Result<Figure> figure(std::size_t column, std::string_view cell) const {
        cell = core::trim(cell);
        if (cell.empty() ? blank_word_ : first_bytes_[static_cast<unsigned char>(cell.front())]) {
            if (const auto found = words_.find(cell); found != words_.end()) return found->second;
        }
        if (cell.empty()) return fail(ErrorCode::bad_input, "the value is blank: say in the mapping what blank means (absent: [''])");
        if (table_.is_number(column)) {
            const auto value = core::parse_number(cell);
            if (!value) return fail(ErrorCode::bad_input, "'" + std::string(cell) + "' is not a finite number");
            return Figure{*value, *value, model::State::measured};
        }
        THREATLAS_TRY(const double value, mapped_number(cell, mapping_.numbers));
        return Figure{value, value, model::State::measured};
    }

    // What the cells of a row mean, all of them read before anything is written.
    struct Meanings {
        const Meaning *what = nullptr, *place = nullptr, *period = nullptr, *unit = nullptr;
        const Meaning *nature = nullptr, *member = nullptr, *evaluation = nullptr, *handling = nullptr, *flags = nullptr;
        std::vector<const Meaning*> dims;
        Figure figure;
    };

    // Reads a field that the mapping may leave out; false when its cell is refused, which is then recorded.
    Result<bool> read(const Field& field, const std::vector<std::string_view>& cells, const Meaning*& out) {
        out = nullptr;
        if (!field) return true;
        out = &field->read(cells, table_);
        if (out->refusal.empty()) return true;
        THREATLAS_CHECK(refuse(field->name(), out->refusal));
        return false;
    }

    // Why a thing is not measured in this unit; '' when it is. A single report may be counted instead.
    const std::string& misfit(const Meaning& what, const Meaning& unit) {
        const auto [found, fresh] = misfits_.try_emplace(combine(what.hash, unit.hash));
        if (!fresh) return found->second;
        const model::What& of = *what.what;
        const std::string drug = of.id.starts_with("seizure.") ? of.id.substr(8) : "";
        if (!(of.nature == "seizure" && unit.text == "count") && !model::conversion(catalogue_, unit.text, of.unit, drug))
            found->second = "'" + of.id + "' is measured in '" + of.unit + "', and '" + unit.text + "' does not convert to it";
        return found->second;
    }

    Result<bool> read_all(Measure& m, const std::vector<std::string_view>& cells) {
        Meanings& row = meanings_;
        const std::array<std::pair<const Field*, const Meaning**>, 8> fields{{{&m.what, &row.what}, {&place_, &row.place}, {&m.unit, &row.unit}, {&nature_, &row.nature},
                                                                              {&member_, &row.member}, {&evaluation_, &row.evaluation}, {&handling_, &row.handling}, {&flags_, &row.flags}}};
        for (const auto& [field, out] : fields) {
            THREATLAS_TRY(const bool good, read(*field, cells, *out));
            if (!good) return false;
        }
        if (const std::string why = misfit(*row.what, *row.unit); !why.empty()) {
            THREATLAS_CHECK(refuse(m.unit->name(), why));
            return false;
        }
        row.period = &m.period->read(cells, table_);
        const auto refused = [&](std::string_view column, std::string reason) -> Result<bool> {
            THREATLAS_CHECK(refuse(column, std::move(reason)));
            return false;
        };
        if (!row.period->refusal.empty()) return refused(m.period->name(), row.period->refusal);
        const auto value = m.always ? Result<Figure>(*m.always) : figure(m.column, cells[m.column]);
        if (!value) return refused(m.heading, value.error().message);
        row.figure = *value;
        if (value->value < 0) return refused(m.heading, "a figure below zero: a correction is given as the corrected figure, not as a difference");
        if (row.unit->text == "count" && (value->value != std::floor(value->value) || value->upper != std::floor(value->upper)))
            return refused(m.heading, "a count with a fraction: are decimal mark and thousands separator swapped?");
        if (row.member != nullptr && !mapping_.member.empty() && row.member->text != mapping_.member)
            return refused(member_->name(), "the row is of member '" + row.member->text + "', the mapping of '" + mapping_.member + "'");
        row.dims.resize(m.dims.size());
        for (std::size_t i = 0; i < m.dims.size(); ++i) {
            THREATLAS_TRY(const bool good, read(m.dims[i].second, cells, row.dims[i]));
            if (!good) return false;
        }
        return true;
    }

    // Names the figure: two rows with one key tell the same thing.
    std::uint64_t key_of(const Measure& m) const {
        const Meanings& row = meanings_;
        std::uint64_t key = combine(combine(row.what->hash, row.place->hash), combine(row.period->hash, row.unit->hash));
        if (row.member != nullptr) key = combine(key, row.member->hash);
        for (std::size_t i = 0; i < m.dims.size(); ++i)
            if (!row.dims[i]->text.empty()) key = combine(key, combine(m.dim_names[i], row.dims[i]->hash));
        return key;
    }

    void write(Measure& m, std::size_t index) {
        const Meanings& row = meanings_;
        model::Observation& o = observation_;
        o.nature = row.nature != nullptr ? row.nature->nature : row.what->nature;
        assign(o.member, row.member != nullptr ? row.member->text : mapping_.member);
        if (row.evaluation != nullptr) assign(o.evaluation, row.evaluation->text);
        if (row.handling != nullptr) assign(o.handling, row.handling->text);
        if (row.flags != nullptr) assign(o.flags, row.flags->text);
        // A map is dear to rebuild: dimensions are written only where they differ from the row before.
        if (last_measure_ != index) o.dims.clear();
        for (std::size_t i = 0; i < m.dims.size(); ++i) {
            if (last_measure_ == index && m.dim_hashes[i] == row.dims[i]->hash) continue;
            m.dim_hashes[i] = row.dims[i]->hash;
            if (row.dims[i]->text.empty()) o.dims.erase(m.dims[i].first);
            else o.dims[m.dims[i].first] = row.dims[i]->text;
        }
        last_measure_ = index;
        assign(o.what, row.what->text);
        assign(o.place, row.place->text);
        assign(o.unit, row.unit->text);
        o.period = row.period->period;
        o.value = row.figure.value;
        o.upper = row.figure.upper;
        o.state = row.figure.state;
        o.row = table_.row();
        o.known_at = mapping_.known_after_days && !mapping_.known_at ? core::Day{o.period.end.number + *mapping_.known_after_days} : core::Day{};
    }

    Result<void> measure(std::size_t index, const std::vector<std::string_view>& cells) {
        Measure& m = measures_[index];
        THREATLAS_TRY(const bool good, read_all(m, cells));
        if (!good) return {};
        write(m, index);
        model::Observation& o = observation_;
        std::uint64_t key = key_of(m);
        std::uint64_t content = combine(combine(std::bit_cast<std::uint64_t>(o.value), std::bit_cast<std::uint64_t>(o.upper)), static_cast<std::uint64_t>(o.state));
        std::string_view id;
        if (id_column_ != kNoColumn) {
            id = core::trim(cells[id_column_]);
            if (id.empty()) return refuse(mapping_.row_id.column, "the row has no id");
            content = combine(content, key);
            key = combine(hash_text(id), index);
        }
        if (const auto seen = repeats_.see(key, content, o.row); seen.seen) {
            const std::string where = "row " + std::to_string(seen.row);
            const std::string column = id.empty() ? m.heading : mapping_.row_id.column;
            if (seen.same) return recorder_.set_aside("duplicate", o.row, column, "repeats " + where, table_.original());
            return refuse(column, id.empty() ? "contradicts " + where + ": the same figure with another value" : "the id '" + std::string(id) + "' was used by " + where + " with other content");
        }
        reading_ = index;
        return recorder_.take(o, table_, heading_of_);
    }

    // The column a field of the observation came from, '' for a constant.
    std::string heading_of(std::string_view field) const {
        const Measure& m = measures_[reading_];
        if (field == "what") return m.what->name();
        if (field == "unit") return m.unit->name();
        if (field == "period") return m.period->name();
        if (field == "place") return place_->name();
        if (field == "nature" && nature_) return nature_->name();
        if (field == "member" && member_) return member_->name();
        return field == "value" ? m.heading : std::string();
    }

    static constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();
    const Mapping& mapping_;
    const model::Catalogue& catalogue_;
    RowSource& table_;
    Recorder& recorder_;
    Recorder::HeadingOf heading_of_;
    std::size_t reading_ = 0;   // the measure in hand
    Field place_, member_, nature_, evaluation_, handling_, flags_;
    std::vector<Measure> measures_;
    Meanings meanings_;
    std::size_t id_column_ = kNoColumn, last_measure_ = kNoColumn;
    std::unordered_map<std::string, Figure, TextHash, std::equal_to<>> words_;
    std::unordered_map<std::uint64_t, std::string> misfits_;
    bool blank_word_ = false;
    bool first_bytes_[256] = {};
    model::Observation observation_;
    Repeats repeats_;
};

}  // namespace

Result<void> read_mapped(const Mapping& mapping, const model::Catalogue& catalogue, RowSource& table, Recorder& recorder) {
    Reader reader(mapping, catalogue, table, recorder);
    THREATLAS_CHECK(reader.bind());
    return reader.run();
}

Result<void> read_mapped(const Mapping& mapping, const model::Catalogue& catalogue, const std::string& path, Recorder& recorder) {
    THREATLAS_TRY(const auto table, open_table(path, mapping.table));
    return read_mapped(mapping, catalogue, *table, recorder);
}

}  // namespace threatlas::ingest

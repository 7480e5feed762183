#include "ingest/mapped_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/text.hpp"
#include "ingest/field_reader.hpp"
#include "ingest/repeats.hpp"

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
        : mapping_(mapping), catalogue_(catalogue), table_(table), recorder_(recorder), original_([this] { return table_.original(); }) {}

    Result<void> bind() {
        const auto plain = [](Meaning&, bool) {};
        const auto* source = catalogue_.source(mapping_.source);
        observation_.handling = source != nullptr ? source->handling : "TLP:CLEAR";
        if (source != nullptr) observation_.evaluation = source->evaluation;
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
        if (mapping_.evaluation.given) THREATLAS_CHECK(bind(evaluation_, mapping_.evaluation, "evaluation", plain));
        if (mapping_.handling.given)
            THREATLAS_CHECK(bind(handling_, mapping_.handling, "handling", [this](Meaning& m, bool) { handling_word(m); }));
        if (mapping_.flags.given) THREATLAS_CHECK(bind(flags_, mapping_.flags, "flags", plain));
        if (mapping_.row_id.given) {
            if (mapping_.row_id.column.empty()) return fail(ErrorCode::bad_input, "the mapping's 'id' should be a column: every row has its own", {mapping_.path, 0, ""});
            THREATLAS_TRY(id_column_, table_.column(mapping_.row_id.column));
        }
        for (const auto& rule : mapping_.measures) {
            Measure measure;
            if (rule.value.column.empty()) return fail(ErrorCode::bad_input, "the mapping's 'value' should be a column", {mapping_.path, 0, ""});
            THREATLAS_TRY(measure.column, table_.column(rule.value.column));
            measure.heading = rule.value.column;
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
                THREATLAS_CHECK(bind(measure.dims.back().second, each, "dims." + key, plain));
                measure.dim_hashes.push_back(0);
                dim_names_.push_back(key);
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
        return {};
    }

  private:
    using Field = std::unique_ptr<FieldReader>;
    struct Measure {
        std::size_t column = 0;
        std::string heading;
        Field what, unit;
        std::unique_ptr<PeriodReader> period;
        std::vector<std::pair<std::string, Field>> dims;
        std::vector<std::uint64_t> dim_hashes;
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

    void handling_word(Meaning& m) const {
        for (const auto& part : core::split(m.text, ' '))
            if (std::none_of(catalogue_.handling.begin(), catalogue_.handling.end(), [&](const auto& h) { return h.code == part || "TLP:" + h.code == part; }))
                m.refusal = "unknown handling code '" + part + "'";
    }

    void word(const std::string& text, Figure figure) {
        words_.emplace(core::trim(text), figure);
        if (core::trim(text).empty()) blank_word_ = true;
        else first_bytes_[static_cast<unsigned char>(core::trim(text).front())] = true;
    }

    Result<void> refuse(std::string_view column, std::string reason) {
        return recorder_.set_aside("refused", table_.row(), column, std::move(reason), table_.original());
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

    Result<void> measure(std::size_t index, const std::vector<std::string_view>& cells) {
        Measure& m = measures_[index];
        const auto read = [&](Field& field) -> const Meaning& { return field->read(cells, table_); };
        const Meaning& what = read(m.what);
        if (!what.refusal.empty()) return refuse(m.what->name(), what.refusal);
        const Meaning& place = read(place_);
        if (!place.refusal.empty()) return refuse(place_->name(), place.refusal);
        const Meaning& period = m.period->read(cells, table_);
        if (!period.refusal.empty()) return refuse(m.period->name(), period.refusal);
        const Meaning& unit = read(m.unit);
        if (!unit.refusal.empty()) return refuse(m.unit->name(), unit.refusal);
        const auto value = figure(m.column, cells[m.column]);
        if (!value) return refuse(m.heading, value.error().message);
        if (value->value < 0) return refuse(m.heading, "a figure below zero: a correction is given as the corrected figure, not as a difference");
        if (unit.text == "count" && (value->value != std::floor(value->value) || value->upper != std::floor(value->upper)))
            return refuse(m.heading, "a count with a fraction: are decimal mark and thousands separator swapped?");

        model::Observation& o = observation_;
        o.nature = what.nature;
        if (nature_) {
            const Meaning& nature = read(nature_);
            if (!nature.refusal.empty()) return refuse(nature_->name(), nature.refusal);
            o.nature = nature.nature;
        }
        assign(o.member, mapping_.member);
        std::uint64_t key = combine(combine(what.hash, place.hash), combine(period.hash, unit.hash));
        if (member_) {
            const Meaning& member = read(member_);
            if (!member.refusal.empty()) return refuse(member_->name(), member.refusal);
            if (!mapping_.member.empty() && member.text != mapping_.member)
                return refuse(member_->name(), "the row is of member '" + member.text + "', the mapping of '" + mapping_.member + "'");
            assign(o.member, member.text);
            key = combine(key, member.hash);
        }
        if (evaluation_) {
            const Meaning& evaluation = read(evaluation_);
            if (!evaluation.refusal.empty()) return refuse(evaluation_->name(), evaluation.refusal);
            assign(o.evaluation, evaluation.text);
        }
        if (handling_) {
            const Meaning& handling = read(handling_);
            if (!handling.refusal.empty()) return refuse(handling_->name(), handling.refusal);
            assign(o.handling, handling.text);
        }
        if (flags_) {
            const Meaning& flags = read(flags_);
            if (!flags.refusal.empty()) return refuse(flags_->name(), flags.refusal);
            assign(o.flags, flags.text);
        }
        for (std::size_t i = 0; i < m.dims.size(); ++i) {
            const Meaning& dim = read(m.dims[i].second);
            if (!dim.refusal.empty()) return refuse(m.dims[i].second->name(), dim.refusal);
            key = combine(key, dim.hash);
            if (last_measure_ == index && m.dim_hashes[i] == dim.hash) continue;
            m.dim_hashes[i] = dim.hash;
            if (dim.text.empty()) o.dims.erase(m.dims[i].first);
            else o.dims[m.dims[i].first] = dim.text;
        }
        if (last_measure_ != index) {  // what another measure set and this one does not
            for (const auto& name : dim_names_)
                if (std::none_of(m.dims.begin(), m.dims.end(), [&](const auto& d) { return d.first == name; })) o.dims.erase(name);
            last_measure_ = index;
        }
        assign(o.what, what.text);
        assign(o.place, place.text);
        assign(o.unit, unit.text);
        o.period = period.period;
        o.value = value->value;
        o.upper = value->upper;
        o.state = value->state;
        o.row = table_.row();
        o.known_at = mapping_.known_after_days && !mapping_.known_at ? core::Day{o.period.end.number + *mapping_.known_after_days} : core::Day{};

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
        return recorder_.take(o, original_);
    }

    static constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();
    const Mapping& mapping_;
    const model::Catalogue& catalogue_;
    RowSource& table_;
    Recorder& recorder_;
    std::function<std::string()> original_;
    Field place_, member_, nature_, evaluation_, handling_, flags_;
    std::vector<Measure> measures_;
    std::vector<std::string> dim_names_;
    std::size_t id_column_ = kNoColumn, last_measure_ = kNoColumn;
    std::unordered_map<std::string, Figure, TextHash, std::equal_to<>> words_;
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

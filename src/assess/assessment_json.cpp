// assessment.json. One source row stands behind many figures: the rows are written once, as a table
// whose words are numbered, and a figure names its rows by runs of that table.
#include <map>

#include "assess/assess.hpp"
#include "assess/results.hpp"
#include "model/json_codec.hpp"

namespace threatlas::assess {
namespace {

namespace json = core::json;
using model::for_each_field;

template <class T>
inline constexpr bool is_word = std::is_same_v<T, std::string>;

class TableWriter {
  public:
    // Number of the row in the table.
    std::size_t number(const EvidenceRow& row) {
        json::array cells;
        for_each_field<EvidenceRow>([&](const auto& f) {
            const auto& value = row.*f.member;
            if constexpr (is_word<std::decay_t<decltype(value)>>) {
                const auto [at, fresh] = words_.emplace(value, words_.size());
                if (fresh) texts_.emplace_back(value);
                cells.emplace_back(static_cast<std::int64_t>(at->second));
            } else {
                cells.push_back(model::to_json(value));
            }
        });
        const auto [at, fresh] = rows_.emplace(core::write_json(cells), rows_.size());
        if (fresh) table_.emplace_back(std::move(cells));
        return at->second;
    }
    json::object finish() {
        json::array names;
        for_each_field<EvidenceRow>([&](const auto& f) { names.emplace_back(std::string(f.name)); });
        return {{"fields", std::move(names)}, {"texts", std::move(texts_)}, {"table", std::move(table_)}};
    }

  private:
    std::map<std::string, std::size_t> words_, rows_;
    json::array texts_, table_;
};

// 4, 5, 6, 9 are the runs 4, 6, 9, 9.
json::array runs(const std::vector<std::size_t>& numbers) {
    json::array out;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
        out.emplace_back(static_cast<std::int64_t>(numbers[i]));
        out.emplace_back(static_cast<std::int64_t>(numbers[last]));
        i = last + 1;
    }
    return out;
}

core::Result<std::vector<EvidenceRow>> read_table(const json::object& in) {
    const auto list = [&](const char* name) -> const json::array* {
        const json::value* value = in.if_contains(name);
        return value != nullptr && value->is_array() ? &value->get_array() : nullptr;
    };
    const json::array *fields = list("fields"), *texts = list("texts"), *table = list("table");
    if (fields == nullptr || texts == nullptr || table == nullptr) return model::detail::wrong("assessment.rows", "a record of fields, texts and table");
    std::size_t next = 0;
    bool same = true;
    for_each_field<EvidenceRow>([&](const auto& f) { same = same && next < fields->size() && (*fields)[next].is_string() && f.name == std::string_view((*fields)[next].get_string()), ++next; });
    if (!same || next != fields->size()) return model::detail::wrong("assessment.rows.fields", "the fields of this version");
    std::vector<EvidenceRow> out;
    for (const json::value& cells : *table) {
        if (!cells.is_array() || cells.get_array().size() != next) return model::detail::wrong("assessment.rows.table", "lists as long as fields");
        EvidenceRow row;
        std::size_t at = 0;
        core::Result<void> read;
        for_each_field<EvidenceRow>([&](const auto& f) {
            if (!read) return;
            const json::value& cell = cells.get_array()[at++];
            auto& value = row.*f.member;
            if constexpr (is_word<std::decay_t<decltype(value)>>) {
                const auto number = cell.is_int64() ? cell.get_int64() : -1;
                if (number < 0 || static_cast<std::size_t>(number) >= texts->size() || !(*texts)[static_cast<std::size_t>(number)].is_string())
                    read = model::detail::wrong("assessment.rows.table", "numbers of texts");
                else value = std::string((*texts)[static_cast<std::size_t>(number)].get_string());
            } else {
                read = model::from_json(cell, value, "assessment.rows." + std::string(f.name));
            }
        });
        if (!read) return tl::unexpected<core::Error>(std::move(read).error());
        out.push_back(std::move(row));
    }
    return out;
}

core::Result<void> expand(const json::value& numbers, const std::vector<EvidenceRow>& table, std::vector<EvidenceRow>& out) {
    if (numbers.is_null()) return {};
    const auto bad = [] { return model::detail::wrong("assessment.figures.rows", "runs of row numbers: first, last, first, last"); };
    if (!numbers.is_array() || numbers.get_array().size() % 2 != 0) return bad();
    const json::array& list = numbers.get_array();
    for (std::size_t i = 0; i < list.size(); i += 2) {
        if (!list[i].is_int64() || !list[i + 1].is_int64()) return bad();
        const auto first = list[i].get_int64(), last = list[i + 1].get_int64();
        if (first < 0 || last < first || static_cast<std::size_t>(last) >= table.size()) return bad();
        out.insert(out.end(), table.begin() + first, table.begin() + last + 1);
    }
    return {};
}

core::Result<Assessment> read(json::value& value) {
    if (!value.is_object()) return model::detail::wrong("assessment", "a record");
    json::object& whole = value.get_object();
    std::vector<EvidenceRow> table;
    if (const json::value* rows = whole.if_contains("rows"); rows != nullptr && rows->is_object()) {
        THREATLAS_TRY(table, read_table(rows->get_object()));
    }
    whole.erase("rows");
    // The figures' runs are taken out before the records are read, and put back as rows after.
    std::vector<json::value> numbers;
    if (json::value* figures = whole.if_contains("figures"); figures != nullptr && figures->is_array())
        for (json::value& figure : figures->get_array()) {
            numbers.emplace_back(nullptr);
            if (!figure.is_object()) continue;
            if (json::value* rows = figure.get_object().if_contains("rows"); rows != nullptr) numbers.back() = std::move(*rows), figure.get_object().erase("rows");
        }
    Assessment out;
    THREATLAS_CHECK(model::from_json(value, out, "assessment"));
    for (std::size_t i = 0; i < out.figures.size() && i < numbers.size(); ++i)
        THREATLAS_CHECK(expand(numbers[i], table, out.figures[i].rows));
    return out;
}

}  // namespace

std::string to_json_text(const Assessment& assessment) {
    Assessment bare = assessment;
    TableWriter table;
    std::vector<std::vector<std::size_t>> numbers;
    for (Figure& figure : bare.figures) {
        auto& list = numbers.emplace_back();
        for (const EvidenceRow& row : figure.rows) list.push_back(table.number(row));
        figure.rows.clear();
    }
    json::value out = model::to_json(bare);
    json::array& figures = out.get_object()["figures"].get_array();
    for (std::size_t i = 0; i < figures.size(); ++i) figures[i].get_object()["rows"] = runs(numbers[i]);
    out.get_object()["rows"] = table.finish();
    return core::write_json(out, 1);
}

core::Result<Assessment> from_json_text(std::string_view text, const std::string& where) {
    THREATLAS_TRY(core::json::value value, core::parse_json(text, where));
    auto out = read(value);
    if (!out) {
        core::Error error = std::move(out).error();
        error.where.source = where;
        return tl::unexpected<core::Error>(std::move(error));
    }
    return out;
}

}  // namespace threatlas::assess

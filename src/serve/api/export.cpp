#include "serve/api/export.hpp"

#include <memory>
#include <utility>

#include "ingest/rejects_file.hpp"
#include "serve/api/workbook.hpp"

namespace threatlas::serve::api {
namespace {

using core::Result;
namespace json = core::json;

constexpr std::size_t kPiece = 64 * 1024;

struct Drawing {
    Export how;
    Rows rows;
    bool begun = false, ended = false, first = true;
};

std::string csv_line(const json::object& item, const std::vector<std::string>& fields) {
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i > 0) line += ',';
        const auto* value = item.if_contains(fields[i]);
        if (value != nullptr) line += value->is_number() ? cell(*value) : ingest::csv_cell(cell(*value));
    }
    return line + "\r\n";
}

std::string feature(const json::object& item, const Export& how) {
    json::object properties;
    for (const std::string& field : how.fields)
        if (const auto* value = item.if_contains(field)) properties[field] = *value;
    json::value geometry;
    const auto* place = item.if_contains(how.place);
    if (how.geography && place != nullptr && place->is_string()) geometry = how.geography->centre(std::string(place->get_string()));
    return core::write_json(json::object{{"type", "Feature"}, {"geometry", std::move(geometry)}, {"properties", std::move(properties)}});
}

// Pieces of some size: a head, the rows, an end.
template <class Row>
net::Pieces drawn(Export how, Rows rows, std::string head, Row row, std::string end) {
    auto state = std::make_shared<Drawing>(Drawing{std::move(how), std::move(rows)});
    return [state, head = std::move(head), row, end = std::move(end)](std::string& piece) -> Result<bool> {
        if (state->ended) return false;
        if (!std::exchange(state->begun, true)) piece = head;
        json::object item;
        while (piece.size() < kPiece) {
            item.clear();
            if (!state->rows(item)) {
                state->ended = true;
                piece += end;
                break;
            }
            row(piece, item, state->how, std::exchange(state->first, false));
        }
        return !piece.empty();
    };
}

}  // namespace

std::string cell(const json::value& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_array()) {
        std::string out;
        for (const auto& each : value.get_array()) out += (out.empty() ? "" : "; ") + cell(each);
        return out;
    }
    return core::write_json(value);
}

Rows rows_of(std::vector<json::object> items) {
    return [items = std::make_shared<std::vector<json::object>>(std::move(items)), at = std::size_t{0}](json::object& row) mutable {
        if (at == items->size()) return false;
        row = std::move((*items)[at++]);
        return true;
    };
}

Result<net::Response> exported(const Export& how, Rows rows) {
    const std::string file = "attachment; filename=\"" + how.name + "." + how.format + "\"";
    if (how.format == "xlsx") return net::Response{200, {{"Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, {"Content-Disposition", file}}, workbook(std::move(rows), how.fields, how.name)};
    if (how.format == "geojson") {
        auto pieces = drawn(how, std::move(rows), "{\"type\":\"FeatureCollection\",\"features\":[\n", [](std::string& out, const json::object& item, const Export& of, bool first) { out += (first ? "" : ",\n") + feature(item, of); }, "\n]}\n");
        return net::Response{200, {{"Content-Type", "application/geo+json"}, {"Content-Disposition", file}}, std::move(pieces)};
    }
    std::string head = "\xEF\xBB\xBF";   // without it spreadsheets take the letters for another encoding
    for (std::size_t i = 0; i < how.fields.size(); ++i) head += (i == 0 ? "" : ",") + ingest::csv_cell(how.fields[i]);
    auto pieces = drawn(how, std::move(rows), head + "\r\n", [](std::string& out, const json::object& item, const Export& of, bool) { out += csv_line(item, of.fields); }, "");
    return net::Response{200, {{"Content-Type", "text/csv; charset=utf-8"}, {"Content-Disposition", file}}, std::move(pieces)};
}

}  // namespace threatlas::serve::api

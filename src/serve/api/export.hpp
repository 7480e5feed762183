// A list as a whole, row by row, sent while it is drawn up: CSV, GeoJSON, XLSX.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "serve/geography.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::api {

// Fills the next row; false at the end. Owns what it needs.
using Rows = std::function<bool(core::json::object& row)>;

struct Export {
    std::string format;                 // csv, xlsx, geojson
    std::string name;                   // of the file
    std::vector<std::string> fields;    // columns
    std::string place;                  // the field that names a place; for geojson
    std::shared_ptr<const Geography> geography{};
};

// Cells that a spreadsheet would take for a formula are made texts. What fails on the way cuts the connection: no file looks whole that is not.
core::Result<net::Response> exported(const Export& how, Rows rows);
Rows rows_of(std::vector<core::json::object> items);

// As a person reads it in one cell: lists parted by '; '.
std::string cell(const core::json::value& value);

}  // namespace threatlas::serve::api

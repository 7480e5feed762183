// Lists as the API gives them: filtered by field, sorted, cut to fields, in pages by an opaque cursor, or
// whole as CSV, XLSX or GeoJSON.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "serve/geography.hpp"
#include "serve/route.hpp"

namespace threatlas::serve::api {

struct Listing {
    std::string name;                   // of the exported file: 'gaps'
    std::vector<std::string> fields;    // in the order of columns; what may be filtered, sorted by and asked for
    std::string key = "id";             // a field no two items share: breaks ties, so that pages neither repeat nor lose
    std::string sort{};                 // without ?sort=; empty: by the key
    std::string place{};                // a field that names a place; with a geography, the list comes as geojson too
    std::shared_ptr<const Geography> geography{};
};

// Query: limit (1-1000, default 100), cursor, sort (field or -field), fields, format (json, csv, xlsx, geojson), and any
// field with a value, or several parted by commas. bad_input, with what there is, for a parameter that is none of these.
// The cursor names the last item seen by its values, so what comes or goes meanwhile shifts no page.
// Cost: linear in the items, and their sorting.
core::Result<net::Response> list(const Call& call, std::vector<core::json::object> items, const Listing& listing);

// A list that is short and always wanted whole: without a query all of it, with one as any other list.
core::Result<net::Response> whole(const Call& call, std::vector<core::json::object> items, const Listing& listing);

// The formats a list comes in.
std::vector<std::string> formats_of(const Listing& listing);

// The query parameters of a list, for the OpenAPI document.
std::vector<Parameter> list_parameters(const Listing& listing);
// {"items": [item], "next": ..., "total": ...}
core::json::object list_schema(core::json::object item);

}  // namespace threatlas::serve::api

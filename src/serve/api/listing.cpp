#include "serve/api/listing.hpp"

#include <algorithm>
#include <boost/json/value_from.hpp>
#include <charconv>
#include <memory>
#include <set>

#include "core/text.hpp"
#include "serve/api/cursor.hpp"
#include "serve/api/export.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

const json::value kNull{};

const json::value& at(const json::object& item, const std::string& field) {
    const auto* value = item.if_contains(field);
    return value == nullptr ? kNull : *value;
}

// Numbers before texts, nothing last; numbers by size, texts by bytes.
int compare(const json::value& a, const json::value& b) {
    const auto kind = [](const json::value& v) { return v.is_null() ? 2 : v.is_number() ? 0 : 1; };
    if (kind(a) != kind(b)) return kind(a) < kind(b) ? -1 : 1;
    if (kind(a) == 2) return 0;
    if (kind(a) == 0) {
        const double x = a.to_number<double>(), y = b.to_number<double>();
        return x < y ? -1 : x > y ? 1 : 0;
    }
    return cell(a).compare(cell(b));
}

bool fits(const json::value& value, const std::vector<std::string>& wanted) {
    if (value.is_array()) return std::any_of(value.get_array().begin(), value.get_array().end(), [&](const auto& each) { return fits(each, wanted); });
    return std::find(wanted.begin(), wanted.end(), cell(value)) != wanted.end();
}

struct Query {
    std::size_t limit = 100;
    std::string sort, format = "json";
    bool falling = false;
    std::vector<std::string> fields;
    std::vector<std::pair<std::string, std::vector<std::string>>> filters;
    std::optional<Cursor> after;
};

Result<Query> read(const Call& call, const Listing& listing) {
    Query out;
    out.sort = listing.sort.empty() ? listing.key : listing.sort;
    const auto known = [&](const std::string& field) { return std::find(listing.fields.begin(), listing.fields.end(), field) != listing.fields.end(); };
    const auto unknown = [&](const std::string& field) { return fail(ErrorCode::bad_input, "this list has no field '" + field + "'; it has " + core::join(listing.fields, ", "), {"query", 0, field}); };
    for (const auto& [name, value] : call.request.query) {
        if (name == "limit") {
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out.limit);
            if (error != std::errc() || end != value.data() + value.size() || out.limit < 1 || out.limit > 1000) return fail(ErrorCode::bad_input, "limit is a whole number from 1 to 1000", {"query", 0, name});
        } else if (name == "cursor") {
            THREATLAS_TRY(out.after, read_cursor(value));
        } else if (name == "sort") {
            out.sort = value;
        } else if (name == "fields") {
            for (const std::string& each : core::split(value, ',')) {
                if (!known(each)) return unknown(each);
                out.fields.push_back(each);
            }
        } else if (name == "format") {
            if (const auto formats = formats_of(listing); std::find(formats.begin(), formats.end(), value) == formats.end()) return fail(ErrorCode::bad_input, "this list comes as " + core::join(formats, ", "), {"query", 0, name});
            out.format = value;
        } else {
            if (!known(name)) return unknown(name);
            out.filters.emplace_back(name, core::split(value, ','));
        }
    }
    if (out.sort.starts_with('-')) out.falling = true, out.sort.erase(0, 1);
    if (!known(out.sort)) return unknown(out.sort);
    if (out.fields.empty()) out.fields = listing.fields;
    return out;
}

}  // namespace

Result<net::Response> list(const Call& call, std::vector<json::object> items, const Listing& listing) {
    THREATLAS_TRY(const Query query, read(call, listing));
    for (const auto& [field, wanted] : query.filters) std::erase_if(items, [&field = field, &wanted = wanted](const auto& item) { return !fits(at(item, field), wanted); });
    const auto before = [&](const json::object& a, const json::object& b) {
        const int order = compare(at(a, query.sort), at(b, query.sort));
        if (order != 0) return query.falling ? order > 0 : order < 0;
        return compare(at(a, listing.key), at(b, listing.key)) < 0;
    };
    std::sort(items.begin(), items.end(), before);
    if (query.format != "json") return exported({query.format, listing.name, query.fields, listing.place, listing.geography}, rows_of(std::move(items)));

    auto first = items.begin();
    if (query.after) {
        if (query.after->sort != (query.falling ? "-" : "") + query.sort) return fail(ErrorCode::bad_input, "the cursor is of a list sorted otherwise; begin again without it", {"query", 0, "cursor"});
        const json::object last{{query.sort, query.after->value}, {listing.key, query.after->key}};
        first = std::find_if(items.begin(), items.end(), [&](const auto& item) { return before(last, item); });
    }
    const std::size_t total = items.size(), rest = static_cast<std::size_t>(items.end() - first), size = std::min(rest, query.limit);
    json::array page;
    const bool sparse = query.fields != listing.fields;
    std::string next;
    for (std::size_t i = 0; i < size; ++i) {
        json::object& item = *(first + static_cast<std::ptrdiff_t>(i));
        if (i + 1 == size && rest > size) next = write_cursor({(query.falling ? "-" : "") + query.sort, at(item, query.sort), at(item, listing.key)});
        if (sparse) {
            json::object cut;
            for (const std::string& field : query.fields) cut[field] = at(item, field);
            page.emplace_back(std::move(cut));
        } else {
            page.emplace_back(std::move(item));
        }
    }
    json::object out{{"items", std::move(page)}, {"total", static_cast<std::int64_t>(total)}};
    if (!next.empty()) out["next"] = next;
    return net::json_response(200, core::write_json(out));
}

Result<net::Response> whole(const Call& call, std::vector<json::object> items, const Listing& listing) {
    if (!call.request.query.empty()) return list(call, std::move(items), listing);
    const auto total = static_cast<std::int64_t>(items.size());
    return net::json_response(200, core::write_json(json::object{{"items", json::array(std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()))}, {"total", total}}));
}

std::vector<std::string> formats_of(const Listing& listing) {
    std::vector<std::string> out{"json", "csv", "xlsx"};
    if (!listing.place.empty() && listing.geography) out.emplace_back("geojson");
    return out;
}

std::vector<Parameter> list_parameters(const Listing& listing) {
    json::array formats;
    for (const std::string& each : formats_of(listing)) formats.emplace_back(each);
    std::vector<Parameter> out{{"limit", "items a page", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}}},
                               {"cursor", "'next' of the page before"},
                               {"sort", "a field; with - before it, falling"},
                               {"fields", "only these, parted by commas"},
                               {"format", "json, or the whole list as a file", {{"enum", std::move(formats)}}}};
    for (const std::string& field : listing.fields) out.push_back({field, "only items with this value, or one of several parted by commas"});
    return out;
}

json::object list_schema(json::object item) {
    return {{"type", "object"}, {"required", json::array{"items", "total"}}, {"properties", json::object{{"items", json::object{{"type", "array"}, {"items", std::move(item)}}}, {"total", json::object{{"type", "integer"}}}, {"next", json::object{{"type", "string"}}}}}};
}

}  // namespace threatlas::serve::api

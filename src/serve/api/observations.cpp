// Observations by what, where, whose and when, from the index of what the reader may see; and the series in them.
#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <unordered_map>

#include "core/text.hpp"
#include "model/schema.hpp"
#include "serve/access/rights.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/cursor.hpp"
#include "serve/api/export.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"
#include "store/rights.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Index = std::shared_ptr<const ObservationIndex>;

std::vector<std::string> observation_fields() {
    std::vector<std::string> out;
    model::for_each_field<model::Observation>([&](const auto& f) { out.emplace_back(f.name); });
    return out;
}

struct Question {
    ObservationQuery query;
    std::size_t limit = 100;
    bool falling = false;
    std::string format = "json";
    std::vector<std::string> fields;
    std::optional<ObservationIndex::Place> after;
};

std::string cursor_of(const ObservationIndex::Place& p, bool falling) {
    const json::array key{p.begin, p.end, p.source, p.submission, p.file, static_cast<std::int64_t>(p.row), static_cast<std::int64_t>(p.nth)};
    return write_cursor(Cursor{falling ? "-period" : "period", json::value(), json::value(core::write_json(key))});
}

Result<ObservationIndex::Place> place_of(const std::string& text, bool falling) {
    const auto wrong = [] { return fail(ErrorCode::bad_input, "this is no cursor of a page of observations: take 'next' of the page before as it is", {"query", 0, "cursor"}); };
    THREATLAS_TRY(const Cursor cursor, read_cursor(text));
    if (cursor.sort != (falling ? "-period" : "period")) return fail(ErrorCode::bad_input, "the cursor is of a list sorted otherwise; begin again without it", {"query", 0, "cursor"});
    if (!cursor.key.is_string()) return wrong();
    const auto parts = core::parse_json(std::string(cursor.key.get_string()), "cursor");
    if (!parts || !parts->is_array() || parts->get_array().size() != 7) return wrong();
    const json::array& p = parts->get_array();
    const auto whole = [](const json::value& v, double least, double most) { return v.is_number() && v.to_number<double>() >= least && v.to_number<double>() <= most; };
    if (!whole(p[0], -1e9, 1e9) || !whole(p[1], -1e9, 1e9) || !p[2].is_string() || !p[3].is_string() || !p[4].is_string() || !whole(p[5], 0, 1e15) || !whole(p[6], 1, 1e10)) return wrong();
    const auto number = [](const json::value& v) { return static_cast<std::int64_t>(v.to_number<double>()); };
    return ObservationIndex::Place{static_cast<std::int32_t>(number(p[0])), static_cast<std::int32_t>(number(p[1])), std::string(p[2].get_string()), std::string(p[3].get_string()), std::string(p[4].get_string()), static_cast<std::uint64_t>(number(p[5])), static_cast<std::uint64_t>(number(p[6]))};
}

Result<Question> read(const Call& call) {
    Question out;
    const auto known = observation_fields();
    std::string cursor;
    for (const auto& [name, value] : call.request.query) {
        const auto bad = [&name = name](const std::string& why) { return fail(ErrorCode::bad_input, why, {"query", 0, name}); };
        if (name == "limit") {
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out.limit);
            if (error != std::errc() || end != value.data() + value.size() || out.limit < 1 || out.limit > 1000) return bad("limit is a whole number from 1 to 1000");
        } else if (name == "cursor") {
            cursor = value;
        } else if (name == "sort") {
            if (value != "period" && value != "-period") return bad("observations are sorted by period or -period");
            out.falling = value == "-period";
        } else if (name == "fields") {
            for (const std::string& each : core::split(value, ',')) {
                if (std::find(known.begin(), known.end(), each) == known.end()) return bad("an observation has no field '" + each + "'; it has " + core::join(known, ", "));
                out.fields.push_back(each);
            }
        } else if (name == "format") {
            if (value != "json" && value != "csv" && value != "xlsx" && value != "geojson") return bad("observations come as json, csv, xlsx or geojson");
            out.format = value;
        } else if (name == "from" || name == "to") {
            THREATLAS_TRY(const core::Day day, core::parse_day(value));
            (name == "from" ? out.query.from : out.query.to) = day;
        } else if (std::find(kObservationFilters.begin(), kObservationFilters.end(), name) != kObservationFilters.end()) {
            out.query.filters.emplace_back(name, core::split(value, ','));
        } else {
            std::string all;
            for (const auto each : kObservationFilters) all += std::string(each) + ", ";
            return bad("observations are filtered by " + all + "from and to, not by '" + name + "'");
        }
    }
    if (!cursor.empty()) {
        THREATLAS_TRY(out.after, place_of(cursor, out.falling));
    }
    return out;
}

// Which ones were asked for, as the audit log has it: no cursor, and no more than a line.
std::string said(const net::Request& request) {
    std::string out;
    for (const auto& [name, value] : request.query)
        if (name != "cursor" && name != "limit" && name != "fields" && name != "sort") out += " " + name + "=" + value.substr(0, 80);
    return out.substr(0, 400);
}

json::object cut(const json::object& whole, const std::vector<std::string>& fields) {
    json::object out;
    for (const std::string& field : fields) out[field] = whole.at(field);
    return out;
}

net::Response page(const ObservationIndex& index, const ObservationIndex::Found& found, const Question& q) {
    const std::size_t total = found.size();
    std::size_t begin = 0, end = total;   // what is left after the cursor
    if (q.after && q.falling) end = found.before(index.before(*q.after));
    else if (q.after) begin = found.before(index.after(*q.after));
    const std::size_t size = std::min(q.limit, end - begin);
    std::string out;
    out.reserve(size * 420 + 64);
    out = "{\"items\":[";
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < size; ++i) {
        last = found.at(q.falling ? end - 1 - i : begin + i);
        if (i > 0) out += ',';
        if (q.fields.empty()) index.write(last, out);
        else out += core::write_json(cut(object_of(index.at(last)), q.fields));
    }
    out += ']';
    if (size > 0 && end - begin > size) out += ",\"next\":\"" + cursor_of(index.place_of(last), q.falling) + '"';
    out += ",\"total\":" + std::to_string(total) + '}';
    return net::json_response(200, std::move(out));
}

// Each kind of marked rows once: originators are asked before their data leaves.
Result<void> may_leave(Service& service, const Call& call, const ObservationIndex& index, const ObservationIndex::Found& found) {
    THREATLAS_TRY(const store::Sight sight, service.store->sight(call.caller.reader));
    const auto& c = index.snapshot().columns;
    std::set<std::array<std::uint32_t, 4>> seen;
    std::unordered_map<std::uint32_t, bool> controlled;   // by handling
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::uint32_t p = found.at(i);
        const auto [known, fresh] = controlled.try_emplace(c.handling[p], false);
        if (fresh) known->second = store::parse_marking(index.snapshot().text(c.handling[p])).controlled();
        if (!known->second || !seen.insert({c.handling[p], c.member[p], c.source[p], c.submission[p]}).second) continue;
        const std::string originator(store::originator_of(index.snapshot().text(c.member[p]), index.snapshot().text(c.source[p])));
        THREATLAS_CHECK(sight.may_disclose(store::parse_marking(index.snapshot().text(c.handling[p])), std::span(&originator, 1), index.snapshot().text(c.submission[p])));
    }
    return {};
}

Result<net::Response> observations(Service& service, const Call& call) {
    THREATLAS_TRY(Question q, read(call));
    if (access::own_only("observations_list", call.caller)) q.query.filters.emplace_back("member", std::vector<std::string>{call.caller.reader.organisation});
    THREATLAS_TRY(const Index index, service.observations->get(call.caller.reader));
    THREATLAS_CHECK(service.reads->read(call.caller.reader, "observations" + said(call.request) + " of snapshot " + index->snapshot().hash));
    const auto found = index->find(q.query);
    if (q.format == "json") return kept(page(*index, found, q));
    THREATLAS_CHECK(may_leave(service, call, *index, found));
    Export how{q.format, "observations", q.fields.empty() ? observation_fields() : q.fields, "place", service.geography};
    return exported(how, [index, found, falling = q.falling, at = std::size_t{0}](json::object& row) mutable {
        if (at == found.size()) return false;
        row = object_of(index->at(found.at(falling ? found.size() - 1 - at : at)));
        ++at;
        return true;
    });
}

// What makes two observations points of one series.
std::string key_of(const model::Observation& o) {
    std::string out;
    const auto part = [&](const char* name, const std::string& value) { out += (out.empty() ? "" : "|") + std::string(name) + "=" + value; };
    part("what", o.what), part("place", o.place), part("member", o.member), part("source", o.source), part("nature", std::string(model::name_of(o.nature))), part("unit", o.unit), part("dims", store::pack_dims(o.dims));
    return out;
}

const Listing& series_listing() {
    static const Listing listing{"series", {"id", "what", "place", "member", "source", "nature", "unit", "dims", "count", "first", "last", "points"}, "id", "", "place", {}};
    return listing;
}

Result<net::Response> series(Service& service, const Call& call) {
    // Some parameters choose the rows, the others treat the list of series that they make.
    ObservationQuery query;
    std::map<std::string, std::string> dims;
    net::Request rest = call.request;
    rest.query.clear();
    for (const auto& [name, value] : call.request.query) {
        if (name == "dims") dims = store::unpack_dims(value);
        else if (name == "what" || name == "place" || name == "member" || name == "source" || name == "unit" || name == "nature") query.filters.emplace_back(name, core::split(value, ','));
        else if (name == "from" || name == "to") {
            THREATLAS_TRY(const core::Day day, core::parse_day(value));
            (name == "from" ? query.from : query.to) = day;
        } else rest.query.emplace_back(name, value);
    }
    if (!call.request.parameter("what")) return fail(ErrorCode::bad_input, "say of what: ?what=<code>; /api/v1/region/codes lists the codes", {"query", 0, "what"});
    if (access::own_only("series_get", call.caller)) query.filters.emplace_back("member", std::vector<std::string>{call.caller.reader.organisation});
    THREATLAS_TRY(const Index index, service.observations->get(call.caller.reader));
    THREATLAS_CHECK(service.reads->read(call.caller.reader, "series" + said(call.request) + " of snapshot " + index->snapshot().hash));
    const auto found = index->find(query);
    if (found.size() > 200000) return fail(ErrorCode::bad_input, "these are " + std::to_string(found.size()) + " observations; ask for a place, a member or a stretch of time as well", {"query", 0, "what"});
    std::map<std::string, json::object> made;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const model::Observation o = index->at(found.at(i));
        if (std::any_of(dims.begin(), dims.end(), [&](const auto& each) { const auto value = o.dims.find(each.first); return value == o.dims.end() || value->second != each.second; })) continue;
        json::object& one = made[key_of(o)];
        if (one.empty())
            one = {{"what", o.what}, {"place", o.place}, {"member", o.member}, {"source", o.source}, {"nature", std::string(model::name_of(o.nature))}, {"unit", o.unit}, {"dims", model::to_json(o.dims)}, {"first", core::iso(o.period.begin)}, {"points", json::array{}}};
        one["last"] = core::iso(o.period.end);
        one["points"].as_array().push_back(json::object{{"period", core::iso(o.period)}, {"value", o.value}, {"upper", o.upper}, {"state", std::string(model::name_of(o.state))}, {"flags", o.flags}, {"handling", o.handling}, {"submission", o.submission}, {"file", o.file}, {"row", static_cast<std::int64_t>(o.row)}});
    }
    std::vector<json::object> items;
    for (auto& [key, one] : made) {
        one["id"] = key, one["count"] = static_cast<std::int64_t>(one["points"].as_array().size());
        items.push_back(std::move(one));
    }
    if (const auto format = rest.parameter("format"); format && *format != "json") THREATLAS_CHECK(may_leave(service, call, *index, found));
    Listing listing = series_listing();
    listing.geography = service.geography;
    return list({rest, call.caller, call.path}, std::move(items), listing);
}

std::vector<Parameter> observation_parameters() {
    std::vector<Parameter> out{{"limit", "items a page", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 100}}}, {"cursor", "'next' of the page before"}, {"sort", "period, or -period for the newest first", {{"enum", json::array{"period", "-period"}}}},
                               {"fields", "only these, parted by commas"}, {"format", "json, or the whole list as a file", {{"enum", json::array{"json", "csv", "xlsx", "geojson"}}}},
                               {"from", "periods that begin on this day or later", {{"type", "string"}, {"format", "date"}}}, {"to", "periods that begin on this day or earlier", {{"type", "string"}, {"format", "date"}}}};
    for (const auto each : kObservationFilters) out.push_back({std::string(each), "only observations with this value, or one of several parted by commas"});
    return out;
}

std::vector<Parameter> series_parameters() {
    std::vector<Parameter> out;
    for (Parameter& each : list_parameters(series_listing()))
        if (each.name == "limit" || each.name == "cursor" || each.name == "sort" || each.name == "fields" || each.name == "format") out.push_back(std::move(each));
    out.push_back({"what", "code of what is measured", {{"type", "string"}}, true});
    for (const char* each : {"place", "member", "source", "unit", "nature"}) out.push_back({each, "only observations with this value, or one of several parted by commas"});
    out.push_back({"dims", "only observations with these dimensions: key=value;key=value"});
    out.push_back({"from", "periods that begin on this day or later", {{"type", "string"}, {"format", "date"}}});
    out.push_back({"to", "periods that begin on this day or earlier", {{"type", "string"}, {"format", "date"}}});
    return out;
}

json::object series_schema() {
    const json::object text{{"type", "string"}}, number{{"type", json::array{"number", "null"}}}, whole{{"type", "integer"}};
    const json::object point{{"type", "object"}, {"properties", json::object{{"period", text}, {"value", number}, {"upper", number}, {"state", model::json_schema<model::State>()}, {"flags", text}, {"handling", text}, {"submission", text}, {"file", text}, {"row", whole}}}};
    return {{"type", "object"}, {"properties", json::object{{"id", text}, {"what", text}, {"place", text}, {"member", text}, {"source", text}, {"nature", model::json_schema<model::Nature>()}, {"unit", text}, {"dims", json::object{{"type", "object"}}}, {"count", whole}, {"first", text}, {"last", text}, {"points", json::object{{"type", "array"}, {"items", point}}}}}};
}

}  // namespace

Routes observation_routes(Service& service) {
    return {{"GET", "/api/v1/observations", "observations_list", "observations you may see, by period", "data", [&service](const Call& call) { return observations(service, call); }, observation_parameters(), {}, {list_schema(model::json_schema<model::Observation>())}},
            {"GET", "/api/v1/series", "series_get", "observations of one thing as series over time", "data", [&service](const Call& call) { return series(service, call); }, series_parameters(), {}, {list_schema(series_schema())}}};
}

}  // namespace threatlas::serve::api

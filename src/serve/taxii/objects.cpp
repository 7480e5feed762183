// Reading objects: pages, manifests, versions; deleting.
#include <algorithm>

#include "exchange/taxii/query.hpp"
#include "serve/api/bodies.hpp"
#include "serve/problem.hpp"
#include "serve/taxii/next.hpp"
#include "serve/taxii/taxii.hpp"

namespace threatlas::serve::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;
using exchange::taxii::Query;
using net::Response;

namespace {

enum class Kind { objects, manifest, versions };

// A cursor serves for the same question alone: whoever changes the filters begins anew.
std::string cursor_context(const Seat& seat, const std::string& object, Kind kind, const Query& query) {
    return "taxii next " + seat.root.path + " " + seat.collection.id + " " + object + " " + std::to_string(static_cast<int>(kind)) + " " + query.text();
}

store::ObjectFilter filter_of(const Query& query) {
    store::ObjectFilter out;
    out.ids = query.ids, out.types = query.types, out.spec_versions = query.spec_versions, out.versions = query.versions;
    out.first = query.first, out.all = query.all, out.last = query.last || query.any_version();
    if (!query.added_after.empty()) out.after = store::moment_of(query.added_after).value_or(0);
    return out;
}

Result<Seat> readable(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(Seat seat, seat_of(taxii, call));
    if (!seat.collection.may_read(call.caller.reader)) return fail(ErrorCode::not_allowed, "you may not read this collection");
    return seat;
}

void write(std::string& out, Kind kind, const store::ExchangedObject& object) {
    if (kind == Kind::objects) {
        out += object.text;
    } else if (kind == Kind::versions) {
        append_json(out, object.version);
    } else {
        out += "{\"id\":";
        append_json(out, object.id);
        out += ",\"date_added\":\"" + store::moment_text(object.number) + "\",\"version\":";
        append_json(out, object.version);
        out += ",\"media_type\":";
        append_json(out, object.media);
        out += '}';
    }
}

Result<Response> page(Taxii& taxii, const Call& call, Kind kind, const exchange::taxii::Known& known, const std::string& object = {}) {
    THREATLAS_TRY(const Seat seat, readable(taxii, call));
    THREATLAS_TRY(const Query query, exchange::taxii::read_query(call.request.query, known));
    store::ObjectFilter filter = filter_of(query);
    filter.texts = kind == Kind::objects;
    filter.limit = std::min(query.limit.value_or(taxii.limits().page), taxii.limits().most_page);
    filter.bytes = taxii.limits().page_bytes;
    if (!object.empty()) filter.ids = {object};
    if (kind == Kind::versions) filter.all = true, filter.last = false;
    const std::string context = cursor_context(seat, object, kind, query);
    if (!query.next.empty()) {
        THREATLAS_TRY(const std::int64_t after, read_next(taxii.key(), context, query.next));
        filter.after = std::max(filter.after, after);
    }
    THREATLAS_TRY(const store::ObjectPage page, taxii.collections().page(call.caller.reader, seat.collection, filter));
    if (page.objects.empty() && !object.empty()) {
        // Nothing of it passed the filters, or there is no such object.
        const store::ObjectFilter any{.ids = {object}, .limit = 1, .texts = false, .noted = false};
        THREATLAS_TRY(const store::ObjectPage there, taxii.collections().page(call.caller.reader, seat.collection, any));
        if (there.objects.empty()) return fail(ErrorCode::not_found, "there is no object '" + object.substr(0, 100) + "' in this collection");
    }
    if (page.objects.empty()) return taxii_response(200, "{}");
    std::string body = page.more ? "{\"more\":true,\"next\":" : "{\"more\":false";
    std::size_t bytes = 200;
    for (const auto& each : page.objects) bytes += each.text.size() + 220;
    body.reserve(bytes);
    if (page.more) append_json(body, write_next(taxii.key(), context, page.objects.back().number));
    body += kind == Kind::versions ? ",\"versions\":[" : ",\"objects\":[";
    for (const auto& each : page.objects) {
        if (&each != &page.objects.front()) body += ',';
        write(body, kind, each);
    }
    body += "]}";
    return taxii_response(200, std::move(body)).with("X-TAXII-Date-Added-First", store::moment_text(page.objects.front().number)).with("X-TAXII-Date-Added-Last", store::moment_text(page.objects.back().number));
}

}  // namespace

Result<Response> get_objects(Taxii& taxii, const Call& call) { return page(taxii, call, Kind::objects, {}); }
Result<Response> get_manifest(Taxii& taxii, const Call& call) { return page(taxii, call, Kind::manifest, {}); }
Result<Response> get_object(Taxii& taxii, const Call& call) { return page(taxii, call, Kind::objects, {.ids = false, .types = false}, path_value(call, "object")); }
Result<Response> get_versions(Taxii& taxii, const Call& call) { return page(taxii, call, Kind::versions, {.ids = false, .types = false, .versions = false}, path_value(call, "object")); }

Result<Response> delete_object(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(const Seat seat, seat_of(taxii, call));
    if (!seat.collection.may_read(call.caller.reader) || !seat.collection.may_write(call.caller.reader)) return fail(ErrorCode::not_allowed, "to delete needs the right to read and to write this collection");
    THREATLAS_TRY(const Query query, exchange::taxii::read_query(call.request.query, {.paging = false, .ids = false, .types = false}));
    store::ObjectFilter filter = filter_of(query);
    if (query.any_version()) filter.all = true, filter.last = false;
    if (filter.spec_versions.empty()) filter.spec_versions = {"2.0", "2.1"};
    THREATLAS_TRY(const std::uint64_t gone, taxii.collections().remove(call.caller.reader, seat.collection, path_value(call, "object"), filter));
    if (gone == 0) return fail(ErrorCode::not_found, "there is no such version of '" + path_value(call, "object").substr(0, 100) + "' in this collection");
    return taxii_response(200, {});
}

}  // namespace threatlas::serve::taxii

// Discovery, API roots, collections, statuses; and the list of routes.
#include "core/json.hpp"
#include "exchange/taxii/media.hpp"
#include "serve/api/bodies.hpp"
#include "serve/problem.hpp"
#include "serve/taxii/taxii.hpp"

namespace threatlas::serve::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;
using net::Response;
namespace json = core::json;

namespace {

Result<Response> given(const json::object& resource) { return taxii_response(200, core::write_json(resource)); }

// Where the client is, as it said it: what it reached us by serves for the rest.
std::string address_of(const Call& call, const std::string& path) {
    const std::string_view host = call.request.header("host");
    return host.empty() ? path : (call.request.peer.secure ? "https://" : "http://") + std::string(host) + path;
}

Result<store::ApiRoot> root_of(Taxii& taxii, const Call& call) {
    if (auto root = taxii.root_of(call.request.path)) return std::move(*root);
    return fail(ErrorCode::not_found, "there is no API root at this address; /taxii2/ lists them");
}

Result<Response> get_discovery(Taxii& taxii, const Call& call) {
    const store::ApiRoot self = taxii.discovery();
    json::object out{{"title", self.title}};
    if (!self.description.empty()) out["description"] = self.description;
    if (!self.contact.empty()) out["contact"] = self.contact;
    json::array roots;
    for (const store::ApiRoot& each : taxii.roots()) {
        roots.push_back(json::value(address_of(call, each.path)));
        if (each.preferred) out["default"] = roots.back();
    }
    if (!roots.empty()) out["api_roots"] = std::move(roots);
    THREATLAS_CHECK(taxii.collections().noted(call.caller.reader, "TAXII discovery"));
    return given(out);
}

Result<Response> get_root(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(const store::ApiRoot root, root_of(taxii, call));
    json::object out{{"title", root.title}, {"versions", json::array{json::string_view(exchange::taxii::kTaxiiMedia)}}, {"max_content_length", root.max_content_length}};
    if (!root.description.empty()) out["description"] = root.description;
    THREATLAS_CHECK(taxii.collections().noted(call.caller.reader, "API root " + root.path));
    return given(out);
}

json::object collection_json(const store::Collection& collection, const model::Reader& reader) {
    json::object out{{"id", collection.id}, {"title", collection.title}, {"can_read", collection.may_read(reader)}, {"can_write", collection.may_write(reader)}};
    if (!collection.description.empty()) out["description"] = collection.description;
    if (!collection.alias.empty()) out["alias"] = collection.alias;
    json::array types;
    for (const std::string& each : collection.media_types) types.push_back(json::value(each));
    if (!types.empty()) out["media_types"] = std::move(types);
    return out;
}

Result<Response> get_collections(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(const store::ApiRoot root, root_of(taxii, call));
    THREATLAS_TRY(const auto all, taxii.collections().collections(call.caller.reader, root.path));
    json::array list;
    for (const store::Collection& each : all)
        if (each.may_know(call.caller.reader)) list.push_back(collection_json(each, call.caller.reader));
    THREATLAS_CHECK(taxii.collections().noted(call.caller.reader, "collections of " + root.path));
    json::object out;
    if (!list.empty()) out["collections"] = std::move(list);
    return given(out);
}

Result<Response> get_collection(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(const Seat seat, seat_of(taxii, call));
    THREATLAS_CHECK(taxii.collections().noted(call.caller.reader, "collection " + seat.root.path + " " + seat.collection.id));
    return given(collection_json(seat.collection, call.caller.reader));
}

Result<Response> get_status(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(const store::ApiRoot root, root_of(taxii, call));
    THREATLAS_TRY(std::string body, taxii.collections().status(call.caller.reader, root.path, path_value(call, "status")));
    return taxii_response(200, std::move(body));
}

using Handle = Result<Response> (*)(Taxii&, const Call&);

}  // namespace

Result<Seat> seat_of(Taxii& taxii, const Call& call) {
    THREATLAS_TRY(store::ApiRoot root, root_of(taxii, call));
    THREATLAS_TRY(store::Collection collection, taxii.collections().collection(call.caller.reader, root.path, path_value(call, "collection")));
    if (!collection.may_know(call.caller.reader)) return fail(ErrorCode::not_found, "there is no collection '" + path_value(call, "collection").substr(0, 100) + "' here");
    return Seat{std::move(root), std::move(collection)};
}

Routes routes(std::shared_ptr<Taxii> taxii) {
    const auto with = [&taxii](Handle handle) {
        return [taxii, handle](const Call& call) -> Result<Response> {
            if (!exchange::taxii::accepts_taxii(call.request.header("accept"))) return problem(406, ErrorCode::bad_usage, "this is given as " + std::string(exchange::taxii::kTaxiiMedia) + " alone", call.request.id);
            return handle(*taxii, call);
        };
    };
    const Body gives{{{"type", "object"}}, std::string(exchange::taxii::kTaxiiMedia)}, none{};
    const std::vector<Parameter> paging{{"added_after", "objects added after this timestamp"}, {"limit", "objects at most", {{"type", "integer"}}}, {"next", "as the page before gave it"}};
    const Parameter ids{"match[id]", "ids, separated by ','"}, types{"match[type]", "types"}, versions{"match[version]", "'last' (default), 'first', 'all', timestamps"}, specs{"match[spec_version]", "2.0, 2.1"};
    const auto and_also = [](std::vector<Parameter> all, std::initializer_list<Parameter> more) {
        all.insert(all.end(), more);
        return all;
    };
    const std::string collection = "/taxii2/{root}/collections/{collection}";
    return {
        {"GET", "/taxii2", "taxii_discovery", "TAXII 2.1: what API roots there are", "taxii", with(get_discovery), {}, none, gives},
        {"GET", "/taxii2/{root}", "taxii_root", "TAXII 2.1: an API root", "taxii", with(get_root), {}, none, gives},
        {"GET", "/taxii2/{root}/status/{status}", "taxii_status", "TAXII 2.1: what became of a request to add", "taxii", with(get_status), {}, none, gives},
        {"GET", "/taxii2/{root}/collections", "taxii_collections", "TAXII 2.1: collections, and what the caller may", "taxii", with(get_collections), {}, none, gives},
        {"GET", collection, "taxii_collection", "TAXII 2.1: one collection", "taxii", with(get_collection), {}, none, gives},
        {"GET", collection + "/manifest", "taxii_manifest", "TAXII 2.1: what versions of which objects there are", "taxii", with(get_manifest), and_also(paging, {ids, types, versions, specs}), none, gives},
        {"GET", collection + "/objects", "taxii_objects", "TAXII 2.1: objects, page by page", "taxii", with(get_objects), and_also(paging, {ids, types, versions, specs}), none, gives},
        {"POST", collection + "/objects", "taxii_objects_add", "TAXII 2.1: add the objects of an envelope", "taxii", with(add_objects), {}, gives, gives, 202},
        {"GET", collection + "/objects/{object}", "taxii_object", "TAXII 2.1: the versions of one object", "taxii", with(get_object), and_also(paging, {versions, specs}), none, gives},
        {"DELETE", collection + "/objects/{object}", "taxii_object_delete", "TAXII 2.1: delete versions of one object", "taxii", with(delete_object), {versions, specs}, none, gives},
        {"GET", collection + "/objects/{object}/versions", "taxii_versions", "TAXII 2.1: the timestamps of one object's versions", "taxii", with(get_versions), and_also(paging, {specs}), none, gives},
    };
}

}  // namespace threatlas::serve::taxii

// This node and its peers.
#include "serve/api/nodes.hpp"

#include "model/schema.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "store/peers.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using net::Response;
namespace json = core::json;

struct AddBody {
    json::object card;
    std::string token, certificate;
    bool new_token = false, new_key = false;
};
json::object add_schema() {
    const json::object text{{"type", "string"}}, yes{{"type", "boolean"}};
    return {{"type", "object"}, {"required", json::array{"card"}}, {"properties", {{"card", model::json_schema<exchange::nodes::Card>()}, {"token", text}, {"certificate", text}, {"new_token", yes}, {"new_key", yes}}}};
}
struct Added {
    std::string organisation, fingerprint, token;
    bool is_new = false;
    static constexpr auto fields() {
        using T = Added;
        return std::make_tuple(field("organisation", &T::organisation, "member id"), field("fingerprint", &T::fingerprint, "of its key: compare it by telephone"), field("token", &T::token, "for them to come in here, shown once; empty: they have one"), field("is_new", &T::is_new, "not known before"));
    }
};

const api::Listing& listing() {
    static const api::Listing it = [] {
        api::Listing out{"nodes", {}, "organisation", "organisation"};
        model::for_each_field<work::PeerLine>([&](const auto& f) { out.fields.emplace_back(f.name); });
        return out;
    }();
    return it;
}
const api::Listing& aside_listing() {
    static const api::Listing it{"aside", {"hash", "peer", "number", "author", "object", "modified", "kind", "code", "reason", "at", "tries"}, "hash", "at"};
    return it;
}

Result<Response> own(Office& office, const Call&) {
    THREATLAS_TRY(const auto card, work::own_card(office.store));
    json::object out{{"card", model::to_json(card)}, {"fingerprint", exchange::nodes::fingerprint(card.public_key)}};
    return answer(out);
}

Result<Response> list(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, work::peer_lines(office.store));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(model::to_json(each).as_object());
    return api::list(call, std::move(items), listing());
}

Result<AddBody> read(const Call& call) {
    THREATLAS_TRY(const json::object body, body_of(call));
    AddBody out;
    for (const auto& [key, value] : body) {
        if (key == "card" && value.is_object()) out.card = value.get_object();
        else if (key == "token" && value.is_string()) out.token = std::string(value.get_string());
        else if (key == "certificate" && value.is_string()) out.certificate = std::string(value.get_string());
        else if (key == "new_token" && value.is_bool()) out.new_token = value.get_bool();
        else if (key == "new_key" && value.is_bool()) out.new_key = value.get_bool();
        else return fail(ErrorCode::bad_input, "'" + std::string(key).substr(0, 40) + "' is not understood here");
    }
    if (out.token.size() > 4096) return fail(ErrorCode::bad_input, "a token has at most 4096 bytes");
    return out;
}

Result<Response> add(Office& office, const Call& call) {
    THREATLAS_TRY(const AddBody body, read(call));
    THREATLAS_TRY(const auto card, exchange::nodes::read_card(core::write_json(body.card), "card"));
    work::PeerWish wish;
    wish.access.token = body.token, wish.certificate = body.certificate, wish.new_token = body.new_token, wish.new_key = body.new_key;
    THREATLAS_TRY(const auto made, work::add_peer(office.store, call.caller.reader, office.catalogue, card, wish));
    return answer(model::to_json(Added{made.organisation, made.fingerprint, made.token, made.is_new}), 201);
}

Result<Response> remove(Office& office, const Call& call) {
    THREATLAS_CHECK(work::remove_peer(office.store, call.caller.reader, path_value(call, "node")));
    return Response{204, {}, {}};
}

Result<Response> aside(Office& office, const Call& call) {
    THREATLAS_TRY(auto* peers, store::peers_of(office.store));
    THREATLAS_TRY(const auto all, peers->aside({}, 10'000, false));
    std::vector<json::object> items;
    for (const auto& each : all) {
        json::object item = model::to_json(each).as_object();
        item.erase("body"), item.erase("state");
        items.push_back(std::move(item));
    }
    return api::list(call, std::move(items), aside_listing());
}

}  // namespace

Routes nodes_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    json::object kept = model::json_schema<store::Arrival>();
    kept["properties"].as_object().erase("body"), kept["properties"].as_object().erase("state");
    if (auto* required = kept.if_contains("required"); required != nullptr) kept.erase("required");
    const json::object own_node{{"type", "object"}, {"properties", {{"card", model::json_schema<exchange::nodes::Card>()}, {"fingerprint", {{"type", "string"}}}}}};
    return {
        {"GET", "/api/v1/node", "node_get", "The card of this node, to be given to other members", "nodes", with(own), {}, {}, {own_node}},
        {"GET", "/api/v1/nodes", "nodes_list", "Peers, and where the exchange with each stands", "nodes", with(list), api::list_parameters(listing()), {}, {api::list_schema(model::json_schema<work::PeerLine>())}},
        {"POST", "/api/v1/nodes", "node_add", "Make a peer known by its card; its token is answered once", "nodes", with(add), {}, {add_schema()}, {model::json_schema<Added>()}, 201},
        {"DELETE", "/api/v1/nodes/{node}", "node_remove", "End contact with a peer; what was exchanged stays", "nodes", with(remove), {}, {}, {}, 204},
        {"GET", "/api/v1/nodes/aside", "nodes_aside", "What came and could not be taken in, with the reason", "nodes", with(aside), api::list_parameters(aside_listing()), {}, {api::list_schema(kept)}},
    };
}

}  // namespace threatlas::serve

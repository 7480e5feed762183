#include "work/nodes/examine.hpp"

#include "exchange/nodes/sealed.hpp"

namespace threatlas::work {

namespace json = core::json;
namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

// The public key of an author we know: the peer itself, another peer, or ourselves.
Result<std::string> key_of(const FeedContext& context, const std::string& author) {
    if (author == context.peer.organisation) return context.peer.public_key;
    if (author == context.own) return context.own_key;
    THREATLAS_TRY(const auto known, context.peers.find(author));
    if (!known || known->removed) return fail(ErrorCode::not_found, "it is a record of '" + author + "', whose node is not known here: 'threatlas node add' its card");
    return known->public_key;
}

Result<stix::Carried> certain(const FeedContext& context, const json::value& value, store::Arrival& arrival) {
    if (!value.is_object()) return fail(ErrorCode::bad_input, "it is no object");
    const json::object& object = value.get_object();
    THREATLAS_TRY(const auto seal, exchange::nodes::seal_of(object));
    if (seal.from != context.peer.organisation) return fail(ErrorCode::not_allowed, "it is sealed by '" + seal.from + "', not by whose feed this is");
    if (seal.to != context.own) return fail(ErrorCode::not_allowed, "it is addressed to '" + seal.to + "'");
    THREATLAS_CHECK(exchange::nodes::check_seal(object, seal, context.peer.public_key));
    arrival.number = seal.number;
    THREATLAS_TRY(const std::string key, key_of(context, seal.author));
    THREATLAS_CHECK(exchange::nodes::check_author(object, seal, key));
    arrival.author = seal.author;
    THREATLAS_TRY(stix::Carried what, stix::carried(object));
    if (what.originators.empty() || what.originators.front() != seal.author) return fail(ErrorCode::not_allowed, "it names another as its author than who signed it");
    arrival.object = object.at("id").as_string(), arrival.modified = what.modified, arrival.kind = what.kind;
    return what;
}

Result<json::object> without_seal(const store::Arrival& arrival) {
    THREATLAS_TRY(const auto value, core::parse_json(arrival.body, arrival.object));
    THREATLAS_TRY(const auto seal, exchange::nodes::seal_of(value.as_object()));
    json::object out = value.as_object();
    for (auto& [id, each] : out["extensions"].as_object())
        if (each.is_object() && each.as_object().contains("author_signature")) each = seal.author_signature;
    return out;
}

Result<void> hand_over(const FeedContext& context, const json::value& value, store::Arrival& arrival) {
    THREATLAS_TRY(const stix::Carried what, certain(context, value, arrival));
    arrival.state = "done";
    if (arrival.author == context.own) return {};   // our own comes back
    THREATLAS_TRY(const auto latest, context.peers.latest(arrival.author, arrival.object));
    if (latest && latest->hash != arrival.hash && latest->modified == arrival.modified) {
        THREATLAS_TRY(const auto a, without_seal(*latest));
        THREATLAS_TRY(const auto b, without_seal(arrival));
        if (core::write_json(a) != core::write_json(b)) return fail(ErrorCode::conflict, "another text came before under the same version");
        return {};                                   // by another way
    }
    if (latest && latest->modified > arrival.modified) {
        arrival.state = "older";
        return {};
    }
    const Receive* receive = context.receivers.find(what.kind);
    if (receive == nullptr) return fail(ErrorCode::not_found, "nobody here takes records of kind '" + what.kind.substr(0, 40) + "'");
    return (*receive)({context.peer.organisation, arrival.author, context.peer.address}, what);
}

}  // namespace

Result<void> take_in(const FeedContext& context, const json::value& object, store::Arrival& arrival) {
    ++arrival.tries;
    const auto done = hand_over(context, object, arrival);
    arrival.code.clear(), arrival.reason.clear();
    if (done) return {};
    if (done.error().code == ErrorCode::unavailable || done.error().code == ErrorCode::internal) return done;
    arrival.state = "aside", arrival.code = core::error_row(done.error().code).name, arrival.reason = done.error().message.substr(0, 500);
    return {};
}

}  // namespace threatlas::work

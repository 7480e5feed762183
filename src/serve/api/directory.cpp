// The directory of contact points, subscriptions, webhooks, and what was sent by them.
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "serve/contact/runner.hpp"
#include "store/desk.hpp"
#include "work/contact/deliver.hpp"
#include "work/contact/directory.hpp"
#include "work/contact/duty_hours.hpp"

namespace threatlas::serve {
namespace {

using core::Result;
using model::field;
using model::Role;
using net::Response;
namespace json = core::json;
namespace contact = work::contact;

contact::Desk desk_of(Office& office) { return {office.store, office.catalogue}; }

template <class T>
api::Listing listing_of(const std::string& name, const std::string& key, const std::string& sort, std::initializer_list<const char*> more = {}) {
    api::Listing out{name, {}, key, sort};
    model::for_each_field<T>([&](const auto& f) { out.fields.emplace_back(f.name); });
    for (const char* each : more) out.fields.emplace_back(each);
    return out;
}

// The fields a writer sets; the others are the desk's.
template <class T>
json::object body_schema(std::initializer_list<const char*> without) {
    json::object schema = model::json_schema<T>();
    for (const char* each : without) schema["properties"].as_object().erase(each);
    return schema;
}

template <class T>
Result<T> body_without(const Call& call, std::initializer_list<const char*> without) {
    THREATLAS_TRY(const json::object body, body_of(call));
    for (const char* each : without)
        if (body.contains(each)) return core::fail(core::ErrorCode::bad_input, std::string("'body' has no field '") + each + "'");
    T out;
    THREATLAS_CHECK(model::from_json(json::value(body), out, "body"));
    return out;
}

json::object with_duty(const contact::Desk& desk, const model::ContactPoint& point) {
    json::object out = model::to_json(point).as_object();
    out["on_duty"] = false;
    if (const auto hours = contact::parse_duty_hours(point.hours))
        if (const auto on = contact::on_duty(*hours, point.zone, desk.now())) out["on_duty"] = *on;
    return out;
}

const api::Listing& points_listing() {
    static const api::Listing it = listing_of<model::ContactPoint>("contact_points", "id", "organisation", {"on_duty"});
    return it;
}
const api::Listing& subscriptions_listing() {
    static const api::Listing it = listing_of<model::Subscription>("subscriptions", "id", "made", {"closed"});
    return it;
}
const api::Listing& webhooks_listing() {
    static const api::Listing it = listing_of<model::Webhook>("webhooks", "id", "made", {"closed"});
    return it;
}
const api::Listing& deliveries_listing() {
    static const api::Listing it = listing_of<store::Delivery>("deliveries", "number", "-number");
    return it;
}

Result<Response> list_points(Office& office, const Call& call) {
    const contact::Desk desk = desk_of(office);
    THREATLAS_TRY(const auto all, contact::contact_points(desk));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(with_duty(desk, each));
    return api::list(call, std::move(items), points_listing());
}

Result<Response> save_point(Office& office, const Call& call, int status) {
    THREATLAS_TRY(auto wanted, body_without<model::ContactPoint>(call, {"id", "modified"}));
    wanted.id = path_value(call, "point");
    const contact::Desk desk = desk_of(office);
    THREATLAS_TRY(const auto saved, contact::save_contact_point(desk, call.caller.reader, std::move(wanted)));
    return answer(with_duty(desk, saved), status);
}

template <class Drop>
Result<Response> dropped(Office& office, const Call& call, const char* name, Drop drop) {
    THREATLAS_CHECK(drop(desk_of(office), call.caller.reader, path_value(call, name)));
    return Response{204, {}, std::string()};
}

template <class T>
Result<std::vector<json::object>> with_closed(const contact::Desk& desk, const std::vector<T>& all) {
    std::vector<json::object> out;
    for (const T& each : all) {
        THREATLAS_TRY(const bool closed, contact::closed(desk, each));
        json::object item = model::to_json(each).as_object();
        item["closed"] = closed;
        out.push_back(std::move(item));
    }
    return out;
}

template <class T>
json::object closable_schema() {
    return api::extended(model::json_schema<T>(), {{"closed", json::object{{"type", "boolean"}, {"description", "its account is closed: nothing is sent by it until somebody takes it over"}}}});
}

template <class T>
Result<Response> take_over(Office& office, const Call& call, const char* name) {
    THREATLAS_TRY(const auto now, contact::take_over<T>(desk_of(office), call.caller.reader, call.caller.account, path_value(call, name)));
    return answer(model::to_json(now), 201);
}

// Where the settings lie is for who keeps the machine.
Result<Response> state(Office& office, const Call& call) {
    THREATLAS_TRY(auto now, contact::desk_state(desk_of(office), call.caller.reader, office.options.data));
    if (now.problem.empty()) now.problem = office.contact->problem();
    if (!now.problem.empty() && call.caller.reader.role != Role::administrator) now.problem = "nothing can be sent as it should: ask your administrator to look at the settings of the contact desk and at the server's log";
    return answer(model::to_json(now));
}

Result<Response> list_subscriptions(Office& office, const Call& call) {
    const contact::Desk desk = desk_of(office);
    THREATLAS_TRY(const auto all, contact::subscriptions(desk, call.caller.reader));
    THREATLAS_TRY(auto items, with_closed(desk, all));
    return api::list(call, std::move(items), subscriptions_listing());
}

Result<Response> subscribe(Office& office, const Call& call) {
    THREATLAS_TRY(auto wanted, body_without<model::Subscription>(call, {"id", "organisation", "account", "made"}));
    THREATLAS_TRY(const auto made, contact::subscribe(desk_of(office), call.caller.reader, call.caller.account, std::move(wanted)));
    return answer(model::to_json(made), 201);
}

Result<Response> list_webhooks(Office& office, const Call& call) {
    const contact::Desk desk = desk_of(office);
    THREATLAS_TRY(const auto all, contact::webhooks(desk, call.caller.reader));
    THREATLAS_TRY(auto items, with_closed(desk, all));
    return api::list(call, std::move(items), webhooks_listing());
}

Result<Response> add_webhook(Office& office, const Call& call) {
    THREATLAS_TRY(auto wanted, body_without<model::Webhook>(call, {"id", "organisation", "account", "secret", "made", "stopped"}));
    THREATLAS_TRY(const auto made, contact::add_webhook(desk_of(office), call.caller.reader, call.caller.account, std::move(wanted)));
    return answer(model::to_json(made), 201);
}

Result<Response> list_deliveries(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, contact::deliveries(desk_of(office), call.caller.reader));
    return api::list(call, api::objects_of(all), deliveries_listing());
}

}  // namespace

Routes directory_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object point = api::extended(model::json_schema<model::ContactPoint>(), {{"on_duty", json::object{{"type", "boolean"}, {"description", "whether somebody is there now"}}}});
    const Body point_body{body_schema<model::ContactPoint>({"id", "modified"})};
    return {
        {"GET", "/api/v1/contact/points", "contact_points_list", "Contact points of all organisations, and whether somebody is there", "contact", with(list_points), api::list_parameters(points_listing()), {}, {api::list_schema(point)}},
        {"POST", "/api/v1/contact/points", "contact_point_create", "Add a contact point", "contact", with([](Office& o, const Call& call) { return save_point(o, call, 201); }), {}, point_body, {point}, 201},
        {"PUT", "/api/v1/contact/points/{point}", "contact_point_change", "Change a contact point", "contact", with([](Office& o, const Call& call) { return save_point(o, call, 200); }), {}, point_body, {point}},
        {"DELETE", "/api/v1/contact/points/{point}", "contact_point_delete", "Remove a contact point", "contact", with([](Office& o, const Call& call) { return dropped(o, call, "point", contact::drop_contact_point); }), {}, {}, {}, 204},
        {"GET", "/api/v1/subscriptions", "subscriptions_list", "Subscriptions of the own organisation", "contact", with(list_subscriptions), api::list_parameters(subscriptions_listing()), {}, {api::list_schema(closable_schema<model::Subscription>())}},
        {"POST", "/api/v1/subscriptions", "subscription_create", "Subscribe: with the rights of one's own account", "contact", with(subscribe), {}, {body_schema<model::Subscription>({"id", "organisation", "account", "made"})}, {model::json_schema<model::Subscription>()}, 201},
        {"DELETE", "/api/v1/subscriptions/{subscription}", "subscription_delete", "End a subscription", "contact", with([](Office& o, const Call& call) { return dropped(o, call, "subscription", contact::unsubscribe); }), {}, {}, {}, 204},
        {"POST", "/api/v1/subscriptions/{subscription}/takeover", "subscription_take_over", "Take over one whose account is closed: with the rights of one's own", "contact", with([](Office& o, const Call& call) { return take_over<model::Subscription>(o, call, "subscription"); }), {}, {}, {model::json_schema<model::Subscription>()}, 201},
        {"GET", "/api/v1/webhooks", "webhooks_list", "Webhooks of the own organisation", "contact", with(list_webhooks), api::list_parameters(webhooks_listing()), {}, {api::list_schema(closable_schema<model::Webhook>())}},
        {"POST", "/api/v1/webhooks", "webhook_create", "Add a webhook; its secret is in this answer and never again", "contact", with(add_webhook), {}, {body_schema<model::Webhook>({"id", "organisation", "account", "secret", "made", "stopped"})}, {model::json_schema<model::Webhook>()}, 201},
        {"DELETE", "/api/v1/webhooks/{webhook}", "webhook_delete", "Remove a webhook", "contact", with([](Office& o, const Call& call) { return dropped(o, call, "webhook", contact::drop_webhook); }), {}, {}, {}, 204},
        {"POST", "/api/v1/webhooks/{webhook}/takeover", "webhook_take_over", "Take over one whose account is closed: with the rights of one's own; its secret stays", "contact", with([](Office& o, const Call& call) { return take_over<model::Webhook>(o, call, "webhook"); }), {}, {}, {model::json_schema<model::Webhook>()}, 201},
        {"GET", "/api/v1/contact/state", "contact_state", "Whether the desk can send, and what came of it", "contact", with(state), {}, {}, {model::json_schema<contact::DeskState>()}},
        {"GET", "/api/v1/deliveries", "deliveries_list", "What was sent by e-mail and webhook, try by try", "contact", with(list_deliveries), api::list_parameters(deliveries_listing()), {}, {api::list_schema(model::json_schema<store::Delivery>())}},
    };
}

}  // namespace threatlas::serve

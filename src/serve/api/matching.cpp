#include "serve/api/matching.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/problem.hpp"
#include "work/matching/desk.hpp"
#include "work/matching/sessions.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using net::Response;
namespace json = core::json;
namespace matching = work::matching;

constexpr int kAMinute = 120;   // requests of a peer's node in a minute; the quota of a day is in evaluations

struct RowsBody {
    std::vector<matching::Wanted> entries;
    static constexpr auto fields() { return std::make_tuple(field("entries", &RowsBody::entries, "rows")); }
};
struct PublishBody {
    bool rekey = false;
    static constexpr auto fields() { return std::make_tuple(field("rekey", &PublishBody::rekey, "begin a new key")); }
};
struct StepBody {
    std::string action, text;
    static constexpr auto fields() { return std::make_tuple(field("action", &StepBody::action, "seen or closed; of a session agree, refuse or run"), field("text", &StepBody::text, "what was found")); }
};
struct CloseBody {
    std::string text;
    static constexpr auto fields() { return std::make_tuple(field("text", &CloseBody::text, "how it ended")); }
};

// One for the server; its filters stay in memory.
struct Room {
    explicit Room(Office& in) : office(in), desk(in.store, {}, &in.catalogue), sessions(in.store, desk) {
        desk.on_alarm([this](const matching::Alarm& alarm) { office.events.tell({.type = "match_alarm", .data = {{"id", alarm.id}, {"rule", alarm.rule}, {"side", alarm.side}, {"party", alarm.party}}, .organisation = own(), .handling = "TLP:GREEN"}); });
    }
    std::string own() {
        const auto settings = desk.settings();
        return settings ? settings->organisation : "";
    }
    // At most so many requests a minute of one party, whatever they cost.
    bool in_time(const std::string& party) {
        const auto minute = std::chrono::duration_cast<std::chrono::minutes>(std::chrono::steady_clock::now().time_since_epoch()).count();
        const std::lock_guard guard(lock);
        if (minute != last) counted.clear(), last = minute;
        return ++counted[party] <= kAMinute;
    }
    Office& office;
    matching::Desk desk;
    matching::Sessions sessions;
    std::mutex lock;
    std::int64_t last = 0;
    std::map<std::string, int> counted;
};

template <class Record>
api::Listing listing_of(const char* name, const char* key, const char* sort) {
    api::Listing out{name, {}, key, sort};
    model::for_each_field<Record>([&](const auto& f) { out.fields.emplace_back(f.name); });
    return out;
}
const api::Listing& entries_listing() {
    static const auto it = listing_of<store::MatchEntry>("watch-list", "id", "-at");
    return it;
}
const api::Listing& queries_listing() {
    static const auto it = listing_of<store::MatchQuery>("matching-log", "id", "-at");
    return it;
}
const api::Listing& alarms_listing() {
    static const auto it = listing_of<matching::Alarm>("matching-alarms", "id", "-at");
    return it;
}
const api::Listing& contacts_listing() {
    static const auto it = listing_of<matching::ContactRequest>("matching-contacts", "id", "-at");
    return it;
}

Result<Response> status(Room& room, const Call& call) {
    THREATLAS_TRY(const auto now, room.desk.status(call.caller.reader));
    return answer(model::to_json(now));
}

Result<Response> entries(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.desk.entries(call.caller.reader));
    return api::list(call, api::objects_of(all), entries_listing());
}

Result<Response> add(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<RowsBody>(call));
    THREATLAS_TRY(const auto added, room.desk.add(call.caller.reader, body.entries));
    return answer(model::to_json(added), 201);
}

Result<Response> remove(Room& room, const Call& call) {
    THREATLAS_CHECK(room.desk.remove(call.caller.reader, path_value(call, "entry"), call.request.parameter("reason").value_or("")));
    return Response{204, {}, std::string()};
}

Result<Response> publish(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<PublishBody>(call));
    THREATLAS_TRY(const auto done, room.desk.publish(call.caller.reader, body.rekey));
    return answer(model::to_json(done));
}

Result<Response> ask(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::Question>(call));
    THREATLAS_TRY(const auto outcome, room.desk.ask(call.caller.reader, body));
    for (const auto& each : outcome.peers)
        if (!each.contact_request.empty()) room.office.events.tell({.type = "match_contact", .data = {{"id", each.contact_request}, {"query", each.query}, {"holder", each.peer}}, .organisation = room.own(), .handling = "TLP:AMBER"});
    return answer(model::to_json(outcome));
}

Result<Response> queries(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.desk.log(call.caller.reader, 10'000));
    return api::list(call, api::objects_of(all), queries_listing());
}

Result<Response> quotas(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.desk.quotas(call.caller.reader));
    return answer({{"items", model::to_json(all)}});
}

Result<Response> contacts(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.desk.contacts(call.caller.reader));
    return api::list(call, api::objects_of(all), contacts_listing());
}

Result<Response> close_contact(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<CloseBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 2000, true));
    THREATLAS_TRY(const auto now, room.desk.close_contact(call.caller.reader, path_value(call, "contact"), body.text));
    return answer(model::to_json(now));
}

Result<Response> alarms(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.desk.alarms(call.caller.reader));
    return api::list(call, api::objects_of(all), alarms_listing());
}

Result<Response> step_alarm(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<StepBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 2000, true));
    THREATLAS_TRY(const auto now, room.desk.step_alarm(call.caller.reader, path_value(call, "alarm"), body.action, body.text));
    return answer(model::to_json(now), 201);
}

Result<Response> sessions(Room& room, const Call& call) {
    THREATLAS_TRY(const auto all, room.sessions.list(call.caller.reader));
    return answer({{"items", model::to_json(all)}});
}

Result<Response> propose(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::Terms>(call));
    THREATLAS_TRY(const auto made, room.sessions.propose(call.caller.reader, body));
    return answer(model::to_json(made), 201);
}

Result<Response> session_step(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<StepBody>(call));
    const std::string& id = path_value(call, "session");
    const model::Reader& who = call.caller.reader;
    if (body.action != "agree" && body.action != "refuse" && body.action != "run") return fail(ErrorCode::bad_usage, "'action' is agree, refuse or run");
    THREATLAS_TRY(const auto now, body.action == "agree" ? room.sessions.agree(who, id) : body.action == "refuse" ? room.sessions.refuse(who, id, body.text) : room.sessions.run(who, id));
    return answer(model::to_json(now), 201);
}

Result<Response> offer(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::Offer>(call));
    THREATLAS_CHECK(room.sessions.receive(call.caller.reader, body));
    return answer(json::object{{"id", body.terms.id}}, 201);
}

Result<Response> agreement(Room& room, const Call& call) {
    THREATLAS_TRY(const auto found, room.sessions.agreement(call.caller.reader, path_value(call, "session")));
    return answer(model::to_json(found));
}

Result<Response> message(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::BulkMessage>(call));
    THREATLAS_TRY(const auto mine, room.sessions.message(call.caller.reader, path_value(call, "session"), body));
    return answer(model::to_json(mine));
}

// A person of a member asks over the member's own node, whose log it then is in.
Result<void> a_node(const Call& call) {
    if (call.caller.machine) return {};
    return fail(ErrorCode::not_allowed, "this is for the nodes of other members, which come with a token or a certificate");
}

template <class Handle>
std::function<Result<Response>(const Call&)> for_nodes(const std::shared_ptr<Room>& room, Handle handle) {
    return [room, handle](const Call& call) -> Result<Response> {
        THREATLAS_CHECK(a_node(call));
        if (!room->in_time(call.caller.reader.organisation)) return problem(429, ErrorCode::not_allowed, "more than " + std::to_string(kAMinute) + " requests in a minute: wait for the next", call.request.id).with("Retry-After", "60");
        return handle(*room, call);
    };
}

Result<Response> published(Room& room, const Call& call) {
    THREATLAS_TRY(auto text, room.desk.published(call.caller.reader));
    return net::json_response(200, std::move(text));
}

std::int64_t number(const std::string& text) { return !text.empty() && text.size() < 11 && text.find_first_not_of("0123456789") == std::string::npos ? std::stoll(text) : -1; }

Result<Response> part(Room& room, const Call& call) {
    THREATLAS_TRY(auto bytes, room.desk.part(call.caller.reader, number(path_value(call, "epoch")), number(path_value(call, "serial"))));
    return Response{200, {{"Content-Type", "application/octet-stream"}}, std::move(bytes)};
}

Result<Response> evaluate(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::Evaluation>(call));
    THREATLAS_TRY(const auto done, room.desk.evaluate(call.caller.reader, body));
    return answer(model::to_json(done));
}

Result<Response> receive(Room& room, const Call& call) {
    THREATLAS_TRY(const auto body, body_as<matching::ContactRequest>(call));
    THREATLAS_CHECK(room.desk.receive(call.caller.reader, body));
    room.office.events.tell({.type = "match_contact", .data = {{"id", body.id}, {"asker", call.caller.reader.organisation}}, .organisation = room.own(), .handling = "TLP:AMBER"});
    return answer(json::object{{"id", body.id}}, 201);
}

}  // namespace

Routes matching_routes(Office& office) {
    const auto room = std::make_shared<Room>(office);
    const auto with = [room](auto handle) { return [room, handle](const Call& call) { return handle(*room, call); }; };
    const auto schema = [](auto record) { return Body{model::json_schema<decltype(record)>()}; };
    const std::string at = "/api/v1/matching";
    const Body created{{{"type", "object"}, {"properties", {{"id", {{"type", "string"}}}}}}};
    return {
        {"GET", at + "/status", "matching_status", "The own list in counts, its published filter, peers, what is open", "matching", with(status), {}, {}, schema(matching::Status{})},
        {"GET", at + "/list", "matching_list", "The own watch-list", "matching", with(entries), api::list_parameters(entries_listing()), {}, {api::list_schema(model::json_schema<store::MatchEntry>())}},
        {"POST", at + "/list", "matching_list_add", "Put identifiers on the own watch-list; rows that are none are refused one by one", "matching", with(add), {}, schema(RowsBody{}), schema(matching::Added{}), 201},
        {"DELETE", at + "/list/{entry}", "matching_list_remove", "Take an entry off; it leaves the published filter with the next publication", "matching", with(remove), {{"reason", "why; goes into the log", {{"type", "string"}}, true}}, {}, {}, 204},
        {"POST", at + "/publish", "matching_publish", "Publish what came and went since, or begin a new key", "matching", with(publish), {}, schema(PublishBody{}), schema(matching::Published{})},
        {"POST", at + "/queries", "matching_ask", "Ask peers whether identifiers are on their lists: hit or no hit", "matching", with(ask), {}, schema(matching::Question{}), schema(matching::Outcome{})},
        {"GET", at + "/queries", "matching_log", "What was asked and what was served, without the identifiers", "matching", with(queries), api::list_parameters(queries_listing()), {}, {api::list_schema(model::json_schema<store::MatchQuery>())}},
        {"GET", at + "/quotas", "matching_quotas", "Evaluations by party and day, of the last 30", "matching", with(quotas), {}, {}, {{{"type", "object"}, {"properties", {{"items", {{"type", "array"}, {"items", model::json_schema<matching::Quota>()}}}}}}}},
        {"GET", at + "/contacts", "matching_contacts", "Contact requests that hits have opened, ours and those of peers", "matching", with(contacts), api::list_parameters(contacts_listing()), {}, {api::list_schema(model::json_schema<matching::ContactRequest>())}},
        {"POST", at + "/contacts/{contact}/close", "matching_contact_close", "Say how a contact request ended", "matching", with(close_contact), {}, schema(CloseBody{}), schema(matching::ContactRequest{})},
        {"GET", at + "/alarms", "matching_alarms", "What looks like trying out a list", "matching", with(alarms), api::list_parameters(alarms_listing()), {}, {api::list_schema(model::json_schema<matching::Alarm>())}},
        {"POST", at + "/alarms/{alarm}/steps", "matching_alarm_step", "Say that an alarm was seen, or close it with what was found", "matching", with(step_alarm), {}, schema(StepBody{}), schema(matching::Alarm{}), 201},
        {"GET", at + "/sessions", "matching_sessions", "Comparisons of whole lists with a peer, agreed by both directors", "matching", with(sessions), {}, {}, {{{"type", "object"}, {"properties", {{"items", {{"type", "array"}, {"items", model::json_schema<matching::Session>()}}}}}}}},
        {"POST", at + "/sessions", "matching_session_propose", "Propose to compare lists; signed by our node", "matching", with(propose), {}, schema(matching::Terms{}), schema(matching::Session{}), 201},
        {"POST", at + "/sessions/{session}/steps", "matching_session_step", "Agree or refuse, as a director of the holder; run, as the asker", "matching", with(session_step), {}, schema(StepBody{}), schema(matching::Session{}), 201},
        {"POST", at + "/sessions/offers", "matching_session_offer", "For nodes: a comparison is proposed", "matching", for_nodes(room, offer), {}, schema(matching::Offer{}), created, 201},
        {"GET", at + "/sessions/{session}/agreement", "matching_session_agreement", "For nodes: the holder's signature on the terms", "matching", for_nodes(room, agreement), {}, {}, schema(matching::Offer{})},
        {"POST", at + "/sessions/{session}/messages", "matching_session_message", "For nodes: one message of the comparison, answered by one", "matching", with([](Room& r, const Call& call) -> Result<Response> {
             THREATLAS_CHECK(a_node(call));   // as many as the lists have, so not by the minute
             return message(r, call);
         }), {}, schema(matching::BulkMessage{}), schema(matching::BulkMessage{})},
        {"GET", at + "/published", "matching_published", "For nodes: the committed key and the files of the filter, signed", "matching", for_nodes(room, published), {}, {}, schema(matching::Commitment{})},
        {"GET", at + "/parts/{epoch}/{serial}", "matching_part", "For nodes: one file of the filter", "matching", for_nodes(room, part), {}, {}, {{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"}},
        {"POST", at + "/evaluations", "matching_evaluate", "For nodes: blinded spellings evaluated under the committed key, with proof", "matching", for_nodes(room, evaluate), {}, schema(matching::Evaluation{}), schema(matching::Evaluated{})},
        {"POST", at + "/contacts", "matching_contact_create", "For nodes: a hit opens a contact request here too", "matching", for_nodes(room, receive), {}, schema(matching::ContactRequest{}), created, 201},
    };
}

void add_matching_chore(Office& office) {
    const auto desk = std::make_shared<matching::Desk>(office.store);
    office.add_chore("matching", [desk](const model::Reader& reader, core::Progress&) -> Result<json::object> {
        THREATLAS_TRY(const auto settings, desk->settings());
        if (settings.organisation.empty()) return json::object{{"changed", false}};
        THREATLAS_CHECK(desk->outstanding(reader));
        THREATLAS_TRY(const auto done, desk->publish(reader));
        return model::to_json(done).as_object();
    });
}

}  // namespace threatlas::serve

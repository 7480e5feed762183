// What people do about a signal: acknowledged, judged by a yardstick's word, closed with its outcome.
#include "analyse/early_warning/follow_up.hpp"
#include "serve/api/bodies.hpp"
#include "serve/jobs/office.hpp"

namespace threatlas::serve {
namespace {

namespace warning = analyse::early_warning;
using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using model::Role;
using net::Response;

struct StepBody {
    std::string action, text, word, outcome, known_on;
    static constexpr auto fields() {
        using T = StepBody;
        return std::make_tuple(field("action", &T::action, "acknowledge, assess or close"), field("text", &T::text, "note, judgement or reason"), field("word", &T::word, "assess: word of the yardstick"), field("outcome", &T::outcome, "close: true, false or undecided"),
            field("known_on", &T::known_on, "close as true: day it would have been known otherwise"));
    }
};

Result<Response> step(Office& office, const Call& call) {
    const model::Reader& who = call.caller.reader;
    THREATLAS_CHECK(only_roles(who, {Role::analyst, Role::director, Role::contact_point}, "triage of signals"));
    THREATLAS_TRY(const StepBody body, body_as<StepBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 8000, body.action != "acknowledge"));
    for (const auto& [name, text] : {std::pair{"word", &body.word}, {"outcome", &body.outcome}, {"known_on", &body.known_on}}) THREATLAS_CHECK(fit_text(*text, name, 100, false));
    const std::string& id = path_value(call, "signal");
    if (body.action == "acknowledge") THREATLAS_CHECK(warning::acknowledge(office.store, who, id, body.text));
    else if (body.action == "assess") THREATLAS_CHECK(warning::assess(office.store, who, office.catalogue, id, body.word, body.text));
    else if (body.action == "close") THREATLAS_CHECK(warning::close(office.store, who, id, body.outcome, body.text, body.known_on));
    else return fail(ErrorCode::bad_usage, "'action' is acknowledge, assess or close, not '" + body.action + "'");
    THREATLAS_TRY(const auto now, warning::followed_one(office.store, who, id));
    office.events.tell({.type = "signal", .data = {{"id", now.signal.id}, {"state", now.state}, {"kind", now.signal.kind}, {"title", now.signal.title}}, .organisation = {}, .handling = now.signal.handling});
    return answer(model::to_json(now), 201);
}

}  // namespace

Routes triage_routes(Office& office) {
    return {{"POST", "/api/v1/signals/{signal}/steps", "signal_step", "Acknowledge, assess or close a signal", "signals", [&office](const Call& call) { return step(office, call); }, {}, {{{"type", "object"}}}, {{{"type", "object"}}}, 201}};
}

}  // namespace threatlas::serve

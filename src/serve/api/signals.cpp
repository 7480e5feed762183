// Signals of what is arising, and what was made of them.
#include "analyse/early_warning/follow_up.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve::api {
namespace {

using core::Result;
namespace json = core::json;
namespace early = analyse::early_warning;

// One line a signal: its own fields with the state beside them.
json::object line_of(const early::Followed& each, bool steps) {
    json::object out = object_of(each.signal);
    out["state"] = each.state, out["opened"] = each.opened, out["last"] = each.last_period();
    out["outcome"] = each.state == "closed" ? each.steps.back().outcome : "";
    if (steps) out["steps"] = model::to_json(each.steps);
    return out;
}

json::object signal_schema(bool steps) {
    const json::object text{{"type", "string"}};
    json::object out = extended(model::json_schema<early::Signal>(), {{"state", text}, {"opened", text}, {"last", text}, {"outcome", text}});
    if (steps) out["properties"].as_object()["steps"] = json::object{{"type", "array"}, {"items", model::json_schema<early::SignalStep>()}};
    return out;
}

}  // namespace

Routes signal_routes(Service& service) {
    std::vector<std::string> fields{"state", "opened", "last", "outcome"};
    model::for_each_field<early::Signal>([&](const auto& f) { fields.emplace_back(f.name); });
    const Listing listing{"signals", fields, "id", "-opened"};
    const auto all = [&service, listing](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto signals, early::followed(*service.store, call.caller.reader));
        std::vector<json::object> items;
        for (const auto& each : signals) items.push_back(line_of(each, false));
        return list(call, std::move(items), listing);
    };
    const auto one = [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto found, early::followed_one(*service.store, call.caller.reader, call.path.at("signal")));
        return json_answer(line_of(found, true));
    };
    const auto quality = [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto signals, early::followed(*service.store, call.caller.reader));
        return json_answer(model::to_json(early::outcomes(signals)));
    };
    return {{"GET", "/api/v1/signals", "signals_list", "signals, with what was made of them", "signals", all, list_parameters(listing), {}, {list_schema(signal_schema(false))}},
            {"GET", "/api/v1/signals/quality", "signals_quality", "what the outcomes say of the detectors", "signals", quality, {}, {}, {model::json_schema<early::Outcomes>()}},
            {"GET", "/api/v1/signals/{signal}", "signal_get", "one signal with every step", "signals", one, {}, {}, {signal_schema(true)}}};
}

}  // namespace threatlas::serve::api

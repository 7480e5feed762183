// What was agreed, what was done about it, and whether the figure moved.
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "core/hash.hpp"
#include "model/schema.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "work/decisions.hpp"

namespace threatlas::serve {
namespace {

using core::Result;
using model::field;
using net::Response;
namespace json = core::json;

struct DecisionBody {
    std::string title, threat, measure, indicator, place, decided, due, handling = "TLP:AMBER";
    std::vector<std::string> members;
    double baseline = 0, target = 0;
    static constexpr auto fields() {
        using T = DecisionBody;
        return std::make_tuple(field("title", &T::title, "title"), field("threat", &T::threat, "threat id"), field("members", &T::members, "who acts"), field("measure", &T::measure, "what is done"), field("indicator", &T::indicator, "indicator id"),
            field("place", &T::place, "country; empty: the region"), field("baseline", &T::baseline, "where it stands"), field("target", &T::target, "where it should go"), field("decided", &T::decided, "day; default today"), field("due", &T::due, "day"),
            field("handling", &T::handling, "TLP word"));
    }
};
struct StepBody {
    std::string action, text;
    static constexpr auto fields() { return std::make_tuple(field("action", &StepBody::action, "progress, done or dropped"), field("text", &StepBody::text, "what was done")); }
};

const api::Listing& listing() {
    static const api::Listing it = [] {
        api::Listing out{"decisions", {}, "id", "-opened"};
        model::for_each_field<work::Decision>([&](const auto& f) { out.fields.emplace_back(f.name); });
        out.fields.emplace_back("works");
        return out;
    }();
    return it;
}

void tell(Office& office, const work::Decision& decision) {
    office.events.tell({.type = "decision", .data = {{"id", decision.id}, {"title", decision.title}, {"state", decision.state}, {"threat", decision.threat}}, .organisation = {}, .handling = decision.handling});
}

// What becomes of decisions is read from all that one may see: kept until something comes in, or one may see
// something else.
class KeptWorks {
  public:
    Result<std::vector<work::Works>> of(Office& office, const model::Reader& reader, const std::vector<work::Decision>& decisions) {
        THREATLAS_TRY(const auto submissions, office.store.submissions(reader));
        THREATLAS_TRY(const auto withdrawn, office.store.withdrawals(reader));
        std::string state = reader.organisation + "|" + std::string(model::name_of(reader.role)) + "|" + core::write_json(model::to_json(reader.clearance)) + "|" + reader.purpose;
        for (const auto& each : submissions) state += "|" + each.id;
        for (const auto& each : withdrawn) state += "|-" + each.submission;
        const std::string key = core::sha256(state);
        const std::lock_guard guard(mutex_);
        auto& known = known_[key];
        std::vector<work::Works> out;
        std::optional<store::Snapshot> snapshot;
        for (const auto& each : decisions) {
            auto found = known.find(each.id);
            if (found == known.end()) {
                if (!snapshot && !each.indicator.empty()) {
                    store::SnapshotQuery query;
                    query.with_judgements = false;
                    THREATLAS_TRY(snapshot, office.store.snapshot(reader, query));
                }
                found = known.emplace(each.id, work::works_in(each.indicator.empty() ? store::Snapshot{} : *snapshot, office.catalogue, each)).first;
            }
            out.push_back(found->second);
        }
        if (known_.size() > 16) std::erase_if(known_, [&](const auto& each) { return each.first != key; });
        return out;
    }

  private:
    std::mutex mutex_;
    std::map<std::string, std::map<std::string, work::Works>> known_;   // by what is seen; by decision
};

Result<Response> list(Office& office, KeptWorks& kept, const Call& call) {
    THREATLAS_TRY(const auto all, work::decisions(office.store, call.caller.reader));
    THREATLAS_TRY(const auto works, kept.of(office, call.caller.reader, all));
    std::vector<json::object> items;
    for (std::size_t i = 0; i < all.size(); ++i) {
        items.push_back(model::to_json(all[i]).as_object());
        items.back()["works"] = model::to_json(works[i]);
    }
    return api::list(call, std::move(items), listing());
}

Result<Response> add(Office& office, const Call& call) {
    THREATLAS_TRY(DecisionBody body, body_as<DecisionBody>(call));
    THREATLAS_CHECK(fit_text(body.title, "title", 200, true));
    THREATLAS_CHECK(fit_text(body.measure, "measure", 4000, true));
    work::Decision wanted;
    wanted.title = body.title, wanted.threat = body.threat, wanted.members = body.members, wanted.measure = body.measure, wanted.indicator = body.indicator, wanted.place = body.place;
    wanted.baseline = body.baseline, wanted.target = body.target, wanted.due = body.due, wanted.handling = body.handling;
    if (!body.decided.empty()) {
        THREATLAS_TRY(wanted.decided, core::parse_day(body.decided));
    }
    THREATLAS_TRY(const auto made, work::decide(office.store, call.caller.reader, office.catalogue, wanted, office.today()));
    tell(office, made);
    return answer(model::to_json(made), 201);
}

Result<Response> get(Office& office, const Call& call) {
    THREATLAS_TRY(const auto one, work::decision(office.store, call.caller.reader, path_value(call, "decision")));
    THREATLAS_TRY(const auto works, work::works(office.store, call.caller.reader, office.catalogue, one));
    json::object out = model::to_json(one).as_object();
    out["works"] = model::to_json(works);
    return answer(out);
}

Result<Response> step(Office& office, const Call& call) {
    THREATLAS_TRY(const StepBody body, body_as<StepBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 4000, true));
    THREATLAS_TRY(const auto now, work::step_decision(office.store, call.caller.reader, path_value(call, "decision"), body.action, body.text));
    tell(office, now);
    return answer(model::to_json(now), 201);
}

}  // namespace

Routes decisions_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object decision = model::json_schema<work::Decision>();
    return {
        {"GET", "/api/v1/decisions", "decisions_list", "Decisions, with what was done about them", "decisions", [&office, kept = std::make_shared<KeptWorks>()](const Call& call) { return list(office, *kept, call); }, api::list_parameters(listing()), {}, {api::list_schema(decision)}},
        {"POST", "/api/v1/decisions", "decision_create", "Record a decision", "decisions", with(add), {}, {model::json_schema<DecisionBody>()}, {decision}, 201},
        {"GET", "/api/v1/decisions/{decision}", "decision_get", "One decision, and whether its figure moved since ('works')", "decisions", with(get), {}, {}, {decision}},
        {"POST", "/api/v1/decisions/{decision}/steps", "decision_step", "Say what was done, that it is done, or dropped", "decisions", with(step), {}, {model::json_schema<StepBody>()}, {decision}, 201},
    };
}

}  // namespace threatlas::serve

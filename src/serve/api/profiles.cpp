// Profiles of crime areas: compiled, approved, published, compared, subscribed to.
#include "serve/api/profiles.hpp"

#include "model/schema.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "work/profiles/profiles.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using net::Response;
namespace json = core::json;

struct CompileBody {
    std::string area, assessment = "latest", edition = "restricted";
    static constexpr auto fields() {
        using T = CompileBody;
        return std::make_tuple(field("area", &T::area, "crime area"), field("assessment", &T::assessment, "its id; default the latest"), field("edition", &T::edition, "restricted or public"));
    }
};
struct StepBody {
    std::string action, text;
    std::vector<std::string> to;
    static constexpr auto fields() {
        using T = StepBody;
        return std::make_tuple(field("action", &T::action, "approve, publish or withdraw"), field("text", &T::text, "note or reason"), field("to", &T::to, "publish: organisations beside the subscribers"));
    }
};
struct SubscriptionBody {
    std::string organisation;
    std::vector<std::string> areas;
    static constexpr auto fields() {
        using T = SubscriptionBody;
        return std::make_tuple(field("organisation", &T::organisation, "whose; default one's own"), field("areas", &T::areas, "crime areas; none: no more"));
    }
};

template <class T>
std::vector<std::string> names() {
    std::vector<std::string> out;
    model::for_each_field<T>([&](const auto& f) { out.emplace_back(f.name); });
    return out;
}
const api::Listing& listing() {
    static const api::Listing it{"profiles", names<work::ProfileLine>(), "id", "-made"};
    return it;
}
const api::Listing& wanted_listing() {
    static const api::Listing it{"profile_subscriptions", names<work::ProfileSubscription>(), "organisation", "organisation"};
    return it;
}

json::object whole(const work::ProfileView& view) {
    json::object out = model::to_json(view.line).as_object();
    out["profile"] = model::to_json(view.profile);
    return out;
}

void tell(Office& office, const work::ProfileLine& line) {
    const std::string whose = line.state == "draft" ? line.organisation : std::string();
    office.events.tell({.type = "profile", .data = {{"id", line.id}, {"area", line.area}, {"title", line.title}, {"state", line.state}}, .organisation = whose, .handling = line.handling});
}

Result<Response> list(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, work::profiles(office.store, call.caller.reader));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(model::to_json(each).as_object());
    return api::list(call, std::move(items), listing());
}

Result<Response> make(Office& office, const Call& call) {
    THREATLAS_TRY(const CompileBody body, body_as<CompileBody>(call));
    THREATLAS_TRY(const auto made, work::compile_profile(office.store, call.caller.reader, office.catalogue, {body.area, body.assessment, body.edition}));
    if (made.is_new) tell(office, made.line);
    return answer(whole(made), made.is_new ? 201 : 200);
}

Result<Response> get(Office& office, const Call& call) {
    THREATLAS_TRY(const auto one, work::profile(office.store, call.caller.reader, path_value(call, "profile")));
    return answer(whole(one));
}

Result<Response> step(Office& office, const Call& call) {
    THREATLAS_TRY(const StepBody body, body_as<StepBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 4000, body.action == "withdraw"));
    const std::string& id = path_value(call, "profile");
    const auto& who = call.caller.reader;
    json::object out;
    work::ProfileLine line;
    if (body.action == "approve") {
        THREATLAS_TRY(const auto done, work::approve_profile(office.store, who, id, body.text));
        line = done.line;
    } else if (body.action == "withdraw") {
        THREATLAS_TRY(const auto done, work::withdraw_profile(office.store, who, id, body.text));
        line = done.line;
    } else if (body.action == "publish") {
        if (body.to.size() > 100) return fail(ErrorCode::bad_input, "'to' names at most 100 organisations");
        THREATLAS_TRY(const auto done, work::publish_profile(office.store, who, office.catalogue, id, body.to));
        line = done.first.line;
        json::array refused;
        for (const auto& [organisation, why] : done.second.refused) refused.push_back(json::object{{"organisation", organisation}, {"why", why}});
        out = {{"sent", model::to_json(done.second.sent)}, {"here", model::to_json(done.second.here)}, {"refused", std::move(refused)}};
    } else {
        return fail(ErrorCode::bad_input, "an action is approve, publish or withdraw, not '" + body.action.substr(0, 40) + "'");
    }
    tell(office, line);
    out["profile"] = model::to_json(line);
    return answer(out, 201);
}

Result<Response> changes(Office& office, const Call& call) {
    const auto from = call.request.parameter("from");
    if (!from || from->empty()) return fail(ErrorCode::bad_input, "say with which to compare: ?from=ID");
    THREATLAS_TRY(const auto earlier, work::profile(office.store, call.caller.reader, *from));
    THREATLAS_TRY(const auto later, work::profile(office.store, call.caller.reader, path_value(call, "profile")));
    return answer(model::to_json(publish::compare_profiles(earlier.profile, later.profile)));
}

// A file leaves: asked as an exit, and noted.
Result<Response> file(Office& office, const Call& call, bool page) {
    THREATLAS_TRY(const auto one, work::profile(office.store, call.caller.reader, path_value(call, "profile")));
    THREATLAS_CHECK(work::profile_may_leave(office.store, call.caller.reader, one));
    THREATLAS_TRY(std::string text, page ? work::profile_page(one, office.catalogue, office.options.catalogue_folder) : work::profile_stix(one, office.catalogue));
    THREATLAS_CHECK(office.store.audit(call.caller.reader, "disclose", "profile " + one.line.id + (page ? " as a page" : " as STIX")));
    return Response{200, {{"Content-Type", page ? "text/html; charset=utf-8" : "application/stix+json;version=2.1"}, {"Content-Disposition", attachment("profile-" + one.line.id + (page ? ".html" : ".json"))}, {"Cache-Control", "no-store"}}, std::move(text)};
}

Result<Response> wanted(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, work::profile_subscriptions(office.store, call.caller.reader));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(model::to_json(each).as_object());
    return api::list(call, std::move(items), wanted_listing());
}

Result<Response> subscribe(Office& office, const Call& call) {
    THREATLAS_TRY(const SubscriptionBody body, body_as<SubscriptionBody>(call));
    THREATLAS_TRY(const auto now, work::subscribe_profiles(office.store, call.caller.reader, office.catalogue, body.organisation.empty() ? call.caller.reader.organisation : body.organisation, body.areas));
    return answer(model::to_json(now));
}

}  // namespace

Routes profiles_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object line = model::json_schema<work::ProfileLine>();
    json::object full = line;
    full["properties"].as_object()["profile"] = model::json_schema<publish::AreaProfile>();
    const json::object text{{"type", "string"}};
    const json::object stepped{{"type", "object"}, {"required", json::array{"profile"}}, {"properties", {{"profile", line}, {"sent", {{"type", "array"}, {"items", text}}}, {"here", {{"type", "array"}, {"items", text}}},
        {"refused", {{"type", "array"}, {"items", {{"type", "object"}, {"properties", {{"organisation", text}, {"why", text}}}}}}}}}};
    return {
        {"GET", "/api/v1/profiles", "profiles_list", "Profiles of crime areas, newest first", "profiles", with(list), api::list_parameters(listing()), {}, {api::list_schema(line)}},
        {"POST", "/api/v1/profiles", "profile_compile", "Compile the next version from an assessment; 200 when the newest says the same", "profiles", with(make), {}, {model::json_schema<CompileBody>()}, {full}, 201},
        {"GET", "/api/v1/profiles/subscriptions", "profile_subscriptions_list", "Who wants profiles of which areas", "profiles", with(wanted), api::list_parameters(wanted_listing()), {}, {api::list_schema(model::json_schema<work::ProfileSubscription>())}},
        {"PUT", "/api/v1/profiles/subscriptions", "profile_subscribe", "The areas of which one's organisation gets profiles, in the place of those before", "profiles", with(subscribe), {}, {model::json_schema<SubscriptionBody>()}, {model::json_schema<work::ProfileSubscription>()}},
        {"GET", "/api/v1/profiles/{profile}", "profile_get", "One version, by its id or the newest of an area, with all it says", "profiles", with(get), {}, {}, {full}},
        {"POST", "/api/v1/profiles/{profile}/steps", "profile_step", "Approve, publish to the subscribers, or withdraw", "profiles", with(step), {}, {model::json_schema<StepBody>()}, {stepped}, 201},
        {"GET", "/api/v1/profiles/{profile}/changes", "profile_changes", "What changed since another version", "profiles", with(changes), {{"from", "id of the earlier version", {{"type", "string"}}, true}}, {}, {model::json_schema<publish::ProfileDiff>()}},
        {"GET", "/api/v1/profiles/{profile}/page", "profile_page", "One version as a page that needs nothing else", "profiles", [&office](const Call& call) { return file(office, call, true); }, {}, {}, {text, "text/html"}},
        {"GET", "/api/v1/profiles/{profile}/stix", "profile_stix", "One version as a STIX bundle", "profiles", [&office](const Call& call) { return file(office, call, false); }, {}, {}, {{{"type", "object"}}, "application/stix+json;version=2.1"}},
    };
}

}  // namespace threatlas::serve

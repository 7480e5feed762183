// People, invitations made, organisations, the table of rights.
#include <algorithm>
#include <map>

#include "model/schema.hpp"
#include "serve/access/rights.hpp"
#include "serve/access/routes.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"

namespace threatlas::serve::access {
namespace {

using api::json_answer;
using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Shared = std::shared_ptr<Access>;

json::object line_of(const store::Person& person) {
    json::object out = standing_json(person.standing);
    out["id"] = person.id;
    out["name"] = person.name;
    out["email"] = person.email;
    out["state"] = person.state;
    out["totp"] = !person.totp.empty();
    out["made"] = at_text(person.made);
    return out;
}

Result<net::Response> people(const Shared& access, const api::Listing& listing, const Call& call) {
    THREATLAS_TRY(const auto all, access->accounts().people());
    THREATLAS_TRY(const auto sessions, access->accounts().sessions(""));
    std::map<std::string, std::int64_t> seen;
    for (const store::Session& each : sessions) seen[each.person] = std::max(seen[each.person], each.seen);
    std::vector<json::object> items;
    for (const store::Person& each : all) {
        json::object line = line_of(each);
        const auto last = seen.find(each.id);
        line["last_seen"] = last == seen.end() ? json::value(nullptr) : json::value(at_text(last->second));
        items.push_back(std::move(line));
    }
    THREATLAS_CHECK(access->accounts().note(call.caller.reader, "read", "people " + std::to_string(all.size())));
    return api::list(call, std::move(items), listing);
}

// There must be somebody left who can let people in.
Result<void> not_the_last(const Shared& access, const store::Person& person) {
    if (person.standing.role != model::Role::administrator || person.state != "active") return {};
    THREATLAS_TRY(const auto all, access->accounts().people());
    const auto others = std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.id != person.id && each.state == "active" && each.standing.role == model::Role::administrator; });
    if (others == 0) return fail(ErrorCode::conflict, "this is the last administrator; make another first");
    return {};
}

Result<store::Person> named(const Shared& access, const Call& call) {
    const std::string& id = call.path.at("person");
    THREATLAS_TRY(auto person, access->accounts().person(id));
    if (!person || person->state == "erased") return fail(ErrorCode::not_found, "there is no person '" + id + "'");
    return std::move(*person);
}

Result<net::Response> change(const Shared& access, const model::Catalogue& catalogue, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"organisation", "role", "clearance", "state", "email"}));
    THREATLAS_TRY(store::Person person, named(access, call));
    THREATLAS_TRY(const store::Standing standing, standing_from(body, catalogue, person.standing));
    THREATLAS_TRY(const std::string state, text_of(body, "state"));
    if (!state.empty() && state != "active" && state != "blocked") return fail(ErrorCode::bad_input, "an account is active or blocked", {"body", 0, "state"});
    const bool demoted = standing.role != model::Role::administrator || state == "blocked";
    if (demoted) THREATLAS_CHECK(not_the_last(access, person));
    // Nobody gives rights to himself: two people are needed, and the log has both.
    if (person.id == call.caller.account) return fail(ErrorCode::not_allowed, "your own role, clearance and state are changed by another administrator");
    const bool stays = standing.organisation == person.standing.organisation && standing.role == person.standing.role && standing.clearance == person.standing.clearance;
    person.standing = standing;
    if (!state.empty()) person.state = state;
    if (body.contains("email")) {
        THREATLAS_TRY(person.email, text_of(body, "email"));
    }
    THREATLAS_CHECK(access->accounts().change(call.caller.reader, person, "set " + person.state + ", organisation " + standing.organisation + " role " + std::string(model::name_of(standing.role)) + " clearance " + standing.clearance));
    if (!stays || person.state != "active") THREATLAS_CHECK(access->accounts().end_sessions_of(call.caller.reader, person.id));
    access->forget();
    return json_answer(line_of(person));
}

Result<net::Response> erase(const Shared& access, const Call& call) {
    THREATLAS_TRY(const store::Person person, named(access, call));
    THREATLAS_CHECK(not_the_last(access, person));
    THREATLAS_CHECK(access->accounts().erase(call.caller.reader, person.id));
    access->forget();
    return net::Response{204, {}, std::string()};
}

Result<net::Response> unlock(const Shared& access, const Call& call) {
    THREATLAS_TRY(const store::Person person, named(access, call));
    THREATLAS_TRY(const std::uint64_t failures, access->accounts().unlock(call.caller.reader, person.id));
    return json_answer({{"failures", static_cast<std::int64_t>(failures)}});
}

json::object line_of(const store::Invitation& each) {
    json::object out = standing_json(each.standing);
    out["id"] = each.id;
    out["made_by"] = each.made_by;
    out["made"] = at_text(each.made);
    out["expires"] = at_text(each.expires);
    return out;
}

Result<net::Response> invite(const Shared& access, const model::Catalogue& catalogue, const Call& call) {
    THREATLAS_TRY(const auto body, body_of(call.request, {"organisation", "role", "clearance", "email", "hours"}));
    THREATLAS_CHECK(required_text(body, "organisation"));
    THREATLAS_CHECK(required_text(body, "role"));
    THREATLAS_TRY(const store::Standing standing, standing_from(body, catalogue, {}));
    THREATLAS_TRY(const std::string email, text_of(body, "email"));
    THREATLAS_TRY(const auto hours, whole_of(body, "hours"));
    THREATLAS_TRY(const auto made, access->invite(call.caller.reader, standing, email, hours.value_or(0) * 3600));
    json::object out = line_of(made.first);
    out["token"] = made.second;
    out["link"] = access->options().address + "/invitation#" + made.second;
    return json_answer(out, 201);
}

}  // namespace

Routes people_routes(Shared access, const model::Catalogue& catalogue) {
    const api::Listing people_listing{"people", {"id", "name", "email", "organisation", "role", "clearance", "state", "totp", "made", "last_seen"}, "id", "made"};
    const api::Listing invitations_listing{"invitations", {"id", "organisation", "role", "clearance", "made_by", "made", "expires"}, "id", "-made"};
    const api::Listing organisations_listing{"organisations", {"id", "name", "organisation", "country"}};
    const auto invitations = [access, invitations_listing](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto all, access->accounts().invitations());
        std::vector<json::object> items;
        for (const store::Invitation& each : all)
            if (each.expires > access->now()) items.push_back(line_of(each));
        return api::list(call, std::move(items), invitations_listing);
    };
    const auto withdraw = [access](const Call& call) -> Result<net::Response> {
        THREATLAS_CHECK(access->accounts().drop_invitation(call.caller.reader, call.path.at("token")));
        return net::Response{204, {}, std::string()};
    };
    const auto organisations = [&catalogue, organisations_listing](const Call& call) -> Result<net::Response> {
        std::vector<json::object> items = api::objects_of(catalogue.members);
        items.push_back({{"id", "regional"}, {"name", "Working group"}, {"organisation", "The working group of the region"}, {"country", ""}});
        return api::list(call, std::move(items), organisations_listing);
    };
    const api::Listing rights_listing = [] {
        api::Listing out{"rights", {}, "route"};
        const json::array rows = rights_json();
        for (const auto& each : rows.at(0).as_object()) out.fields.emplace_back(each.key());
        return out;
    }();
    const auto rights = [rights_listing](const Call& call) -> Result<net::Response> {
        std::vector<json::object> rows;
        for (const auto& each : rights_json()) rows.push_back(each.as_object());
        return api::whole(call, std::move(rows), rights_listing);
    };
    const json::object person = schema_of({{"id", "string"}, {"name", "string"}, {"email", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"state", "string"}, {"totp", "boolean"}, {"made", "string"}, {"last_seen", "string"}});
    const json::object invitation = schema_of({{"id", "string"}, {"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"made_by", "string"}, {"made", "string"}, {"expires", "string"}});
    const Body change_body{schema_of({{"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"state", "string"}, {"email", "string"}})};
    const Body invite_body{schema_of({{"organisation", "string"}, {"role", "string"}, {"clearance", "string"}, {"email", "string"}, {"hours", "integer"}}, {"organisation", "role"})};
    return {{"GET", "/api/v1/people", "people_list", "who has an account", "people", [access, people_listing](const Call& call) { return people(access, people_listing, call); }, api::list_parameters(people_listing), {}, {api::list_schema(person)}},
            {"PATCH", "/api/v1/people/{person}", "person_change", "organisation, role, clearance, state: the person's sessions end", "people", [access, &catalogue](const Call& call) { return change(access, catalogue, call); }, {}, change_body, {person}},
            {"DELETE", "/api/v1/people/{person}", "person_erase", "name, address, credentials and sessions go; the id stays in the audit log", "people", [access](const Call& call) { return erase(access, call); }, {}, {}, {}, 204},
            {"POST", "/api/v1/people/{person}/unlock", "person_unlock", "may try to sign in again at once", "people", [access](const Call& call) { return unlock(access, call); }, {}, {}, {schema_of({{"failures", "integer"}})}},
            {"GET", "/api/v1/invitations", "invitations_list", "invitations that are open", "people", invitations, api::list_parameters(invitations_listing), {}, {api::list_schema(invitation)}},
            {"POST", "/api/v1/invitations", "invitation_create", "invite somebody: the link is answered once", "people", [access, &catalogue](const Call& call) { return invite(access, catalogue, call); }, {}, invite_body, {invitation}, 201},
            {"DELETE", "/api/v1/invitations/{token}", "invitation_delete", "withdraw an invitation, by its id", "people", withdraw, {}, {}, {}, 204},
            {"GET", "/api/v1/organisations", "organisations_list", "whom people belong to", "people", organisations, api::list_parameters(organisations_listing), {}, {api::list_schema(model::json_schema<model::Member>())}},
            {"GET", "/api/v1/rights", "rights_get", "who may do what: the one table", "people", rights, api::list_parameters(rights_listing), {}, {{{"type", "object"}}}}};
}

}  // namespace threatlas::serve::access

#include "serve/access/door.hpp"

#include "core/text.hpp"
#include "serve/access/rights.hpp"
#include "serve/access/routes.hpp"

namespace threatlas::serve::access {
namespace {

// The member a request names, in its path or query; empty: none.
std::string member_named(const Route& route, const net::Request& request) {
    const auto pattern = core::split(route.pattern, '/'), path = core::split(request.path, '/');
    for (std::size_t i = 0; i < pattern.size() && i < path.size(); ++i)
        if (pattern[i] == "{member}") return path[i];
    return request.parameter("member").value_or("");
}

}  // namespace

Door make_door(std::shared_ptr<Access> access) {
    Door door;
    door.authenticate = [access](const net::Request& request) { return access->authenticate(request); };
    door.open_to_strangers = [](const Route& route) {
        const Right* right = right_of(route.id);
        return right != nullptr && right->scope == "open";
    };
    door.allow = [](const Route& route, const net::Request& request, Caller& caller) -> core::Result<void> {
        THREATLAS_CHECK(may(route.id, caller));
        THREATLAS_TRY(caller.reader.purpose, purpose_for(route.id, caller.reader.role, request.header("threatlas-purpose")));
        if (!own_only(route.id, caller)) return {};
        const std::string member = member_named(route, request);
        if (!member.empty() && member != caller.reader.organisation) return core::fail(core::ErrorCode::not_allowed, "this is for people of " + member);
        return {};
    };
    return door;
}

Routes access_routes(std::shared_ptr<Access> access, const model::Catalogue& catalogue) {
    Routes all;
    for (Routes each : {session_routes(access), account_routes(access), people_routes(access, catalogue), machine_routes(access, catalogue)}) all.insert(all.end(), each.begin(), each.end());
    return all;
}

}  // namespace threatlas::serve::access

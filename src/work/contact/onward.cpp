#include "work/contact/onward.hpp"

#include "core/hash.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/carrying.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::Result;
using exchange::stix::Carried;

namespace {

constexpr const char* kOnward = "onward";
constexpr std::int64_t kGivenUp = 7 * 86'400;

std::string text_at(const core::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Result<void> goes_on(const Desk& desk, const model::Reader& who, const Carried& what, const std::vector<std::string>& to) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    const core::json::object body{{"kind", what.kind}, {"id", what.id}, {"originator", what.originators.front()}, {"revoked", what.revoked}, {"record", what.record}, {"to", model::to_json(to)}};
    const std::string text = core::write_json(body);
    return kept->put(who, {.kind = kOnward, .id = core::sha256(text), .organisation = who.organisation, .made = desk.now(), .body = text}, {});
}

Result<void> pass_onward(const Desk& desk) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto waiting, kept->items(kOnward));
    for (const auto& each : waiting) {
        const model::Reader who = desk_of(each.organisation, "passing on what came");
        THREATLAS_TRY(const auto value, core::parse_json(each.body, kOnward));
        const auto& body = value.get_object();
        std::vector<std::string> to;
        THREATLAS_CHECK(model::from_json(body.at("to"), to, kOnward));
        Carried what{.kind = text_at(body, "kind"), .id = text_at(body, "id"), .created = {}, .modified = {}, .title = {}, .text = {}, .handling = {}, .originators = {text_at(body, "originator")}, .record = body.at("record").get_object(), .revoked = body.at("revoked").get_bool(), .refs = {}};
        Result<void> done;
        if (what.kind == "consent") {
            const auto posted = post(desk.store, who, to, what);
            if (!posted) done = tl::unexpected<core::Error>(posted.error());
        } else {
            THREATLAS_TRY(const auto all, kept_papers(desk, who, what.kind, text_at(what.record, "id")));
            for (const auto& one : all) {
                if (!done || one.record != what.record) continue;
                // The consent may have been taken back since.
                if (!what.revoked) std::erase_if(to, [&](const auto& organisation) { return !may_pass_on(desk.store, each.organisation, one.marked(), organisation); });
                if (!to.empty()) done = pass_on(desk, who, one, to);
            }
        }
        if (!done && (done.error().code == ErrorCode::unavailable || done.error().code == ErrorCode::internal)) return done;
        if (done || each.made + kGivenUp < desk.now()) THREATLAS_CHECK(kept->remove(who, kOnward, each.id));
    }
    return {};
}

}  // namespace threatlas::work::contact

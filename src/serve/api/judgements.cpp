// Judgements made on the screen, and those that stand.
#include "model/schema.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "serve/uploads/uploads.hpp"
#include "work/judging.hpp"

namespace threatlas::serve {
namespace {

using core::Result;
using net::Response;
namespace json = core::json;

const api::Listing& listing() {
    static const api::Listing it = [] {
        api::Listing out{"judgements", {}, "submission", "-dated"};
        model::for_each_field<work::Judged>([&](const auto& f) { out.fields.emplace_back(f.name); });
        return out;
    }();
    return it;
}

Result<Response> add(Office& office, const Call& call) {
    THREATLAS_TRY(const work::Judgement wanted, body_as<work::Judgement>(call));
    for (const auto& [name, text] : {std::pair{"text", &wanted.text}, {"value", &wanted.value}, {"word", &wanted.word}, {"scope", &wanted.scope}}) THREATLAS_CHECK(fit_text(*text, name, 4000, false));
    core::NoProgress quiet;
    THREATLAS_TRY(const std::string submission, work::judge(office.store, call.caller.reader, office.catalogue, wanted, office.today(), office.uploads->folder(), quiet));
    THREATLAS_TRY(const auto all, work::judgements(office.store, call.caller.reader));
    for (const auto& each : all)
        if (each.submission == submission) return answer(model::to_json(each), 201);
    // Kept, but marked above what the person may read themselves.
    return answer(json::object{{"submission", submission}}, 201);
}

Result<Response> list(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, work::judgements(office.store, call.caller.reader));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(model::to_json(each).as_object());
    return api::list(call, std::move(items), listing());
}

}  // namespace

Routes judgements_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    return {
        {"GET", "/api/v1/judgements", "judgements_list", "Judgements of members' people that stand", "judgements", with(list), api::list_parameters(listing()), {}, {api::list_schema(model::json_schema<work::Judged>())}},
        {"POST", "/api/v1/judgements", "judgement_create", "Judge, with the figures it rests on; 'replaces' names the submission of an earlier one", "judgements", with(add), {}, {model::json_schema<work::Judgement>()}, {model::json_schema<work::Judged>()}, 201},
    };
}

}  // namespace threatlas::serve

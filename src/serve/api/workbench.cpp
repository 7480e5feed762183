// The workbench over the API: weights tried, set, brought together, dissented from, fixed and published.
#include "core/text.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "store/rights.hpp"
#include "work/reporting.hpp"
#include "work/workbench.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using net::Response;
namespace json = core::json;

struct RankBody {
    std::map<std::string, double> weights;
    double kappa = 40;
    static constexpr auto fields() {
        using T = RankBody;
        return std::make_tuple(field("weights", &T::weights, "by criterion, sum 1"), field("kappa", &T::kappa, "how firm"));
    }
};
struct WeightsBody {
    std::map<std::string, double> weights;
    double kappa = 40;
    std::string note;
    static constexpr auto fields() {
        using T = WeightsBody;
        return std::make_tuple(field("weights", &T::weights, "by criterion, sum 1"), field("kappa", &T::kappa, "how firm"), field("note", &T::note, "why"));
    }
};
struct DissentBody {
    std::string threat, text;
    static constexpr auto fields() {
        using T = DissentBody;
        return std::make_tuple(field("threat", &T::threat, "on which threat; empty: the whole"), field("text", &T::text, "in your words"));
    }
};
struct PublishBody {
    std::string edition = "restricted";
    static constexpr auto fields() { return std::make_tuple(field("edition", &PublishBody::edition, "restricted or public")); }
};

const std::string& assessment_of(const Call& call) { return path_value(call, "assessment"); }

Result<Response> open(Office& office, const Call& call) {
    core::NoProgress quiet;
    const model::Reader& reader = call.caller.reader;
    THREATLAS_TRY(const auto bench, office.workbench->bench(reader, assessment_of(call), quiet));
    json::array criteria, threats;
    for (const auto& each : office.catalogue.criteria)
        criteria.push_back({{"id", each.id}, {"title", each.title}, {"component", each.component}, {"question", each.question}, {"weight", bench->weights.contains(each.id) ? bench->weights.at(each.id) : each.weight}});
    for (std::size_t i = 0; i < bench->threats.size(); ++i) threats.push_back({{"id", bench->threats[i]}, {"title", bench->titles[i]}});
    THREATLAS_TRY(const auto members, office.workbench->weights(reader, bench->assessment));
    THREATLAS_TRY(const auto dissent, office.workbench->dissent(reader, bench->assessment));
    THREATLAS_TRY(const auto fixed, office.workbench->frozen(reader, bench->assessment));
    return answer(json::object{{"assessment", bench->assessment}, {"draws", bench->draws}, {"handling", bench->handling}, {"criteria", std::move(criteria)}, {"threats", std::move(threats)}, {"weights", model::to_json(bench->weights)},
                               {"members", model::to_json(members)}, {"dissent", model::to_json(dissent)}, {"frozen", fixed ? json::value(fixed->id) : json::value(nullptr)}, {"approvals", fixed ? model::to_json(fixed->approvals) : json::value(json::array{})}});
}

Result<Response> rank(Office& office, const Call& call) {
    THREATLAS_TRY(const RankBody body, body_as<RankBody>(call));
    if (!(body.kappa >= 1 && body.kappa <= 10'000)) return fail(ErrorCode::bad_input, "'kappa' is a number from 1 (open) to 10000 (firm)");
    core::NoProgress quiet;
    THREATLAS_TRY(const auto bench, office.workbench->bench(call.caller.reader, assessment_of(call), quiet));
    THREATLAS_TRY(auto weights, work::checked_weights(body.weights, bench->criteria));
    return answer(json::object{{"assessment", bench->assessment}, {"draws", bench->draws}, {"ranking", model::to_json(work::weigh(*bench, {{std::move(weights), body.kappa}}))}});
}

Result<Response> get_weights(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, office.workbench->weights(call.caller.reader, assessment_of(call)));
    for (const auto& each : all)
        if (each.member == path_value(call, "member")) return answer(model::to_json(each));
    return fail(ErrorCode::not_found, "'" + path_value(call, "member") + "' has set no weights");
}

Result<Response> put_weights(Office& office, const Call& call) {
    THREATLAS_TRY(const WeightsBody body, body_as<WeightsBody>(call));
    THREATLAS_CHECK(fit_text(body.note, "note", 4000, false));
    THREATLAS_TRY(const auto kept, office.workbench->set_weights(call.caller.reader, assessment_of(call), {path_value(call, "member"), body.weights, body.kappa, body.note, "", ""}));
    return answer(model::to_json(kept));
}

Result<Response> consensus(Office& office, const Call& call) {
    core::NoProgress quiet;
    THREATLAS_TRY(const auto all, office.workbench->consensus(call.caller.reader, assessment_of(call), quiet));
    return answer(model::to_json(all));
}

Result<Response> dissent(Office& office, const Call& call) {
    THREATLAS_TRY(const DissentBody body, body_as<DissentBody>(call));
    THREATLAS_CHECK(fit_text(body.text, "text", 8000, true));
    THREATLAS_TRY(const auto said, office.workbench->add_dissent(call.caller.reader, assessment_of(call), body.threat, body.text));
    return answer(model::to_json(said), 201);
}

Result<Response> freeze(Office& office, const Call& call) {
    core::NoProgress quiet;
    THREATLAS_TRY(const auto fixed, office.workbench->freeze(call.caller.reader, assessment_of(call), quiet));
    return answer(model::to_json(fixed), 201);
}

const api::Listing& freezes_listing() {
    static const api::Listing it = [] {
        api::Listing out{"freezes", {}, "id", "-at"};
        model::for_each_field<work::Freeze>([&](const auto& f) { out.fields.emplace_back(f.name); });
        return out;
    }();
    return it;
}

Result<Response> freezes(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, office.workbench->freezes(call.caller.reader));
    return api::whole(call, api::objects_of(all), freezes_listing());
}

Result<Response> compare(Office& office, const Call& call) {
    THREATLAS_TRY(const auto later, office.workbench->frozen(call.caller.reader, path_value(call, "freeze")));
    THREATLAS_TRY(const auto earlier, office.workbench->frozen(call.caller.reader, call.request.parameter("since").value_or("")));
    if (!later || !earlier) return fail(ErrorCode::not_found, "name two freezes: /freezes/{freeze}/changes?since={earlier}");
    return answer(work::compare(*earlier, *later));
}

// The report of what was frozen, in one edition and all forms, with what was agreed and dissented from beside it.
Result<JobWork> make_publish(Office& office, const model::Reader& owner, const json::object& request) {
    std::string assessment, edition;
    for (const auto& [key, to] : {std::pair{"assessment", &assessment}, {"edition", &edition}})
        if (const auto* value = request.if_contains(key); value != nullptr && value->is_string()) *to = std::string(value->get_string());
    THREATLAS_TRY(const auto fixed, office.workbench->frozen(owner, assessment));
    if (!fixed) return fail(ErrorCode::conflict, "assessment " + assessment + " is not frozen");
    return JobWork([&office, frozen = *fixed, edition](JobContext& context) -> Result<json::object> {
        const std::string base = context.folder() + "/report-" + edition;
        work::ReportRequest wanted{.assessment = frozen.assessment, .edition = edition, .html = base + ".html", .pdf = base + ".pdf", .xlsx = base + ".xlsx", .landscape = false};
        THREATLAS_TRY(const work::Reported made, work::write_report(office.store, context.reader(), office.catalogue, office.options.catalogue_folder, wanted, context));
        std::string own = store::text(store::kAllMarks);
        THREATLAS_TRY(const auto known, office.store.assessments(context.reader()));
        for (const auto& each : known)
            if (each.id == made.assessment) own = each.handling;
        const std::string handling = edition == "public" ? "TLP:CLEAR" : own, title = "Report of " + made.assessment + ", " + edition + " edition";
        context.result({.title = title, .link = {}, .file = "report-" + edition + ".html", .media = "text/html; charset=utf-8", .handling = handling});
        context.result({.title = title + ", for paper", .link = {}, .file = "report-" + edition + ".pdf", .media = "application/pdf", .handling = handling});
        context.result({.title = title + ", tables", .link = {}, .file = "report-" + edition + ".xlsx", .media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", .handling = handling});
        // Whose weights and which dissent is the members' own affair: it stays restricted.
        THREATLAS_CHECK(core::write_file(context.folder() + "/consensus.json", core::write_json(model::to_json(frozen), 2)));
        context.result({.title = "What was frozen: " + frozen.id, .link = {}, .file = "consensus.json", .media = "application/json", .handling = own});
        context.log(title + ", " + std::to_string(made.withheld) + " figures withheld; frozen as " + frozen.id);
        office.events.tell({.type = "assessment", .data = {{"id", made.assessment}, {"published", edition}, {"frozen", frozen.id}}, .organisation = {}, .handling = handling});
        return json::object{{"assessment", made.assessment}, {"edition", edition}, {"withheld", made.withheld}, {"frozen", frozen.id}, {"hash", frozen.hash}};
    });
}

Result<Response> publish(Office& office, const Call& call) {
    THREATLAS_TRY(const PublishBody body, body_as<PublishBody>(call));
    THREATLAS_TRY(const auto approved, office.workbench->approve(call.caller.reader, assessment_of(call), body.edition));
    THREATLAS_TRY(const Job job, office.jobs.submit(call.caller.reader, "publish", {{"assessment", approved.assessment}, {"edition", body.edition}}, "Publish " + approved.assessment + ", " + body.edition + " edition"));
    return answer(to_json(job), 202);
}

}  // namespace

Routes workbench_routes(Office& office) {
    office.jobs.add_kind("publish", [&office](const model::Reader& owner, const json::object& request) { return make_publish(office, owner, request); });
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object object{{"type", "object"}};
    const std::string at = "/api/v1/workbench/{assessment}";
    return {
        {"GET", at, "workbench_get", "Criteria, weights, members' weights and dissent", "workbench", with(open), {}, {}, {object}},
        {"POST", at + "/rank", "workbench_rank", "The ranking under other weights, at once; nothing is kept", "workbench", with(rank), {}, {model::json_schema<RankBody>()}, {object}},
        {"GET", at + "/weights/{member}", "workbench_weights_get", "A member's weights", "workbench", with(get_weights), {}, {}, {model::json_schema<work::MemberWeights>()}},
        {"PUT", at + "/weights/{member}", "workbench_weights_put", "Set the own member's weights; the newest count", "workbench", with(put_weights), {}, {model::json_schema<WeightsBody>()}, {model::json_schema<work::MemberWeights>()}},
        {"GET", at + "/consensus", "workbench_consensus", "Each member's ranking, the common one, whose weights move what, dissent", "workbench", with(consensus), {}, {}, {model::json_schema<work::Consensus>()}},
        {"POST", at + "/dissent", "workbench_dissent", "Record the own member's dissent", "workbench", with(dissent), {}, {model::json_schema<DissentBody>()}, {model::json_schema<work::Dissent>()}, 201},
        {"POST", at + "/freeze", "workbench_freeze", "Fix weights and dissent; later changes are refused", "workbench", with(freeze), {}, {}, {model::json_schema<work::Freeze>()}, 201},
        {"POST", at + "/publish", "workbench_publish", "Approve an edition of what was frozen and write it; a job", "workbench", with(publish), {}, {model::json_schema<PublishBody>()}, {object}, 202},
        {"GET", "/api/v1/freezes", "freezes_list", "What was frozen", "workbench", with(freezes), api::list_parameters(freezes_listing()), {}, {api::list_schema(model::json_schema<work::Freeze>())}},
        {"GET", "/api/v1/freezes/{freeze}/changes", "freeze_changes", "What differs from an earlier freeze", "workbench", with(compare), {{"since", "the earlier freeze", {{"type", "string"}}, true}}, {}, {object}},
    };
}

}  // namespace threatlas::serve

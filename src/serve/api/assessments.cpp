// Assessments and everything in them, down to the rows behind a figure.
#include <algorithm>

#include "assess/diff.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"
#include "serve/dispatch.hpp"
#include "store/rights.hpp"
#include "work/disclosure.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;
using Whole = std::shared_ptr<const assess::Assessment>;

Result<Whole> named(Service& service, const Call& call) {
    THREATLAS_TRY(const Whole whole, service.shelf->get(call.caller.reader, call.path.at("assessment")));
    const std::string& path = call.request.path;   // what of it: '/figures/f-1'
    const std::size_t rest = path.find('/', std::string_view("/api/v1/assessments/").size());
    THREATLAS_CHECK(service.reads->read(call.caller.reader, "assessment " + whole->id + (rest == std::string::npos ? std::string() : path.substr(rest, 200))));
    return whole;
}

// Rows that are not the reader's to see are counted, not shown.
json::object figure_of(const assess::Figure& figure, const store::Sight& sight, bool rows) {
    json::object out = object_of(figure);
    const std::size_t all = figure.rows.size();
    json::array seen;
    std::size_t hidden = 0;
    for (const auto& each : figure.rows) {
        if (!sight.sees(store::parse_marking(each.handling), store::originator_of(each.member, each.source), each.submission)) ++hidden;
        else if (rows) seen.push_back(model::to_json(each));
    }
    if (rows) out["rows"] = std::move(seen);
    else out.erase("rows");
    out["row_count"] = static_cast<std::int64_t>(all);
    out["rows_hidden"] = static_cast<std::int64_t>(hidden);
    return out;
}

json::object figure_schema() {
    const json::object whole{{"type", "integer"}};
    return extended(model::json_schema<assess::Figure>(), {{"row_count", whole}, {"rows_hidden", whole}});
}

json::object head_of(const assess::Assessment& a) {
    json::object out{{"id", a.id}, {"manifest", model::to_json(a.manifest)}, {"profiles", model::to_json(a.profiles)}, {"diagnostics", model::to_json(a.diagnostics)}, {"skill", model::to_json(a.skill)}, {"threats", static_cast<std::int64_t>(a.ranking.size())}, {"figures", static_cast<std::int64_t>(a.figures.size())}};
    json::object arising = object_of(a.arising);
    out["arising"] = std::move(arising);
    return out;
}

std::string text_of(const store::StoreState& state) { return state.rows + "|" + state.assessments; }

// As it was last made for the same rights, if nothing changed since. quick: on the event loop, which does not wait for
// the log: so only what this reader was noted for within the minute.
std::optional<net::Response> kept_page(Service& service, const Call& call, bool quick) {
    if (!call.request.query.empty()) return std::nullopt;
    const auto state = service.fresh->now();
    if (!state) return std::nullopt;
    const auto page = service.pages.find(call.caller.reader, call.request.path, text_of(*state));
    if (!page || !(quick ? service.reads->again(call.caller.reader, page->object) : service.reads->read(call.caller.reader, page->object).has_value())) return std::nullopt;
    return response_of(*page);
}

Result<net::Response> threat_page(Service& service, const Call& call) {
    if (auto known = kept_page(service, call, false)) return std::move(*known);
    THREATLAS_TRY(const store::StoreState state, service.fresh->now());   // before the reading: what changes meanwhile is seen
    THREATLAS_TRY(const Whole whole, named(service, call));
    THREATLAS_TRY(const store::Sight sight, service.store->sight(call.caller.reader));
    const std::string& id = call.path.at("threat");
    const auto found = std::find_if(whole->ranking.begin(), whole->ranking.end(), [&](const auto& each) { return each.threat == id; });
    if (found == whole->ranking.end()) return fail(ErrorCode::not_found, "this assessment has no threat '" + id + "'");
    json::array figures, outlooks, signals, gaps, members;
    for (const auto& each : whole->figures)
        if (each.threat == id) figures.push_back(figure_of(each, sight, false));
    for (const auto& each : whole->outlooks)
        if (each.threat == id) outlooks.push_back(model::to_json(each));
    for (const auto& each : whole->arising.signals)
        if (std::find(each.signal.threats.begin(), each.signal.threats.end(), id) != each.signal.threats.end()) signals.push_back(model::to_json(each));
    for (const auto& each : whole->gaps)
        if (each.threat == id) gaps.push_back(model::to_json(each));
    for (const auto& each : whole->members)
        for (const auto& rank : each.ranking)
            if (rank.threat == id) {
                json::object line = object_of(rank);
                line["member"] = each.member;
                members.push_back(std::move(line));
            }
    const std::string body = core::write_json(json::object{{"assessment", whole->id}, {"of", static_cast<std::int64_t>(whole->ranking.size())}, {"threat", model::to_json(*found)}, {"figures", std::move(figures)}, {"outlooks", std::move(outlooks)}, {"signals", std::move(signals)}, {"gaps", std::move(gaps)}, {"members", std::move(members)}});
    PageCache::Page page{std::make_shared<const std::string>(body), "application/json", etag_of(body), "threat " + id + " of assessment " + whole->id};
    net::Response answer = response_of(page);
    if (call.request.query.empty()) service.pages.keep(call.caller.reader, call.request.path, text_of(state), std::move(page));
    return answer;
}

Result<net::Response> changes(Service& service, const Call& call) {
    THREATLAS_TRY(const Whole now, named(service, call));
    std::string since = call.request.parameter("since").value_or("");
    if (since.empty()) {
        THREATLAS_TRY(const auto all, service.store->assessments(call.caller.reader));
        for (const auto& each : all) {
            if (each.id == now->id) break;
            since = each.id;
        }
        if (since.empty()) return fail(ErrorCode::not_found, "there is no earlier assessment to compare with");
    }
    THREATLAS_TRY(const Whole before, service.shelf->get(call.caller.reader, since));
    json::object out = object_of(assess::compare(*before, *now));
    out["assessment"] = now->id, out["since"] = before->id;
    return kept(json_answer(out));
}

// A list inside an assessment: what picks it, and how it is listed.
using Pick = std::function<Result<std::vector<json::object>>(const assess::Assessment&, const model::Reader&)>;
Route listed(Service& service, const std::string& path, const std::string& id, const std::string& summary, json::object schema, Listing listing, Pick pick) {
    auto parameters = list_parameters(listing);
    return {"GET", "/api/v1/assessments/{assessment}/" + path, id, summary, "assessments", [&service, listing = std::move(listing), pick = std::move(pick)](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const Whole whole, named(service, call));
        if (const auto format = call.request.parameter("format"); format && *format != "json") THREATLAS_CHECK(work::assessment_may_leave(*service.store, call.caller.reader, whole->id));
        THREATLAS_TRY(auto items, pick(*whole, call.caller.reader));
        THREATLAS_TRY(auto answer, list(call, std::move(items), listing));
        return kept(std::move(answer));
    }, std::move(parameters), {}, {list_schema(std::move(schema))}};
}

template <class Record>
std::vector<std::string> names_of() {
    std::vector<std::string> out;
    model::for_each_field<Record>([&](const auto& f) { out.emplace_back(f.name); });
    return out;
}

}  // namespace

Routes assessment_routes(Service& service) {
    const Listing all{"assessments", {"id", "created_for", "content_hash", "as_of", "handling"}, "id", "-as_of"};
    Routes routes;
    routes.push_back({"GET", "/api/v1/assessments", "assessments_list", "assessments you may see", "assessments", [&service, all](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto stored, service.store->assessments(call.caller.reader));
        std::vector<json::object> items;
        for (const auto& each : stored) items.push_back({{"id", each.id}, {"created_for", each.created_for}, {"content_hash", each.content_hash}, {"as_of", core::iso(each.as_of)}, {"handling", each.handling}});
        return list(call, std::move(items), all);
    }, list_parameters(all), {}, {list_schema({{"type", "object"}})}});
    routes.push_back({"GET", "/api/v1/assessments/{assessment}", "assessment_get", "what it was made from and how well it rests; 'latest' for the newest", "assessments", [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const Whole whole, named(service, call));
        return kept(json_answer(head_of(*whole)));
    }, {}, {}, {{{"type", "object"}}}});
    routes.push_back({"GET", "/api/v1/assessments/{assessment}/threats/{threat}", "threat_get", "one threat: position, criteria, lenses, figures, forecasts, signals, gaps, members", "assessments", [&service](const Call& call) { return threat_page(service, call); }, {}, {}, {{{"type", "object"}}}, 200, [&service](const Call& call) { return kept_page(service, call, true); }});
    routes.push_back({"GET", "/api/v1/assessments/{assessment}/figures/{figure}", "figure_get", "one figure with the rows behind it that you may see", "assessments", [&service](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const Whole whole, named(service, call));
        THREATLAS_TRY(const store::Sight sight, service.store->sight(call.caller.reader));
        const assess::Figure* figure = whole->figure(call.path.at("figure"));
        if (figure == nullptr) return fail(ErrorCode::not_found, "this assessment has no figure '" + call.path.at("figure") + "'");
        return kept(json_answer(figure_of(*figure, sight, true)));
    }, {}, {}, {figure_schema()}});
    routes.push_back({"GET", "/api/v1/assessments/{assessment}/changes", "changes_get", "what moved since the one before, or since another", "assessments", [&service](const Call& call) { return changes(service, call); }, {{"since", "id of the other; without it, the one before"}}, {}, {model::json_schema<assess::Change>()}});
    routes.push_back(listed(service, "threats", "threats_list", "the ranking", model::json_schema<assess::ThreatResult>(), {"threats", names_of<assess::ThreatResult>(), "threat", "rank"}, [](const assess::Assessment& a, const model::Reader&) { return objects_of(a.ranking); }));
    routes.push_back(listed(service, "members", "members_list", "ranking and grading habit by member", model::json_schema<assess::MemberResult>(), {"members", names_of<assess::MemberResult>(), "member"}, [](const assess::Assessment& a, const model::Reader&) { return objects_of(a.members); }));
    routes.push_back(listed(service, "outlooks", "outlooks_list", "forecasts", model::json_schema<assess::Outlook>(), {"outlooks", names_of<assess::Outlook>(), "threat"}, [](const assess::Assessment& a, const model::Reader&) { return objects_of(a.outlooks); }));
    routes.push_back(listed(service, "assumptions", "assumptions_list", "assumptions, and what each moves", model::json_schema<assess::Assumption>(), {"assumptions", names_of<assess::Assumption>(), "id", "-largest_rank_move"}, [](const assess::Assessment& a, const model::Reader&) { return objects_of(a.assumptions); }));
    auto gap_fields = names_of<assess::Gap>();
    gap_fields.insert(gap_fields.begin(), "id");
    routes.push_back(listed(service, "gaps", "gaps_list", "what is not known, the most telling first", extended(model::json_schema<assess::Gap>(), {{"id", json::object{{"type", "string"}}}}), {"gaps", gap_fields, "id", "-information"}, [](const assess::Assessment& a, const model::Reader&) {
        auto items = objects_of(a.gaps);
        for (auto& each : items) each["id"] = std::string(each["threat"].as_string()) + "/" + std::string(each["criterion"].as_string()) + "/" + std::string(each["member"].as_string()) + "/" + std::string(each["lens"].as_string());
        return items;
    }));
    auto figure_fields = names_of<assess::Figure>();
    std::erase(figure_fields, "rows");
    figure_fields.insert(figure_fields.end(), {"row_count", "rows_hidden"});
    routes.push_back(listed(service, "figures", "figures_list", "every figure, without its rows", figure_schema(), {"figures", figure_fields, "id"}, [&service](const assess::Assessment& a, const model::Reader& reader) -> Result<std::vector<json::object>> {
        THREATLAS_TRY(const store::Sight sight, service.store->sight(reader));
        std::vector<json::object> items;
        for (const auto& each : a.figures) items.push_back(figure_of(each, sight, false));
        return items;
    }));
    return routes;
}

}  // namespace threatlas::serve::api

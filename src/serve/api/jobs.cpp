// Jobs and events: long work asked for, watched, cancelled; what has just happened, as it happens.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/text.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using net::Response;
namespace json = core::json;

const api::Listing& listing() {
    static const api::Listing it{"jobs", {"id", "kind", "title", "state", "owner", "organisation", "created", "started", "finished", "what", "done", "total", "error", "code", "request", "outcome", "results"}, "id", "-created"};
    return it;
}

Result<Response> list(Office& office, const Call& call) {
    std::vector<json::object> items;
    for (const auto& each : office.jobs.list(call.caller.reader)) items.push_back(to_json(each));
    return api::list(call, std::move(items), listing());
}

Result<Response> add(Office& office, const Call& call) {
    THREATLAS_TRY(auto body, body_of(call));
    const auto take = [&](const char* key) {
        const auto* value = body.if_contains(key);
        std::string out = value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
        return out;
    };
    const std::string kind = take("kind");
    std::string title = take("title");
    if (kind.empty()) return fail(ErrorCode::bad_input, "'kind' is missing: assess, report, watch, review or verify");
    if (kind == "ingest" || kind == "publish") return fail(ErrorCode::bad_usage, "that job is started where it belongs: POST /api/v1/uploads/{upload}/ingest, POST /api/v1/workbench/{assessment}/publish");
    body.erase("kind");
    if (kind != "assess") body.erase("title");
    THREATLAS_CHECK(fit_text(title, "title", 200, false));
    if (title.empty()) title = kind == "report" ? "Report" : kind == "assess" ? "Assessment" : kind;
    THREATLAS_TRY(const Job job, office.jobs.submit(call.caller.reader, kind, body, title));
    THREATLAS_TRY(Response response, answer(to_json(job), 202));
    return std::move(response.with("Location", "/api/v1/jobs/" + job.id));
}

Result<Response> get(Office& office, const Call& call) {
    THREATLAS_TRY(const Job job, office.jobs.find(call.caller.reader, path_value(call, "job")));
    return answer(to_json(job));
}

Result<Response> cancel(Office& office, const Call& call) {
    THREATLAS_TRY(const Job job, office.jobs.cancel(call.caller.reader, path_value(call, "job")));
    return answer(to_json(job), 202);
}

const api::Listing& log_listing() {
    static const api::Listing it{"log", {"number", "line"}, "number"};
    return it;
}

Result<Response> log(Office& office, const Call& call) {
    THREATLAS_TRY(const Job job, office.jobs.find(call.caller.reader, path_value(call, "job")));
    if (!call.request.query.empty()) {   // as a table of numbered lines
        std::vector<json::object> rows;
        for (const auto& each : job.log) rows.push_back({{"number", rows.size() + 1}, {"line", each}});
        return api::list(call, std::move(rows), log_listing());
    }
    json::array lines(job.log.begin(), job.log.end());
    const auto total = lines.size();
    return answer(json::object{{"items", std::move(lines)}, {"total", total}});
}

Result<Response> result(Office& office, const Call& call) {
    THREATLAS_TRY(const auto found, office.jobs.file(call.caller.reader, path_value(call, "job"), path_value(call, "name")));
    auto file = std::make_shared<std::ifstream>(found.second, std::ios::binary);
    if (!*file) return fail(ErrorCode::not_found, "the result is no longer kept: run the job again");
    THREATLAS_CHECK(office.store.audit(call.caller.reader, "disclose", "result " + found.first.file + " of job " + path_value(call, "job") + ", " + found.first.handling));
    const net::Pieces pieces = [file](std::string& piece) -> Result<bool> {
        piece.resize(std::size_t{1} << 18);
        file->read(piece.data(), static_cast<std::streamsize>(piece.size()));
        piece.resize(static_cast<std::size_t>(file->gcount()));
        return !piece.empty();
    };
    return Response{200, {}, pieces}.with("Content-Type", found.first.media).with("Content-Disposition", attachment(found.first.file)).with("Cache-Control", "no-store");
}

Result<Response> events(Office& office, const Call& call) {
    return Response{200, {}, office.events.stream(call.caller.reader)}.with("Content-Type", "text/event-stream").with("Cache-Control", "no-store");
}

}  // namespace

Routes jobs_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object text{{"type", "string"}}, object{{"type", "object"}};
    const Body asked{{{"type", "object"}, {"required", json::array{"kind"}}, {"properties", json::object{{"kind", json::object{{"enum", json::array{"assess", "report", "watch", "review", "verify", "checkpoint"}}}}, {"title", text}}}}, "application/json"};
    return {
        {"GET", "/api/v1/jobs", "jobs_list", "Jobs of the own organisation, newest first", "jobs", with(list), api::list_parameters(listing()), {}, {api::list_schema(object)}},
        {"POST", "/api/v1/jobs", "job_create", "Start long work: kind assess {title, as_of, leave_out, draws, seed, previous}, report {assessment, edition, format}, watch {step, budget}, review, checkpoint, verify", "jobs", with(add), {}, asked, {object}, 202},
        {"GET", "/api/v1/jobs/{job}", "job_get", "One job", "jobs", with(get), {}, {}, {object}},
        {"DELETE", "/api/v1/jobs/{job}", "job_cancel", "Cancel a job that waits or runs", "jobs", with(cancel), {}, {}, {object}, 202},
        {"GET", "/api/v1/jobs/{job}/log", "job_log", "Its log: lines; with a query, numbered lines as any list", "jobs", with(log), api::list_parameters(log_listing()), {}, {object}},
        {"GET", "/api/v1/jobs/{job}/results/{name}", "job_result", "A file the job wrote", "jobs", with(result), {}, {}, {{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"}},
    };
}

Routes events_routes(Office& office) {
    return {{"GET", "/api/v1/events", "events", "Server-sent events (job, signal, assessment, decision) as they happen; resumes after Last-Event-ID", "events", [&office](const Call& call) { return events(office, call); }, {}, {}, {{{"type", "string"}}, "text/event-stream"}}};
}

}  // namespace threatlas::serve

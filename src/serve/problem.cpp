#include "serve/problem.hpp"

#include "core/json.hpp"

namespace threatlas::serve {
namespace {

net::Response written(int status, const core::Error& error, const std::string& request_id) {
    const core::ErrorRow& row = core::error_row(error.code);
    core::json::object out{{"type", std::string("urn:threatlas:error:") + row.name}, {"code", row.name}, {"title", row.meaning}, {"status", status}, {"detail", error.message}, {"instance", "urn:threatlas:request:" + request_id}};
    if (!error.where.source.empty() || error.where.row > 0 || !error.where.column.empty()) out["where"] = {{"source", error.where.source}, {"row", error.where.row}, {"column", error.where.column}};
    net::Response response{status, {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}}, core::write_json(out)};
    if (status == 401) response.with("WWW-Authenticate", "Bearer realm=\"threatlas\"");
    return response;
}

}  // namespace

net::Response problem(const core::Error& error, const std::string& request_id) {
    // What went wrong inside, and where on this machine, is in the log and not in the answer.
    if (error.code == core::ErrorCode::internal) return written(core::error_row(error.code).http_status, {error.code, "something went wrong here; the log has it under this request's id", {}}, request_id);
    if (error.code == core::ErrorCode::unavailable && !error.where.source.empty()) return written(core::error_row(error.code).http_status, {error.code, error.message.substr(0, error.message.find(" (")), {}}, request_id);
    return written(core::error_row(error.code).http_status, error, request_id);
}

net::Response problem(int status, core::ErrorCode code, const std::string& detail, const std::string& request_id) {
    return written(status, {code, detail, {}}, request_id);
}

}  // namespace threatlas::serve

// The report of an assessment, in the form and edition that are asked for.
#include <cstdio>

#include "core/progress.hpp"
#include "serve/api/routes.hpp"
#include "serve/api/sent_file.hpp"
#include "work/reporting.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

Result<net::Response> report(Service& service, const Call& call) {
    const std::string format = call.request.parameter("format").value_or("html");
    work::ReportRequest wanted;
    wanted.edition = call.request.parameter("edition").value_or("restricted");
    if (format != "html" && format != "pdf" && format != "xlsx") return fail(ErrorCode::bad_input, "a report comes as html, pdf or xlsx", {"query", 0, "format"});
    if (wanted.edition != "restricted" && wanted.edition != "public") return fail(ErrorCode::bad_input, "a report has a restricted and a public edition", {"query", 0, "edition"});
    THREATLAS_TRY(const auto whole, service.shelf->get(call.caller.reader, call.path.at("assessment")));   // 'latest' is the newest this reader may see
    wanted.assessment = whole->id;
    THREATLAS_TRY(const std::string path, temporary_file());
    (format == "html" ? wanted.html : format == "pdf" ? wanted.pdf : wanted.xlsx) = path;
    core::NoProgress unwatched;
    if (const auto made = work::write_report(*service.store, call.caller.reader, service.catalogue, service.catalogue_folder, wanted, unwatched); !made) {
        std::remove(path.c_str());
        return tl::unexpected(made.error());
    }
    const char* type = format == "html" ? "text/html; charset=utf-8" : format == "pdf" ? "application/pdf" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return send_once(path, type, whole->id + "-" + wanted.edition + "." + format);
}

}  // namespace

Routes report_routes(Service& service) {
    const json::object formats{{"enum", json::array{"html", "pdf", "xlsx"}}, {"default", "html"}}, editions{{"enum", json::array{"restricted", "public"}}, {"default", "restricted"}};
    return {{"GET", "/api/v1/assessments/{assessment}/report", "report_get", "the report, as a file; takes seconds", "assessments", [&service](const Call& call) { return report(service, call); }, {{"format", "form", formats}, {"edition", "for whom", editions}}, {}, {{{"type", "string"}}, "text/html"}}};
}

}  // namespace threatlas::serve::api

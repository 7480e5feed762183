#include "work/reporting.hpp"

#include <cstdio>
#include <filesystem>

#include "analyse/early_warning/follow_up.hpp"
#include "assess/assess.hpp"
#include "assess/forecast_score.hpp"
#include "core/text.hpp"
#include "work/disclosure.hpp"
#include "work/forecasts.hpp"

namespace threatlas::work {
namespace {

using core::Result;

constexpr std::uint64_t kSteps = 4;

Result<void> write_files(const assess::Assessment& assessment, const model::Catalogue& catalogue, const publish::ReportOptions& options, const ReportRequest& request, core::Progress& progress) {
    const auto phase = [&](const char* what, std::uint64_t done) {
        progress.step(what, done, kSteps);
        return core::go_on(progress);
    };
    THREATLAS_CHECK(phase("page", 1));
    const std::string html = request.html.empty() ? request.pdf + ".html" : request.html;
    if (!request.html.empty() || !request.pdf.empty()) THREATLAS_CHECK(core::write_file(html, publish::html_report(assessment, catalogue, options)));
    THREATLAS_CHECK(phase("paper", 2));
    if (!request.pdf.empty()) THREATLAS_CHECK(publish::write_pdf(html, request.pdf));
    if (request.html.empty() && !request.pdf.empty()) std::remove(html.c_str());
    THREATLAS_CHECK(phase("tables", 3));
    if (!request.xlsx.empty()) THREATLAS_CHECK(publish::write_xlsx(assessment, catalogue, options.edition, request.xlsx));
    return phase("done", kSteps);
}

}  // namespace

Result<assess::Assessment> stored_assessment(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(const std::string text, store.assessment(reader, id));
    return assess::from_json_text(text, "assessment " + id);
}

Result<publish::FollowUp> follow_up_of(store::Store& store, const model::Reader& reader, const assess::Assessment& whole) {
    publish::FollowUp out;
    THREATLAS_TRY(auto before, stored_forecasts(store, reader));
    std::erase_if(before, [&](const auto& each) { return each.as_of >= whole.manifest.as_of; });
    out.scores = assess::score_forecasts(before, {assess::record_of(whole)});
    THREATLAS_TRY(const auto signals, analyse::early_warning::followed(store, reader));
    for (const auto& each : signals) {
        std::string state = each.state;
        if (state == "closed") state += " as " + each.steps.back().outcome;
        out.states[each.signal.id] = state;
    }
    out.outcomes = analyse::early_warning::outcomes(signals);
    return out;
}

Result<Reported> write_report(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const std::string& catalogue_folder, const ReportRequest& request, core::Progress& progress) {
    if (request.html.empty() && request.pdf.empty() && request.xlsx.empty())
        return core::fail(core::ErrorCode::bad_usage, "say what to write: --html FILE, --pdf FILE, --xlsx FILE");
    if (request.edition != "restricted" && request.edition != "public")
        return core::fail(core::ErrorCode::bad_usage, "an edition is restricted or public, not '" + request.edition + "'");
    progress.step("assessment", 0, kSteps);
    THREATLAS_TRY(const assess::Assessment whole, stored_assessment(store, reader, request.assessment));
    THREATLAS_CHECK(assessment_may_leave(store, reader, whole.id));
    const auto edition = request.edition == "public" ? publish::Edition::public_edition : publish::Edition::restricted;
    const publish::Disclosure disclosure = publish::disclose(whole, catalogue, edition);
    publish::ReportOptions options;
    options.edition = edition, options.landscape = request.landscape, options.withheld = disclosure.withheld.size();
    if (edition == publish::Edition::restricted) {
        THREATLAS_TRY(options.follow_up, follow_up_of(store, reader, whole));
    }
    if (const std::string map = catalogue_folder + "/map.geojson"; std::filesystem::exists(map)) {
        THREATLAS_TRY(options.map, publish::svg::read_map(map));
    }
    if (const auto written = write_files(disclosure.assessment, catalogue, options, request, progress); !written) {
        if (progress.cancelled()) {
            std::error_code ignored;
            for (const std::string& file : {request.html, request.pdf, request.xlsx, request.pdf + ".html"})
                if (!file.empty()) std::filesystem::remove(file, ignored);
        }
        return tl::unexpected<core::Error>(written.error());
    }
    THREATLAS_CHECK(store.audit(reader, "publish", whole.id + " " + request.edition + ", " + std::to_string(disclosure.withheld.size()) + " figures withheld"));
    for (const std::string& file : {request.html, request.pdf, request.xlsx})
        if (!file.empty()) THREATLAS_CHECK(note_disclosure(store, reader, "report of assessment " + whole.id + ", " + request.edition + " edition", file));
    return Reported{whole.id, whole.manifest.created_for, request.edition, disclosure.withheld.size()};
}

}  // namespace threatlas::work

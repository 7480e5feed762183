// From an assessment to what people read. Two editions: restricted (everything the reader may see)
// and public (disclosure rules of docs/METHOD.md#disclosure: n >= 5 with secondary suppression, at
// least three contributing members for a regional cell; third-party published statistics pass).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyse/early_warning/follow_up.hpp"
#include "assess/assessment.hpp"
#include "assess/forecast_score.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "publish/svg/map.hpp"

namespace threatlas::publish {

// What the store knows beside an assessment: how earlier forecasts did, what became of signals.
struct FollowUp {
    std::vector<assess::ForecastScore> scores;         // of earlier assessments
    std::map<std::string, std::string> states;         // of signals, by id: new, acknowledged, assessed, closed as true ...
    analyse::early_warning::Outcomes outcomes;
};

enum class Edition { restricted, public_edition };

// An assessment with what the public may not see withheld. Pure; what was withheld is listed.
struct Disclosure {
    assess::Assessment assessment;
    std::vector<std::string> withheld;   // evidence ids, with reason
};
Disclosure disclose(const assess::Assessment& assessment, const model::Catalogue& catalogue, Edition edition);

struct ReportOptions {
    Edition edition = Edition::restricted;
    bool landscape = false;          // of the paper; the page on a screen does not mind
    std::vector<svg::Shape> map;     // the catalogue's; empty: the report has no maps
    FollowUp follow_up{};            // empty in the public edition
    std::size_t withheld = 0;        // figures that disclose() took out, said in the annex
};

// One self-contained HTML page (inline CSS, SVG, a small script for opening evidence; no request).
std::string html_report(const assess::Assessment& assessment, const model::Catalogue& catalogue, const ReportOptions& options);
// Runs WeasyPrint on an HTML file; unavailable with what to install when it is missing.
core::Result<void> write_pdf(const std::string& html_path, const std::string& pdf_path);
// All tables. Cells that begin with = + - @ or a control character are written as text.
core::Result<void> write_xlsx(const assess::Assessment& assessment, const model::Catalogue& catalogue, Edition edition, const std::string& path);

}  // namespace threatlas::publish

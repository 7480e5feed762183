// The report of an assessment, in one edition, as files: the one way, for the command and the job.
#pragma once

#include <string>

#include "assess/assessment.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "publish/publish.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct ReportRequest {
    std::string assessment = "latest", edition = "restricted";   // restricted or public
    std::string html{}, pdf{}, xlsx{};                           // files to write; at least one
    bool landscape = false;
};

struct Reported {
    std::string assessment, created_for, edition;
    std::size_t withheld = 0;                                    // figures the disclosure rules took out
};

// Forecasts made before the assessment, scored by what it and later ones hold; and what became of its signals.
core::Result<publish::FollowUp> follow_up_of(store::Store& store, const model::Reader& reader, const assess::Assessment& whole);

core::Result<assess::Assessment> stored_assessment(store::Store& store, const model::Reader& reader, const std::string& id);

// Every file leaves a line in the audit log with its hash; one that cannot be noted does not stay. Cancelled
// work leaves no file. bad_usage for an edition that is none, or when no file is named.
core::Result<Reported> write_report(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const std::string& catalogue_folder, const ReportRequest& request, core::Progress& progress);

}  // namespace threatlas::work

// The assessment bundle: a folder from which a stranger re-runs an assessment byte for byte.
//   manifest.json     SHA-256 of every other file, seed, versions
//   catalogue/        the catalogue as it was
//   observations.csv.gz, claims.json, submissions.json   what was read, in order
//   assessment.json   what came out
//   previous.json     the assessment it was compared with, if any
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assess/assess.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "store/snapshot.hpp"

namespace threatlas::publish {

// Writes the folder anew (through a '.part' folder, so it is whole or absent). The snapshot must be
// the one the assessment read; options the ones it was made with.
core::Result<void> write_bundle(const std::string& folder, const store::Snapshot& snapshot, const std::string& catalogue_folder,
                                const assess::Options& options, const std::string& assessment_json);

struct Verification {
    bool same = false;
    std::string expected, found;  // SHA-256 of the assessment stored and of the one re-run
    std::vector<std::string> notes;
};

// Checks every hash, re-runs the assessment and compares the bytes. bad_input when the bundle is
// damaged or incomplete; a difference is in the Verification.
core::Result<Verification> verify_bundle(const std::string& folder, core::Progress& progress);

// The observations of a snapshot as canonical CSV, and back. Text fields are quoted when needed.
std::string observations_csv(const store::Snapshot& snapshot);
core::Result<store::Snapshot> snapshot_from_csv(std::string_view csv, const std::string& where);

}  // namespace threatlas::publish

#include <algorithm>
#include <filesystem>

#include "core/json.hpp"
#include "core/text.hpp"
#include "ingest/ingest.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace fs = std::filesystem;

namespace {

// A package is handed from one organisation to another: it names its own files only.
bool leaves(const fs::path& folder, const std::string& named) {
    if (named.empty()) return false;
    if (fs::path(named).is_absolute()) return true;
    for (const auto& part : fs::path(named))
        if (part == "..") return true;
    std::error_code error;
    const fs::path home = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, error), file = fs::weakly_canonical(folder / named, error);
    return error || std::mismatch(home.begin(), home.end(), file.begin(), file.end()).first != home.end();
}

}  // namespace

Result<std::vector<Job>> package_jobs(const std::string& datapackage_json, const std::vector<std::unique_ptr<Importer>>& importers) {
    THREATLAS_TRY(const std::string text, core::read_file(datapackage_json));
    THREATLAS_TRY(const auto package, core::parse_json(text, datapackage_json));
    const auto wrong = [&](std::string message) { return fail(ErrorCode::bad_input, std::move(message), {datapackage_json, 0, ""}); };
    if (!package.is_object() || !package.get_object().contains("resources") || !package.at("resources").is_array())
        return wrong("a data package has a list of 'resources'");
    const auto folder = fs::path(datapackage_json).parent_path();
    std::vector<Job> jobs;
    for (const auto& each : package.at("resources").get_array()) {
        const auto word = [&](const char* key) -> std::string {
            const auto* value = each.is_object() ? each.get_object().if_contains(key) : nullptr;
            return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
        };
        const std::string path = word("path"), source = word("threatlas:source"), mapping = word("threatlas:mapping");
        if (path.empty()) return wrong("resource " + std::to_string(jobs.size() + 1) + " has no 'path'");
        if (source.empty() == mapping.empty()) return wrong("resource '" + path + "' needs either 'threatlas:source' (an importer) or 'threatlas:mapping' (a mapping file)");
        for (const auto& named : {path, mapping})
            if (leaves(folder, named)) return wrong("'" + named + "' leaves the package's folder");
        Job job;
        job.file = (folder / path).string();
        job.member = word("threatlas:member");
        if (!mapping.empty()) job.mapping = (folder / mapping).string();
        if (!word("threatlas:known_at").empty()) {
            const auto day = core::parse_day(word("threatlas:known_at"));
            if (!day) return wrong("resource '" + path + "': threatlas:known_at: " + day.error().message);
            job.known_at = *day;
        }
        std::string known;
        for (const auto& importer : importers) {
            known += (known.empty() ? "" : ", ") + importer->source();
            if (importer->source() == source) job.importer = importer.get();
        }
        if (mapping.empty() && job.importer == nullptr) return wrong("resource '" + path + "' names the importer '" + source + "'; there are: " + known);
        jobs.push_back(std::move(job));
    }
    if (jobs.empty()) return wrong("the package has no resource");
    return jobs;
}

Result<void> ingest_all(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue, const std::vector<Job>& jobs,
                        const Options& options, core::Progress& progress, std::vector<Outcome>& outcomes) {
    const auto one = [&](const Job& job) -> Result<Outcome> {
        Options own = options;
        const auto differ = [&](const char* option) {
            return fail(ErrorCode::bad_usage, std::string("the package states another ") + option + " for this file: leave it out of the command", {job.file, 0, ""});
        };
        if (job.known_at != core::Day{}) {
            if (options.known_at != core::Day{} && options.known_at != job.known_at) return differ("--known-at");
            own.known_at = job.known_at;
        }
        if (!job.member.empty()) {
            if (!options.member.empty() && options.member != job.member) return differ("--member");
            own.member = job.member;
        }
        return job.mapping.empty() ? ingest_file(store, writer, catalogue, *job.importer, job.file, own, progress)
                                   : ingest_mapped(store, writer, catalogue, job.mapping, job.file, own, progress);
    };
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto outcome = one(jobs[i]);
        if (!outcome) {
            core::Error error = outcome.error();
            if (jobs.size() > 1)
                error.message += ". Of " + std::to_string(jobs.size()) + " files " + std::to_string(i) + (i == 1 ? " was" : " were") + " read before it, and " +
                                 std::to_string(jobs.size() - i - 1) + " after it not tried. Mend it and run the same command again: what is stored is skipped";
            return tl::unexpected<core::Error>(std::move(error));
        }
        outcomes.push_back(std::move(*outcome));
    }
    return {};
}

}  // namespace threatlas::ingest

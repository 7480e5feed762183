#include "ingest/ingest.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/calendar.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

struct Arguments {
    std::vector<std::string> files;
    std::string package, source, mapping, member, known_at, rejects;
    bool dry_run = false;
};

void print(const Session& session, const ingest::Outcome& outcome, bool dry_run) {
    const auto& info = outcome.info;
    if (outcome.already_there) {
        session.out << fmt::format("{:<42} already in the store, nothing to do\n", info.file);
        return;
    }
    // A row of a wide table holds several figures; verdicts are on figures.
    const std::uint64_t figures = info.accepted + info.duplicates + info.rejected;
    session.out << fmt::format("{:<42} {:>9} rows{}: {:>9} accepted, {:>6} set aside as repeated, {:>6} refused{}\n", info.file, info.rows,
                               figures == info.rows ? "" : fmt::format(" with {} figures", figures), info.accepted, info.duplicates, info.rejected,
                               dry_run ? " (dry run: nothing stored)" : "");
    for (std::size_t i = 0; i < std::min<std::size_t>(5, outcome.first_rejects.size()); ++i) {
        const auto& reject = outcome.first_rejects[i];
        session.out << fmt::format("    row {}{}: {} ({})\n", reject.row, reject.column.empty() ? "" : " [" + reject.column + "]", reject.reason, reject.verdict);
    }
    for (const auto& note : outcome.notes) session.out << "    note: " << note << '\n';
}

core::json::value as_json(const ingest::Outcome& outcome) {
    core::json::array rejects, notes;
    for (const auto& r : outcome.first_rejects) rejects.push_back(ingest::to_json(r));
    for (const auto& note : outcome.notes) notes.push_back(core::json::string(note));
    return {{"submission", model::to_json(outcome.info)}, {"already_there", outcome.already_there}, {"first_rejects", rejects}, {"notes", notes}};
}

using Importers = std::vector<std::unique_ptr<ingest::Importer>>;

Result<std::vector<ingest::Job>> jobs_of(const Arguments& arguments, const Importers& importers) {
    if (arguments.package.empty() == arguments.files.empty())
        return fail(ErrorCode::bad_usage, "name files, or a --package, not both; 'threatlas ingest --help' has examples");
    if (!arguments.mapping.empty() && (!arguments.source.empty() || !arguments.package.empty()))
        return fail(ErrorCode::bad_usage, "--map says how the files are read, and its 'source' whose they are: leave out --source and --package");
    if (!arguments.package.empty()) {
        if (!arguments.source.empty()) return fail(ErrorCode::bad_usage, "a package names its sources itself: leave out --source");
        return ingest::package_jobs(arguments.package, importers);
    }
    const ingest::Importer* chosen = nullptr;
    std::string known;
    for (const auto& importer : importers) {
        known += (known.empty() ? "" : ", ") + importer->source();
        if (importer->source() == arguments.source) chosen = importer.get();
    }
    if (arguments.mapping.empty() && chosen == nullptr)
        return fail(ErrorCode::bad_usage, "say how to read " + arguments.files.front() + ": --map MAPPING.yaml, or --source with one of " + known);
    std::vector<ingest::Job> jobs;
    for (const std::string& file : arguments.files) jobs.push_back({file, chosen, arguments.mapping, {}, {}});
    return jobs;
}

// A rejects file must not replace what is being read.
Result<void> keep_apart(const std::string& rejects, const std::vector<ingest::Job>& jobs, const std::string& package) {
    for (const auto& job : jobs)
        for (const auto& input : {job.file, job.mapping, package}) {
            std::error_code ignored;
            if (!input.empty() && std::filesystem::equivalent(rejects, input, ignored))
                return fail(ErrorCode::bad_usage, "--rejects would overwrite what is being read: name another file", {input, 0, ""});
        }
    return {};
}

Result<void> ingest_command(const Session& session, const Arguments& arguments) {
    const Importers importers = ingest::make_importers();
    THREATLAS_TRY(const auto jobs, jobs_of(arguments, importers));
    ingest::Options options;
    options.dry_run = arguments.dry_run;
    options.member = arguments.member;
    options.today = today();
    if (!arguments.known_at.empty()) {
        THREATLAS_TRY(options.known_at, core::parse_day(arguments.known_at));
    }
    std::unique_ptr<ingest::RejectsFile> rejects;
    if (!arguments.rejects.empty()) {
        THREATLAS_CHECK(keep_apart(arguments.rejects, jobs, arguments.package));
        THREATLAS_TRY(rejects, ingest::RejectsFile::create(arguments.rejects));
        options.rejects = rejects.get();
    }
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    auto store = open_store(session);
    if (!store && !(arguments.dry_run && store.error().code == ErrorCode::not_found)) return tl::unexpected<core::Error>(store.error());
    std::vector<ingest::Outcome> outcomes;
    const auto done = [&] {
        const auto progress = progress_bar(session);
        return ingest::ingest_all(store ? store->get() : nullptr, reader_of(session, "contribution: ingest"), catalogue, jobs, options, *progress, outcomes);
    }();
    if (rejects && (done || !outcomes.empty())) THREATLAS_CHECK(rejects->finish());
    if (session.json) {
        core::json::array list;
        for (const auto& outcome : outcomes) list.push_back(as_json(outcome));
        if (done || !list.empty()) print_json(session, list);
        return done;
    }
    std::uint64_t refused = 0;
    for (const auto& outcome : outcomes) {
        print(session, outcome, options.dry_run);
        refused += outcome.info.rejected;
    }
    if (refused != 0 && !rejects)
        session.out << refused << " figures were refused" << (arguments.dry_run ? "" : "; each is kept in the store with its reason") << ". --rejects FILE.csv writes them out to be mended.\n";
    return done;
}

}  // namespace

void add_ingest(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("ingest", "take in a published source, a data package or any spreadsheet");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("files", arguments->files, "CSV, TSV, XLSX or JSON-lines files, plain or .gz");
    command->add_option("--package", arguments->package, "a Frictionless datapackage.json: every resource in it");
    command->add_option("--source", arguments->source, "the published source the files are from");
    command->add_option("--map", arguments->mapping, "mapping file (YAML) that says what the columns mean");
    command->add_option("--member", arguments->member, "the contributing police organisation");
    command->add_option("--known-at", arguments->known_at, "day since when it was known (YYYY-MM-DD); default: the edition of a published source, else today");
    command->add_option("--rejects", arguments->rejects, "write refused and repeated rows of all files to this CSV, with the reason and the original text");
    command->add_flag("--dry-run", arguments->dry_run, "check everything, store nothing");
    command->footer("Examples:\n  threatlas ingest --data var/mine --package examples/see/datapackage.json\n"
                    "  threatlas ingest --data var/mine --source frontex_detections detections.csv\n"
                    "  threatlas ingest --map mine.yaml --dry-run --rejects refused.csv october.xlsx");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return ingest_command(session, *arguments); }; });
}

}  // namespace threatlas::app

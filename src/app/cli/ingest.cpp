#include "ingest/ingest.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/calendar.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

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
    session.out << fmt::format("{:<42} {:>9} rows: {:>9} accepted, {:>6} set aside as repeated, {:>6} refused{}\n", info.file, info.rows, info.accepted, info.duplicates,
                               info.rejected, dry_run ? " (dry run: nothing stored)" : "");
    std::size_t shown = 0;
    for (const auto& reject : outcome.first_rejects) {
        if (++shown > 5) break;
        session.out << fmt::format("    row {}{}: {} ({})\n", reject.row, reject.column.empty() ? "" : " [" + reject.column + "]", reject.reason, reject.verdict);
    }
}

core::json::value as_json(const ingest::Outcome& outcome) {
    core::json::array rejects;
    for (const auto& r : outcome.first_rejects)
        rejects.push_back({{"file", r.file}, {"row", r.row}, {"column", r.column}, {"verdict", r.verdict}, {"reason", r.reason}, {"original", r.original}});
    return {{"submission", model::to_json(outcome.info)}, {"already_there", outcome.already_there}, {"first_rejects", rejects}};
}

core::Result<std::vector<ingest::Outcome>> take_in(const Session& session, const Arguments& arguments, const ingest::Options& options) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto progress = progress_bar(session);
    const model::Reader writer = reader_of(session, "ingest");
    if (!arguments.package.empty()) return ingest::ingest_package(*store, writer, catalogue, arguments.package, options, *progress);
    std::vector<ingest::Outcome> outcomes;
    const auto importers = ingest::make_importers();
    for (const std::string& file : arguments.files) {
        if (!arguments.mapping.empty()) {
            THREATLAS_TRY(outcomes.emplace_back(), ingest::ingest_mapped(*store, writer, catalogue, arguments.mapping, file, options, *progress));
            continue;
        }
        const ingest::Importer* chosen = nullptr;
        std::string known;
        for (const auto& importer : importers) {
            known += (known.empty() ? "" : ", ") + importer->source();
            if (importer->source() == arguments.source) chosen = importer.get();
        }
        if (chosen == nullptr)
            return core::fail(core::ErrorCode::bad_usage, "say how to read " + file + ": --map MAPPING.yaml, or --source with one of " + known);
        THREATLAS_TRY(outcomes.emplace_back(), ingest::ingest_file(*store, writer, catalogue, *chosen, file, options, *progress));
    }
    return outcomes;
}

core::Result<void> ingest_command(const Session& session, const Arguments& arguments) {
    if (arguments.package.empty() == arguments.files.empty())
        return core::fail(core::ErrorCode::bad_usage, "name files, or a --package, not both; 'threatlas ingest --help' has examples");
    ingest::Options options;
    options.dry_run = arguments.dry_run;
    options.member = arguments.member;
    options.rejects_csv = arguments.rejects;
    if (!arguments.known_at.empty()) {
        THREATLAS_TRY(options.known_at, core::parse_day(arguments.known_at));
    } else if (!arguments.mapping.empty() || arguments.source == "questionnaire") {  // a published source knows its own edition
        const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        options.known_at.number = static_cast<std::int32_t>(now.time_since_epoch().count());
    }
    THREATLAS_TRY(const auto outcomes, take_in(session, arguments, options));
    if (session.json) {
        core::json::array list;
        for (const auto& outcome : outcomes) list.push_back(as_json(outcome));
        print_json(session, list);
        return {};
    }
    std::uint64_t refused = 0;
    for (const auto& outcome : outcomes) {
        print(session, outcome, options.dry_run);
        refused += outcome.info.rejected;
    }
    if (refused != 0 && options.rejects_csv.empty())
        session.out << refused << " rows were refused; each is kept in the store with its reason. --rejects FILE.csv writes them out to be mended.\n";
    return {};
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
    command->add_option("--rejects", arguments->rejects, "write refused rows here, to be mended and handed in again");
    command->add_flag("--dry-run", arguments->dry_run, "check everything, store nothing");
    command->footer("Examples:\n  threatlas ingest --data var/mine --package examples/see/datapackage.json\n"
                    "  threatlas ingest --data var/mine --source frontex_detections detections.csv\n"
                    "  threatlas ingest --data var/mine --map mine.yaml --dry-run october.xlsx");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return ingest_command(session, *arguments); }; });
}

}  // namespace threatlas::app

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "app/cli/taken.hpp"
#include "core/text.hpp"
#include "exchange/stix/validate.hpp"
#include "work/library.hpp"
#include "work/stix_export.hpp"
#include "work/stix_import.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

struct Arguments {
    std::string file, out, format = "json", handling;
    work::StixRequest request;
    bool with_persons = false, no_judgements = false, dry_run = false;
};

Result<void> export_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto reader = reader_of(session, "publication: STIX export");
    THREATLAS_TRY(const auto bundle, work::stix_objects(*store, reader, catalogue, arguments.request));
    THREATLAS_CHECK(work::write_stix(*store, reader, catalogue, bundle, arguments.format, arguments.out));
    core::json::object types;
    for (const auto& [type, count] : bundle.types) types[type] = count;
    core::json::array notes;
    for (const auto& each : bundle.notes) notes.emplace_back(each);
    if (print_json(session, {{"objects", bundle.texts.size()}, {"types", types}, {"withheld", bundle.withheld}, {"notes", notes}, {"file", arguments.out}})) return {};
    session.out << fmt::format("{} objects to {}", bundle.texts.size(), arguments.out);
    const char* parted = ": ";
    for (const auto& [type, count] : bundle.types) session.out << parted << type << ' ' << count, parted = ", ";
    session.out << ".\n";
    if (bundle.withheld != 0) session.out << bundle.withheld << " records may be seen but not disclosed: left out.\n";
    for (const auto& each : bundle.notes) session.out << "note: " << each << '\n';
    return {};
}

core::json::array refused(const work::Taken& taken) {
    core::json::array out;
    for (const auto& each : taken.refused) out.push_back(core::json::object{{"id", each.id}, {"reason", each.reason}});
    return out;
}

Result<void> import_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto text, core::read_file(arguments.file));
    work::TakeOptions options;
    options.handling = arguments.handling, options.with_persons = arguments.with_persons, options.judgements = !arguments.no_judgements, options.dry_run = arguments.dry_run, options.today = today(), options.path = arguments.file;
    const auto progress = progress_bar(session);
    THREATLAS_TRY(const auto taken, work::take_stix(*store, reader_of(session, "contribution: STIX import"), catalogue, text, options, *progress));
    if (print_json(session, taken_json(taken))) return {};
    print_taken(session, taken, arguments.dry_run);
    return {};
}

Result<void> validate_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto text, core::read_file(arguments.file));
    THREATLAS_TRY(const auto found, exchange::stix::validate(text, arguments.file));
    const auto verdict = [&]() -> Result<void> {
        if (found.problems.empty()) return {};
        return fail(ErrorCode::mismatch, fmt::format("{} of {} objects are not valid STIX 2.1", std::max<std::uint64_t>(found.faulty, 1), found.objects), {arguments.file, 0, ""});
    };
    core::json::array problems;
    for (const auto& each : found.problems) problems.push_back(core::json::object{{"id", each.id}, {"path", each.path}, {"message", each.message}});
    if (print_json(session, {{"objects", found.objects}, {"faulty", found.faulty}, {"problems", problems}})) return verdict();
    for (const auto& each : found.problems) session.out << fmt::format("{}{}: {}\n", each.id.empty() ? "bundle" : each.id, each.path, each.message);
    if (found.problems.empty()) session.out << fmt::format("{}: {} objects, all valid.\n", arguments.file, found.objects);
    return verdict();
}

Result<void> list_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto reader = reader_of(session, "management: library");
    work::StixBundle bundle;
    THREATLAS_CHECK(work::each_of_library(*store, reader, [&](const store::ExchangedObject& object) -> Result<void> {
        bundle.texts.push_back(object.text);
        return {};
    }));
    if (!arguments.out.empty()) {
        THREATLAS_CHECK(work::write_stix(*store, reader, catalogue, bundle, arguments.format, arguments.out));
        session.out << fmt::format("{} objects to {}.\n", bundle.texts.size(), arguments.out);
        return {};
    }
    THREATLAS_TRY(const auto rows, work::stix_rows(catalogue, bundle.texts));
    core::json::array list;
    for (const auto& row : rows) {
        core::json::object one;
        for (std::size_t i = 0; i < row.size(); ++i) one[work::kStixHeadings[i]] = row[i];
        list.push_back(std::move(one));
    }
    if (print_json(session, list)) return {};
    if (rows.empty()) session.out << "The library is empty; 'threatlas stix import' and 'threatlas misp import' fill it.\n";
    for (const auto& row : rows) session.out << fmt::format("{:<18}  {:<16}  {:<40.40}  {}\n", row[0], row[6].empty() ? "unmarked" : row[6], row[2], row[7].empty() ? row[8] : row[7]);
    return {};
}

}  // namespace

core::json::object taken_json(const work::Taken& taken) {
    core::json::array codes, threats, problems;
    for (const auto& each : taken.codes) codes.emplace_back(each);
    for (const auto& each : taken.threats) threats.emplace_back(each);
    for (const auto& each : taken.problems) problems.push_back(core::json::object{{"id", each.id}, {"path", each.path}, {"message", each.message}});
    return {{"objects", taken.objects}, {"added", taken.added}, {"present", taken.present}, {"persons_left_out", taken.persons}, {"revoked", taken.revoked}, {"refused", taken.refused_count}, {"first_refused", refused(taken)}, {"problems", problems},
            {"codes", codes}, {"threats", threats}, {"judgements", taken.judgements.info.accepted}};
}

void print_taken(const Session& session, const work::Taken& taken, bool dry_run) {
    auto& out = session.out;
    out << fmt::format("{} objects: {} added, {} there already, {} refused{}\n", taken.objects, taken.added, taken.present, taken.refused_count, dry_run ? " (dry run: nothing stored)" : "");
    if (taken.persons != 0) out << fmt::format("{} identities of persons were left out; --with-persons keeps them in the library, never in anything that is scored.\n", taken.persons);
    for (std::size_t i = 0; i < std::min<std::size_t>(5, taken.refused.size()); ++i) out << fmt::format("    {}: {}\n", taken.refused[i].id, taken.refused[i].reason);
    for (std::size_t i = 0; i < std::min<std::size_t>(5, taken.problems.size()); ++i) out << fmt::format("    kept, though not valid: {}{}: {}\n", taken.problems[i].id, taken.problems[i].path, taken.problems[i].message);
    if (!taken.codes.empty()) out << "Modi operandi named: " << core::join(taken.codes, ", ") << ".\n";
    if (taken.judgements.info.accepted != 0) out << fmt::format("{} judgements of modi operandi seen by others (submission {}).\n", taken.judgements.info.accepted, taken.judgements.info.id.substr(0, 12));
}

void add_stix(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("stix", "STIX 2.1: what we may disclose as a bundle, bundles from elsewhere, validation");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action, bool store) {
        auto* each = group->add_subcommand(name, what);
        if (store) add_data_option(*each, session), add_catalogue_option(*each, session);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        return each;
    };
    auto* out = command("export", "write what the reader may see and disclose", export_command, true);
    out->add_option("out", arguments->out, "file to write")->required();
    out->add_option("--only", arguments->request.kinds, "assessment, catalogue, decisions, judgements, library, signals; default: all")->delimiter(',');
    out->add_option("--assessment", arguments->request.assessment, "which assessment")->capture_default_str();
    out->add_option("--format", arguments->format, "json (a bundle), csv or xlsx (a list)")->capture_default_str()->check(CLI::IsMember({"json", "csv", "xlsx"}));
    out->footer("Example:\n  threatlas stix export --data var/mine bundle.json --only catalogue,signals");
    auto* in = command("import", "keep a bundle's objects as they are, in the library; modi operandi that they name become judgements that score nothing", import_command, true);
    in->add_option("file", arguments->file, "bundle, TAXII envelope, list of objects or one object")->required();
    in->add_option("--handling", arguments->handling, "of objects that carry no marking: 'TLP:AMBER'; default: the strictest");
    in->add_flag("--with-persons", arguments->with_persons, "keep identities of individuals as well");
    in->add_flag("--no-judgements", arguments->no_judgements, "keep the objects, judge nothing");
    in->add_flag("--dry-run", arguments->dry_run, "check everything, store nothing");
    in->footer("Example:\n  threatlas stix import --data var/mine --handling TLP:GREEN theirs.json");
    auto* check = command("validate", "check a file against STIX 2.1: its schemas, and the rules that no schema says", validate_command, false);
    check->add_option("file", arguments->file, "bundle, envelope, list or object")->required();
    check->footer("Example:\n  threatlas stix validate theirs.json");
    auto* list = command("list", "what the library holds, and what it says in our codes", list_command, true);
    list->add_option("--out", arguments->out, "write the list to this file");
    list->add_option("--format", arguments->format, "csv or xlsx; json writes the objects as a bundle")->capture_default_str()->check(CLI::IsMember({"json", "csv", "xlsx"}));
    list->footer("Example:\n  threatlas stix list --data var/mine --out library.xlsx --format xlsx");
    group->footer("Examples:\n  threatlas stix export --data var/mine bundle.json\n  threatlas stix import --data var/mine theirs.json\n  threatlas stix validate theirs.json");
}

}  // namespace threatlas::app

#include "work/misp.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "app/cli/taken.hpp"
#include "core/text.hpp"

namespace threatlas::app {
namespace {

using core::Result;

struct Arguments {
    std::string file, out, format = "json", handling;
    bool with_persons = false, no_judgements = false, dry_run = false;
};

Result<void> import_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto text, core::read_file(arguments.file));
    work::TakeOptions options;
    options.handling = arguments.handling, options.with_persons = arguments.with_persons, options.judgements = !arguments.no_judgements, options.dry_run = arguments.dry_run, options.today = today(), options.path = arguments.file;
    const auto progress = progress_bar(session);
    THREATLAS_TRY(const auto got, work::take_misp(*store, reader_of(session, "contribution: MISP import"), catalogue, text, options, *progress));
    auto value = taken_json(got.taken);
    value["kind"] = got.kind, value["read"] = got.read, value["about_persons_left_out"] = got.persons;
    if (print_json(session, value)) return {};
    session.out << fmt::format("{}: {} {}\n", arguments.file, got.read, got.kind == "events" ? "events" : "words of a " + got.kind);
    if (got.persons != 0) session.out << fmt::format("{} attributes and objects about persons were left out; --with-persons keeps them.\n", got.persons);
    print_taken(session, got.taken, arguments.dry_run);
    return {};
}

Result<void> export_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto reader = reader_of(session, "publication: MISP export");
    THREATLAS_TRY(const auto events, work::misp_events(*store, reader, catalogue));
    THREATLAS_CHECK(work::write_misp(*store, reader, events, arguments.format, arguments.out));
    if (print_json(session, {{"events", events.events.size()}, {"withheld", events.withheld}, {"file", arguments.out}})) return {};
    session.out << fmt::format("{} events to {}.\n", events.events.size(), arguments.out);
    if (events.withheld != 0) session.out << events.withheld << " signals may be seen but not disclosed: left out.\n";
    return {};
}

}  // namespace

void add_misp(CLI::App& app, Session& session) {
    auto* group = app.add_subcommand("misp", "MISP: events, galaxies and taxonomies in, events out");
    group->require_subcommand(1);
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action) {
        auto* each = group->add_subcommand(name, what);
        add_data_option(*each, session), add_catalogue_option(*each, session);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        return each;
    };
    auto* in = command("import", "events, a galaxy or a taxonomy into the library, mapped to the catalogue's codes by their tags", import_command);
    in->add_option("file", arguments->file, "JSON file in MISP's core, galaxy or taxonomy format")->required();
    in->add_option("--handling", arguments->handling, "of events without a tlp tag: 'TLP:AMBER'; default: the strictest");
    in->add_flag("--with-persons", arguments->with_persons, "keep attributes and objects about persons as well");
    in->add_flag("--no-judgements", arguments->no_judgements, "keep the objects, judge nothing");
    in->add_flag("--dry-run", arguments->dry_run, "check everything, store nothing");
    in->footer("Example:\n  threatlas misp import --data var/mine examples/misp/event.json");
    auto* out = command("export", "signals, and the events of the library, as MISP events", export_command);
    out->add_option("out", arguments->out, "file to write")->required();
    out->add_option("--format", arguments->format, "json (what MISP imports), csv or xlsx (a list)")->capture_default_str()->check(CLI::IsMember({"json", "csv", "xlsx"}));
    out->footer("Example:\n  threatlas misp export --data var/mine events.json");
    group->footer("Examples:\n  threatlas misp import --data var/mine examples/misp/event.json\n  threatlas misp export --data var/mine events.json");
}

}  // namespace threatlas::app

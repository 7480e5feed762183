#include "analyse/early_warning/watch.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

namespace warning = analyse::early_warning;

struct Arguments {
    std::string as_of, step = "month";
    double budget = warning::WatchOptions{}.false_per_week;
};

core::Result<void> watch_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto progress = progress_bar(session);
    const model::Reader reader = reader_of(session, "early warning");
    store::SnapshotQuery query;
    if (!arguments.as_of.empty()) {
        THREATLAS_TRY(query.as_of, core::parse_day(arguments.as_of));
    }
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader, query));
    warning::WatchOptions options;
    options.step = arguments.step == "week" ? analyse::series::Step::week : analyse::series::Step::month;
    options.false_per_week = arguments.budget;
    THREATLAS_TRY(const warning::Watched watched, warning::watch(snapshot, catalogue, options, *progress));
    session.out << core::write_json(model::to_json(watched)) << "\n";
    return {};
}

}  // namespace

void add_watch(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("watch", "check every series for what is arising");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("--as-of", arguments->as_of, "use only what was known on this day (YYYY-MM-DD)");
    command->add_option("--step", arguments->step, "week or month");
    command->add_option("--budget", arguments->budget, "false signals expected a week, at most")->capture_default_str();
    command->callback([&session, arguments] { session.action = [&session, arguments] { return watch_command(session, *arguments); }; });
}

}  // namespace threatlas::app

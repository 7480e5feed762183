#include "app/cli/run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/parallel.hpp"

namespace threatlas::app {
namespace {

int report_failure(const Session& session, const core::Error& error) {
    const core::ErrorRow& row = core::error_row(error.code);
    if (session.json) {
        core::json::object where{{"source", error.where.source}, {"row", error.where.row}, {"column", error.where.column}};
        session.out << core::write_json({{"error", row.name}, {"message", error.message}, {"where", where}}) << '\n';
    } else {
        session.err << "threatlas: " << core::describe(error) << '\n';
    }
    return row.exit_code;
}

bool is_command(const CLI::App& app, const std::string& word) {
    const auto all = app.get_subcommands([&](const CLI::App* each) { return each->check_name(word); });
    return !all.empty();
}

}  // namespace

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
    Session session{.out = out, .err = err, .json = false, .quiet = false, .threads = 0, .data = {}, .store = {}, .catalogue = {}, .purpose = {}, .action = {}};
    CLI::App app{"Threatlas: from what the police of a region know to a ranked, evidenced threat assessment.", "threatlas"};
    app.set_version_flag("--version", std::string(THREATLAS_VERSION));
    app.add_flag("--json", session.json, "print results, and errors, as JSON");
    app.add_flag("--quiet", session.quiet, "no progress bar");
    app.add_option("--threads", session.threads, "cores to use; 0: all. Results do not depend on it")->check(CLI::Range(0, 1024));
    app.add_option("--purpose", session.purpose, "why you read, into the audit log: '<word>: text' with a word of contribution, assessment, early_warning, joint_operation, management, supervision, publication, administration, judicial; other words stand after the command's own");
    app.fallthrough();
    app.require_subcommand(1);
    app.footer("Start here:\n  threatlas init --data var/mine\n  threatlas ingest --data var/mine --package examples/see/datapackage.json\n"
               "  threatlas assess --data var/mine\n  threatlas report --data var/mine --html report.html");
    add_init(app, session);
    add_catalogue(app, session);
    add_ingest(app, session);
    add_submissions(app, session);
    add_status(app, session);
    add_assess(app, session);
    add_watch(app, session);
    add_signals(app, session);
    add_decisions(app, session);
    add_stix(app, session);
    add_misp(app, session);
    add_bulletin(app, session);
    add_request(app, session);
    add_contact(app, session);
    add_forecast(app, session);
    add_report(app, session);
    add_explain(app, session);
    add_verify(app, session);
    add_diff(app, session);
    add_simulate(app, session);
    add_serve(app, session);
    add_taxii(app, session);
    add_protection(app, session);
    add_people(app, session);
    add_tokens(app, session);
    add_match(app, session);
    add_node(app, session);
    add_profile(app, session);
    add_audit(app, session);
    add_doctor(app, session);
    add_completion(app, session);

    const auto first = std::find_if(arguments.begin(), arguments.end(), [](const std::string& each) { return !each.starts_with('-'); });
    const bool wants_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    const std::string first_word = first == arguments.end() ? "" : *first;
    try {
        std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them last first
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        session.json = session.json || wants_json;
        const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);  // --help, --version
        // CLI11 says only that a command is missing where one is there that it does not know.
        const bool unknown = error.get_name() == "RequiredError" && !first_word.empty() && !is_command(app, first_word);
        const std::string what = unknown ? "there is no command '" + first_word + "'; 'threatlas --help' lists them" : error.what();
        if (!asked && session.json) return report_failure(session, {core::ErrorCode::bad_usage, what, {}});
        if (unknown) err << "threatlas: " << what << '\n';
        else app.exit(error, out, err);
        return asked ? 0 : core::error_row(core::ErrorCode::bad_usage).exit_code;
    }
    core::set_threads(session.threads);
    try {
        const core::Result<void> done = session.action();
        out.flush();
        if (!done) return report_failure(session, done.error());
        if (!out) return report_failure(session, {core::ErrorCode::unavailable, "the output cannot be written (is the disk full?)", {}});
        return 0;
    } catch (const std::bad_alloc&) {
        return report_failure(session, {core::ErrorCode::unavailable, "the machine has run out of memory", {}});
    } catch (const std::exception& error) {
        return report_failure(session, {core::ErrorCode::internal, error.what(), {}});
    }
}

}  // namespace threatlas::app

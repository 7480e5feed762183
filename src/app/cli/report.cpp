#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "assess/assess.hpp"
#include "model/json_codec.hpp"
#include "publish/explain.hpp"
#include "publish/explain_position.hpp"
#include "work/reporting.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    std::string assessment = "latest", edition = "restricted", html, pdf, xlsx;
    bool landscape = false;
};

core::Result<void> report(const Session& session, const Arguments& arguments) {
    if (arguments.html.empty() && arguments.pdf.empty() && arguments.xlsx.empty())
        return core::fail(core::ErrorCode::bad_usage, "say what to write: --html FILE, --pdf FILE, --xlsx FILE");
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    THREATLAS_TRY(const model::Catalogue catalogue, model::load_catalogue(folder));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, (arguments.edition == "public" ? "publication: report, " : "assessment: report, ") + arguments.edition + " edition");
    core::NoProgress quiet;
    THREATLAS_TRY(const work::Reported made, work::write_report(*store, reader, catalogue, folder, {arguments.assessment, arguments.edition, arguments.html, arguments.pdf, arguments.xlsx, arguments.landscape}, quiet));
    if (print_json(session, {{"assessment", made.assessment}, {"edition", made.edition}, {"withheld", made.withheld}})) return {};
    session.out << "Report of assessment " << made.assessment << ", " << made.edition << " edition";
    if (made.withheld != 0) session.out << ", " << made.withheld << " figures withheld by the disclosure rules";
    session.out << ".\n";
    return {};
}

core::Result<void> explain(const Session& session, const std::string& assessment, const std::string& id, std::size_t rows) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "assessment: explain " + id);
    THREATLAS_TRY(const assess::Assessment whole, work::stored_assessment(*store, reader, assessment));
    if (const assess::ThreatResult* threat = publish::position(whole, id)) {
        if (session.json) session.out << core::write_json(model::to_json(*threat), 2);
        else session.out << publish::explain_position(whole, *threat, catalogue);
        return {};
    }
    const assess::Figure* figure = whole.figure(id);
    if (figure == nullptr)
        return core::fail(core::ErrorCode::not_found, "assessment " + whole.id + " has no '" + id + "'; figures are named F-0123456789, positions in the ranking R-drugs.heroin");
    if (session.json) session.out << core::write_json(model::to_json(*figure), 2);
    else session.out << publish::explain_text(whole, *figure, catalogue, rows);
    return {};
}

}  // namespace

void add_report(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("report", "write the report of an assessment");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("--assessment", arguments->assessment, "its id")->capture_default_str();
    command->add_option("--edition", arguments->edition, "restricted, or public (disclosure rules apply)")->check(CLI::IsMember({"restricted", "public"}))->capture_default_str();
    command->add_option("--html", arguments->html, "one self-contained page; figures open to their rows");
    command->add_option("--pdf", arguments->pdf, "for paper");
    command->add_option("--xlsx", arguments->xlsx, "all tables");
    command->add_flag("--landscape", arguments->landscape, "PDF pages lie on their side");
    command->footer("Example:\n  threatlas report --data var/mine --edition public --html public.html --pdf public.pdf");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return report(session, *arguments); }; });
}

void add_explain(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("explain", "open a figure down to its rows, or a threat's position in the ranking down to its figures");
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    const auto id = std::make_shared<std::string>();
    const auto assessment = std::make_shared<std::string>("latest");
    const auto rows = std::make_shared<std::size_t>(40);
    command->add_option("id", *id, "evidence id, as printed in the report: F-0123456789, or R- and a threat")->required();
    command->add_option("--assessment", *assessment, "its id")->capture_default_str();
    command->add_option("--rows", *rows, "most rows to print")->capture_default_str();
    command->footer("Example:\n  threatlas explain --data var/demo F-0123456789\n  threatlas explain --data var/demo R-drugs.heroin");
    command->callback([&session, id, assessment, rows] { session.action = [&session, id, assessment, rows] { return explain(session, *assessment, *id, *rows); }; });
}

}  // namespace threatlas::app

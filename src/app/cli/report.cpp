#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/disclosure.hpp"
#include "app/cli/session.hpp"
#include "assess/assess.hpp"
#include "assess/forecast_score.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "publish/explain.hpp"
#include "publish/explain_position.hpp"
#include "publish/publish.hpp"
#include "work/forecasts.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    std::string assessment = "latest", edition = "restricted", html, pdf, xlsx;
    bool landscape = false;
};

core::Result<assess::Assessment> stored(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(const std::string text, store.assessment(reader, id));
    return assess::from_json_text(text, "assessment " + id);
}

// Forecasts made before the assessment, scored by what it and later ones hold; and what became of its signals.
core::Result<publish::FollowUp> follow_up_of(store::Store& store, const model::Reader& reader, const assess::Assessment& whole) {
    publish::FollowUp out;
    THREATLAS_TRY(auto before, work::stored_forecasts(store, reader));
    std::erase_if(before, [&](const auto& each) { return each.as_of >= whole.manifest.as_of; });
    out.scores = assess::score_forecasts(before, {assess::record_of(whole)});
    THREATLAS_TRY(const auto signals, analyse::early_warning::followed(store, reader));
    for (const auto& each : signals) {
        std::string state = each.state;
        if (state == "closed") state += " as " + each.steps.back().outcome;
        out.states[each.signal.id] = state;
    }
    out.outcomes = analyse::early_warning::outcomes(signals);
    return out;
}

core::Result<void> report(const Session& session, const Arguments& arguments) {
    if (arguments.html.empty() && arguments.pdf.empty() && arguments.xlsx.empty())
        return core::fail(core::ErrorCode::bad_usage, "say what to write: --html FILE, --pdf FILE, --xlsx FILE");
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    THREATLAS_TRY(const model::Catalogue catalogue, model::load_catalogue(folder));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "report, " + arguments.edition + " edition");
    THREATLAS_TRY(const assess::Assessment whole, stored(*store, reader, arguments.assessment));
    const auto edition = arguments.edition == "public" ? publish::Edition::public_edition : publish::Edition::restricted;
    const publish::Disclosure disclosure = publish::disclose(whole, catalogue, edition);
    publish::ReportOptions options;
    options.edition = edition, options.landscape = arguments.landscape, options.withheld = disclosure.withheld.size();
    if (edition == publish::Edition::restricted) {
        THREATLAS_TRY(options.follow_up, follow_up_of(*store, reader, whole));
    }
    if (const std::string map = folder + "/map.geojson"; std::filesystem::exists(map)) {
        THREATLAS_TRY(options.map, publish::svg::read_map(map));
    }
    const std::string page = publish::html_report(disclosure.assessment, catalogue, options);
    const std::string html = arguments.html.empty() ? arguments.pdf + ".html" : arguments.html;
    if (!arguments.html.empty() || !arguments.pdf.empty()) THREATLAS_CHECK(core::write_file(html, page));
    if (!arguments.pdf.empty()) THREATLAS_CHECK(publish::write_pdf(html, arguments.pdf));
    if (arguments.html.empty() && !arguments.pdf.empty()) std::remove(html.c_str());
    if (!arguments.xlsx.empty()) THREATLAS_CHECK(publish::write_xlsx(disclosure.assessment, catalogue, edition, arguments.xlsx));
    THREATLAS_CHECK(store->audit(reader, "publish", whole.id + " " + arguments.edition + ", " + std::to_string(disclosure.withheld.size()) + " figures withheld"));
    for (const std::string& file : {arguments.html, arguments.pdf, arguments.xlsx})
        if (!file.empty()) THREATLAS_CHECK(note_disclosure(*store, reader, "report of assessment " + whole.id + ", " + arguments.edition + " edition", file));
    if (print_json(session, {{"assessment", whole.id}, {"edition", arguments.edition}, {"withheld", disclosure.withheld.size()}})) return {};
    session.out << "Report of assessment " << whole.id << ", " << arguments.edition << " edition";
    if (!disclosure.withheld.empty()) session.out << ", " << disclosure.withheld.size() << " figures withheld by the disclosure rules";
    session.out << ".\n";
    return {};
}

core::Result<void> explain(const Session& session, const std::string& assessment, const std::string& id, std::size_t rows) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "explain " + id);
    THREATLAS_TRY(const assess::Assessment whole, stored(*store, reader, assessment));
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

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/describe.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

core::Result<void> check(const Session& session) {
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    std::vector<model::CatalogueProblem> problems;
    const auto catalogue = model::load_catalogue(folder, &problems);
    if (!session.json)
        for (const auto& problem : problems) session.out << core::describe({core::ErrorCode::bad_input, problem.message, {problem.file, problem.line, ""}}) << '\n';
    if (session.json) {
        core::json::array list;
        for (const auto& problem : problems) list.push_back({{"file", problem.file}, {"line", problem.line}, {"message", problem.message}});
        session.out << core::write_json({{"problems", list}, {"valid", catalogue.has_value()}}, 2);
    }
    if (!catalogue) return core::fail(core::ErrorCode::bad_input, fmt::format("the catalogue in {} has {} problem(s); mend them and run again", folder, std::max<std::size_t>(1, problems.size())));
    if (!session.json)
        session.out << fmt::format("{} {}: {} members, {} threats, {} indicators, {} codes, {} sources. No problem found.\nSHA-256 {}\n", catalogue->region.title, catalogue->region.version,
                                   catalogue->members.size(), catalogue->threats.size(), catalogue->indicators.size(), catalogue->codes.size(), catalogue->sources.size(), catalogue->hash);
    return {};
}

template <class T>
void list(const Session& session, const char* title, const std::vector<T>& items) {
    session.out << '\n' << title << " (" << items.size() << ")\n";
    for (const T& item : items) session.out << fmt::format("  {:<34} {}\n", item.id, item.title);
}

bool same(const core::json::value& value, const std::string& wanted) { return value.is_string() && core::lower_ascii(std::string(value.get_string())) == core::lower_ascii(wanted); }

// The record of any list with this id; else the first that has it as another name: an alias, a country's three letters or name.
const core::json::value* record_named(const core::json::value& all, const std::string& id) {
    const core::json::value* other = nullptr;
    for (const auto& each : all.get_object()) {
        if (!each.value().is_array()) continue;
        for (const core::json::value& record : each.value().get_array()) {
            const core::json::object& fields = record.get_object();
            if (const auto* its = fields.if_contains("id"); its != nullptr && *its == core::json::value(id)) return &record;
            if (other != nullptr) continue;
            for (const char* name : {"id", "iso3", "name"})
                if (const auto* its = fields.if_contains(name); its != nullptr && same(*its, id)) other = &record;
            if (const auto* aliases = fields.if_contains("aliases"))
                for (const core::json::value& alias : aliases->get_array())
                    if (same(alias, id)) other = &record;
        }
    }
    return other;
}

core::Result<void> show(const Session& session, const std::string& id) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    const core::json::value all = model::to_json(catalogue);
    if (!id.empty()) {
        if (const core::json::value* record = record_named(all, id)) {
            session.out << core::write_json(*record, 2);
            return {};
        }
        return core::fail(core::ErrorCode::not_found, "the catalogue has no record '" + id + "'; 'threatlas catalogue show' lists them");
    }
    if (print_json(session, all)) return {};
    session.out << catalogue.region.title << ", catalogue " << catalogue.region.version << ", SHA-256 " << catalogue.hash << '\n' << "\nMembers\n";
    for (const auto& member : catalogue.members) session.out << fmt::format("  {:<34} {} ({})\n", member.id, member.organisation, member.country);
    list(session, "Areas", catalogue.areas);
    list(session, "Threats", catalogue.threats);
    list(session, "Criteria", catalogue.criteria);
    list(session, "Indicators", catalogue.indicators);
    list(session, "Routes", catalogue.routes);
    list(session, "Sources", catalogue.sources);
    return {};
}

core::Result<void> schema(const Session& session, const std::string& folder) {
    for (const auto& [name, each] : schemas()) {
        const std::string path = folder + "/" + name + ".schema.json";
        THREATLAS_CHECK(core::write_file(path, core::write_json(each, 2)));
        session.out << path << '\n';
    }
    return {};
}

}  // namespace

void add_catalogue(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("catalogue", "check or show the region's catalogue");
    command->require_subcommand(1);
    command->footer("Examples:\n  threatlas catalogue check --catalogue catalogue/see\n  threatlas catalogue show drugs.heroin");
    auto* checking = command->add_subcommand("check", "validate every file; each problem with file and line");
    add_data_option(*checking, session);
    add_catalogue_option(*checking, session);
    checking->callback([&session] { session.action = [&session] { return check(session); }; });
    auto* showing = command->add_subcommand("show", "list it, or one record by its id");
    add_data_option(*showing, session);
    add_catalogue_option(*showing, session);
    auto* describing = command->add_subcommand("schema", "write the JSON Schema of each list, and of assessment.json");
    const auto folder = std::make_shared<std::string>("catalogue/schema");
    describing->add_option("--to", *folder, "folder")->capture_default_str();
    describing->callback([&session, folder] { session.action = [&session, folder] { return schema(session, *folder); }; });
    auto* modelling = command->add_subcommand("model", "print the data model as Markdown: docs/MODEL.md");
    modelling->callback([&session] { session.action = [&session]() -> core::Result<void> { session.out << model_page(); return {}; }; });
    const auto id = std::make_shared<std::string>();
    showing->add_option("id", *id, "threat, indicator, code, source, country ... or another name of it (default: all)");
    showing->callback([&session, id] { session.action = [&session, id] { return show(session, *id); }; });
}

}  // namespace threatlas::app

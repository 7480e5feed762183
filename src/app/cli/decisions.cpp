#include "work/decisions.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    work::Decision wanted;
    std::string id, action, text, decided;
};

core::Result<void> list(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto all, work::decisions(*store, reader_of(session, "management: decisions")));
    if (print_json(session, model::to_json(all))) return {};
    if (all.empty()) session.out << "No decisions; 'threatlas decisions new' records one.\n";
    for (const auto& each : all) session.out << fmt::format("{:<12}  {:<8}  {:<10}  {:<24}  {}\n", each.id, each.state, each.due.empty() ? "no day" : each.due, each.threat, each.title);
    return {};
}

core::Result<void> show(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: decision " + arguments.id);
    THREATLAS_TRY(const auto one, work::decision(*store, reader, arguments.id));
    THREATLAS_TRY(const auto works, work::works(*store, reader, catalogue, one));
    if (print_json(session, {{"decision", model::to_json(one)}, {"works", model::to_json(works)}})) return {};
    auto& out = session.out;
    out << fmt::format("{}  {}  ({})\n{}\n\nThreat     {}\nMembers    {}\nDecided    {}\nDue        {}\nIndicator  {}{}\n", one.id, one.title, one.state, one.measure, one.threat, one.members.empty() ? "none named" : core::join(one.members, ", "), core::iso(one.decided),
                       one.due.empty() ? "no day" : one.due, one.indicator.empty() ? "none named" : one.indicator, one.place.empty() ? "" : " in " + one.place);
    for (const auto& step : one.steps) out << fmt::format("  {}  {} ({}): {}: {}\n", step.at, step.person, step.organisation, step.action, step.text);
    out << "\nDoes it work?\n  " << works.statement << '\n';
    return {};
}

core::Result<void> add(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    work::Decision wanted = arguments.wanted;
    if (!arguments.decided.empty()) {
        THREATLAS_TRY(wanted.decided, core::parse_day(arguments.decided));
    }
    THREATLAS_TRY(const auto made, work::decide(*store, reader_of(session, "management: decision"), catalogue, wanted, today()));
    if (!print_json(session, model::to_json(made))) session.out << "Decision " << made.id << " is recorded.\n";
    return {};
}

core::Result<void> step(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto now, work::step_decision(*store, reader_of(session, "management: decision " + arguments.id), arguments.id, arguments.action, arguments.text));
    if (!print_json(session, model::to_json(now))) session.out << "Decision " << now.id << " is " << now.state << ".\n";
    return {};
}

}  // namespace

void add_decisions(CLI::App& app, Session& session) {
    auto* decisions = app.add_subcommand("decisions", "what was agreed, what was done about it, and whether the figure moved");
    decisions->require_subcommand(1);
    add_data_option(*decisions, session);
    add_catalogue_option(*decisions, session);
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action) {
        auto* each = decisions->add_subcommand(name, what);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        return each;
    };
    command("list", "all decisions", list);
    command("show", "one decision, and whether its figure moved since", show)->add_option("id", arguments->id, "its id, or the beginning of it")->required();
    auto* fresh = command("new", "record a decision", add);
    fresh->add_option("title", arguments->wanted.title, "title")->required();
    fresh->add_option("--threat", arguments->wanted.threat, "threat id")->required();
    fresh->add_option("--measure", arguments->wanted.measure, "what is done")->required();
    fresh->add_option("--members", arguments->wanted.members, "who acts");
    fresh->add_option("--indicator", arguments->wanted.indicator, "indicator by which one will see it");
    fresh->add_option("--place", arguments->wanted.place, "country; left out: the region");
    fresh->add_option("--baseline", arguments->wanted.baseline, "where it stands");
    fresh->add_option("--target", arguments->wanted.target, "where it should go");
    fresh->add_option("--decided", arguments->decided, "day of the decision (YYYY-MM-DD); default: today");
    fresh->add_option("--due", arguments->wanted.due, "until when (YYYY-MM-DD)");
    fresh->add_option("--handling", arguments->wanted.handling, "TLP word")->capture_default_str();
    auto* steps = command("step", "say what was done, that it is done, or dropped", step);
    steps->add_option("id", arguments->id, "its id, or the beginning of it")->required();
    steps->add_option("action", arguments->action, "progress, done or dropped")->required()->check(CLI::IsMember({"progress", "done", "dropped"}));
    steps->add_option("text", arguments->text, "what was done")->required();
    decisions->footer("Examples:\n  threatlas decisions new 'Joint checks' --threat property.vehicle_theft --measure 'Checks at two crossings' --due 2027-06-30\n"
                      "  threatlas decisions step B-0123 done 'Both crossings checked'");
}

}  // namespace threatlas::app

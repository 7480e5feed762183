#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"

namespace threatlas::app {
namespace {

// The words that may follow a command, read off the parser itself so that none is forgotten.
std::string words_of(const CLI::App* command) {
    std::string words;
    for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) words += each->get_name() + " ";
    for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
    return words;
}

}  // namespace

void add_completion(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("completion", "print the shell completion for bash");
    command->footer("Example:\n  eval \"$(threatlas completion)\"");
    command->callback([&app, &session] {
        session.action = [&app, &session]() -> core::Result<void> {
            session.out << "_threatlas() {\n    local words\n    case \"${COMP_WORDS[1]}\" in\n";
            for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; }))
                session.out << "        " << each->get_name() << ") words='" << words_of(each) << "' ;;\n";
            session.out << "        *) words='" << words_of(&app) << "' ;;\n    esac\n"
                        << "    [ \"$COMP_CWORD\" -gt 1 ] || words='" << words_of(&app) << "'\n"
                        << "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\") $(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
                        << "complete -F _threatlas threatlas\n";
            return {};
        };
    });
}

}  // namespace threatlas::app

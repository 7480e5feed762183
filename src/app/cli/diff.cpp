#include "assess/diff.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "publish/format.hpp"
#include "assess/assess.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

// An assessment.json, or the bundle folder that holds one.
core::Result<assess::Assessment> read(std::string path) {
    if (std::filesystem::is_directory(path)) path = (std::filesystem::path(path) / "assessment.json").string();
    THREATLAS_TRY(const std::string text, core::read_file(path));
    return assess::from_json_text(text, path);
}

core::Result<void> diff(const Session& session, const std::string& before_path, const std::string& after_path) {
    THREATLAS_TRY(const assess::Assessment before, read(before_path));
    THREATLAS_TRY(const assess::Assessment after, read(after_path));
    const assess::Change change = assess::compare(before, after);
    if (print_json(session, model::to_json(change))) return {};
    for (const std::string& note : change.notes) session.out << note << '\n';
    session.out << fmt::format("\n{:<44} {:>9} {:>15} {:>8} {:>8} {:>8}\n", "Threat", "Rank", "Score", "Data", "Method", "Weights");
    for (const auto& t : change.threats)
        session.out << fmt::format("{:<44} {:>3} > {:>3} {:>6.1f} > {:>6.1f} {:>8} {:>8} {:>8}\n", t.title, t.rank_before, t.rank_after, t.score_before, t.score_after, publish::signed_points(t.data), publish::signed_points(t.method), publish::signed_points(t.weights));
    return {};
}

}  // namespace

void add_diff(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("diff", "what changed between two assessments, and why");
    const auto before = std::make_shared<std::string>(), after = std::make_shared<std::string>();
    command->add_option("before", *before, "assessment.json or bundle folder")->required();
    command->add_option("after", *after, "assessment.json or bundle folder")->required();
    command->footer("Example:\n  threatlas diff var/2025/bundle var/2026/bundle");
    command->callback([&session, before, after] { session.action = [&session, before, after] { return diff(session, *before, *after); }; });
}

}  // namespace threatlas::app

#include "assess/assess.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "publish/bundle.hpp"
#include "work/assessing.hpp"
#include "work/disclosure.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    std::string title = "Assessment", as_of, output, bundle, previous;
    std::uint64_t seed = assess::Options{}.seed;
    int draws = assess::Options{}.draws, top = 10;
    bool without_judgements = false;
    std::vector<std::string> leave_out;
};

void print_top(const Session& session, const assess::Assessment& assessment, int top) {
    session.out << fmt::format("\n{}\n\n{:>4}  {:<44} {:>5}  {:<11} {:<8} {:>7} {:>9} {:>7}\n", assessment.manifest.created_for, "Rank", "Threat", "Score", "90 %", "Rank 90 %", "Top 5", "Measured",
                               "Band");
    for (const auto& threat : assessment.ranking) {
        if (threat.rank > top) break;
        session.out << fmt::format("{:>4}  {:<44} {:>5.0f}  {:<11} {:<8} {:>6.0f} % {:>7.0f} % {:>6}\n", threat.rank, threat.title, threat.score.q50,
                                   fmt::format("{:.0f} to {:.0f}", threat.score.q05, threat.score.q95), fmt::format("{} to {}", threat.rank_low, threat.rank_high), 100 * threat.p_top5,
                                   100 * threat.measured, threat.band);
    }
    session.out << "\nThreats of one band cannot be told apart: its leader is ahead of them with a probability below 0.80.\n";
}

core::Result<void> assess_command(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    THREATLAS_TRY(const model::Catalogue catalogue, model::load_catalogue(folder));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto progress = progress_bar(session);
    const model::Reader reader = reader_of(session, "assessment: " + arguments.title);
    work::AssessRequest request{.title = arguments.title, .as_of = {}, .seed = arguments.seed, .draws = arguments.draws, .judgements = !arguments.without_judgements, .leave_out = arguments.leave_out,
                                .previous_file = arguments.previous, .previous = {}, .workbench_folder = data_folder(session) + "/workbench"};
    if (!arguments.as_of.empty()) {
        THREATLAS_TRY(request.as_of, core::parse_day(arguments.as_of));
    }
    THREATLAS_TRY(const work::Assessed made, work::assess_and_keep(*store, reader, catalogue, request, *progress));
    const assess::Assessment& assessment = made.assessment;
    const std::string& text = made.text;
    const std::string edition = ", restricted edition, " + made.handling;
    if (!arguments.output.empty() || !arguments.bundle.empty()) THREATLAS_CHECK(work::may_leave(*store, reader, made.handling, made.originators));
    if (!arguments.output.empty()) {
        THREATLAS_CHECK(core::write_file(arguments.output, text));
        THREATLAS_CHECK(work::note_disclosure(*store, reader, "assessment " + assessment.id + edition, arguments.output));
    }
    if (!arguments.bundle.empty()) {
        THREATLAS_CHECK(publish::write_bundle(arguments.bundle, made.snapshot, folder, made.options, text));
        THREATLAS_CHECK(work::note_disclosure(*store, reader, fmt::format("{} observations and {} judgements of snapshot {} and assessment {}{}", made.snapshot.size(), made.snapshot.claims.size(), made.snapshot.hash, assessment.id, edition), arguments.bundle));
    }
    if (print_json(session, {{"id", assessment.id}, {"sha256", core::sha256(text)}, {"ranking", model::to_json(assessment.ranking)}})) return {};
    print_top(session, assessment, arguments.top);
    session.out << "Assessment " << assessment.id << ", SHA-256 " << core::sha256(text).substr(0, 16) << "...\n";
    return {};
}

}  // namespace

void add_assess(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("assess", "rank the threats from what the store holds");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("--title", arguments->title, "what it is for")->capture_default_str();
    command->add_option("--as-of", arguments->as_of, "use only what was known on this day (YYYY-MM-DD)");
    command->add_option("--leave-out", arguments->leave_out, "members to leave out: shows what their silence would cost");
    command->add_flag("--without-judgements", arguments->without_judgements, "measured evidence only");
    command->add_option("--previous", arguments->previous, "an earlier assessment.json to compare with");
    command->add_option("--seed", arguments->seed, "seed of the random numbers")->capture_default_str();
    command->add_option("--draws", arguments->draws, "draws")->check(CLI::Range(100, 10'000'000))->capture_default_str();
    command->add_option("--output", arguments->output, "write assessment.json here as well");
    command->add_option("--bundle", arguments->bundle, "write the bundle (folder) that 'verify' re-runs");
    command->add_option("--top", arguments->top, "threats to print")->capture_default_str();
    command->footer("Examples:\n  threatlas assess --data var/mine --title 'Assessment 2026-1' --bundle var/mine/bundle\n"
                    "  threatlas assess --data var/mine --as-of 2015-06-30\n  threatlas assess --data var/mine --leave-out ro_igpr");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return assess_command(session, *arguments); }; });
}

}  // namespace threatlas::app

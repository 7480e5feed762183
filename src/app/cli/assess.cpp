#include "assess/assess.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>

#include "app/cli/commands.hpp"
#include "app/cli/disclosure.hpp"
#include "app/cli/session.hpp"
#include "assess/forecast_score.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "publish/bundle.hpp"
#include "store/rights.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    std::string title = "Assessment", as_of, output, bundle, previous;
    std::uint64_t seed = assess::Options{}.seed;
    int draws = assess::Options{}.draws, top = 10;
    bool without_judgements = false;
    std::vector<std::string> leave_out;
};

// A member left out takes its own rows along, and its country's when no other member reports for it.
core::Result<void> leave_out(const model::Catalogue& catalogue, const std::vector<std::string>& members, store::SnapshotQuery& query) {
    const std::set<std::string> gone(members.begin(), members.end());
    for (const std::string& id : gone) {
        const model::Member* member = catalogue.member(id);
        if (member == nullptr) return core::fail(core::ErrorCode::not_found, "no member '" + id + "'; 'threatlas catalogue show' lists them");
        query.leave_out_members.push_back(id);
        const bool shared = std::any_of(catalogue.members.begin(), catalogue.members.end(), [&](const auto& each) { return each.country == member->country && !gone.contains(each.id); });
        if (!shared) query.leave_out_places.push_back(member->country);
    }
    return {};
}

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

    store::SnapshotQuery query;
    if (!arguments.as_of.empty()) {
        THREATLAS_TRY(query.as_of, core::parse_day(arguments.as_of));
    }
    std::set<std::string> whats;
    for (const auto& indicator : catalogue.indicators) whats.insert(indicator.whats.begin(), indicator.whats.end());
    query.whats.assign(whats.begin(), whats.end());
    query.with_judgements = !arguments.without_judgements;
    THREATLAS_CHECK(leave_out(catalogue, arguments.leave_out, query));
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader, query));

    assess::Options options;
    options.seed = arguments.seed;
    options.draws = arguments.draws;
    options.title = arguments.title;
    options.judgements = !arguments.without_judgements;
    options.left_out = arguments.leave_out;
    assess::Assessment previous;
    if (!arguments.previous.empty()) {
        THREATLAS_TRY(const std::string text, core::read_file(arguments.previous));
        THREATLAS_TRY(previous, assess::from_json_text(text, arguments.previous));
        options.previous = &previous;
    }
    THREATLAS_TRY(const assess::Assessment assessment, assess::assess(snapshot, catalogue, options, *progress));
    const std::string text = assess::to_json_text(assessment);
    const std::string handling(store::handling_word(arguments.previous.empty() ? store::strictest_handling(snapshot) : store::kStrictest));  // whence an earlier file came is not known
    THREATLAS_CHECK(store->save_assessment(reader, {assessment.id, assessment.manifest.created_for, core::sha256(text), snapshot.as_of, handling}, text));
    // Kept beside it, small, to be scored when their periods have closed.
    if (!assessment.outlooks.empty()) THREATLAS_CHECK(store->open_dossier(reader, {.kind = "forecast", .id = assessment.id, .handling = handling, .at = {}, .json = core::write_json(model::to_json(assess::record_of(assessment))), .steps = {}}));
    const std::string edition = ", restricted edition, " + handling;
    if (!arguments.output.empty()) {
        THREATLAS_CHECK(core::write_file(arguments.output, text));
        THREATLAS_CHECK(note_disclosure(*store, reader, "assessment " + assessment.id + edition, arguments.output));
    }
    if (!arguments.bundle.empty()) {
        THREATLAS_CHECK(publish::write_bundle(arguments.bundle, snapshot, folder, options, text));
        THREATLAS_CHECK(note_disclosure(*store, reader, fmt::format("{} observations and {} judgements of snapshot {} and assessment {}{}", snapshot.size(), snapshot.claims.size(), snapshot.hash, assessment.id, edition), arguments.bundle));
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

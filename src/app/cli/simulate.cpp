#include "assess/simulate.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"

namespace threatlas::app {

void add_simulate(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("simulate", "write a synthetic region with a known truth");
    const auto options = std::make_shared<assess::SimulationOptions>();
    const auto folder = std::make_shared<std::string>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("folder", *folder, "where to write observations.csv, mapping.yaml, grades.csv and truth.json")->required();
    command->add_option("--observations", options->observations, "rows, at most 10 million")->capture_default_str();
    options->members = options->threats = 0;
    command->add_option("--members", options->members, "the catalogue's first so many members; 0: all")->capture_default_str();
    command->add_option("--threats", options->threats, "the catalogue's first so many threats; 0: all")->capture_default_str();
    const auto overwrite = std::make_shared<bool>(false);
    command->add_flag("--overwrite", *overwrite, "replace a simulation that stands in the folder");
    command->add_option("--seed", options->seed, "seed")->capture_default_str();
    command->add_option("--first-year", options->first_year, "first year")->capture_default_str();
    command->add_option("--years", options->years, "years")->capture_default_str();
    command->add_option("--missing", options->missing, "share of months not reported")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_option("--coverage", options->coverage, "share of member and code pairs that report at all")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_option("--harsh", options->harsh, "points by which the first member grades higher, and the second lower")->capture_default_str();
    command->add_flag("--heavy-tails", options->heavy_tails, "counts scatter more than the model expects");
    command->add_flag("--informative-missing", options->informative_missing, "months with many events go missing more often");
    command->footer("Example:\n  threatlas simulate var/simulated --observations 1000000 --seed 7");
    command->callback([&session, options, folder, overwrite] {
        session.action = [&session, options, folder, overwrite]() -> core::Result<void> {
            if (!*overwrite && std::filesystem::exists(*folder + "/observations.csv"))
                return core::fail(core::ErrorCode::conflict, "there is a simulation already; --overwrite replaces it", {*folder, 0, ""});
            THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
            options->catalogue = &catalogue;
            const auto progress = progress_bar(session);
            THREATLAS_CHECK(assess::write_simulation(*options, *folder, *progress));
            if (print_json(session, {{"folder", *folder}, {"observations", options->observations}})) return {};
            session.out << "Wrote up to " << options->observations << " observations to " << *folder << ".\nNext: threatlas ingest --data var/mine --map " << *folder << "/mapping.yaml " << *folder
                        << "/observations.csv\n";
            return {};
        };
    });
}

}  // namespace threatlas::app

#include "assess/simulate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::assess {
namespace {

std::string scratch(const std::string& name) {
    const auto folder = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::remove_all(folder);
    return folder.string();
}

TEST(SyntheticRegion, HoldsTheShareOfCellsAskedFor) {
    RegionOptions options;
    options.coverage = 0.3;
    double known = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
        options.seed = i;
        const SyntheticRegion r = synthetic_region(options);
        std::vector<bool> cell(options.threats * options.criteria);
        for (const Evidence& e : r.grid.evidence) cell[e.threat * options.criteria + e.criterion] = true;
        known += static_cast<double>(std::count(cell.begin(), cell.end(), true)) / static_cast<double>(cell.size()) / 20;
        double sum = 0;
        for (const double w : r.weights) sum += w;
        EXPECT_NEAR(sum, 1, 1e-12);
    }
    EXPECT_NEAR(known, 0.3, 0.02);
}

TEST(Simulation, WritesTheRowsItWasAskedForAndTheTotalsItSays) {
    SimulationOptions options;
    options.observations = 20000;
    options.members = 3;
    options.threats = 4;
    options.years = 2;
    options.small_counts = 0;
    const std::string folder = scratch("threatlas_simulation");
    core::NoProgress progress;
    ASSERT_TRUE(write_simulation(options, folder, progress));
    const auto csv = core::read_file(folder + "/observations.csv");
    ASSERT_TRUE(csv);
    const auto lines = core::split(*csv, '\n');
    ASSERT_EQ(lines.size(), 20002U);   // heading and the end of the last line
    double events = 0;
    for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
        const auto cells = core::split(lines[i], ',');
        ASSERT_EQ(cells.size(), 8U);
        events += *core::parse_number(cells[4]);
    }
    const auto truth = core::parse_json(*core::read_file(folder + "/truth.json"), "truth.json");
    ASSERT_TRUE(truth);
    double stated = 0;
    for (const auto& each : truth->at("observations").as_object()) stated += each.value().at("events").to_number<double>();
    EXPECT_DOUBLE_EQ(events, stated);
    EXPECT_EQ(truth->at("order").as_array().size(), 4U);

    const std::string again = scratch("threatlas_simulation_again");
    ASSERT_TRUE(write_simulation(options, again, progress));
    for (const char* name : {"observations.csv", "grades.csv", "mapping.yaml", "truth.json"}) EXPECT_EQ(*core::read_file(folder + "/" + name), *core::read_file(again + "/" + name)) << name;
    options.seed = 2;
    ASSERT_TRUE(write_simulation(options, again, progress));
    EXPECT_NE(*core::read_file(folder + "/observations.csv"), *core::read_file(again + "/observations.csv"));
}

TEST(Simulation, HidesSmallCountsOnRequest) {
    SimulationOptions options;
    options.observations = 5000;
    const std::string folder = scratch("threatlas_simulation_small");
    core::NoProgress progress;
    ASSERT_TRUE(write_simulation(options, folder, progress));
    const std::string csv = *core::read_file(folder + "/observations.csv");
    EXPECT_NE(csv.find(",<5,"), std::string::npos);
    for (const char* shown : {",1,count", ",2,count", ",3,count", ",4,count"}) EXPECT_EQ(csv.find(shown), std::string::npos);
}

TEST(Simulation, RefusesTheImpossible) {
    core::NoProgress progress;
    SimulationOptions options;
    options.observations = 10'000'001;
    EXPECT_EQ(write_simulation(options, scratch("no"), progress).error().code, core::ErrorCode::bad_usage);
    options = {};
    options.missing = 1.5;
    EXPECT_EQ(write_simulation(options, scratch("no"), progress).error().code, core::ErrorCode::bad_usage);
    options = {};
    const auto result = write_simulation(options, "/proc/threatlas/none", progress);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, core::ErrorCode::unavailable);
}

}  // namespace
}  // namespace threatlas::assess

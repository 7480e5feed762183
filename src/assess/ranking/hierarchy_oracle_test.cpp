#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "assess/ranking/hierarchy.hpp"

namespace threatlas::assess::ranking {
namespace {

std::vector<std::vector<double>> rows_of(const std::string& name) {
    std::ifstream in(THREATLAS_SOURCE_DIR "/tests/oracle/hierarchy/" + name);
    std::string line;
    std::getline(in, line);
    std::vector<std::vector<double>> out;
    while (std::getline(in, line)) {
        std::stringstream cells(line);
        out.emplace_back();
        for (std::string cell; std::getline(cells, cell, ',');) out.back().push_back(std::stod(cell));
    }
    return out;
}

Grid grid_of(const std::vector<std::vector<double>>& evidence) {
    Grid grid;
    grid.threats = 25, grid.criteria = 12, grid.members = 1, grid.member_weight = {1};
    for (std::size_t t = 0; t < grid.threats; ++t) grid.area_of_threat.push_back(t % 5);
    for (const auto& row : evidence) {
        Evidence e;
        e.threat = static_cast<std::size_t>(row[0]), e.criterion = static_cast<std::size_t>(row[1]);
        e.mean = row[3], e.sd = row[4];
        grid.evidence.push_back(e);
    }
    return grid;
}

std::vector<double> differences(const Grid& grid) {
    const Posterior p = fit(grid, {.seed = 5, .kept = 400, .keep_members = false});
    std::vector<double> out;
    for (const auto& row : rows_of("expected.csv")) {
        const std::size_t cell = static_cast<std::size_t>(row[0]) * grid.criteria + static_cast<std::size_t>(row[1]);
        double mean = 0;
        for (std::size_t i = 0; i < p.draws; ++i) mean += p.value(i, cell) / static_cast<double>(p.draws);
        out.push_back(mean - row[2]);
    }
    return out;
}
double rms(const std::vector<double>& x) {
    double sum = 0;
    for (const double each : x) sum += each * each;
    return std::sqrt(sum / static_cast<double>(x.size()));
}

// tests/oracle/hierarchy/SOURCE.md: R metafor on the same measurements.
TEST(HierarchyOracle, AgreesWithMetafor) {
    const Grid grid = grid_of(rows_of("evidence.csv"));
    ASSERT_EQ(grid.evidence.size(), 181U);
    const auto off = differences(grid);
    ASSERT_EQ(off.size(), 300U);
    EXPECT_LT(rms(off), 1);
    for (const double x : off) EXPECT_LT(std::abs(x), 4);

    // Negative control: threats that trade their evidence do not agree.
    Grid other = grid;
    for (Evidence& e : other.evidence) e.threat = (e.threat + 5) % other.threats;
    EXPECT_GT(rms(differences(other)), 4);
}

}  // namespace
}  // namespace threatlas::assess::ranking

// Change points and bursts against their oracles, against brute force, and on series without any.
#include <map>
#include <sstream>

#include "analyse/early_warning/bursts.hpp"
#include "analyse/early_warning/change_points.hpp"
#include "analyse/early_warning/oracle_rows_test.hpp"
#include "core/random.hpp"

namespace threatlas::analyse::early_warning::testing {
namespace {

TEST(ChangePoints, AreThoseOfTheOracle) {
    std::map<std::string, std::vector<double>> given;
    for (const auto& row : oracle_rows("change_points/input.csv")) given[row[0]].push_back(value(row[2]));
    const auto expected = oracle_rows("change_points/pelt_poisson_expected.csv");
    ASSERT_EQ(expected.size(), 18U);
    for (const auto& row : expected) {
        const auto found = change_points(given.at(row[0]), {}, {row[1] == "MBIC" ? Penalty::mbic : Penalty::bic, 4, 1});
        ASSERT_TRUE(found);
        std::string ends;
        for (std::size_t i = 0; i + 1 < found->size(); ++i) ends += (i == 0 ? "" : " ") + std::to_string((*found)[i].end);
        EXPECT_EQ(ends, row[5]) << row[0] << " " << row[1];
        std::istringstream rates(row[6]);
        for (const auto& segment : *found) {
            double rate = 0;
            rates >> rate;
            EXPECT_NEAR(segment.rate, rate, 1e-6 * std::max(1.0, rate));
        }
    }
}

double cost(const std::vector<double>& counts, std::size_t begin, std::size_t end) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += counts[i];
    return sum == 0 ? 0 : 2 * (sum - sum * std::log(sum / static_cast<double>(end - begin)));
}

// Dynamic programming over every segmentation: PELT prunes, and loses nothing.
TEST(ChangePoints, AreTheBestOfAllSegmentations) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        core::Random random(seed, 3);
        std::vector<double> counts(24);
        const double before = 1 + 6 * random.uniform(), after = 1 + 6 * random.uniform();
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = static_cast<double>(random.poisson(i < 11 ? before : after));
        const double penalty = 2 * std::log(24.0);
        std::vector<double> best(25, 1e300);
        best[0] = -penalty;
        for (std::size_t end = 3; end <= 24; ++end)
            for (std::size_t begin = 0; begin + 3 <= end; ++begin)
                if (best[begin] < 1e299) best[end] = std::min(best[end], best[begin] + cost(counts, begin, end) + penalty);
        double ours = -penalty;
        const auto found = change_points(counts, {}, {Penalty::bic, 3, 1});
        ASSERT_TRUE(found);
        for (const auto& s : *found) ours += cost(counts, s.begin, s.end) + penalty;
        EXPECT_NEAR(ours, best[24], 1e-9) << seed;
    }
}

TEST(ChangePoints, AreFewWhereNothingChanges) {
    std::size_t changes = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        core::Random random(seed, 4);
        std::vector<double> counts(120);
        for (double& c : counts) c = static_cast<double>(random.poisson(6));
        changes += change_points(counts, {}, {Penalty::mbic, 4, 1}).value().size() - 1;
    }
    EXPECT_LE(changes, 10U);
}

TEST(ChangePoints, BadInput) {
    EXPECT_EQ(change_points(std::vector<double>{1, 2, 3}, {}, {}).error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(change_points(std::vector<double>{1, 2, -3, 4, 5}, {}, {}).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(change_points(std::vector<double>(20, 0.0), {}, {}).value().size(), 1U);
}

TEST(Bursts, AreThoseOfTheOracle) {
    std::vector<double> times;
    for (const auto& row : oracle_rows("change_points/kleinberg_input.csv")) times.push_back(value(row[0]));
    const auto expected = oracle_rows("change_points/kleinberg_s2_g1_expected.csv");
    const auto found = bursts(times);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ((*found)[i].level, std::stoi(expected[i][0]));
        EXPECT_NEAR((*found)[i].start, value(expected[i][1]), 1e-9 * value(expected[i][1]));
        EXPECT_NEAR((*found)[i].end, value(expected[i][2]), 1e-9 * value(expected[i][2]));
    }
    EXPECT_FALSE(bursts(std::vector<double>{3, 2, 1}));
    EXPECT_FALSE(bursts(std::vector<double>{1, 1}));
}

}  // namespace
}  // namespace threatlas::analyse::early_warning::testing

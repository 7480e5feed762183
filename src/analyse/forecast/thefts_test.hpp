// The weekly thefts of tests/oracle/forecast: 41 cells, 208 weeks.
#pragma once

#include <vector>

#include "analyse/early_warning/oracle_rows_test.hpp"

namespace threatlas::analyse::forecast::testing {

inline std::vector<std::vector<double>> thefts() {
    std::vector<std::vector<double>> out;
    for (const auto& row : early_warning::testing::oracle_rows("forecast/nyc_weekly_counts.csv")) {
        out.emplace_back();
        for (std::size_t i = 1; i < row.size(); ++i) out.back().push_back(std::stod(row[i]));
    }
    return out;
}

}  // namespace threatlas::analyse::forecast::testing

// Accuracy and time of the forecasts, for docs/method/forecast.md: thefts of tests/oracle/forecast, coverage of the annual
// intervals in simulation, and the M4 competition's weekly series where a folder holds them.
//   bench_forecast [folder with M4_Weekly-train.csv and M4_Weekly-test.csv]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "analyse/forecast/annual.hpp"
#include "analyse/forecast/backtest.hpp"
#include "analyse/forecast/counts.hpp"
#include "analyse/forecast/damped_trend.hpp"
#include "analyse/forecast/ets.hpp"
#include "analyse/forecast/theta.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "row.hpp"

namespace {

using namespace threatlas::analyse::forecast;
using Table = std::vector<std::vector<double>>;

// The heading and the first column left out, and what is missing at a line's end.
Table read(const std::string& path) {
    std::ifstream in(path);
    Table out;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        out.emplace_back();
        std::string cell;
        std::size_t column = 0;
        for (const char c : line + ",") {
            if (c != ',') {
                if (c != '"') cell += c;
                continue;
            }
            if (column++ > 0 && !cell.empty() && cell != "NA") out.back().push_back(std::stod(cell));
            cell.clear();
        }
    }
    return out;
}

void thefts(const Table& series) {
    struct Rule {
        const char* name;
        Method method;
        bool bins = false;
    };
    const Rule rules[] = {{"seasonal naive", seasonal_naive}, {"Theta, normal", theta}, {"ETS, normal", ets}, {"forecast_counts", forecast_counts, true}};
    std::printf("| thefts, 4 origins | MASE | scaled pinball | scaled CRPS | cover 50/80/90/95 | Brier of a rise (stating the share) | ms a fit |\n|---|---|---|---|---|---|---|\n");
    for (const BacktestOptions& options : {BacktestOptions{52, 13, 4}, BacktestOptions{52, 26, 4}})
        for (const Rule& rule : rules) {
            const bench::Watch watch;
            const auto b = backtest(series, rule.method, options).value();
            std::printf("| %s, %d weeks | %.4f | %.4f | %.4f | %.3f / %.3f / %.3f / %.3f | %.3f (%.3f) | %.3f |\n", rule.name, options.horizon, b.mase, b.pinball, b.crps, b.cover50, b.cover80, b.cover90, b.cover95,
                        b.rise.brier, b.rise.climatology, 1000 * watch.seconds() / static_cast<double>(b.fits));
            for (const ReliabilityBin& bin : b.rise.bins)
                if (rule.bins && bin.count > 0) std::printf("  rise stated %.2f, came true %.2f (%zu)\n", bin.stated, bin.came_true, bin.count);
        }
}

struct World {
    const char* name;
    std::size_t members, years;
    double q, tau, common, sigma, unlike, damping;
};

void annual(const World& w, std::size_t runs) {
    std::vector<double> inside80(runs), inside95(runs), seconds(runs);
    threatlas::core::parallel_for(runs, [&](std::size_t run) {
        threatlas::core::Random random(3, run);
        Table past(w.members), coming(w.members);
        for (std::size_t m = 0; m < w.members; ++m) {
            const double sigma = w.sigma * std::exp(w.unlike * random.normal());
            double level = 4 + 2 * random.normal(), drift = w.common + w.tau * sigma * random.normal();
            for (std::size_t t = 0; t < w.years + 3; ++t) {
                if (t >= w.years) drift *= w.damping;
                level += drift + sigma * std::sqrt(w.q) * random.normal();
                (t < w.years ? past : coming)[m].push_back(std::exp(level + sigma * std::sqrt(1 - w.q) * random.normal()));
            }
        }
        const bench::Watch watch;
        const auto f = forecast_annual(past, 3).value();
        seconds[run] = watch.seconds();
        for (std::size_t m = 0; m < w.members; ++m)
            for (std::size_t h = 0; h < 3; ++h) {
                const Interval a = interval(f.members[m]->steps[h], 80), b = interval(f.members[m]->steps[h], 95);
                inside80[run] += a.lower <= coming[m][h] && coming[m][h] <= a.upper;
                inside95[run] += b.lower <= coming[m][h] && coming[m][h] <= b.upper;
            }
    });
    double a = 0, b = 0, s = 0;
    for (std::size_t run = 0; run < runs; ++run) a += inside80[run], b += inside95[run], s += seconds[run];
    const auto n = static_cast<double>(3 * w.members * runs);
    std::printf("| %s | %zu | %zu | %.3f | %.3f | %.1f |\n", w.name, w.members, w.years, a / n, b / n, 1000 * s / static_cast<double>(runs));
}

void weekly(const std::string& folder) {
    const Table train = read(folder + "/M4_Weekly-train.csv"), test = read(folder + "/M4_Weekly-test.csv");
    if (train.empty() || train.size() != test.size()) {
        std::printf("%s holds no M4 weekly series\n", folder.c_str());
        return;
    }
    struct Rule {
        const char* name;
        Method method;
        double smape, mase;   // of R's forecast 8.20
    };
    const Rule rules[] = {{"Theta", theta, 9.089, 2.639}, {"Damped", damped_trend, 8.867, 2.400}, {"ETS", ets, std::nan(""), std::nan("")}};
    std::printf("| M4 weekly, %zu series | sMAPE | R | MASE | R | cover 95 | ms a series |\n|---|---|---|---|---|---|---|\n", train.size());
    for (const Rule& rule : rules) {
        double smape = 0, mase = 0, inside = 0, n = 0;
        const bench::Watch watch;
        for (std::size_t i = 0; i < train.size(); ++i) {
            const auto f = rule.method(train[i], 1, static_cast<int>(test[i].size())).value();
            const double scale = scale_of_changes(train[i]);
            for (std::size_t h = 0; h < test[i].size(); ++h, ++n) {
                const double y = test[i][h], error = std::abs(y - f.steps[h].mean);
                const Interval in = interval(f.steps[h], 95);
                smape += 200 * error / (std::abs(y) + std::abs(f.steps[h].mean)), mase += error / scale, inside += in.lower <= y && y <= in.upper;
            }
        }
        std::printf("| %s | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f |\n", rule.name, smape / n, rule.smape, mase / n, rule.mase, inside / n, 1000 * watch.seconds() / static_cast<double>(train.size()));
    }
}

}  // namespace

int main(int argc, char** argv) {
    threatlas::core::set_threads(2);
    thefts(read(std::string(THREATLAS_SOURCE_DIR) + "/tests/oracle/forecast/nyc_weekly_counts.csv"));
    std::printf("| simulated annual series | members | years | in 80 %% | in 95 %% | ms a forecast |\n|---|---|---|---|---|---|\n");
    const World worlds[] = {
        {"as assumed", 9, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},     {"short", 9, 4, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"long", 9, 15, 0.6, 0.3, 0, 0.15, 0.3, kDamping},          {"calm, falling", 25, 10, 0.3, 0.2, -0.04, 0.06, 0.5, kDamping},
        {"wild", 9, 8, 0.9, 0.3, 0.05, 0.5, 0.4, kDamping},         {"two members", 2, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},
        {"one member", 1, 8, 0.6, 0.3, 0, 0.15, 0.3, kDamping},     {"drift ends at once", 9, 8, 0.6, 0.3, 0.03, 0.15, 0.3, 0},
        {"drift goes on", 9, 8, 0.6, 0.3, 0.03, 0.15, 0.3, 1},
    };
    for (const World& w : worlds) annual(w, 1800 / w.members);
    if (argc > 1) weekly(argv[1]);
    return 0;
}

// Time of weighing anew on the workbench: 25 threats, 12 criteria, 20,000 draws, twice and four times as many; and
// of bringing nine members together.
//   bench_workbench [threads, default 2]
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "row.hpp"
#include "work/workbench.hpp"

namespace {

using namespace threatlas;

work::Bench bench_of(std::size_t draws) {
    work::Bench out;
    out.assessment = "bench", out.draws = draws, out.seed = 7;
    for (int t = 0; t < 25; ++t) out.threats.push_back("t" + std::to_string(t)), out.titles.push_back("Threat");
    for (int c = 0; c < 12; ++c) out.criteria.push_back("c" + std::to_string(c));
    core::Random random(7, core::stream_id("bench"), 0);
    out.cells.resize(draws * 300);
    for (std::size_t i = 0; i < out.cells.size(); ++i) out.cells[i] = static_cast<float>(100 * random.uniform());
    return out;
}

std::string ms(double seconds) { return std::to_string(static_cast<long>(seconds * 1000 + 0.5)) + " ms"; }

}  // namespace

int main(int argc, char** argv) {
    core::set_threads(argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 2);
    const std::vector<double> weights(12, 1.0 / 12);
    double first = 0;
    for (const std::size_t draws : {20'000U, 40'000U, 80'000U}) {
        const auto made = bench_of(draws);
        std::vector<double> times;
        for (int i = 0; i < 9; ++i) {
            const bench::Watch watch;
            const auto ranked = work::weigh(made, {{weights, 40}});
            if (ranked.size() != 25) return 1;
            times.push_back(watch.seconds());
        }
        std::sort(times.begin(), times.end());
        if (first == 0) first = times[4];
        bench::row("other weights, ranked anew (median of 9)", (std::to_string(draws) + " draws, 25 threats, 12 criteria").c_str(), ms(times[4]).c_str(), "200 ms at 20,000", "20,000 draws", times[4] / first);
    }
    std::vector<work::MemberWeights> members;
    for (int m = 0; m < 9; ++m) {
        work::MemberWeights each{"m" + std::to_string(m), {}, 40, "", "", ""};
        for (int c = 0; c < 12; ++c) each.weights["c" + std::to_string(c)] = c == m ? 0.34 : 0.06;
        members.push_back(each);
    }
    const auto made = bench_of(20'000);
    const bench::Watch watch;
    if (work::bring_together(made, members).members.size() != 9) return 1;
    const double together = watch.seconds();
    bench::row("nine members brought together", "20,000 draws", ms(together).c_str(), "none", "one ranking", together / first);
    return 0;
}

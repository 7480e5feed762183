// Minimum of a function of a few variables without derivatives: the simplex of Nelder and Mead (1965), with the usual
// factors, restarted once from where it came to rest.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace threatlas::analyse::forecast {

struct Minimum {
    std::vector<double> at;
    double value = 0;
};

// reach: size of the first simplex. A value that is not finite counts as infinitely bad. Deterministic. Cost: at most `calls` calls.
template <class F>
Minimum nelder_mead(F&& f, std::vector<double> start, double reach, int calls) {
    const std::size_t n = start.size();
    const auto evaluate = [&](const std::vector<double>& x) {
        --calls;
        const double v = f(x);
        return std::isfinite(v) ? v : HUGE_VAL;
    };
    Minimum best{start, evaluate(start)};
    for (int round = 0; round < 2; ++round, reach /= 4) {
        std::vector<Minimum> simplex(n + 1, best);
        for (std::size_t i = 0; i < n; ++i) simplex[i + 1].at[i] += reach, simplex[i + 1].value = evaluate(simplex[i + 1].at);
        const int least = round == 0 ? calls / 3 : 0;   // some are kept for the second
        while (calls > least) {
            std::stable_sort(simplex.begin(), simplex.end(), [](const Minimum& a, const Minimum& b) { return a.value < b.value; });
            if (simplex[n].value - simplex[0].value < 1e-9 * (1e-9 + std::abs(simplex[0].value))) break;
            std::vector<double> centre(n, 0.0);
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t i = 0; i < n; ++i) centre[i] += simplex[k].at[i] / static_cast<double>(n);
            const auto along = [&](double factor) {   // through the centre, away from the worst
                Minimum m{centre, 0};
                for (std::size_t i = 0; i < n; ++i) m.at[i] += factor * (centre[i] - simplex[n].at[i]);
                m.value = evaluate(m.at);
                return m;
            };
            Minimum next = along(1);
            if (next.value < simplex[0].value) {
                if (Minimum far = along(2); far.value < next.value) next = std::move(far);
            } else if (next.value >= simplex[n - 1].value) {
                next = next.value < simplex[n].value ? along(0.5) : along(-0.5);
                if (next.value >= simplex[n].value) {
                    for (std::size_t k = 1; k <= n; ++k) {
                        for (std::size_t i = 0; i < n; ++i) simplex[k].at[i] = (simplex[k].at[i] + simplex[0].at[i]) / 2;
                        simplex[k].value = evaluate(simplex[k].at);
                    }
                    continue;
                }
            }
            simplex[n] = std::move(next);
        }
        best = *std::min_element(simplex.begin(), simplex.end(), [](const Minimum& a, const Minimum& b) { return a.value < b.value; });
    }
    return best;
}

}  // namespace threatlas::analyse::forecast

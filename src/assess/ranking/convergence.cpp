#include "assess/ranking/convergence.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace threatlas::assess::ranking {

Convergence convergence(std::span<const double> draws, std::size_t chains) {
    Convergence out;
    const std::size_t parts = 2 * chains, n = draws.size() / std::max<std::size_t>(parts, 1);
    out.effective_draws = static_cast<double>(draws.size());
    if (n < 4) return out;
    std::vector<double> mean(parts, 0), variance(parts, 0);
    const std::size_t stride = draws.size() / chains;
    const auto part = [&](std::size_t p) { return draws.subspan((p / 2) * stride + (p % 2) * n, n); };
    const auto count = static_cast<double>(n), groups = static_cast<double>(parts);
    double within = 0;
    for (std::size_t p = 0; p < parts; ++p) {
        for (const double x : part(p)) mean[p] += x / count;
        for (const double x : part(p)) variance[p] += (x - mean[p]) * (x - mean[p]) / (count - 1);
        out.mean += mean[p] / groups;
        within += variance[p] / groups;
    }
    double between = 0;
    for (const double m : mean) between += (m - out.mean) * (m - out.mean) / (groups - 1);
    const double total = (count - 1) / count * within + between;
    out.sd = std::sqrt(total);
    if (within <= 1e-300) return out;
    out.r_hat = std::sqrt(total / within);

    double sum = 0;   // of autocorrelations over pairs of lags
    double last = 0;
    for (std::size_t lag = 1; lag < n; ++lag) {
        double covariance = 0;
        for (std::size_t p = 0; p < parts; ++p) {
            const auto x = part(p);
            double c = 0;
            for (std::size_t i = 0; i + lag < n; ++i) c += (x[i] - mean[p]) * (x[i + lag] - mean[p]);
            covariance += c / (count - 1) / groups;
        }
        const double rho = 1 - (within - covariance) / total;
        if (lag % 2 == 1) {
            last = rho;
            continue;
        }
        if (last + rho < 0) break;
        sum += last + rho;
    }
    out.effective_draws = std::min(count * groups, count * groups / (1 + 2 * sum));
    return out;
}

}  // namespace threatlas::assess::ranking

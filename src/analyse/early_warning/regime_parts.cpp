#include "analyse/early_warning/regime_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace threatlas::analyse::early_warning {

double Level::rate() const { return exposure_[best_] > 0 ? cases_[best_] / exposure_[best_] : std::numeric_limits<double>::quiet_NaN(); }

double Level::variance(double overdispersion) const {
    const double keep = kMemory[best_], grown = std::min(1.0, exposure_[best_] * (1 - keep));
    return (1 / std::max(cases_[best_], 0.5) + overdispersion / exposure_[best_]) * (2 - grown) / (1 + keep);
}

void Level::learn(double count, double exposure) {
    for (std::size_t j = 0; j < kMemory.size(); ++j) {
        cases_[j] = kMemory[j] * cases_[j] + count;
        exposure_[j] = kMemory[j] * exposure_[j] + exposure;
    }
}

void Level::score(double count, double exposure, double overdispersion) {
    constexpr double kForget = 0.98, kMost = 9;   // one surprise does not decide it
    for (std::size_t j = 0; j < kMemory.size(); ++j) {
        const double mean = std::max(exposure * cases_[j] / exposure_[j], 1e-3);
        const double deviance = 2 * ((count > 0 ? count * std::log(count / mean) : 0) - (count - mean));
        misfit_[j] = kForget * misfit_[j] + std::min(deviance / (1 + overdispersion * mean), kMost);
    }
    best_ = kMemory.size() - 1;
    for (std::size_t j = 0; j < kMemory.size(); ++j)
        if (misfit_[j] < misfit_[best_] - 1e-9) best_ = j;
}

void Level::restart(const std::vector<std::array<double, 2>>& periods) {
    for (std::size_t j = 0; j < kMemory.size(); ++j) {
        cases_[j] = exposure_[j] = 0;
        const double keep = kMemory[j] < 0.97 ? kMemory[j] : 1;   // the long memories take the few periods whole
        for (const auto& [count, exposure] : periods) {
            cases_[j] = keep * cases_[j] + count;
            exposure_[j] = keep * exposure_[j] + exposure;
        }
    }
}

Season::Season(int periods_per_year) : per_year_(periods_per_year) {
    const std::size_t blocks = periods_per_year == 52 ? 13 : static_cast<std::size_t>(std::min(periods_per_year, 12));
    factors_.assign(blocks, 1);
    variances_.assign(blocks, 0);
    counts_.assign(blocks, 0);
    levels_.assign(blocks, 0);
    periods_.assign(blocks, 0);
}

std::size_t Season::block(std::size_t period) const {
    return period % static_cast<std::size_t>(per_year_) * factors_.size() / static_cast<std::size_t>(per_year_);
}

void Season::learn(std::size_t period, double count, double level) {
    const std::size_t b = block(period);
    counts_[b] += count;
    levels_[b] += level;
    periods_[b] += 1;
}

void Season::estimate(double overdispersion) {
    const std::size_t n = factors_.size();
    const double fewest = 2.0 * per_year_ / static_cast<double>(n);   // two years of each block
    std::vector<double> raw(n), variance(n);
    for (std::size_t b = 0; b < n; ++b) {
        if (periods_[b] < fewest || !(levels_[b] > 0)) return;
        raw[b] = std::log((counts_[b] + 0.5) / (levels_[b] + 0.5));
        variance[b] = 1 / (counts_[b] + 0.5) + overdispersion / periods_[b];
    }
    const double blocks = static_cast<double>(n);
    const double mean = std::accumulate(raw.begin(), raw.end(), 0.0) / blocks;
    double squares = 0;
    for (const double r : raw) squares += (r - mean) * (r - mean);
    const double real = std::max(0.0, squares / (blocks - 1) - std::accumulate(variance.begin(), variance.end(), 0.0) / blocks);
    double total = 0;
    for (std::size_t b = 0; b < n; ++b) {
        total += factors_[b] = std::exp(real / (real + variance[b]) * (raw[b] - mean));
        variances_[b] = real * variance[b] / (real + variance[b]);
    }
    for (double& f : factors_) f *= blocks / total;
}

Noise::Noise(double prior, double periods, double most, double most_clumping, int periods_per_year)
    : prior_(prior), weight_(periods), most_(most), most_clumping_(most_clumping), keep_(1 - 1 / (4.0 * periods_per_year)), above_(prior * periods), below_(periods), clumped_(periods), means_(periods) {}

double Noise::overdispersion() const { return std::clamp(above_ / below_, 0.0, most_); }

double Noise::at(double mean) const { return overdispersion() + (std::clamp(clumped_ / means_, 1.0, most_clumping_) - 1) / mean; }

void Noise::learn(double count, double mean) {
    // Each period counts by how much it can tell: little when the mean is small and Poisson noise rules.
    const double spread = mean + prior_ * mean * mean, weight = mean * mean / (spread * spread), residual = count - mean;
    above_ = keep_ * above_ + (1 - keep_) * weight_ * prior_ + (residual * residual - mean) * weight;
    below_ = keep_ * below_ + (1 - keep_) * weight_ + mean * mean * weight;
    const double left = residual * residual - overdispersion() * mean * mean;
    clumped_ = keep_ * clumped_ + (1 - keep_) * weight_ + left / (1 + mean);
    means_ = keep_ * means_ + (1 - keep_) * weight_ + mean / (1 + mean);
}

}  // namespace threatlas::analyse::early_warning

// The three things the regime detector learns: level, season, noise. Internal to it.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace threatlas::analyse::early_warning {

// Level of the series: sums of counts and exposures that forget at four speeds.
class Level {
  public:
    static constexpr std::array<double, 4> kMemory{0.9, 0.95, 0.98, 0.995};
    // Mean count at exposure 1 by the memory that predicts best; NaN before anything was seen.
    double rate() const;
    double weight() const { return exposure_[best_]; }  // exposure it rests on
    // Of the rate, relative to its square. Discounted by w, n periods weigh W = (1 - w^n) / (1 - w) and their
    // squares (1 - w^2n) / (1 - w^2): a long discounted mean is known as if from 1 + w times as many periods.
    double variance(double overdispersion) const;
    void learn(double count, double exposure);
    // How well each memory foretold this count; before learn().
    void score(double count, double exposure, double overdispersion);
    // Begins again with these periods alone.
    void restart(const std::vector<std::array<double, 2>>& count_and_exposure);

  private:
    std::array<double, 4> cases_{}, exposure_{}, misfit_{};
    std::size_t best_ = kMemory.size() - 1;
};

// Factor of each seasonal block, mean 1: months, or blocks of four weeks.
class Season {
  public:
    explicit Season(int periods_per_year);
    double factor(std::size_t period) const { return factors_[block(period)]; }
    double variance(std::size_t period) const { return variances_[block(period)]; }   // of its logarithm
    void learn(std::size_t period, double count, double level);   // level: expectation without season
    // At the end of a year: shrinks the raw factors by how much they differ beyond chance.
    void estimate(double overdispersion);

  private:
    std::size_t block(std::size_t period) const;
    int per_year_;
    std::vector<double> factors_, variances_, counts_, levels_, periods_;
};

// Variance beyond Poisson: variance = clumping x mean + overdispersion x mean^2. Few cases that come in groups are clumped;
// many that vary together are overdispersed. Weighted moments with priors, slowly forgetting; what overdispersion
// leaves unexplained at its cap is clumping, which has a cap of its own.
class Noise {
  public:
    Noise(double prior, double periods, double most, double most_clumping, int periods_per_year);
    double at(double mean) const;   // in squared means
    void learn(double count, double mean);

  private:
    double overdispersion() const;
    double prior_, weight_, most_, most_clumping_, keep_, above_, below_, clumped_, means_;
};

}  // namespace threatlas::analyse::early_warning

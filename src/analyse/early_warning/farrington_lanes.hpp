// The kernel of farrington_panel: a few series of one layout side by side, inlined into one function per
// instruction set.
//
// With log mean = a_g + b t and weights w, the likelihood equations give e^{a_g} = sum_g w y / sum_g w e^{bt},
// so only b is searched. While all weights are equal, sum_g e^{bt} t^k depends on the layout and b alone
// and is summed run by run (a run: neighbouring periods of one block), not period by period. What
// reweighting or a missing count changes is a handful of observations a series: `Correction`s.
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "analyse/early_warning/lanes.hpp"

namespace threatlas::analyse::early_warning::lanes {

inline constexpr std::size_t kMostBlocks = 53, kLongestRun = 60;

struct Run {
    std::size_t first = 0, length = 0, block = 0;   // `first` counts observations of the baseline
    double time = 0;                                // of its first period
    bool follows = false;                           // on the run before it, without a gap
};

// What all series of one evaluation share.
struct Plan {
    std::vector<Run> runs;               // in order of time
    std::vector<double> time;            // of each observation; 0 in the middle of the baseline
    std::vector<std::uint32_t> period;
    std::size_t blocks = 1, longest = 1;
    double now = 0;                      // time of the period judged
    double reweight_above = 2.58;
    bool reweight = true;
};

template <class V>
class Kernel {
  public:
    using Lanes = typename V::Lanes;
    using Mask = typename V::Mask;
    using PerBlock = LaneArray<V, kMostBlocks>;

    struct alignas(64) Fitted {
        Lanes expected{}, dispersion{}, slope{}, slope_error{}, error{};   // error: standard error of log expected
    };

    // Reads the counts of the lanes; row(period) gives one count a lane, below 0 when missing.
    template <class Row>
    THREATLAS_LANES void load(const Plan& plan, const Row& row) {
        y_.resize(plan.time.size());
        corrections_.clear();
        time_sum_ = observations_ = groups_ = most_ = Lanes{};
        std::array<std::size_t, V::kWidth> used{};
        for (std::size_t g = 0; g < plan.blocks; ++g) held_[g] = sum_[g] = square_[g] = Lanes{};
        for (const Run& run : plan.runs) {
            Lanes sum{}, square{}, times{}, held{};
            Mask gap{};
            for (std::size_t n = 0; n < run.length; ++n) {
                const std::size_t i = run.first + n;
                const Lanes raw = row(plan.period[i]);
                const Mask missing = raw < 0.0;
                const Lanes y = missing ? Lanes{} : raw;
                gap |= missing;
                y_[i].value = y;
                sum += y, square += y * y, times += y * plan.time[i], held += missing ? Lanes{} : all<V>(1);
                most_ = larger(most_, y);
            }
            if (any<V>(gap))
                for (std::size_t n = 0; n < run.length; ++n)
                    for (std::size_t l = 0; l < V::kWidth; ++l)
                        if (row(plan.period[run.first + n])[l] < 0) correct(0, used, l, 1, run.time + static_cast<double>(n), 0, run.block);
            sum_[run.block] += sum, square_[run.block] += square, held_[run.block] += held, time_sum_ += times;
        }
        for (std::size_t g = 0; g < plan.blocks; ++g) observations_ += held_[g], groups_ += held_[g] > 0.0 ? all<V>(1) : Lanes{};
        missing_ = corrections_.size();
    }

    // Levels by block, with or without a common trend; reweighted once if the plan says so.
    THREATLAS_LANES Fitted fit(const Plan& plan, bool with_trend) {
        corrections_.resize(missing_);
        const std::size_t last = plan.blocks - 1;
        const Lanes freedom = observations_ - groups_ - (with_trend ? 1.0 : 0.0);
        Fitted out;
        for (int round = 0;; ++round) {
            weigh(plan);
            Lanes information{};
            if (with_trend) out.slope = find_slope(plan, out.slope, information);
            for (std::size_t g = 0; g < plan.blocks; ++g) {
                const Lanes inverse = inverse_or_zero<V>(with_trend ? zero_[g] : weight_[g]);
                level_[g] = count_[g] * inverse;
                centre_[g] = with_trend ? one_[g] * inverse : Lanes{};
            }
            // Weights are scaled to sum to the number of observations.
            const Lanes scale = observations_ * inverse_or_zero<V>(total_);
            for (std::size_t g = 0; g < plan.blocks; ++g) inverse_level_[g] = inverse_or_zero<V>(level_[g]), inverse_information_[g] = inverse_or_zero<V>(scale * count_[g]);
            inverse_spread_ = inverse_or_zero<V>(scale * information);
            const Lanes pearson = scale * (with_trend ? pearson_along(plan, out.slope) : pearson_flat(plan));
            out.dispersion = larger(all<V>(1), pearson * inverse_or_zero<V>(freedom));
            const Lanes off = plan.now - centre_[last];
            out.expected = level_[last] * exponential<V>(out.slope * plan.now);
            for (std::size_t l = 0; l < V::kWidth; ++l) {
                out.error[l] = std::sqrt(out.dispersion[l] * (inverse_information_[last][l] + off[l] * off[l] * inverse_spread_[l]));
                out.slope_error[l] = std::sqrt(out.dispersion[l] * inverse_spread_[l]);
            }
            if (round == 1 || !plan.reweight) return out;
            reweight(plan, out.slope, out.dispersion);
            if (corrections_.size() == missing_) return out;
        }
    }

    double observations(std::size_t lane) const { return observations_[lane]; }
    double groups(std::size_t lane) const { return groups_[lane]; }
    double most(std::size_t lane) const { return most_[lane]; }
    double held(std::size_t block, std::size_t lane) const { return held_[block][lane]; }

  private:
    // An observation that weighs 1 - drop instead of 1, one a lane; drop 0: none.
    struct alignas(64) Correction {
        Lanes drop{}, time{}, count{};
        std::array<std::uint8_t, V::kWidth> block{};
    };

    THREATLAS_LANES void correct(std::size_t from, std::array<std::size_t, V::kWidth>& used, std::size_t lane, double drop, double time, double count, std::size_t block) {
        const std::size_t at = from + used[lane]++;
        if (at == corrections_.size()) corrections_.emplace_back();
        Correction& c = corrections_[at];
        c.drop[lane] = drop, c.time[lane] = time, c.count[lane] = count, c.block[lane] = static_cast<std::uint8_t>(block);
    }

    // Weighted sums of the data. Missing counts were never summed.
    THREATLAS_LANES void weigh(const Plan& plan) {
        for (std::size_t g = 0; g < plan.blocks; ++g) weight_[g] = held_[g], count_[g] = sum_[g], weighted_square_[g] = square_[g];
        time_ = time_sum_;
        for (std::size_t c = missing_; c < corrections_.size(); ++c) {
            const Correction& k = corrections_[c];
            for (std::size_t l = 0; l < V::kWidth; ++l) {
                const double y = k.count[l];
                weight_[k.block[l]][l] -= k.drop[l];
                count_[k.block[l]][l] -= k.drop[l] * y;
                weighted_square_[k.block[l]][l] -= k.drop[l] * y * y;
            }
            time_ -= k.drop * k.count * k.time;
        }
        total_ = Lanes{};
        for (std::size_t g = 0; g < plan.blocks; ++g) total_ += weight_[g];
    }

    // zero_, one_, two_: sums of w e^{bt} t^k by block.
    THREATLAS_LANES void sum_moments(const Plan& plan, Lanes b) {
        for (std::size_t g = 0; g < plan.blocks; ++g) zero_[g] = one_[g] = two_[g] = Lanes{};
        const Lanes q = exponential<V>(b);
        // Of a run of each length: sums of q^j j^k over j = 0..length-1, and q^length.
        LaneArray<V, kLongestRun + 1> c0, c1, c2, power;
        c0[0] = c1[0] = c2[0] = Lanes{}, power[0] = all<V>(1);
        for (std::size_t n = 1; n <= plan.longest; ++n) {
            const auto j = static_cast<double>(n - 1);
            c0[n] = c0[n - 1] + power[n - 1], c1[n] = c1[n - 1] + power[n - 1] * j, c2[n] = c2[n - 1] + power[n - 1] * (j * j);
            power[n] = power[n - 1] * q;
        }
        Lanes e{};
        for (const Run& run : plan.runs) {
            if (!run.follows) e = exponential<V>(b * run.time);
            const Lanes a0 = e * c0[run.length], a1 = e * c1[run.length], a2 = e * c2[run.length];
            zero_[run.block] += a0;
            one_[run.block] += a0 * run.time + a1;
            two_[run.block] += (a0 * run.time + a1 * 2.0) * run.time + a2;
            e *= power[run.length];
        }
        for (const Correction& c : corrections_) {
            const Lanes w = c.drop * exponential<V>(b * c.time), wt = w * c.time, wtt = wt * c.time;
            for (std::size_t l = 0; l < V::kWidth; ++l) zero_[c.block[l]][l] -= w[l], one_[c.block[l]][l] -= wt[l], two_[c.block[l]][l] -= wtt[l];
        }
    }

    // Newton's method from b on; leaves the moments of the slope returned. information: on the slope, before scaling.
    THREATLAS_LANES Lanes find_slope(const Plan& plan, Lanes b, Lanes& information) {
        constexpr double kTolerance = 1e-12, kLongestStep = 0.05;
        constexpr int kMostSteps = 50;
        for (int n = 0;; ++n) {
            sum_moments(plan, b);
            Lanes score = time_;
            information = Lanes{};
            for (std::size_t g = 0; g < plan.blocks; ++g) {
                const Lanes inverse = inverse_or_zero<V>(zero_[g]), centre = one_[g] * inverse;
                score -= count_[g] * centre;
                information += count_[g] * (two_[g] * inverse - centre * centre);
            }
            Lanes step = score * inverse_or_zero<V>(information);
            step = smaller(larger(step, all<V>(-kLongestStep)), all<V>(kLongestStep));
            // A lane that has arrived stays put while the others go on.
            step = (step < kTolerance) & (step > -kTolerance) ? Lanes{} : step;
            if (n == kMostSteps || !any<V>(step != 0.0)) return b;
            b += step;
        }
    }

    // Pearson's statistic, sum of w (y - mean)^2 / mean: at the maximum, sum w y^2 / mean - sum w y.
    THREATLAS_LANES Lanes pearson_flat(const Plan& plan) const {
        Lanes out{};
        for (std::size_t g = 0; g < plan.blocks; ++g) out += weighted_square_[g] * inverse_level_[g] - count_[g];
        return out;
    }
    THREATLAS_LANES Lanes pearson_along(const Plan& plan, Lanes slope) {
        const Lanes q = exponential<V>(-slope);
        Lanes e{}, out{};
        PerBlock& by_block = two_;   // no longer needed
        for (std::size_t g = 0; g < plan.blocks; ++g) by_block[g] = Lanes{};
        for (const Run& run : plan.runs) {
            if (!run.follows) e = exponential<V>(-(slope * run.time));
            Lanes sum{};
            for (std::size_t n = 0; n < run.length; ++n) {
                const Lanes y = y_[run.first + n].value;
                sum += y * y * e;
                e *= q;
            }
            by_block[run.block] += sum;
        }
        for (std::size_t c = missing_; c < corrections_.size(); ++c) {
            const Correction& k = corrections_[c];
            const Lanes gone = k.drop * k.count * k.count * exponential<V>(-(slope * k.time));
            for (std::size_t l = 0; l < V::kWidth; ++l) by_block[k.block[l]][l] -= gone[l];
        }
        for (std::size_t g = 0; g < plan.blocks; ++g) out += by_block[g] * inverse_level_[g] - count_[g];
        return out;
    }

    // Anscombe residuals above the threshold weigh one over their square.
    THREATLAS_LANES void reweight(const Plan& plan, Lanes slope, Lanes dispersion) {
        const Lanes q = exponential<V>(slope), bound = dispersion * (plan.reweight_above * plan.reweight_above);
        Lanes e{};
        std::array<std::size_t, V::kWidth> used{};
        for (const Run& run : plan.runs) {
            if (!run.follows) e = exponential<V>(slope * run.time);
            LaneArray<V, kLongestRun> mean, room, above;
            Lanes most{};
            for (std::size_t n = 0; n < run.length; ++n) {
                const std::size_t i = run.first + n;
                mean[n] = level_[run.block] * e;
                const Lanes off = plan.time[i] - centre_[run.block], excess = larger(y_[i].value - mean[n], Lanes{});
                room[n] = 1.0 - mean[n] * (inverse_information_[run.block] + off * off * inverse_spread_);
                // Pearson's residual is never below Anscombe's for a count above its mean: a cheap first sieve.
                above[n] = excess * excess - bound * mean[n] * room[n];
                most = larger(most, above[n]);
                e *= q;
            }
            if (!any<V>(most > 0.0)) continue;
            for (std::size_t n = 0; n < run.length; ++n)
                for (std::size_t l = 0; l < V::kWidth; ++l) {
                    const double mu = mean[n][l], left = room[n][l], y = y_[run.first + n].value[l];
                    if (!(above[n][l] > 0) || !(left > 1e-9) || !(mu > 0)) continue;
                    const double root = std::sqrt(mu), residual = 1.5 * (std::cbrt(y * y) / std::cbrt(root) - root) / std::sqrt(dispersion[l] * left);
                    if (residual > plan.reweight_above) correct(missing_, used, l, 1 - 1 / (residual * residual), run.time + static_cast<double>(n), y, run.block);
                }
        }
    }

    std::vector<Cell<V>> y_;                        // counts, 0 where missing
    std::vector<Correction> corrections_;
    std::size_t missing_ = 0;                       // the first so many corrections are missing counts
    PerBlock held_, sum_, square_;                  // unweighted, by block: periods, counts, squared counts
    PerBlock weight_, count_, weighted_square_;     // weighted
    PerBlock zero_, one_, two_, level_, inverse_level_, inverse_information_, centre_;
    Lanes time_sum_{}, time_{}, total_{}, observations_{}, groups_{}, most_{}, inverse_spread_{};
};

}  // namespace threatlas::analyse::early_warning::lanes

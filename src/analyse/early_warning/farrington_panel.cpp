#include "analyse/early_warning/farrington_panel.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <limits>
#include <map>

#include "analyse/early_warning/farrington_bound.hpp"
#include "analyse/early_warning/farrington_lanes.hpp"

namespace threatlas::analyse::early_warning {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

// What the verdict of one series needs from the fits.
struct Fits {
    double with_expected = 0, with_dispersion = 0, with_error = 0, slope = 0, slope_error = 0;
    double expected = 0, dispersion = 0, error = 0;
    double freedom = 0, most = 0, held = 0;   // of the trend's fit; largest count; periods in the block judged
};

template <class V>
struct Columns {
    const std::int32_t* at = nullptr;
    std::size_t stride = 0;
    THREATLAS_LANES typename V::Lanes operator()(std::size_t period) const {
        typename V::Counts counts;
        __builtin_memcpy(&counts, at + period * stride, sizeof counts);
        return __builtin_convertvector(counts, typename V::Lanes);
    }
};

// Series first..first+count-1 of the panel, as many at a time as the instructions take.
template <class V>
THREATLAS_LANES void fit_all(const lanes::Plan& plan, bool trend, const CountPanel& panel, std::size_t first, std::size_t count, Fits* out) {
    lanes::Kernel<V> kernel;
    std::vector<std::int32_t> rest;   // the last few, made up to the full width
    for (std::size_t s = 0; s < count; s += V::kWidth) {
        const std::size_t used = std::min(V::kWidth, count - s);
        Columns<V> columns{panel.at.data() + first + s, panel.series};
        if (used < V::kWidth) {
            rest.assign(panel.periods * V::kWidth, 0);
            for (std::size_t t = 0; t < panel.periods; ++t)
                for (std::size_t l = 0; l < used; ++l) rest[t * V::kWidth + l] = panel.at[t * panel.series + first + s + l];
            columns = {rest.data(), V::kWidth};
        }
        kernel.load(plan, columns);
        typename lanes::Kernel<V>::Fitted with;
        if (trend) with = kernel.fit(plan, true);
        const auto without = kernel.fit(plan, false);
        for (std::size_t l = 0; l < used; ++l)
            out[s + l] = {with.expected[l], with.dispersion[l], with.error[l], with.slope[l], with.slope_error[l], without.expected[l], without.dispersion[l], without.error[l],
                          kernel.observations(l) - kernel.groups(l) - 1, kernel.most(l), kernel.held(plan.blocks - 1, l)};
    }
}

using FitAll = void (*)(const lanes::Plan&, bool, const CountPanel&, std::size_t, std::size_t, Fits*);
void fit_portable(const lanes::Plan& plan, bool trend, const CountPanel& panel, std::size_t first, std::size_t count, Fits* out) { fit_all<lanes::Two>(plan, trend, panel, first, count, out); }
__attribute__((target("avx2"))) void fit_avx2(const lanes::Plan& plan, bool trend, const CountPanel& panel, std::size_t first, std::size_t count, Fits* out) {
    fit_all<lanes::Four>(plan, trend, panel, first, count, out);
}
__attribute__((target("avx512f,avx512dq,avx512vl"))) void fit_avx512(const lanes::Plan& plan, bool trend, const CountPanel& panel, std::size_t first, std::size_t count, Fits* out) {
    fit_all<lanes::Eight>(plan, trend, panel, first, count, out);
}

lanes::Plan make_plan(const Baseline& baseline, std::size_t now, const FarringtonOptions& options) {
    lanes::Plan plan;
    plan.blocks = static_cast<std::size_t>(options.baseline.blocks);
    plan.reweight = options.reweight, plan.reweight_above = options.reweight_above;
    plan.period = baseline.periods;
    const double middle = static_cast<double>(baseline.periods[baseline.size() / 2]);
    for (const std::uint32_t t : baseline.periods) plan.time.push_back(static_cast<double>(t) - middle);
    plan.now = static_cast<double>(now) - middle;
    for (std::size_t i = 0; i < baseline.size(); ++i) {
        const bool joins = i > 0 && baseline.block[i] == baseline.block[i - 1] && baseline.periods[i] == baseline.periods[i - 1] + 1;
        if (!joins || plan.runs.back().length == lanes::kLongestRun) plan.runs.push_back({i, 0, baseline.block[i], plan.time[i], i > 0 && baseline.periods[i] == baseline.periods[i - 1] + 1});
        plan.longest = std::max(plan.longest, ++plan.runs.back().length);
    }
    return plan;
}

// Critical value of the trend test, by degrees of freedom.
class TrendTest {
  public:
    explicit TrendTest(double level) : level_(level) {}
    bool passes(double slope, double error, double freedom) {
        if (level_ >= 1) return true;
        auto [found, fresh] = critical_.try_emplace(freedom, 0.0);
        if (fresh) found->second = freedom > 0 ? boost::math::quantile(boost::math::students_t(freedom), 1 - level_ / 2) : std::numeric_limits<double>::infinity();
        return std::abs(slope) > found->second * error;
    }

  private:
    double level_;
    std::map<double, double> critical_;
};

double recent_cases(const CountPanel& panel, std::size_t now, std::size_t series, int over) {
    double sum = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(std::max(0, over)) && n <= now; ++n) sum += std::max(0, panel.at[(now - n) * panel.series + series]);
    return sum;
}

}  // namespace

std::string_view name(Instructions instructions) {
    constexpr std::array<std::string_view, 4> names{"best", "portable", "avx2", "avx512"};
    return names[static_cast<std::size_t>(instructions)];
}

Instructions best_instructions() {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return Instructions::avx512;
    return __builtin_cpu_supports("avx2") ? Instructions::avx2 : Instructions::portable;
}

Result<std::vector<FarringtonVerdict>> farrington_panel(const CountPanel& panel, std::size_t now, const FarringtonOptions& options, Instructions instructions) {
    THREATLAS_CHECK(check(options));
    if (panel.at.size() != panel.periods * panel.series) return fail(ErrorCode::bad_usage, "the panel's counts are not periods times series");
    const std::vector<double> calendar(panel.periods);
    THREATLAS_TRY(const Baseline baseline, lay_out({calendar, panel.periods_per_year}, now, options.baseline));
    if (instructions == Instructions::best) instructions = best_instructions();
    const FitAll fit = instructions == Instructions::avx512 ? fit_avx512 : instructions == Instructions::avx2 ? fit_avx2 : fit_portable;
    const lanes::Plan plan = make_plan(baseline, now, options);

    std::vector<FarringtonVerdict> out(panel.series);
    std::vector<Fits> fits(panel.series);
    fit(plan, options.trend, panel, 0, panel.series, fits.data());
    TrendTest test(options.trend_level);
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t s = 0; s < panel.series; ++s) {
        FarringtonVerdict& v = out[s];
        const Fits& f = fits[s];
        v.upper = v.expected = v.dispersion = v.p_value = kNone;
        if (!(f.held > 0)) continue;
        v.with_trend = options.trend && options.baseline.years_back >= 3 && f.with_expected <= f.most && test.passes(f.slope, f.slope_error, f.freedom);
        v.expected = v.with_trend ? f.with_expected : f.expected;
        v.dispersion = v.with_trend ? f.with_dispersion : f.dispersion;
        v.slope = v.with_trend ? f.slope : 0;
        const std::int32_t count = panel.at[now * panel.series + s];
        decide(count < 0 ? kNone : count, recent_cases(panel, now, s, options.fewest_over), options, v.with_trend ? f.with_error : f.error, v);
    }
    return out;
}

}  // namespace threatlas::analyse::early_warning

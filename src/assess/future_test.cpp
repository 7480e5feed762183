#include <gtest/gtest.h>

#include <cmath>

#include "analyse/forecast/counts.hpp"
#include "analyse/series/periods.hpp"
#include "assess/arising.hpp"
#include "assess/forecast_score.hpp"
#include "assess/indicators/small_catalogue_test.hpp"
#include "assess/outlook.hpp"
#include "core/random.hpp"

namespace threatlas::assess::testing {
namespace {

using store::SnapshotBuilder;

model::Catalogue catalogue() {
    model::Catalogue c = indicators::small_catalogue();
    model::What what;
    what.id = "theft", what.title = "Thefts", what.unit = "count", what.threats = {"property.theft"};
    c.whats = {what};
    model::Source source;
    source.id = "published", source.already_public = true;
    c.sources = {source};
    model::Indicator in;
    in.id = "theft.signals", in.title = "Rises", in.threat = "property.theft", in.lens = "future_trends", in.criterion = "trend", in.measure = "signals", in.whats = {"theft"};
    in.part = "rise|drift", in.scope = "region", in.unit = "count", in.anchors = {0, 1, 3, 6, 12}, in.sources = {"published"}, in.window_years = 1;
    c.indicators = {in};
    return c;
}

// Monthly thefts by border, from 2015; `last` instead of about 40 in the last month.
store::Snapshot months(int n, double last = -1, std::uint64_t seed = 8) {
    SnapshotBuilder b;
    core::Random random(seed, 1);
    for (int t = 0; t < n; ++t)
        for (const char* border : {"land", "sea"}) {
            model::Observation o = SnapshotBuilder::yearly("theft", "AL", 2015, static_cast<double>(random.poisson(20)), {{"border", border}});
            o.period = core::month_interval(2015 + t / 12, t % 12 + 1).value(), o.known_at = o.period.end;
            if (t == n - 1 && last >= 0) o.value = o.upper = last / 2;
            b.add(o);
        }
    auto out = b.done();
    out.as_of = core::parse_day("2030-01-01").value();
    return out;
}

TEST(Arising, SignalsOfTheLastTwelveMonthsAreToldOnce) {
    const auto found = arising(months(60, 160), catalogue()).value();
    EXPECT_EQ(found.months, 12);
    EXPECT_EQ(found.newest.at("published"), "2019-12");
    EXPECT_EQ(found.threats, std::vector<std::string>{"property.theft"});
    ASSERT_FALSE(found.signals.empty());
    EXPECT_EQ(found.signals[0].signal.period, "2019-12");
    EXPECT_LT(found.signals[0].signal.q, 0.05);
    EXPECT_TRUE(arising(SnapshotBuilder().done(), catalogue()).value().signals.empty());   // annual data: nothing to watch, no error
}

TEST(Arising, FeedsItsIndicatorAndNoSignalIsZeroNotNothing) {
    const auto risen = measure(months(60, 160), catalogue(), {}).value();
    ASSERT_EQ(risen.figures.size(), 1U);
    EXPECT_GT(risen.figures[0].value.mean, 0.9);
    EXPECT_FALSE(risen.figures[0].rows.empty());
    ASSERT_EQ(risen.grid.evidence.size(), 1U);
    double chance = 0;   // what noise alone raises in a year: the budget's worth, and less than one
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto calm = measure(months(60, -1, seed), catalogue(), {}).value();
        ASSERT_EQ(calm.figures.size(), 1U);
        chance += calm.figures[0].value.mean / 20;
    }
    EXPECT_LT(chance, 0.6);
    auto new_ways = catalogue();
    new_ways.indicators[0].part = "new|spread|surge";
    EXPECT_TRUE(measure(months(60), new_ways, {}).value().figures.empty());   // no row is coded: not assessed
}

TEST(Outlook, OfMonthsAddsUpOverItsParts) {
    const auto snapshot = months(60);
    const auto measured = measure(snapshot, catalogue(), {}).value();
    const auto found = outlooks(snapshot, catalogue(), measured).value();
    ASSERT_EQ(found.outlooks.size(), 1U);
    const Outlook& o = found.outlooks[0];
    EXPECT_EQ(o.kind, "months");
    ASSERT_EQ(o.fan.size(), 12U);
    EXPECT_EQ(o.fan[0].period, "2020-01");
    EXPECT_NEAR(o.fan[0].mean, 40, 8);
    EXPECT_LT(o.fan[0].at(0.10), o.fan[0].at(0.90));
    EXPECT_TRUE(std::isnan(o.fan[0].at(0.123)));
    ASSERT_EQ(o.parts.size(), 2U);
    EXPECT_NEAR(o.parts[0].value + o.parts[1].value, o.next, 1e-6 * o.next);
    EXPECT_TRUE(o.already_public);
    ASSERT_EQ(found.skill.size(), 2U);
    EXPECT_GT(found.skill[0].cover95, 0.8);
    EXPECT_LT(found.skill[0].crps, found.skill[1].crps);   // better than last year again, where nothing but noise is
    EXPECT_TRUE(outlooks(months(20), catalogue(), measured).value().outlooks.empty());
}

ForecastRecord with(const Outlook& outlook, const char* day) { return {std::string("A-") + day, "", core::parse_day(day).value(), {outlook}}; }

Outlook series_of(std::size_t n, std::size_t ahead) {
    Outlook o;
    o.threat = "property.theft", o.kind = "months", o.series = "what=theft", o.p_rise = 0.8;
    std::vector<double> counts;
    for (std::size_t t = 0; t < n; ++t) {
        counts.push_back(20 + static_cast<double>(t * 7 % 11));
        o.history.push_back({analyse::series::label(analyse::series::Step::month, 540 + static_cast<std::int32_t>(t)), counts.back(), counts.back(), counts.back()});
        if (t + 12 >= n) o.last += counts.back();
    }
    const auto made = analyse::forecast::forecast_counts(counts, 12, static_cast<int>(ahead)).value();
    for (std::size_t k = 0; k < ahead; ++k) o.fan.push_back({analyse::series::label(analyse::series::Step::month, 540 + static_cast<std::int32_t>(n + k)), made.steps[k].mean, {made.steps[k].quantiles.begin(), made.steps[k].quantiles.end()}});
    return o;
}

TEST(ForecastScore, ClosedPeriodsAreComparedAndOpenOnesCounted) {
    const ForecastRecord earlier = with(series_of(48, 12), "2019-01-15"), half = with(series_of(54, 12), "2019-07-15"), whole = with(series_of(60, 12), "2020-01-15");
    const auto some = score_forecasts({earlier}, {half});
    ASSERT_EQ(some.size(), 1U);
    EXPECT_EQ(some[0].fits, 6);
    EXPECT_EQ(some[0].open, 6);
    EXPECT_EQ(some[0].rises, 0);                 // twelve months are not over
    EXPECT_GT(some[0].crps, 0);
    EXPECT_EQ(some[0].cover95, 1);
    const auto all = score_forecasts({earlier, half}, {half, whole});
    EXPECT_EQ(all[0].fits, 12);
    EXPECT_EQ(all[0].rises, 1);
    EXPECT_EQ(all[1].fits, 6);
    double before = 0, after = 0;
    for (std::size_t t = 36; t < 48; ++t) before += static_cast<double>(t * 7 % 11), after += static_cast<double>((t + 12) * 7 % 11);
    EXPECT_NEAR(all[0].brier, after > before ? 0.04 : 0.64, 1e-12);   // 0.8 was stated
    EXPECT_EQ(score_forecasts({whole}, {half})[0].fits, 0);          // nothing has closed
    EXPECT_TRUE(score_forecasts({ForecastRecord{}}, {half}).empty());
}

TEST(ForecastScore, AWrongForecastScoresWorse) {
    ForecastRecord right = with(series_of(48, 12), "2019-01-15"), wrong = right;
    for (auto& point : wrong.outlooks[0].fan)
        for (double& q : point.quantiles) q += 60;
    const ForecastRecord whole = with(series_of(60, 12), "2020-01-15");
    EXPECT_LT(score_forecasts({right}, {whole})[0].crps, score_forecasts({wrong}, {whole})[0].crps);
    EXPECT_EQ(score_forecasts({wrong}, {whole})[0].cover80, 0);
}

}  // namespace
}  // namespace threatlas::assess::testing

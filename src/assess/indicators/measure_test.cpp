#include <gtest/gtest.h>

#include <cmath>

#include "assess/evidence.hpp"
#include "assess/indicators/judgements.hpp"
#include "assess/indicators/series.hpp"
#include "assess/indicators/small_catalogue_test.hpp"
#include "model/units.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess::indicators {
namespace {

using model::State;

Measured run(const SnapshotBuilder& builder, const model::Catalogue& catalogue) {
    auto out = measure(builder.done(), catalogue, {});
    EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().message);
    return out ? std::move(*out) : Measured{};
}
const Figure* figure(const Measured& m, const std::string& indicator, const std::string& place) {
    for (const Figure& f : m.figures)
        if (f.indicator == indicator && f.place == place) return &f;
    return nullptr;
}
model::Catalogue with(const model::Indicator& indicator) {
    model::Catalogue c = small_catalogue();
    c.indicators = {indicator};
    return c;
}
double point(const Figure& f, const std::string& period) {
    for (const SeriesPoint& p : f.series)
        if (p.period == period) return p.value;
    return -1;
}

TEST(Measure, RateFigureOpensToItsRows) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) b.year("theft", "AL", year, 1000 + year % 3).year("theft", "BA", year, 3000);
    const Measured m = run(b, with(small_indicator("rate")));
    const Figure* al = figure(m, "theft.rate", "AL");
    ASSERT_NE(al, nullptr);
    EXPECT_NEAR(al->value.q50, 50, 2);   // 1,000 among 2 million
    EXPECT_EQ(al->rows.size(), 11U);
    EXPECT_EQ(al->rows.front().row, 2U);
    EXPECT_EQ(al->completeness, 1);
    EXPECT_EQ(al->member, "al_asp");
    EXPECT_EQ(al->contributors, std::vector<std::string>{"Statistics office"});
    EXPECT_TRUE(al->already_public);
    EXPECT_TRUE(al->id.starts_with("F-") && al->id.size() == 12);
    // A shared country: one figure, one evidence for each organisation.
    int shared = 0;
    for (const Evidence& e : m.grid.evidence) shared += e.figure == figure(m, "theft.rate", "BA")->id;
    EXPECT_EQ(shared, 2);
    EXPECT_NEAR(m.grid.member_weight[0], 0.5, 1e-12);
    EXPECT_NEAR(m.grid.member_weight[1], 0.25, 1e-12);
}

// A member's own figures: read without the indicator naming them, beside what is published.
model::Catalogue with_members_figures(model::Indicator indicator) {
    indicator.sources = {"published"};
    model::Catalogue c = with(indicator);
    model::Source own;
    own.id = "own", own.title = "A member's figures", own.contributed = true, own.already_public = false;
    c.sources.push_back(own);
    return c;
}
model::Observation own_figure(int year, double value, const std::string& source = "own") {
    model::Observation o = SnapshotBuilder::yearly("theft", "AL", year, value);
    o.source = source, o.member = "al_asp", o.handling = "TLP:AMBER";
    return o;
}

TEST(Measure, AMembersOwnFiguresStandBesideThePublishedOnes) {
    SnapshotBuilder b, alone;
    for (int year = 2010; year <= 2018; ++year) b.year("theft", "AL", year, 1000);
    for (int year = 2017; year <= 2020; ++year) b.add(own_figure(year, 2000)), alone.add(own_figure(year, 2000));
    const auto catalogue = with_members_figures(small_indicator("rate"));
    const store::Snapshot snapshot = b.done();
    const Options options;
    const Context context(snapshot, catalogue, options);
    const Series s = read_series(context, catalogue.indicators[0], {"AL"}, false);
    ASSERT_EQ(s.groups.size(), 1U);
    const auto cell = [&](int year) { return *std::find_if(s.groups[0].years.begin(), s.groups[0].years.end(), [&](const Cell& c) { return c.year == year; }); };
    EXPECT_EQ(cell(2016).low, 1000);
    EXPECT_EQ(cell(2016).high, 1000);
    EXPECT_EQ(cell(2017).low, 1000);
    EXPECT_EQ(cell(2017).high, 2000);
    EXPECT_EQ(cell(2020).low, 2000);
    EXPECT_EQ(s.last_year, 2020);

    const Measured both = run(b, catalogue), only = run(alone, catalogue);
    const Figure* f = figure(both, "theft.rate", "AL");
    ASSERT_NE(f, nullptr);
    EXPECT_EQ(f->handling, "TLP:AMBER");
    EXPECT_FALSE(f->already_public);
    EXPECT_NE(f->citation.find("A member's figures"), std::string::npos);
    ASSERT_NE(figure(only, "theft.rate", "AL"), nullptr);
    EXPECT_NEAR(figure(only, "theft.rate", "AL")->value.q50, 100, 5);
}

TEST(Measure, OneMembersNewerFigureIsNotTheRegions) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2018; ++year) b.year("theft", "AL", year, 1000).year("theft", "BA", year, 3000);
    for (int year = 2010; year <= 2022; ++year) b.add(own_figure(year, 1000));
    const auto catalogue = with_members_figures(small_indicator("rate"));
    const store::Snapshot snapshot = b.done();
    const Options options;
    const Context context(snapshot, catalogue, options);
    const Series region = read_series(context, catalogue.indicators[0], {"", "AL", "BA"}, false);
    EXPECT_EQ(region.last_year, 2018);
    for (const Group& group : region.groups) EXPECT_EQ(group.years.back().year, 2018) << group.label;
}

TEST(Measure, ASourceThatNobodyNamedIsNotRead) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) b.add(own_figure(year, 1000, "elsewhere"));
    const auto catalogue = with_members_figures(small_indicator("rate"));
    EXPECT_EQ(figure(run(b, catalogue), "theft.rate", "AL"), nullptr);
}

TEST(Measure, AbsentIsNotZero) {
    SnapshotBuilder gap, zero;
    for (int year = 2010; year <= 2020; ++year) {
        auto o = SnapshotBuilder::yearly("theft", "AL", year, year == 2019 ? 0 : 1000);
        zero.add(o);
        if (year == 2019) o.state = State::absent;
        gap.add(o);
    }
    const auto catalogue = with(small_indicator("rate"));
    const Measured with_gap = run(gap, catalogue), with_zero = run(zero, catalogue);
    const Figure *g = figure(with_gap, "theft.rate", "AL"), *z = figure(with_zero, "theft.rate", "AL");
    EXPECT_NEAR(g->value.q50, 50, 3);
    EXPECT_NEAR(g->completeness, 2.0 / 3, 1e-9);
    EXPECT_TRUE(std::isnan(point(*g, "2019")));
    EXPECT_LT(z->value.q50, 40);
    EXPECT_EQ(z->completeness, 1);
    EXPECT_EQ(point(*z, "2019"), 0);
}

TEST(Measure, YearsBeforeABreakAreShownNotUsed) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) {
        auto o = SnapshotBuilder::yearly("theft", "AL", year, year < 2019 ? 10000 : 1000);
        if (year == 2019) o.flags = "b";
        b.add(o);
    }
    const Measured m = run(b, with(small_indicator("rate")));
    const Figure* f = figure(m, "theft.rate", "AL");
    EXPECT_NEAR(f->value.q50, 50, 5);
    EXPECT_EQ(point(*f, "2018"), 500);
    EXPECT_NEAR(f->completeness, 2.0 / 3, 1e-9);
    EXPECT_EQ(figure(run(b, with(small_indicator("trend"))), "theft.trend", "AL"), nullptr);   // two years are no trend
}

TEST(Measure, CensoredCellStandsBetweenItsEnds) {
    const auto value = [](double low, double high) {
        SnapshotBuilder b;
        for (int year = 2016; year <= 2020; ++year) {
            auto o = SnapshotBuilder::yearly("theft", "AL", year, low);
            if (high > low) o.state = State::censored, o.upper = high;
            b.add(o);
        }
        return figure(run(b, with(small_indicator("rate"))), "theft.rate", "AL")->value.q50;
    };
    EXPECT_LT(value(1, 1), value(1, 4));
    EXPECT_LT(value(1, 4), value(4, 4));
}

TEST(Measure, TotalsAndPartsAreNotAddedTogether) {
    SnapshotBuilder b;
    auto catalogue = with(small_indicator("rate"));
    for (int year = 2016; year <= 2020; ++year)
        b.year("theft", "AL", year, 1000).year("theft", "AL", year, 700, {{"sex", "Male"}}).year("theft", "AL", year, 400, {{"weapon", "yes"}})
            .year("theft", "BA", year, 300, {{"weapon", "yes"}}).year("theft", "BA", year, 700, {{"weapon", "no"}});
    EXPECT_EQ(point(*figure(run(b, catalogue), "theft.rate", "AL"), "2020"), 50);
    EXPECT_EQ(point(*figure(run(b, catalogue), "theft.rate", "BA"), "2020"), 50);   // no total: its parts
    catalogue.indicators[0].dims = {{"sex", "Male"}};
    EXPECT_EQ(point(*figure(run(b, catalogue), "theft.rate", "AL"), "2020"), 35);
    catalogue.indicators[0].dims.clear();
    catalogue.indicators[0].whats = {"iccs.A1", "iccs.A11"};
    SnapshotBuilder nested;
    for (int year = 2016; year <= 2020; ++year) nested.year("iccs.A1", "AL", year, 1000).year("iccs.A11", "AL", year, 600);
    EXPECT_EQ(point(*figure(run(nested, catalogue), "theft.rate", "AL"), "2020"), 50);
}

TEST(Measure, ContradictingSourcesStandAsAnInterval) {
    SnapshotBuilder b;
    for (int year = 2016; year <= 2020; ++year) {
        b.year("theft", "AL", year, 1000);
        auto own = SnapshotBuilder::yearly("theft", "AL", year, 1400);
        own.member = "al_asp";
        b.add(own);
        auto part = SnapshotBuilder::yearly("theft", "BA", year, 600);   // one of two organisations is no country figure
        part.member = "ba_rs";
        b.add(part);
    }
    const Measured m = run(b, with(small_indicator("rate")));
    const Figure* f = figure(m, "theft.rate", "AL");
    EXPECT_EQ(f->series.back().low, 50);
    EXPECT_EQ(f->series.back().high, 70);
    EXPECT_GT(f->value.q50, 51);
    EXPECT_LT(f->value.q50, 69);
    EXPECT_EQ(figure(m, "theft.rate", "BA"), nullptr);
}

TEST(Measure, TooFewPeriodsAreAGapNotALowScore) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) b.year("theft", "AL", year, 1000);
    b.year("theft", "BA", 2020, 5);
    auto indicator = small_indicator("rate");
    indicator.minimum_periods = 2;
    const Measured m = run(b, with(indicator));
    EXPECT_NE(figure(m, "theft.rate", "AL"), nullptr);
    EXPECT_EQ(figure(m, "theft.rate", "BA"), nullptr);
    EXPECT_EQ(m.grid.evidence.size(), 1U);
}

// Months: within the months in which the source reported anything, a missing row is a zero; a month
// without any row is a gap; the incomplete last year is not used.
TEST(Measure, CalendarIsCompleted) {
    SnapshotBuilder b;
    for (int year = 2015; year <= 2021; ++year)
        for (int month = 1; month <= (year == 2021 ? 4 : 12); ++month)
            for (const char* route : {"north", "south"}) {
                if (std::string(route) == "south" && month != 7) continue;   // zeros
                auto o = SnapshotBuilder::yearly("frontex.detections", "", year, std::string(route) == "south" ? 120 : 10, {{"route", route}, {"citizenship", "X"}});
                o.period = *core::month_interval(year, month);
                o.nature = model::Nature::detection;
                b.add(o);
            }
    auto indicator = small_indicator("trend");
    indicator.whats = {"frontex.detections"}, indicator.dims = {{"route", "south"}}, indicator.scope = "region", indicator.window_years = 6;
    const Measured m = run(b, with(indicator));
    const Figure* f = figure(m, "theft.trend", "");
    ASSERT_NE(f, nullptr);
    EXPECT_EQ(point(*f, "2015"), 120);
    EXPECT_EQ(f->series.back().period, "2020");
    EXPECT_EQ(f->completeness, 1);
    EXPECT_NEAR(f->value.q50, 0, 1);
    ASSERT_EQ(m.grid.evidence.size(), 1U);
    EXPECT_EQ(m.grid.evidence[0].member, -1);
    EXPECT_EQ(m.trends[0].figure, f->id);
}

TEST(Measure, NothingIsComputedFromCitizenship) {
    SnapshotBuilder b;
    b.year("theft", "AL", 2020, 1);
    auto indicator = small_indicator("share");
    indicator.over = "citizenship";
    auto refused = measure(b.done(), with(indicator), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, core::ErrorCode::not_allowed);
    indicator.over = "route", indicator.dims = {{"citizenship", "XYZ"}};
    EXPECT_FALSE(measure(b.done(), with(indicator), {}));
}

TEST(Measure, QuantitiesConvertByRangesOfTheirOwnDrug) {
    auto catalogue = small_catalogue();
    const auto tablet = model::conversion(catalogue, "tablet", "kg", "mdma");
    ASSERT_TRUE(tablet);
    EXPECT_NEAR(tablet->low, 0.05e-3, 1e-12);
    EXPECT_NEAR(tablet->high, 0.2e-3, 1e-12);
    EXPECT_FALSE(model::conversion(catalogue, "tablet", "kg", "heroin"));
    EXPECT_NEAR(model::conversion(catalogue, "kg", "g", "")->low, 1000, 1e-9);

    const auto quantity = [&](const std::string& unit, double amount) {
        SnapshotBuilder b;
        for (int year = 2016; year <= 2020; ++year)
            for (const int day : {10, 300}) {
                auto o = SnapshotBuilder::yearly("seizure.mdma", "AL", year, amount);
                o.period = {core::Day{core::year_interval(year).begin.number + day}, core::Day{core::year_interval(year).begin.number + day + 1}};
                o.unit = unit, o.nature = model::Nature::seizure;
                b.add(o);
            }
        auto indicator = small_indicator("quantity");
        indicator.whats = {"seizure.mdma"}, indicator.unit = "kg";
        catalogue.indicators = {indicator};
        const Measured m = run(b, catalogue);
        const Figure* f = figure(m, "theft.quantity", "AL");
        return f == nullptr ? Figure{} : *f;
    };
    const Figure weighed = quantity("kg", 5), counted = quantity("tablet", 50000), unknown = quantity("box", 3);
    EXPECT_NEAR(weighed.value.q50, 10, 1);
    EXPECT_EQ(point(weighed, "2018"), 10);
    EXPECT_GT(counted.value.sd / counted.value.mean, weighed.value.sd / weighed.value.mean);
    EXPECT_NEAR(counted.series.back().low, 5, 1e-9);
    EXPECT_NEAR(counted.series.back().high, 20, 1e-9);
    EXPECT_TRUE(unknown.id.empty());   // no conversion is no guess
}

TEST(Measure, DarkFigureMovesTheValueAndWidensTheScore) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) b.year("theft", "AL", year, 1000);
    auto catalogue = with(small_indicator("rate"));
    const Measured plain = run(b, catalogue);
    catalogue.threats[0].dark_figure_low = 2, catalogue.threats[0].dark_figure_high = 8;
    const Measured dark = run(b, catalogue);
    EXPECT_NEAR(dark.figures[0].value.q50 / plain.figures[0].value.q50, 4, 0.3);
    EXPECT_GT(dark.figures[0].score.sd, 1.5 * plain.figures[0].score.sd);
    EXPECT_NEAR(dark.figures[0].score.q50, plain.figures[0].score.q50, 3);
    catalogue.threats[0].dark_figure_high = catalogue.threats[0].dark_figure_low = 1;
    catalogue.indicators[0].speaks_for_low = 0.1, catalogue.indicators[0].speaks_for_high = 0.5;
    EXPECT_LT(run(b, catalogue).figures[0].score.q95, plain.figures[0].score.q05);
}

// Names and order of rows are not evidence.
TEST(Measure, RelabellingAndReorderingChangeNothingThatMatters) {
    SnapshotBuilder forward, backward;
    for (int year = 2010; year <= 2020; ++year) forward.year("theft", "AL", year, 900 + 17 * (year % 4)).year("theft", "BA", year, 5000);
    for (int year = 2020; year >= 2010; --year) backward.year("theft", "BA", year, 900 + 17 * (year % 4)).year("theft", "AL", year, 5000);
    const auto catalogue = with(small_indicator("rate"));
    const Measured a = run(forward, catalogue), b = run(backward, catalogue);
    const Figure *al = figure(a, "theft.rate", "AL"), *ba = figure(b, "theft.rate", "BA");
    EXPECT_NEAR(al->value.mean, ba->value.mean, 0.1);
    EXPECT_NEAR(al->score.mean, ba->score.mean, 0.5);
}

TEST(Measure, SameOnOneThreadAndOnMany) {
    SnapshotBuilder b;
    for (int year = 2010; year <= 2020; ++year) b.year("theft", "AL", year, 900 + 17 * (year % 4)).year("theft", "BA", year, 5000);
    auto catalogue = with(small_indicator("rate"));
    catalogue.indicators.push_back(small_indicator("trend"));
    core::set_threads(1);
    const Measured one = run(b, catalogue);
    core::set_threads(4);
    const Measured many = run(b, catalogue);
    core::set_threads(0);
    ASSERT_EQ(one.figures.size(), many.figures.size());
    for (std::size_t i = 0; i < one.figures.size(); ++i) {
        EXPECT_EQ(one.figures[i].id, many.figures[i].id);
        EXPECT_EQ(one.figures[i].value.mean, many.figures[i].value.mean);
        EXPECT_EQ(one.figures[i].score.sd, many.figures[i].score.sd);
    }
}

TEST(Measure, LessEvidenceIsWider) {
    SnapshotBuilder full, thin;
    for (int year = 2010; year <= 2020; ++year) {
        full.year("theft", "AL", year, 1000 + 100 * (year % 2)).year("theft", "BA", year, 1);
        if (year == 2020 || year < 2016) thin.year("theft", "AL", year, 1000 + 100 * (year % 2));
        thin.year("theft", "BA", year, 1);
    }
    const auto catalogue = with(small_indicator("rate"));
    const Measured f = run(full, catalogue), t = run(thin, catalogue);
    EXPECT_GT(t.grid.evidence[0].sd, f.grid.evidence[0].sd);
    EXPECT_GT(figure(t, "theft.rate", "AL")->value.sd, 1.5 * figure(f, "theft.rate", "AL")->value.sd);
    EXPECT_LT(figure(t, "theft.rate", "AL")->completeness, 0.5);
}

TEST(Judgements, WordsBecomeIntervalsByTheirRater) {
    SnapshotBuilder b;
    model::Claim claim;
    claim.id = "S01", claim.threat = "property.theft", claim.lens = "state_of_affairs", claim.criterion = "scale", claim.kind = model::ClaimKind::grade;
    claim.value = "high", claim.text = "it is much", claim.scope = "region", claim.organisation = "sepca_2019", claim.evaluation = "4x4:A1", claim.source = "published";
    auto catalogue = small_catalogue();
    catalogue.grades.push_back({"4x4.source", "A", 1, 1, "", ""});
    catalogue.grades.push_back({"4x4.information", "1", 1, 1, "", ""});
    b.claim(claim);
    claim.id = "S02", claim.scope = "ba_rs", claim.evaluation = "4x4:X4", claim.organisation = "ba_rs", b.claim(claim);
    claim.id = "S03", claim.kind = model::ClaimKind::trend, claim.value = "rising", claim.criterion = "trend", b.claim(claim);
    claim.id = "S04", claim.kind = model::ClaimKind::modus_operandi, claim.value = "entry.window", b.claim(claim);
    claim.id = "S05", claim.kind = model::ClaimKind::quantiles, claim.criterion = "scale", claim.q10 = 20, claim.q50 = 40, claim.q90 = 60, claim.evaluation = "4x4:A1", b.claim(claim);
    claim.id = "S06", claim.kind = model::ClaimKind::role, claim.value = "transit", b.claim(claim);
    const Measured m = run(b, catalogue);
    EXPECT_EQ(m.figures.size(), 6U);
    ASSERT_EQ(m.grid.evidence.size(), 5U);
    EXPECT_EQ(m.grid.raters, (std::vector<std::string>{"ba_rs", "sepca_2019"}));
    const Evidence &plain = m.grid.evidence[0], &wide = m.grid.evidence[1];
    EXPECT_TRUE(plain.is_grade);
    EXPECT_EQ(plain.low, 60);
    EXPECT_EQ(plain.high, 100);
    EXPECT_EQ(plain.member, -1);
    EXPECT_EQ(plain.rater, 1);
    EXPECT_EQ(wide.member, 2);
    EXPECT_EQ(wide.low, 40);     // twice as wide, cut at 100
    EXPECT_EQ(m.grid.evidence[2].criterion, 1U);
    EXPECT_NEAR(m.grid.evidence[3].mean, 40, 1e-9);
    EXPECT_NEAR(m.grid.evidence[3].sd, 40 / 2.5631, 1e-9);
    EXPECT_EQ(m.grid.evidence[4].criterion, 2U);   // a role speaks of reach
    EXPECT_EQ(m.trends[0].word, "rising");
    EXPECT_EQ(m.figures[0].rows.at(0).text, "it is much");
}

}  // namespace
}  // namespace threatlas::assess::indicators

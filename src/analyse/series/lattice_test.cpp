#include "analyse/series/lattice.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "store/snapshot_builder_test.hpp"

namespace threatlas::analyse::series::testing {
namespace {

model::Catalogue catalogue() {
    model::Catalogue c;
    for (const char* id : {"AL", "BA", "XX"}) {
        model::Country country;
        country.id = id, country.name = id, country.role = id == std::string("XX") ? "neighbour" : "member_country";
        c.countries.push_back(country);
    }
    c.areas = {{"property", "Property", ""}};
    for (const char* id : {"property.burglary", "property.robbery"}) {
        model::Threat threat;
        threat.id = id, threat.area = "property", threat.title = id;
        c.threats.push_back(threat);
    }
    for (const char* id : {"burglary", "burglary.home", "robbery"}) {
        model::What what;
        what.id = id, what.title = id, what.unit = "count", what.nature = "reported_crime";
        what.threats = {id[0] == 'b' ? "property.burglary" : "property.robbery"};
        c.whats.push_back(what);
    }
    for (const char* id : {"entry.window", "entry.door", "tool.key"}) {
        model::Code code;
        code.id = id, code.group = std::string(id).substr(0, std::string(id).find('.'));
        c.codes.push_back(code);
    }
    return c;
}

model::Observation row(const std::string& what, const std::string& place, const std::string& member, const std::string& day, double count, const std::map<std::string, std::string>& dims = {}) {
    model::Observation o = store::SnapshotBuilder::yearly(what, place, 2020, count, dims);
    o.period = core::parse_interval(day).value();
    o.member = member, o.source = "own";
    o.known_at = {o.period.end.number + 5};
    return o;
}

std::string month(int t) { return std::to_string(2018 + t / 12) + (t % 12 < 9 ? "-0" : "-") + std::to_string(t % 12 + 1); }

// Two members, 30 months, every month ten burglaries by window in AL, four by key in BA, two robberies in BA.
store::Snapshot region(const std::function<bool(int, const std::string&)>& silent = {}) {
    store::SnapshotBuilder b;
    for (int t = 0; t < 30; ++t) {
        if (!silent || !silent(t, "AL")) b.add(row("burglary", "AL", "al_asp", month(t), 10, {{"modus_operandi", "entry.window"}, {"border", "land"}, {"citizenship", "DEU"}}));
        if (silent && silent(t, "BA")) continue;
        b.add(row("burglary", "BA", "ba_fbih", month(t) + "-03", 4, {{"modus_operandi", "tool.key"}, {"border", "sea"}}));
        b.add(row("robbery", "BA", "ba_fbih", month(t), 2));
    }
    auto out = b.done();
    out.as_of = core::parse_day("2021-01-01").value();
    return out;
}

const Series* find(const Lattice& lattice, const std::string& name) {
    for (const Series& each : lattice.series)
        if (text(each.key) == name) return &each;
    return nullptr;
}

TEST(Lattice, AddsUpAtEveryLevelAndKeepsOneOfEqualSeries) {
    const Lattice lattice = build_lattice(region(), catalogue()).value();
    EXPECT_EQ(lattice.periods, 30U);
    EXPECT_EQ(lattice.label(0), "2018-01");
    const auto* area = find(lattice, "source=own|nature=reported_crime|area=property");
    ASSERT_NE(area, nullptr);
    for (const double c : area->counts) EXPECT_EQ(c, 16);
    EXPECT_EQ(area->level, 0);
    EXPECT_TRUE(area->parents.empty());
    const auto* burglary = find(lattice, "source=own|nature=reported_crime|what=burglary");
    ASSERT_NE(burglary, nullptr);
    EXPECT_EQ(burglary->counts[3], 14);
    ASSERT_EQ(burglary->parents.size(), 1U);
    EXPECT_EQ(&lattice.series[burglary->parents[0]], area);
    // Robbery is all of one member, country and place: only the most special of the equal series stays.
    EXPECT_EQ(find(lattice, "source=own|nature=reported_crime|what=robbery"), nullptr);
    EXPECT_NE(find(lattice, "source=own|nature=reported_crime|what=robbery|place=BA|member=ba_fbih"), nullptr);
    EXPECT_NE(find(lattice, "source=own|nature=reported_crime|what=burglary|modus_operandi=entry.window|place=AL|member=al_asp|border=land"), nullptr);
    for (const Series& each : lattice.series) EXPECT_FALSE(each.key.dims.contains("citizenship"));   // persons are no level
}

TEST(Lattice, EverySeriesIsNoMoreThanItsParents) {
    const Lattice lattice = build_lattice(region(), catalogue()).value();
    for (const Series& each : lattice.series)
        for (const std::uint32_t up : each.parents) {
            EXPECT_LT(lattice.series[up].level, each.level);
            for (std::size_t t = 0; t < lattice.periods; ++t) EXPECT_LE(each.counts[t], lattice.series[up].counts[t]);
        }
}

TEST(Lattice, AThreatTakesTheWiderOfTwoNestedCodes) {
    store::SnapshotBuilder b;
    for (int t = 0; t < 12; ++t) b.add(row("burglary", "AL", "", month(t), 10)), b.add(row("burglary.home", "AL", "", month(t), 6)), b.add(row("robbery", "AL", "", month(t), 1));
    const Lattice lattice = build_lattice(b.done(), catalogue()).value();
    const auto* area = find(lattice, "source=own|nature=reported_crime|area=property|place=AL");
    ASSERT_NE(area, nullptr);
    EXPECT_EQ(area->counts[0], 11);
}

TEST(Lattice, ASilenceOfWhoReportsMuchIsMissingOfWhoReportsLittleZero) {
    const auto snapshot = region([](int t, const std::string& place) { return place == "AL" && t >= 10 && t < 16; });
    const Lattice lattice = build_lattice(snapshot, catalogue()).value();
    const auto* al = find(lattice, "source=own|nature=reported_crime|what=burglary|modus_operandi=entry.window|place=AL|member=al_asp|border=land");
    ASSERT_NE(al, nullptr);
    EXPECT_EQ(al->counts[9], 10);
    for (std::size_t t = 10; t < 16; ++t) EXPECT_TRUE(std::isnan(al->counts[t]));
    EXPECT_TRUE(std::isnan(find(lattice, "source=own|nature=reported_crime|what=burglary")->counts[12]));   // the sum lacks most of it
    ASSERT_EQ(lattice.notes.size(), 1U);
    EXPECT_EQ(lattice.notes[0], "own, al_asp, AL: nothing from 2018-11 to 2019-04, taken as not reported");

    store::SnapshotBuilder rare;
    for (int t = 0; t < 30; ++t) {
        if (t % 3 != 1) rare.add(row("robbery", "AL", "", month(t), 1));
    }
    const Lattice zeros = build_lattice(rare.done(), catalogue()).value();
    EXPECT_EQ(zeros.series.at(0).counts[1], 0);
    EXPECT_TRUE(zeros.notes.empty());
}

TEST(Lattice, WithheldIsMissingCensoredIsTheMiddleAndLongPeriodsAreLeftOut) {
    store::SnapshotBuilder b;
    for (int t = 0; t < 12; ++t) {
        auto o = row("robbery", "AL", "", month(t), 8);
        if (t == 3) o.state = model::State::withheld;
        if (t == 4) o.state = model::State::censored, o.value = 1, o.upper = 4;
        b.add(o);
    }
    b.add(row("robbery", "AL", "", "2018", 900));
    const Lattice lattice = build_lattice(b.done(), catalogue()).value();
    ASSERT_EQ(lattice.series.size(), 1U);
    EXPECT_TRUE(std::isnan(lattice.series[0].counts[3]));
    EXPECT_EQ(lattice.series[0].counts[4], 2.5);
    EXPECT_EQ(lattice.series[0].counts[5], 8);
}

TEST(Lattice, LateReportsAreToldFromDelaysSeenBefore) {
    store::SnapshotBuilder b;
    // Each month's twelve cases: half known within 10 days of its end, the others within 50.
    const core::Day as_of = core::parse_day("2020-07-15").value();
    for (int t = 0; t < 30; ++t)
        for (int k = 0; k < 12; ++k) {
            auto o = row("robbery", "AL", "al_asp", month(t) + "-" + (k < 9 ? "0" : "") + std::to_string(k + 1), 1);
            o.known_at = {core::parse_interval(month(t)).value().end.number + (k < 6 ? 10 : 50)};
            if (o.known_at <= as_of) b.add(o);
        }
    auto snapshot = b.done();
    snapshot.as_of = as_of;
    const Lattice lattice = build_lattice(snapshot, catalogue()).value();
    ASSERT_EQ(lattice.series.size(), 1U);
    const auto& share = lattice.series[0].completeness;
    ASSERT_EQ(share.size(), 30U);
    EXPECT_NEAR(share[29], 0.5, 0.01);   // June, 15 days after its end
    EXPECT_NEAR(share[28], 0.5, 0.01);   // May, 45 days after
    EXPECT_EQ(share[27], 1);
}

TEST(Lattice, WeeksAndMonthsHaveTheirNamesAndDays) {
    EXPECT_EQ(label(Step::week, period_of(Step::week, core::parse_day("2020-12-31").value())), "2020-W53");
    EXPECT_EQ(label(Step::week, period_of(Step::week, core::parse_day("2021-01-03").value())), "2020-W53");
    EXPECT_EQ(label(Step::week, period_of(Step::week, core::parse_day("2021-01-04").value())), "2021-W01");
    EXPECT_EQ(label(Step::month, period_of(Step::month, core::parse_day("1969-12-31").value())), "1969-12");
    for (const char* week : {"2019-W01", "2024-W07", "2026-W53"}) {
        const core::Interval days = core::parse_interval(week).value();
        EXPECT_EQ(interval_of(Step::week, period_of(Step::week, days.begin)), days);
        EXPECT_EQ(label(Step::week, period_of(Step::week, days.begin)), week);
    }
}

TEST(Lattice, TheRowsOfASeriesAreThoseItCounts) {
    const auto snapshot = region();
    const auto rows = rows_of(snapshot, catalogue(), {Key{.what = "burglary", .threat = {}, .area = {}, .modus_operandi = "entry.*", .place = {}, .member = {}, .dims = {}, .source = "own", .nature = "reported_crime"}},
                              core::parse_interval("2018-02").value(), Step::month);
    ASSERT_EQ(rows.size(), 1U);
    ASSERT_EQ(rows[0].size(), 1U);
    EXPECT_EQ(snapshot.at(rows[0][0]).place, "AL");
}

TEST(Lattice, BadInput) {
    EXPECT_EQ(build_lattice(store::SnapshotBuilder().done(), catalogue()).error().code, core::ErrorCode::not_enough_data);
    EXPECT_EQ(build_lattice(region(), catalogue(), {.fewest = 0}).error().code, core::ErrorCode::bad_usage);
}

}  // namespace
}  // namespace threatlas::analyse::series::testing

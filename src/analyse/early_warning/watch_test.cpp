#include "analyse/early_warning/watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analyse/early_warning/follow_up.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "model/json_codec.hpp"
#include "store/snapshot_builder_test.hpp"

namespace threatlas::analyse::early_warning::testing {
namespace {

model::Catalogue catalogue() {
    model::Catalogue c;
    for (const char* id : {"AL", "BA", "RS"}) {
        model::Country country;
        country.id = country.name = id, country.role = "member_country";
        c.countries.push_back(country);
    }
    c.members = {{"al_asp", "Albania", "", "AL"}, {"ba_fbih", "Federation", "", "BA"}, {"rs_mup", "Serbia", "", "RS"}};
    c.areas = {{"property", "Property", ""}};
    model::Threat threat;
    threat.id = "property.theft", threat.area = "property", threat.title = "Theft";
    c.threats = {threat};
    model::What what;
    what.id = "theft", what.title = "Thefts", what.threats = {"property.theft"};
    c.whats = {what};
    for (const char* id : {"entry.window", "entry.door", "tool.relay"}) {
        model::Code code;
        code.id = code.title = id, code.group = std::string(id).substr(0, std::string(id).find('.'));
        c.codes.push_back(code);
    }
    return c;
}

struct Row {
    int month;
    std::string member, code;
    double count;
};

store::Snapshot region(const std::vector<Row>& rows) {
    store::SnapshotBuilder b;
    for (const Row& row : rows) {
        model::Observation o = store::SnapshotBuilder::yearly("theft", row.member.substr(0, 2) == "al" ? "AL" : row.member.substr(0, 2) == "ba" ? "BA" : "RS", 2015, row.count, {{"modus_operandi", row.code}});
        o.period = core::month_interval(2015 + row.month / 12, row.month % 12 + 1).value();
        o.member = row.member, o.handling = row.member == "rs_mup" ? "TLP:AMBER" : "TLP:GREEN";
        o.known_at = o.period.end;
        b.add(o);
    }
    auto out = b.done();
    out.as_of = core::parse_day("2030-01-01").value();
    return out;
}

// Five years of three members and two ways in, Poisson noise; `extra` is added to Serbia's windows in the last month.
std::vector<Row> quiet(std::uint64_t seed, double extra = 0, int months = 60) {
    std::vector<Row> rows;
    core::Random random(seed, 1);
    for (int t = 0; t < months; ++t)
        for (const char* member : {"al_asp", "ba_fbih", "rs_mup"})
            for (const char* code : {"entry.window", "entry.door"}) {
                const bool here = std::string(member) == "rs_mup" && std::string(code) == "entry.window" && t == months - 1;
                rows.push_back({t, member, code, static_cast<double>(random.poisson(10)) + (here ? extra : 0)});
            }
    return rows;
}

Watched look(const std::vector<Row>& rows, double per_week = 0.05) {
    WatchOptions options;
    options.false_per_week = per_week;
    core::NoProgress quiet_progress;
    return watch(region(rows), catalogue(), options, quiet_progress).value();
}

TEST(Watch, APlantedRiseIsOneSignalAtTheLevelThatExplainsIt) {
    const Watched watched = look(quiet(1, 40));
    ASSERT_EQ(watched.signals.size(), 1U);
    const Signal& s = watched.signals[0];
    EXPECT_EQ(s.kind, "rise");
    EXPECT_EQ(s.modus_operandi, "entry.window");
    EXPECT_EQ(s.member, "rs_mup");
    EXPECT_EQ(s.period, "2019-12");
    EXPECT_EQ(s.began, "2019-12");
    EXPECT_EQ(s.threats, std::vector<std::string>{"property.theft"});
    EXPECT_EQ(s.handling, "TLP:AMBER");              // of its rows alone
    EXPECT_GE(s.seen, 40);
    EXPECT_NEAR(s.expected, 10, 3);
    EXPECT_LT(s.p, s.threshold);
    EXPECT_FALSE(s.also_at.empty());
    EXPECT_EQ(s.row_count, 1U);
    EXPECT_EQ(s.rows.size(), 1U);
    EXPECT_FALSE(s.would_be_false.empty());
    EXPECT_EQ(s.points.size(), 60U);
    EXPECT_EQ(s.points.back().value, s.seen);
    EXPECT_GE(s.q, s.p);
}

TEST(Watch, FalseSignalsOfQuietRegionsAreWithinTheBudget) {
    double found = 0, allowed = 0, wanted = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        const Watched watched = look(quiet(seed), 0.1);
        found += static_cast<double>(watched.signals.size());
        allowed += watched.expected_false, wanted += watched.budget;
    }
    EXPECT_LE(found, allowed + 3 * std::sqrt(allowed));
    EXPECT_LE(allowed, wanted);
}

TEST(Watch, AWayOfWorkingKnownInOneMemberAppearsInAnother) {
    auto rows = quiet(3);
    for (int t = 0; t < 60; ++t) rows.push_back({t, "al_asp", "tool.relay", 3});
    rows.push_back({59, "rs_mup", "tool.relay", 6});
    const Watched watched = look(rows);
    const auto spread = std::find_if(watched.signals.begin(), watched.signals.end(), [](const Signal& s) { return s.kind == "spread"; });
    ASSERT_NE(spread, watched.signals.end());
    EXPECT_TRUE(spread->modus_operandi.find("tool.relay") != std::string::npos);
    EXPECT_TRUE(spread->member == "rs_mup" || spread->place == "RS");
    EXPECT_EQ(spread->row_count, 1U);
    EXPECT_EQ(spread->began, "2019-12");
    EXPECT_TRUE(std::any_of(spread->would_be_false.begin(), spread->would_be_false.end(), [](const auto& each) { return each.find("known to al_asp") != std::string::npos; }));

    auto never = quiet(3);
    never.push_back({59, "rs_mup", "tool.relay", 8});
    const Watched second = look(never);
    EXPECT_TRUE(std::any_of(second.signals.begin(), second.signals.end(), [](const Signal& s) { return s.kind == "new"; }));
}

TEST(Watch, AFallAndASlowDriftAreTold) {
    auto fallen = quiet(4);
    for (Row& row : fallen)
        if (row.month == 59 && row.member == "al_asp") row.count = 0;
    const Watched watched = look(fallen, 0.5);
    ASSERT_FALSE(watched.signals.empty());
    EXPECT_EQ(watched.signals[0].kind, "fall");
    EXPECT_EQ(watched.signals[0].member, "al_asp");

    auto rising = quiet(5);
    for (Row& row : rising)
        if (row.month >= 48 && row.member == "ba_fbih") row.count = std::round(row.count * (1 + 0.06 * (row.month - 47)));
    const Watched drifted = look(rising, 0.5);
    EXPECT_TRUE(std::any_of(drifted.signals.begin(), drifted.signals.end(), [](const Signal& s) { return (s.kind == "drift" || s.kind == "rise") && s.place == "BA"; }));
}

TEST(Watch, ALevelThatChangedIsDated) {
    auto risen = quiet(7);
    for (Row& row : risen)
        if (row.month >= 56 && row.member == "al_asp") row.count *= 3;
    const Watched watched = look(risen, 0.5);
    ASSERT_FALSE(watched.signals.empty());
    EXPECT_EQ(watched.signals[0].changed, std::vector<std::string>{"2019-09"});
    EXPECT_EQ(watched.signals[0].began, "2019-09");
}

TEST(Watch, IsTheSameOnAnyNumberOfThreads) {
    auto rows = quiet(1, 40);
    const std::string one = (core::set_threads(1), core::write_json(model::to_json(look(rows))));
    const std::string four = (core::set_threads(4), core::write_json(model::to_json(look(rows))));
    core::set_threads(0);
    EXPECT_EQ(one, four);
}

TEST(Watch, SettledWeeksAreJudgedTogetherAsTheyAreOneByOne) {
    store::SnapshotBuilder b;
    core::Random random(6, 1);
    const std::int32_t first = series::period_of(series::Step::week, core::parse_day("2015-01-05").value());
    std::vector<double> counts;
    for (int t = 0; t < 300; ++t) {
        model::Observation o = store::SnapshotBuilder::yearly("theft", "AL", 2015, static_cast<double>(random.poisson(t == 299 ? 40 : 12)));
        o.period = series::interval_of(series::Step::week, first + t), o.known_at = o.period.end, o.member = "al_asp";
        counts.push_back(o.value), b.add(o);
    }
    auto snapshot = b.done();
    snapshot.as_of = core::parse_day("2030-01-01").value();
    WatchOptions options;
    options.step = series::Step::week;
    core::NoProgress progress;
    const auto watched = watch(snapshot, catalogue(), options, progress).value();
    ASSERT_EQ(watched.signals.size(), 1U);
    EXPECT_EQ(watched.signals[0].detector, "farrington");
    const auto alone = judge(counts, {}, 52).value();
    EXPECT_EQ(alone.detector, "farrington");
    EXPECT_NEAR(watched.signals[0].p / alone.p_rise, 1, 1e-6);
    EXPECT_NEAR(watched.signals[0].expected, alone.expected, 1e-6 * alone.expected);
}

TEST(Watch, WithoutCountsThereIsNothingToWatch) {
    core::NoProgress progress;
    EXPECT_EQ(watch(store::SnapshotBuilder().done(), catalogue(), {}, progress).error().code, core::ErrorCode::not_enough_data);
    const Watched young = look(quiet(1, 0, 2));
    EXPECT_TRUE(young.signals.empty());
    EXPECT_EQ(young.held, young.series);
}

TEST(FollowUp, ASignalThatGoesOnIsAddedToTheOneBefore) {
    std::vector<Followed> known;
    const Signal first = look(quiet(1, 40)).signals.at(0);
    EXPECT_EQ(arrive(known, first), Arrival::fresh);
    EXPECT_EQ(arrive(known, first), Arrival::known);
    Signal later = first;
    later.id = "S-later", later.period = "2020-02";
    EXPECT_EQ(arrive(known, later), Arrival::again);
    EXPECT_EQ(known.at(0).last_period(), "2020-02");
    EXPECT_EQ(arrive(known, later), Arrival::known);
    Signal wider = first;
    wider.id = "S-wider", wider.period = "2020-03", wider.series = first.also_at.at(0).series;
    EXPECT_EQ(arrive(known, wider), Arrival::again);          // told along with it
    Signal much_later = first;
    much_later.id = "S-much", much_later.period = "2020-07";
    EXPECT_EQ(arrive(known, much_later), Arrival::fresh);
    Signal down = first;
    down.id = "S-down", down.period = "2020-08", down.kind = "fall";
    EXPECT_EQ(arrive(known, down), Arrival::fresh);
}

TEST(FollowUp, OutcomesMeasureTheDetector) {
    std::vector<Followed> all(6);
    for (std::size_t i = 0; i < 5; ++i) {
        all[i].state = "closed";
        all[i].signal.as_of = core::parse_day("2015-01-01").value();
        SignalStep step;
        step.action = "closed", step.outcome = i < 3 ? "true" : i == 3 ? "false" : "undecided";
        if (i < 2) step.known_on = i == 0 ? "2015-01-11" : "2015-01-31";
        all[i].steps = {step};
    }
    all[5].state = "assessed";
    const Outcomes o = outcomes(all);
    EXPECT_EQ(o.open, 1U);
    EXPECT_EQ(o.closed_true, 3U);
    EXPECT_EQ(o.closed_false, 1U);
    EXPECT_EQ(o.undecided, 1U);
    EXPECT_EQ(o.ppv, 0.75);
    EXPECT_LT(o.ppv_low, 0.45);
    EXPECT_EQ(o.with_lead, 2U);
    EXPECT_EQ(o.lead_days, 20);
}

TEST(Novelties, LogOddsAndInformationAreAsPublished) {
    const LogOdds odds = log_odds(20, 100, 30, 600, 1, 10);
    EXPECT_NEAR(odds.delta, std::log(21.0 / 89) - std::log(31.0 / 579), 1e-12);
    EXPECT_NEAR(odds.z, odds.delta / std::sqrt(1.0 / 21 + 1.0 / 31), 1e-12);
    const InformationComponent ic = information_component(10, 2);
    EXPECT_NEAR(ic.value, std::log2(10.5 / 2.5), 1e-12);
    EXPECT_NEAR(ic.lower, 1.04, 0.01);   // gamma quantile 5.141 of shape 10.5, over 2.5
    EXPECT_LT(information_component(1, 1).lower, 0);
}

}  // namespace
}  // namespace threatlas::analyse::early_warning::testing

#include "assess/results.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assess/assess.hpp"
#include "assess/diff.hpp"
#include "assess/simulate.hpp"
#include "core/json.hpp"

namespace threatlas::assess {
namespace {

// A small region carried through the steps of assess() without rows: catalogue, grid and run by hand.
struct World {
    model::Catalogue catalogue;
    store::Snapshot snapshot;
    Options options;
    Measured measured;

    explicit World(double coverage = 0.7, std::uint64_t seed = 3) {
        RegionOptions o;
        o.threats = 8;
        o.criteria = 4;
        o.members = 3;
        o.areas = 2;
        o.coverage = coverage;
        o.seed = seed;
        measured.grid = synthetic_region(o).grid;
        for (std::size_t t = 0; t < 8; ++t) {
            catalogue.threats.push_back({});
            catalogue.threats.back().id = "t" + std::to_string(t);
            catalogue.threats.back().title = "Threat " + std::to_string(t);
        }
        for (const char* id : {"a", "b", "c", "d"}) {
            catalogue.criteria.push_back({});
            catalogue.criteria.back().id = id;
            catalogue.criteria.back().component = "threat";
            catalogue.criteria.back().weight = 0.25;
        }
        for (std::size_t m = 0; m < 3; ++m) catalogue.members.push_back({measured.grid.raters[m], "", "", m == 2 ? "B" : "A"});
        catalogue.lenses.push_back({"state_of_affairs", "State of affairs", "How is it?"});
        catalogue.profiles.push_back({"flat", "Flat", "additive", "", {}, 40, ""});
        options.draws = 2000;
    }
    Run run() const {
        Run r{snapshot, catalogue, options, measured, {}, {}, {}, {}, {}, {}, {}, {}, {}};
        r.centres = choose_weights(catalogue);
        r.weights = mean_weights(r.centres);
        const auto draws = static_cast<std::size_t>(options.draws);
        r.posterior = ranking::fit(measured.grid, {.seed = 1, .burn_in = 60, .kept = 100});
        r.rests = ranking::rests_on(measured.grid, r.posterior.spread);
        r.draw_weights = ranking::draw_weights(r.centres, draws, 1);
        r.cells = ranking::cell_draws(r.posterior, draws, ranking::Unknown::predicted);
        r.scores = ranking::score_draws(r.cells, r.draw_weights, 8, 4);
        r.smaa = ranking::analyse(r.scores, r.cells, r.draw_weights, 4);
        r.cell_mean.assign(32, 0);
        for (std::size_t i = 0; i < draws; ++i)
            for (std::size_t k = 0; k < 32; ++k) r.cell_mean[k] += static_cast<double>(r.cells[i * 32 + k]) / static_cast<double>(draws);
        return r;
    }
};
Assessment assessment(const Run& run) {
    Assessment out;
    out.manifest = manifest(run);
    out.ranking = threat_results(run);
    return out;
}

TEST(Results, AreOrderedRanksWithSharesThatAddUp) {
    World world;
    const auto run = world.run();
    auto ranking = threat_results(run);
    add_bounds(run, ranking);
    ASSERT_EQ(ranking.size(), 8U);
    double last = 0, attribution = 0;
    for (std::size_t r = 0; r < ranking.size(); ++r) {
        const ThreatResult& t = ranking[r];
        EXPECT_EQ(t.rank, static_cast<int>(r + 1));
        EXPECT_GE(t.expected_rank, last);
        last = t.expected_rank;
        EXPECT_NEAR(t.measured + t.judged + t.imputed, 1, 1e-9);
        EXPECT_LE(t.rank_low, t.rank_high);
        EXPECT_LE(t.full_range_low, t.rank_low);
        EXPECT_GE(t.full_range_high, t.rank_high);
        EXPECT_LE(t.full_range_high - t.full_range_low + 1, 8);
        EXPECT_EQ(t.graver_than.size(), 7U);
        for (const ThreatResult& other : ranking)
            if (other.threat != t.threat) { EXPECT_NEAR(t.graver_than.at(other.threat) + other.graver_than.at(t.threat), 1, 1e-6); }
        double sum = 0;
        for (const double p : t.acceptability) sum += p;
        EXPECT_NEAR(sum, 1, 1e-9);
        for (const CriterionResult& c : t.criteria) attribution += c.attribution;
        ASSERT_EQ(t.lenses.size(), 1U);
        EXPECT_FALSE(t.lenses[0].assessed);
        EXPECT_FALSE(t.lenses[0].would_help.empty());
    }
    EXPECT_NEAR(attribution, 0, 1e-6);
    EXPECT_EQ(ranking[0].band, 1);
}

// Consensus of members: their own weights make the ranking, none of them averaged away.
TEST(Results, MembersOwnWeightsTakeTheirShareOfTheDraws) {
    World world;
    world.catalogue.profiles.push_back({"of_a", "A's own", "additive", "", {{"a", 0.7}, {"b", 0.1}, {"c", 0.1}, {"d", 0.1}}, 400, "r0"});
    world.catalogue.profiles.push_back({"of_b", "B's own", "additive", "", {{"a", 0.1}, {"b", 0.1}, {"c", 0.1}, {"d", 0.7}}, 400, "r1"});
    const auto run = world.run();
    ASSERT_EQ(run.centres.size(), 2u);
    EXPECT_NEAR(run.weights[0], 0.4, 1e-12);
    EXPECT_NEAR(run.weights[3], 0.4, 1e-12);
    std::size_t on_a = 0, on_d = 0;
    for (std::size_t i = 0; i < 2000; ++i) on_a += run.draw_weights[i * 4] > 0.5F, on_d += run.draw_weights[i * 4 + 3] > 0.5F;
    EXPECT_EQ(on_a + on_d, 2000u);
    EXPECT_NEAR(static_cast<double>(on_a), 1000, 120);
}

TEST(Results, FlagCountryFiguresOnlyWhereTwoMembersShareACountry) {
    World world;
    const auto members = member_results(world.run());
    ASSERT_EQ(members.size(), 3U);
    EXPECT_TRUE(members[0].country_figures);
    EXPECT_TRUE(members[1].country_figures);
    EXPECT_FALSE(members[2].country_figures);
    for (const MemberResult& m : members) ASSERT_EQ(m.ranking.size(), 8U);
}

TEST(Results, MeasuredOnlyLeavesOutThreatsThatAreOnlyJudged) {
    World world;
    std::erase_if(world.measured.grid.evidence, [](const Evidence& e) { return e.threat == 2 && e.basis == Basis::measured; });
    const auto run = world.run();
    auto ranking = threat_results(run);
    add_bounds(run, ranking);
    for (const ThreatResult& t : ranking) EXPECT_EQ(t.rank_measured_only == 0, t.threat == "t2") << t.threat;
}

TEST(Results, GapsAreTheCellsNobodyKnows) {
    World world(0.4);
    const auto run = world.run();
    const auto found = gaps(run);
    EXPECT_EQ(found.size(), 32 - ranking::lay_out(world.measured.grid).cells.size());
    for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i - 1].information, found[i].information);
}

TEST(Assumptions, MoveRanksOnlyWhereEvidenceRestsOnThem) {
    World world(0.7);
    const auto run = world.run();
    const auto list = assumptions(run);
    const auto find = [&](const std::string& id) { return std::find_if(list.begin(), list.end(), [&](const Assumption& a) { return a.id == id; }); };
    ASSERT_NE(find("kappa"), list.end());
    ASSERT_NE(find("silence"), list.end());
    EXPECT_GT(find("silence")->largest_rank_move, 0.1);
    EXPECT_NE(find("severity.member_1"), list.end());
    for (std::size_t i = 1; i < list.size(); ++i) EXPECT_GE(list[i - 1].largest_rank_move, list[i].largest_rank_move);
    // Without grades nothing rests on a rater.
    World hard(0.7);
    std::erase_if(hard.measured.grid.evidence, [](const Evidence& e) { return e.is_grade; });
    for (const Assumption& a : assumptions(hard.run())) EXPECT_FALSE(a.id.starts_with("severity")) << a.id;
}

TEST(Assumptions, MoveTheThreatWhoseDarkFigureItIs) {
    World world(0);
    model::Indicator indicator;
    indicator.id = "i";
    indicator.measure = "rate";
    indicator.criterion = "a";
    indicator.threat = "t5";
    indicator.anchors = {1, 10, 100, 1000, 10000};
    world.catalogue.indicators.push_back(indicator);
    world.catalogue.threats[5].dark_figure_low = 1;
    world.catalogue.threats[5].dark_figure_high = 100;
    for (std::size_t t = 0; t < 8; ++t) {
        Figure f;
        f.id = "F-" + std::to_string(t);
        f.indicator = "i";
        f.value.q05 = f.value.q25 = f.value.q50 = f.value.q75 = f.value.q95 = 1000;
        world.measured.figures.push_back(f);
        Evidence e;
        e.threat = t;
        e.mean = 50;
        e.sd = 3;
        e.figure = f.id;
        world.measured.grid.evidence.push_back(e);
    }
    const auto list = assumptions(world.run());
    const auto found = std::find_if(list.begin(), list.end(), [](const Assumption& a) { return a.id == "dark_figure.t5"; });
    ASSERT_NE(found, list.end());
    EXPECT_EQ(found->moved_threat, "t5");
    EXPECT_GT(found->largest_rank_move, 1);
}

TEST(Change, AddsUpExactlyAndNamesItsCause) {
    World before(0.8, 3), after(0.8, 3);
    after.measured.grid.evidence[0].mean += 30;
    after.measured.grid.evidence[0].low = 0, after.measured.grid.evidence[0].high = 100;
    const auto run0 = before.run(), run1 = after.run();
    const Assessment a = assessment(run0), b = assessment(run1);
    for (const ThreatChange& c : compare(a, b).threats) {
        EXPECT_NEAR(c.data + c.method + c.weights, c.score_after - c.score_before, 1e-9);
        EXPECT_DOUBLE_EQ(c.method, 0);
        EXPECT_NEAR(c.weights, 0, 1e-6);
    }
    for (const ThreatChange& c : compare(a, a).threats) EXPECT_NEAR(std::abs(c.data) + std::abs(c.weights), 0, 1e-9);
    // Other weights, same data: nothing may be laid at the door of the data but noise of the draws.
    World tilted(0.8, 3);
    tilted.catalogue.criteria[0].weight = 0.55;
    for (std::size_t c = 1; c < 4; ++c) tilted.catalogue.criteria[c].weight = 0.15;
    const Assessment t = assessment(tilted.run());
    double moved = 0;
    for (const ThreatChange& c : compare(a, t).threats) {
        EXPECT_NEAR(c.data, 0, 0.3);
        moved += std::abs(c.weights);
    }
    EXPECT_GT(moved, 4);
    EXPECT_NEAR(weights_of(t).at("a"), 0.55, 1e-6);
}

TEST(Change, SameEvidenceReadOtherwiseIsMethod) {
    World world(0.8, 3);
    const auto run = world.run();
    Assessment old = assessment(run), now = assessment(run);
    for (ThreatResult& t : old.ranking) t.score.mean += 5;
    const auto points = [&] { return compare(old, now).threats.front(); };
    EXPECT_NEAR(points().data, -5, 1e-9);   // nothing says that the reading differs
    for (int what = 0; what < 3; ++what) {
        old.manifest = now.manifest;
        if (what == 0) old.manifest.catalogue_hash = "another";
        if (what == 1) old.manifest.seed += 1;
        if (what == 2) old.manifest.draws += 1;
        EXPECT_NEAR(points().data, 0, 1e-9) << what;
        EXPECT_NEAR(points().method, -5, 1e-9) << what;
        add_change(old, run, now);
        EXPECT_NEAR(now.ranking.front().moved_by_method, -5, 1e-9) << what;
    }
}

TEST(Change, TellsMethodFromDataWhenTheMethodDiffers) {
    World world(0.8, 3);
    const auto run = world.run();
    Assessment old = assessment(run), now = assessment(run);
    old.manifest.method = "another";
    for (ThreatResult& t : old.ranking) t.score.mean += 5;
    add_change(old, run, now);
    for (const ThreatResult& t : now.ranking) {
        EXPECT_GT(t.previous_rank, 0);
        EXPECT_NEAR(t.moved_by_data + t.moved_by_method + t.moved_by_weights, -5, 1e-9);
    }
    EXPECT_FALSE(compare(old, now).notes.empty());
}

TEST(AssessmentJson, ComesBackTheSame) {
    World world;
    const auto run = world.run();
    Assessment a = assessment(run);
    a.members = member_results(run);
    a.gaps = gaps(run);
    add_concordance(run, a);
    a.figures.resize(2);
    a.figures[0].id = "F-1234567890";
    a.figures[1].id = "F-1299999999";
    a.figures[0].value = {1e7 / 3, 123456789012.0, -2e-7 / 3, 0.1, 1.0 / 3, 0, 1e15 / 3};
    round_numbers(a);
    EXPECT_DOUBLE_EQ(a.figures[0].value.q50, 0.333333333);
    EXPECT_DOUBLE_EQ(a.figures[0].value.sd, 123456789000.0);
    const std::string text = to_json_text(a);
    const auto back = from_json_text(text, "a.json");
    ASSERT_TRUE(back) << core::describe(back.error());
    EXPECT_EQ(to_json_text(*back), text);
    EXPECT_EQ(back->figure("F-1234567890")->id, "F-1234567890");
    EXPECT_EQ(back->figure("F-123")->id, "F-1234567890");
    EXPECT_EQ(back->figure("F-12"), nullptr);   // names two
    EXPECT_EQ(back->figure(""), nullptr);
    const auto cut = from_json_text(text.substr(0, text.size() / 2), "cut.json");
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().where.source, "cut.json");
    EXPECT_FALSE(from_json_text("{\"surprise\": 1}", "x"));
}

}  // namespace
}  // namespace threatlas::assess

#include "work/workbench.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "assess/assess.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "store/test_folder.hpp"
#include "work/draws_file.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using store::testing::Folder;

template <class T>
T must(core::Result<T> result) {
    if (!result) throw std::runtime_error(core::describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// Three threats, two criteria: 'a' is graver on the first, 'b' on the second, 'c' on neither.
assess::ranking::Posterior posterior() {
    assess::ranking::Posterior p;
    p.draws = 50, p.threats = 3, p.criteria = 2;
    for (std::size_t d = 0; d < p.draws; ++d) {
        const auto jitter = static_cast<float>(d % 7);
        for (const float x : {80.0F, 20.0F, 20.0F, 80.0F, 30.0F, 30.0F}) p.base.push_back(x + jitter), p.unit.push_back(0);
        p.gap_sd.push_back(1);
    }
    p.known_share.assign(6, 1);
    return p;
}

model::Catalogue catalogue() {
    model::Catalogue c;
    for (const char* id : {"a", "b", "c"}) {
        model::Threat t;
        t.id = id, t.title = std::string("Threat ") + id;
        c.threats.push_back(t);
    }
    for (const char* id : {"scale", "harm"}) {
        model::Criterion k;
        k.id = id, k.weight = 0.5;
        c.criteria.push_back(k);
    }
    for (const char* id : {"rs_mup", "me_up", "bg_mvr"}) c.members.push_back({id, id, id, "RS"});
    return c;
}

Bench small_bench() {
    Bench b;
    b.assessment = "A-1", b.threats = {"a", "b", "c"}, b.titles = {"A", "B", "C"}, b.criteria = {"scale", "harm"}, b.draws = 1000, b.seed = 7;
    b.cells = assess::ranking::cell_draws(posterior(), b.draws, assess::ranking::Unknown::predicted);
    b.weights = {{"scale", 0.5}, {"harm", 0.5}};
    return b;
}

MemberWeights of(const std::string& member, double scale) { return {member, {{"scale", scale}, {"harm", 1 - scale}}, 400, "", "", ""}; }
model::Reader person(const std::string& organisation, model::Role role = model::Role::director, const std::string& clearance = "TLP:AMBER") { return {"p-" + organisation, organisation, role, clearance, "assessment"}; }

TEST(Weights, AreCompleteNeverNegativeAndSumToOne) {
    const std::vector<std::string> criteria{"scale", "harm"};
    EXPECT_EQ(checked_weights({{"scale", 0.25}, {"harm", 0.75}}, criteria).value()[1], 0.75);
    EXPECT_NEAR(checked_weights({{"scale", 0.251}, {"harm", 0.751}}, criteria).value()[0], 0.2505, 1e-4) << "what rounding left over is shared out";
    for (const auto& wrong : std::vector<std::map<std::string, double>>{{{"scale", 1}}, {{"scale", 1.5}, {"harm", -0.5}}, {{"scale", 0.5}, {"harm", 0.4}}, {{"scale", 0.5}, {"harm", 0.5}, {"other", 0}}, {{"scale", std::nan("")}, {"harm", 0.5}}})
        EXPECT_EQ(checked_weights(wrong, criteria).error().code, ErrorCode::bad_input);
}

TEST(Weighing, FollowsTheWeightsAndRepeats) {
    const Bench bench = small_bench();
    const auto scale = weigh(bench, {{{0.9, 0.1}, 400}}), harm = weigh(bench, {{{0.1, 0.9}, 400}});
    EXPECT_EQ(scale[0].threat, "a");
    EXPECT_EQ(scale[0].rank, 1);
    EXPECT_GT(scale[0].p_first, 0.99);
    EXPECT_EQ(harm[0].threat, "b");
    EXPECT_EQ(weigh(bench, {{{0.9, 0.1}, 400}})[0].expected_rank, scale[0].expected_rank);
    const auto both = weigh(bench, {{{0.5, 0.5}, 400}});
    EXPECT_EQ(both[0].band, both[1].band) << "a and b cannot be told apart";
    EXPECT_NE(both[2].band, both[0].band);
}

TEST(Consensus, ShowsWhoMovesWhatAndHowFarTheyAgree) {
    const Bench bench = small_bench();
    const Consensus three = bring_together(bench, {of("bg_mvr", 0.9), of("me_up", 0.9), of("rs_mup", 0.05)});
    EXPECT_EQ(three.common[0].threat, "a");
    EXPECT_NEAR(three.mean_weights.at("scale"), (0.9 + 0.9 + 0.05) / 3, 1e-9);
    ASSERT_EQ(three.members.size(), 3U);
    EXPECT_EQ(three.members[2].ranking[0].threat, "b");
    EXPECT_LT(three.members[2].agreement, three.members[0].agreement);
    EXPECT_LT(three.concordance, 1);
    // Without the one who differs, a is always before b: the common expectation is moved by that member alone.
    const auto moved = [&](const std::string& member, const std::string& threat) {
        for (const auto& each : three.moves)
            if (each.member == member && each.threat == threat) return each.expected_with - each.expected_without;
        return 0.0;
    };
    EXPECT_GT(moved("rs_mup", "a"), 0.2);
    EXPECT_LT(moved("rs_mup", "b"), -0.2);
    const Consensus alike = bring_together(bench, {of("bg_mvr", 0.9), of("me_up", 0.9)});
    EXPECT_NEAR(alike.concordance, 1, 1e-9);
    EXPECT_TRUE(alike.moves.empty());
    EXPECT_EQ(bring_together(bench, {}).common.size(), 3U);
}

class WorkbenchTest : public ::testing::Test {
  protected:
    void SetUp() override {
        store_ = must(store::Store::create(folder_ / "store"));
        assess::Assessment a;
        a.id = "A-0123456789", a.manifest.draws = 500, a.manifest.seed = 7, a.manifest.created_for = "Try";
        const std::string text = assess::to_json_text(a);
        must(store_->save_assessment(person("regional"), {a.id, "Try", core::sha256(text), core::Day{20000}, "TLP:AMBER"}, text));
        must(write_draws(folder_ / "draws", a, catalogue_, posterior()));
    }
    Folder folder_;
    model::Catalogue catalogue_ = catalogue();
    std::unique_ptr<store::Store> store_;
    core::NoProgress quiet_;
};

TEST_F(WorkbenchTest, DrawsAreReadBackExactlyAndDamageIsSeen) {
    const Draws back = must(read_draws(folder_ / "draws", "A-0123456789"));
    EXPECT_EQ(back.posterior.base, posterior().base);
    EXPECT_EQ(back.threats, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(read_draws(folder_ / "draws", "../store/threatlas").error().code, ErrorCode::not_found);
    std::string bytes = must(core::read_file(draws_path(folder_ / "draws", "A-0123456789")));
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    must(core::write_file(draws_path(folder_ / "draws", "A-0123456789"), bytes));
    EXPECT_EQ(read_draws(folder_ / "draws", "A-0123456789").error().code, ErrorCode::mismatch);
}

TEST_F(WorkbenchTest, OwnPeopleSetWeightsAndTheNewestCount) {
    Workbench bench(*store_, catalogue_, folder_ / "draws");
    EXPECT_EQ(bench.set_weights(person("me_up"), "latest", of("rs_mup", 0.5)).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(bench.set_weights(person("rs_mup", model::Role::contributor), "latest", of("rs_mup", 0.5)).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(bench.set_weights(person("rs_mup", model::Role::director, "TLP:GREEN"), "latest", of("rs_mup", 0.5)).error().code, ErrorCode::not_found) << "who may not read the assessment does not weigh it";
    EXPECT_EQ(bench.set_weights(person("rs_mup"), "latest", {"rs_mup", {{"scale", 2}, {"harm", -1}}, 40, "", "", ""}).error().code, ErrorCode::bad_input);
    must(bench.set_weights(person("rs_mup"), "latest", of("rs_mup", 0.5)));
    must(bench.set_weights(person("rs_mup"), "A-0123456789", of("rs_mup", 0.2)));
    must(bench.set_weights(person("me_up"), "latest", of("me_up", 0.9)));
    const auto kept = must(bench.weights(person("bg_mvr"), "latest"));
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[1].member, "rs_mup");
    EXPECT_NEAR(kept[1].weights.at("scale"), 0.2, 1e-9);
    EXPECT_EQ(kept[1].person, "p-rs_mup");
}

TEST_F(WorkbenchTest, WhatIsFrozenStays) {
    Workbench bench(*store_, catalogue_, folder_ / "draws");
    must(bench.set_weights(person("rs_mup"), "latest", of("rs_mup", 0.2)));
    must(bench.add_dissent(person("me_up"), "latest", "a", "We see twice as much of it."));
    EXPECT_EQ(bench.add_dissent(person("regional"), "latest", "a", "x").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(bench.add_dissent(person("me_up"), "latest", "zzz", "x").error().code, ErrorCode::not_found);
    EXPECT_EQ(bench.approve(person("rs_mup"), "latest", "public").error().code, ErrorCode::conflict) << "nothing is frozen yet";
    EXPECT_EQ(bench.freeze(person("rs_mup", model::Role::analyst), "latest", quiet_).error().code, ErrorCode::not_allowed);
    const Freeze fixed = must(bench.freeze(person("rs_mup"), "latest", quiet_));
    EXPECT_EQ(fixed.id, "Z-" + fixed.hash.substr(0, 10));
    ASSERT_EQ(fixed.consensus.dissent.size(), 1U);
    EXPECT_EQ(fixed.consensus.common[0].threat, "b");
    EXPECT_EQ(bench.set_weights(person("rs_mup"), "latest", of("rs_mup", 0.9)).error().code, ErrorCode::conflict);
    EXPECT_EQ(bench.add_dissent(person("me_up"), "latest", "b", "x").error().code, ErrorCode::conflict);
    EXPECT_EQ(bench.freeze(person("rs_mup"), "latest", quiet_).error().code, ErrorCode::conflict);
    EXPECT_EQ(bench.approve(person("rs_mup", model::Role::analyst), "latest", "public").error().code, ErrorCode::not_allowed);
    const Freeze approved = must(bench.approve(person("rs_mup"), "latest", "public"));
    ASSERT_EQ(approved.approvals.size(), 1U);
    EXPECT_TRUE(approved.approvals[0].starts_with("public by p-rs_mup of rs_mup"));
    EXPECT_EQ(approved.hash, fixed.hash);
    Freeze other = fixed;
    other.consensus.common[0].rank = 3;
    other.consensus.dissent.push_back({"D-2", "bg_mvr", "", "Neither do we.", "", ""});
    const auto changes = compare(fixed, other);
    EXPECT_EQ(changes.at("new_dissent").as_array().size(), 1U);
    EXPECT_EQ(changes.at("ranks").as_array()[0].as_object().at("later").as_int64(), 3);
}

TEST_F(WorkbenchTest, WithoutDrawsAndEvidenceItSaysSo) {
    Workbench bench(*store_, catalogue_, folder_ / "elsewhere");
    EXPECT_EQ(bench.bench(person("rs_mup"), "latest", quiet_).error().code, ErrorCode::conflict);
    EXPECT_EQ(bench.bench(person("rs_mup"), "A-none", quiet_).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace threatlas::work

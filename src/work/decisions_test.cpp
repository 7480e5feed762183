#include "work/decisions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/hash.hpp"
#include "ingest/test_region.hpp"
#include "work/judging.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using ingest::testing::Folder;
using ingest::testing::must;

model::Reader person(const std::string& organisation, model::Role role = model::Role::director) { return {"p-" + organisation, organisation, role, "TLP:AMBER", "management"}; }

model::Catalogue region() {
    auto c = ingest::testing::region();
    for (auto& each : c.countries) each.role = "member_country";
    model::Indicator i;
    i.id = "theft", i.title = "Vehicle theft", i.threat = "property.vehicle_theft", i.whats = {"iccs.ICCS05021"};
    c.indicators.push_back(i);
    c.yardsticks.push_back({"phia", "likely", 0.55, 0.75, ""});
    return c;
}

Decision wanted() {
    Decision d;
    d.title = "Joint checks", d.threat = "property.vehicle_theft", d.members = {"rs_mup", "me_up"}, d.measure = "Checks at the border", d.indicator = "theft", d.place = "RS", d.decided = must(core::parse_day("2022-01-01"));
    return d;
}

const core::Day kToday = must(core::parse_day("2023-06-01"));

TEST(Decisions, AreRecordedSteppedAndClosedOnce) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    const auto catalogue = region();
    const Decision made = must(decide(*store, person("rs_mup"), catalogue, wanted(), kToday));
    EXPECT_TRUE(made.id.starts_with("B-"));
    EXPECT_EQ(made.state, "open");
    EXPECT_EQ(made.organisation, "rs_mup");
    EXPECT_EQ(must(step_decision(*store, person("me_up"), made.id.substr(0, 6), "progress", "Half of it")).steps.size(), 1U);
    EXPECT_EQ(must(step_decision(*store, person("rs_mup"), made.id, "done", "All of it")).state, "done");
    EXPECT_EQ(step_decision(*store, person("rs_mup"), made.id, "progress", "More").error().code, ErrorCode::conflict);
    EXPECT_EQ(step_decision(*store, person("rs_mup", model::Role::auditor), made.id, "progress", "x").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(must(decisions(*store, person("me_up"))).size(), 1U);
    EXPECT_EQ(decision(*store, person("me_up"), "B-none").error().code, ErrorCode::not_found);
    for (const auto& spoil : std::vector<std::function<void(Decision&)>>{[](auto& d) { d.title = " "; }, [](auto& d) { d.threat = "x"; }, [](auto& d) { d.members = {"x"}; }, [](auto& d) { d.indicator = "x"; }, [](auto& d) { d.place = "ZZ"; },
                                                                           [](auto& d) { d.due = "2020-01-01"; }, [](auto& d) { d.handling = "secret"; }, [](auto& d) { d.decided = must(core::parse_day("2030-01-01")); }}) {
        Decision wrong = wanted();
        spoil(wrong);
        EXPECT_EQ(decide(*store, person("rs_mup"), catalogue, wrong, kToday).error().code, ErrorCode::bad_input);
    }
}

// Three years before and one since, a month each, with the season of a year.
void fill(store::Store& store, double factor, std::uint64_t seed) {
    store::SubmissionInfo info;
    info.id = core::sha256(std::to_string(factor) + std::to_string(seed)), info.source = "member_statistics", info.member = "rs_mup", info.file = "m.csv", info.mapping = "m", info.known_at = kToday;
    auto submission = must(store.begin(ingest::testing::analyst(), info));
    std::uint64_t row = 1, state = seed;
    for (int year = 2019; year <= 2022; ++year)
        for (int month = 1; month <= 12; ++month) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            const double noise = static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U) - 0.5;
            model::Observation o;
            o.what = "iccs.ICCS05021", o.member = "rs_mup", o.place = "RS", o.period = must(core::month_interval(year, month)), o.unit = "count", o.nature = model::Nature::reported_crime;
            o.value = o.upper = std::round((200 + 40 * std::sin(month * 0.5236) + 20 * noise) * (year == 2022 ? factor : 1));
            o.source = "member_statistics", o.known_at = kToday, o.submission = info.id, o.file = "m.csv", o.row = ++row, o.handling = "TLP:AMBER";
            must(submission->add(o));
        }
    must(submission->commit(row));
}

TEST(Works, SaysWhetherTheFigureMovedAndHowSurely) {
    for (const auto& [factor, word] : {std::pair{0.6, "lower"}, {1.0, "no clear change"}, {1.5, "higher"}}) {
        const Folder folder;
        const auto store = must(store::Store::create(folder / "store"));
        fill(*store, factor, 7);
        const Works found = must(works(*store, person("rs_mup"), region(), wanted()));
        EXPECT_EQ(found.word, word) << found.statement;
        EXPECT_EQ(found.step, "month");
        EXPECT_EQ(found.before, 36U);
        EXPECT_EQ(found.since, 12U);
        EXPECT_LT(found.low, found.ratio);
        EXPECT_GT(found.high, found.ratio);
        EXPECT_NEAR(found.ratio, factor, 0.12);
        EXPECT_EQ(found.statement.find("because"), std::string::npos);
    }
}

// Of decisions that changed nothing, about one in ten seems to: the 90 % interval holds what it says, on the safe side.
TEST(Works, SeldomSeesAChangeWhereThereIsNone) {
    int moved = 0;
    constexpr int kTries = 25;
    for (int i = 0; i < kTries; ++i) {
        const Folder folder;
        const auto store = must(store::Store::create(folder / "store"));
        fill(*store, 1.0, 1000U + static_cast<std::uint64_t>(i));
        moved += must(works(*store, person("rs_mup"), region(), wanted())).word != "no clear change" ? 1 : 0;
    }
    EXPECT_LE(moved, 6);
}

TEST(Works, TooLittleIsNotAssessed) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    EXPECT_EQ(must(works(*store, person("rs_mup"), region(), wanted())).word, "not assessed");
    fill(*store, 0.5, 7);
    Decision late = wanted();
    late.decided = must(core::parse_day("2022-12-15"));
    const Works found = must(works(*store, person("rs_mup"), region(), late));
    EXPECT_EQ(found.word, "not assessed");
    EXPECT_EQ(found.since, 0U);
    late.indicator.clear();
    EXPECT_EQ(must(works(*store, person("rs_mup"), region(), late)).word, "not assessed");
}

TEST(Judging, WordsAndEvidenceComeApartAsTheyWere) {
    const Composed parts = taken_apart(composed("Heroin rises [in the north].", "likely", {"F-0123456789", "F-abcdef0123"}));
    EXPECT_EQ(parts.text, "Heroin rises [in the north].");
    EXPECT_EQ(parts.word, "likely");
    EXPECT_EQ(parts.evidence, (std::vector<std::string>{"F-0123456789", "F-abcdef0123"}));
    EXPECT_EQ(taken_apart("Plain [x]").text, "Plain [x]");
    EXPECT_TRUE(taken_apart("").evidence.empty());
}

TEST(Judging, GoesTheWayOfEveryClaimAndIsReplacedNotOverwritten) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "store"));
    const auto catalogue = region();
    core::NoProgress quiet;
    Judgement j;
    j.threat = "property.vehicle_theft", j.lens = "future_trends", j.criterion = "trend", j.kind = "trend", j.value = "rising", j.text = "=HYPERLINK(\"x\") It rises, \"they say\".", j.word = "likely";
    const auto judge_it = [&](const model::Reader& who, const Judgement& what) { return judge(*store, who, catalogue, what, kToday, folder / "", quiet); };
    const std::string first = must(judge_it(person("rs_mup", model::Role::analyst), j));
    auto kept = must(judgements(*store, person("rs_mup")));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].text, j.text);
    EXPECT_EQ(kept[0].word, "likely");
    EXPECT_EQ(kept[0].organisation, "rs_mup");
    EXPECT_EQ(kept[0].submission, first);
    j.value = "stable", j.replaces = first;
    EXPECT_EQ(judge_it(person("me_up", model::Role::analyst), j).error().code, ErrorCode::not_allowed);
    const std::string second = must(judge_it(person("rs_mup", model::Role::analyst), j));
    kept = must(judgements(*store, person("rs_mup")));
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].value, "stable");
    EXPECT_NE(first, second);
    EXPECT_EQ(must(store->submissions(ingest::testing::analyst())).size(), 2U) << "what was said before is still there";
    j.replaces.clear(), j.value = "soaring";
    EXPECT_EQ(judge_it(person("rs_mup", model::Role::analyst), j).error().code, ErrorCode::bad_input);
    j.value = "rising", j.word = "perhaps";
    EXPECT_EQ(judge_it(person("rs_mup", model::Role::analyst), j).error().code, ErrorCode::bad_input);
    j.word.clear();
    EXPECT_EQ(judge_it(person("regional", model::Role::analyst), j).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(must(store->submissions(ingest::testing::analyst())).size(), 2U) << "what was refused left nothing";
}

}  // namespace
}  // namespace threatlas::work

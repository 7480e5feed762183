#include <gtest/gtest.h>

#include <cmath>

#include "publish/publish.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/future.hpp"

namespace threatlas::publish {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

model::Catalogue catalogue() {
    model::Catalogue c;
    model::Source open, own;
    open.id = "open", open.title = "Open figures", open.already_public = true;
    own.id = "own", own.title = "Own figures", own.already_public = false, own.contributed = true;
    c.sources = {open, own};
    c.yardsticks = {{"phia", "likely", 0.55, 0.75, ""}, {"phia", "highly likely", 0.8, 0.9, ""}};
    return c;
}

assess::ArisingSignal signal(const std::string& id, const std::string& source, const std::string& handling = "TLP:CLEAR") {
    assess::ArisingSignal out;
    auto& s = out.signal;
    s.id = id, s.kind = "rise", s.title = "Thefts of " + id, s.sentence = s.title + ": 40 in 2020-01, where 12 were expected (6 to 19).", s.source = source, s.handling = handling, s.q = 0.02;
    for (int t = 0; t < 40; ++t) s.points.push_back({"2020-01", t == 39 ? 40.0 : 12.0, t != 7, 12, 19});
    out.last = "2020-01";
    return out;
}

assess::Outlook outlook(const std::string& source) {
    assess::Outlook o;
    o.threat = "property.theft", o.title = "Thefts", o.kind = "months", o.source = source, o.already_public = source == "open", o.p_rise = 0.16, o.last = 500, o.next = 400;
    for (int t = 0; t < 36; ++t) o.history.push_back({"2020-01", 40, 40, 40});
    for (int k = 0; k < 12; ++k) o.fan.push_back({k == 11 ? "2024-12" : "2024-01", 33, std::vector<double>(23, 33)});
    o.parts = {{"land", "Thefts, border land", 300, 300, 300}, {"sea", "Thefts, border sea", 100, 100, 100}};
    return o;
}

assess::Assessment assessment() {
    assess::Assessment a;
    a.arising.months = 12, a.arising.newest = {{"open", "2020-01"}, {"own", "2020-02"}}, a.arising.budget = 26, a.arising.tests = 1300, a.arising.series = 900;
    a.arising.signals = {signal("S-open", "open"), signal("S-own", "own"), signal("S-amber", "open", "TLP:AMBER")};
    a.arising.notes = {"open, no member, AL: nothing", "own, al_asp, AL: nothing"};
    a.outlooks = {outlook("open"), outlook("own")};
    a.skill = {{"months", "combined", 48, 0.5, 0.8, 0.95, 0.7, 0.2, 0.25}, {"years", "pooled", 38, 0.5, 0.8, 0.95, 0.7, 0, 0}};
    return a;
}

TEST(Future, TheReportTellsSignalsWithBudgetAndOutcomes) {
    ReportOptions options;
    options.follow_up.states = {{"S-open", "closed as true"}};
    options.follow_up.outcomes.closed_true = 3, options.follow_up.outcomes.closed_false = 1, options.follow_up.outcomes.ppv = 0.75, options.follow_up.outcomes.with_lead = 2, options.follow_up.outcomes.lead_days = 20;
    options.follow_up.scores = {{.assessment = "A-1", .created_for = "Last year's", .as_of = {}, .fits = 12, .open = 0, .cover50 = 0.5, .cover80 = 0.8, .cover95 = 1, .crps = 0.6, .crps_naive = 0.8, .rises = 0, .brier = 0, .climatology = 0}};
    const std::string page = html_report(assessment(), catalogue(), options);
    EXPECT_TRUE(has(page, "What is arising") && has(page, "the budget allows 26 false ones at most"));
    EXPECT_TRUE(has(page, "closed as true") && has(page, "True of those decided: 75") && has(page, "20 days before"));
    EXPECT_TRUE(has(page, "Last year&#39;s") || has(page, "Last year's"));
    EXPECT_LT(page.find("How the forecasts have done"), page.find("Purpose and methodology"));   // the report opens with it
}

TEST(Future, NoSignalSaysSoWithTheBudget) {
    auto quiet = assessment();
    quiet.arising.signals.clear();
    EXPECT_TRUE(has(html_report(quiet, catalogue(), {}), "No signal above the budget in these 12 months. The budget allows 26 false signals at most."));
    quiet.arising = {};
    EXPECT_TRUE(has(html_report(quiet, catalogue(), {}), "nothing could be watched"));
}

TEST(Future, ThePublicEditionHoldsWhatIsPublishedAlready) {
    const auto open = disclose(assessment(), catalogue(), Edition::public_edition).assessment;
    ASSERT_EQ(open.arising.signals.size(), 1U);
    EXPECT_EQ(open.arising.signals[0].signal.id, "S-open");
    EXPECT_EQ(open.arising.signals[0].signal.q, 1);      // it depends on the members' tests
    EXPECT_EQ(open.arising.newest.size(), 1U);
    EXPECT_EQ(open.arising.notes.size(), 1U);
    EXPECT_EQ(open.arising.tests, 0);
    ASSERT_EQ(open.outlooks.size(), 1U);
    EXPECT_EQ(open.outlooks[0].source, "open");
    EXPECT_EQ(open.skill.size(), 1U);
    EXPECT_EQ(disclose(assessment(), catalogue(), Edition::restricted).assessment.arising.signals.size(), 3U);
}

TEST(Future, AForecastIsAWordANumberAndWhatWouldChangeIt) {
    const std::string words = text::outlook_sentence(outlook("open"), catalogue());
    EXPECT_TRUE(has(words, "highly likely") && has(words, "to 2024-12 bring fewer than the twelve before: 500 then, about 400 expected, of which 300 border land and 100 border sea.")) << words;
    EXPECT_TRUE(has(text::outlook_change(outlook("open"), core::parse_day("2024-01-10").value()), "It would change with a figure for 2024-01 outside 33 to 33."));
    EXPECT_TRUE(has(text::outlook_change(outlook("open"), core::parse_day("2026-01-10").value()), "what came since is not in the store"));
    EXPECT_EQ(text::outlook_sentence({}, catalogue()), "");
}

TEST(Future, ChartsStandEmptyAndBroken) {
    EXPECT_TRUE(has(svg::fan({}), "</svg>"));
    EXPECT_TRUE(has(svg::signal({}), "</svg>"));
    auto gaps = outlook("open");
    for (auto& p : gaps.history) p.value = std::nan("");
    EXPECT_FALSE(has(svg::fan(gaps), "nan"));
    EXPECT_FALSE(has(svg::signal(signal("S", "open").signal), "nan"));
}

}  // namespace
}  // namespace threatlas::publish

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "assess/assess.hpp"
#include "core/random.hpp"
#include "publish/publish.hpp"

namespace threatlas::publish {
namespace {

using ::testing::HasSubstr;

assess::EvidenceRow row(std::uint64_t number, const std::string& member, double value, const std::string& period = "2020") {
    assess::EvidenceRow out;
    out.file = "national.csv", out.row = number, out.what = "theft", out.member = member, out.place = member, out.period = period, out.unit = "count", out.state = "measured", out.value = out.upper = value;
    return out;
}
assess::Figure figure(const std::string& id, const std::string& place, std::vector<assess::EvidenceRow> rows) {
    assess::Figure out;
    out.id = id, out.indicator = "theft.rate", out.place = place, out.handling = "TLP:CLEAR", out.rows = std::move(rows);
    std::set<std::string> whose;
    for (const auto& each : out.rows) whose.insert(each.member);
    out.contributors.assign(whose.begin(), whose.end());
    return out;
}
assess::Assessment of(std::vector<assess::Figure> figures) {
    assess::Assessment out;
    out.figures = std::move(figures);
    return out;
}
std::set<std::string> kept(const assess::Assessment& whole) {
    std::set<std::string> out;
    for (const auto& each : disclose(whole, {}, Edition::public_edition).assessment.figures) out.insert(each.id);
    return out;
}

TEST(Disclosure, RestrictedEditionIsTheWhole) {
    const auto whole = of({figure("F-a", "AL", {row(1, "al", 2)})});
    EXPECT_EQ(disclose(whole, {}, Edition::restricted).assessment.figures.size(), 1U);
}

TEST(Disclosure, SmallCountsAndCensoredCellsAreWithheld) {
    assess::EvidenceRow censored = row(5, "md", 1);
    censored.state = "censored", censored.upper = 4;
    const auto whole = of({figure("F-a", "AL", {row(1, "al", 4)}), figure("F-b", "BG", {row(2, "bg", 5)}), figure("F-c", "RO", {row(3, "ro", 0)}), figure("F-d", "MD", {censored})});
    EXPECT_EQ(kept(whole), (std::set<std::string>{"F-b", "F-c"}));   // none is none: a zero gives nobody away
}

TEST(Disclosure, FewContributorsToARegionalFigure) {
    const auto two = of({figure("F-r", "", {row(1, "al", 50), row(2, "bg", 60)})});
    const auto three = of({figure("F-r", "", {row(1, "al", 50), row(2, "bg", 60), row(3, "ro", 70)})});
    EXPECT_TRUE(kept(two).empty());
    EXPECT_EQ(kept(three).size(), 1U);
}

TEST(Disclosure, HandlingAndThirdPartyStatistics) {
    auto amber = figure("F-a", "AL", {row(1, "al", 50)}), none = figure("F-n", "AL", {row(2, "al", 50)}), published = figure("F-p", "AL", {row(3, "", 2)});
    amber.handling = "TLP:AMBER", none.handling = "", published.already_public = true;
    const auto out = disclose(of({amber, none, published}), {}, Edition::public_edition);
    ASSERT_EQ(out.assessment.figures.size(), 1U);
    EXPECT_EQ(out.assessment.figures[0].id, "F-p");   // a small count that is public already
    EXPECT_THAT(out.withheld.at(0), HasSubstr("TLP:AMBER"));
}

TEST(Disclosure, MembersAndNamesOfNationalFilesAreNotPublic) {
    assess::Assessment whole;
    whole.members.resize(2);
    whole.manifest.inputs["hash"] = "secret_name.xlsx";
    const auto out = disclose(whole, {}, Edition::public_edition).assessment;
    EXPECT_TRUE(out.members.empty());
    EXPECT_EQ(out.manifest.inputs.at("hash"), "");
}

// The region less the four others is the fifth: its count of 3 must not come back by subtraction.
TEST(Disclosure, TheWithheldFigureCannotBeSubtracted) {
    std::vector<assess::EvidenceRow> all;
    std::vector<assess::Figure> figures;
    const double counts[] = {40, 12, 3, 30, 25};
    for (std::uint64_t i = 0; i < 5; ++i) {
        all.push_back(row(i + 1, "m" + std::to_string(i), counts[i]));
        figures.push_back(figure("F-" + std::to_string(i), "P" + std::to_string(i), {all.back()}));
    }
    figures.push_back(figure("F-region", "", all));
    const auto left = kept(of(figures));
    EXPECT_FALSE(left.contains("F-2"));
    EXPECT_TRUE(left.contains("F-region"));
    EXPECT_EQ(left.size(), 4U);   // one more place went, and no more than one
    for (const auto& each : disclose(of(figures), {}, Edition::public_edition).assessment.figures) EXPECT_TRUE(each.rows.empty()) << each.id;
}

// An attacker adds and subtracts every figure kept. Over many random tables no difference of a region and
// any union of places is a count of one to four, or one withheld member's own; without secondary suppression it is.
TEST(Disclosure, AttackBySubtractionFindsNothing) {
    std::size_t naive = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        core::Random random(seed, 7);
        std::vector<assess::Figure> figures;
        std::vector<assess::EvidenceRow> all;
        const std::size_t n = 4 + static_cast<std::size_t>(random.uniform() * 4);
        for (std::size_t i = 0; i < n; ++i) {
            std::vector<assess::EvidenceRow> own;
            for (const char* period : {"2019", "2020"}) own.push_back(row(all.size() + own.size() + 1, "m" + std::to_string(i), std::floor(random.uniform() * 18), period));
            figures.push_back(figure("F-" + std::to_string(i), "P" + std::to_string(i), own));
            all.insert(all.end(), own.begin(), own.end());
        }
        figures.push_back(figure("F-region", "", all));
        const auto left = kept(of(figures));
        const auto attack = [&](const std::set<std::string>& published) {
            if (!published.contains("F-region")) return false;
            for (std::uint32_t mask = 0; mask < (1U << n); ++mask) {
                std::map<std::string, double> rest;
                std::size_t unknown = 0;
                bool usable = true;
                for (std::size_t i = 0; i < n; ++i) {
                    if ((mask >> i) & 1U) usable = usable && published.contains("F-" + std::to_string(i));
                    else {
                        unknown += !published.contains("F-" + std::to_string(i));
                        for (const auto& each : figures[i].rows) rest[each.period] += each.value;
                    }
                }
                if (!usable || unknown == 0) continue;
                for (const auto& [period, value] : rest)
                    if (value > 0 && value < 5) return true;
                if (unknown == 1 && static_cast<std::size_t>(__builtin_popcount(mask)) == n - 1) return true;
            }
            return false;
        };
        EXPECT_FALSE(attack(left)) << "seed " << seed;
        std::set<std::string> primary{"F-region"};
        for (std::size_t i = 0; i < n; ++i)
            if (std::none_of(figures[i].rows.begin(), figures[i].rows.end(), [](const auto& each) { return each.value > 0 && each.value < 5; })) primary.insert("F-" + std::to_string(i));
        naive += attack(primary);
    }
    EXPECT_GT(naive, 20U);   // the attack is no straw man
}

// A code less the codes below it is the one withheld.
TEST(Disclosure, TheWithheldCodeCannotBeSubtractedFromTheOneAboveIt) {
    const auto coded = [](const std::string& id, std::uint64_t number, const std::string& code, double value) {
        auto out = figure(id, "AL", {row(number, "al", value)});
        out.rows[0].what = "iccs.ICCS" + code;
        return out;
    };
    const auto whole = coded("F-04", 1, "04", 60), robbery = coded("F-0401", 2, "0401", 40), extortion = coded("F-0402", 3, "0402", 17), rest = coded("F-0403", 4, "0403", 3);
    const auto left = kept(of({whole, robbery, extortion, rest}));
    EXPECT_FALSE(left.contains("F-0403"));                                        // three cases
    EXPECT_LT(left.count("F-04") + left.count("F-0401") + left.count("F-0402"), 3U);   // else 60 - 40 - 17
    EXPECT_GE(left.size(), 2U);
    EXPECT_EQ(kept(of({whole, robbery, extortion})).size(), 2U);                   // what is left of 60 is three, withheld or not
    EXPECT_EQ(kept(of({whole, robbery})).size(), 2U);                             // 20 others: nothing to find
    auto amber = coded("F-0403", 4, "0403", 20);
    amber.handling = "TLP:AMBER";
    EXPECT_EQ(kept(of({coded("F-04", 1, "04", 80), robbery, amber})).size(), 1U);   // 80 - 40 would be one withheld code and what nobody reports
}

TEST(Disclosure, ARateIsJudgedByTheCountBehindIt) {
    model::Catalogue catalogue;
    catalogue.countries.push_back({});
    catalogue.countries.back().id = "AL", catalogue.countries.back().population = {{"2020", 2800000}};
    const auto rate = [](double per) {
        auto out = figure("F-r", "AL", {row(1, "al", per)});
        out.unit = out.rows[0].unit = "per_100k";
        out.series.push_back({"2020", per, per, per});
        return out;
    };
    const auto passes = [&](double per) { return disclose(of({rate(per)}), catalogue, Edition::public_edition).withheld.empty(); };
    EXPECT_TRUE(passes(2));      // 56 cases
    EXPECT_FALSE(passes(0.1));   // 3 cases
    EXPECT_TRUE(passes(0));
}

TEST(Disclosure, PublishedRowsDoNotHideAFewMembers) {
    model::Catalogue catalogue;
    catalogue.sources.push_back({});
    catalogue.sources.back().id = "published", catalogue.sources.back().already_public = true;
    std::vector<assess::EvidenceRow> rows{row(1, "al", 50), row(2, "bg", 60)};
    for (std::uint64_t i = 3; i < 9; ++i) rows.push_back(row(i, "", 100)), rows.back().source = "published", rows.back().place = "P" + std::to_string(i);
    EXPECT_EQ(disclose(of({figure("F-r", "", rows)}), catalogue, Edition::public_edition).withheld.size(), 1U);
    rows.push_back(row(9, "ro", 70));
    EXPECT_TRUE(disclose(of({figure("F-r", "", rows)}), catalogue, Edition::public_edition).withheld.empty());
}

// What a threat's entry says besides its figures goes with the figures it was taken from.
TEST(Disclosure, WhatWasTakenFromWithheldFiguresIsWithheldToo) {
    const auto claim = [](const std::string& id, const std::string& kind, const std::string& value, const std::string& handling) {
        auto out = figure(id, "AL", {row(1, "al", 0)});
        out.basis = "judged", out.threat = "t", out.measure = kind, out.handling = handling;
        out.rows[0].unit = "judgement", out.rows[0].dims = "kind=" + kind + ";value=" + value + ";scope=region";
        return out;
    };
    auto trend = figure("F-t", "", {row(1, "al", 50)});
    auto whole = of({claim("F-1", "modus_operandi", "a.open|b.open", "TLP:CLEAR"), claim("F-2", "modus_operandi", "c.secret|b.open", "TLP:AMBER"), claim("F-3", "role", "secret_role", "TLP:RED"), trend});
    whole.ranking.emplace_back();
    auto& threat = whole.ranking.back();
    threat.threat = "t", threat.modi_operandi = {"a.open", "b.open", "c.secret"}, threat.roles = {"secret_role"};
    threat.trend = {"rising", 0.987654, {77.7, 0, 0, 0, 0, 0, 0}, "F-t"};
    threat.criteria.push_back({"secret_criterion", {91.2345, 0, 0, 0, 0, 0, 0}, 1, 0, 0, 0, {"F-3"}});
    threat.criteria.push_back({"open_criterion", {}, 1, 0, 0, 0, {"F-1", "F-3"}});
    threat.criteria.push_back({"modelled", {}, 0, 0, 1, 0, {}});
    whole.assumptions.push_back({"severity.al", "Grading habit of al", "", 0, 1, 0, ""});
    whole.assumptions.push_back({"kappa", "", "", 0, 1, 0, ""});
    const std::string restricted = assess::to_json_text(disclose(whole, {}, Edition::restricted).assessment);
    const std::string open = assess::to_json_text(disclose(whole, {}, Edition::public_edition).assessment);
    for (const char* secret : {"c.secret", "secret_role", "rising\"", "0.987654", "77.7", "secret_criterion", "91.2345", "severity.al", "national.csv"}) {
        EXPECT_NE(restricted.find(secret), std::string::npos) << secret;
        if (std::string(secret) != "rising\"") { EXPECT_EQ(open.find(secret), std::string::npos) << secret; }
    }
    EXPECT_NE(open.find("\"not assessed\""), std::string::npos);
    for (const char* kept : {"a.open", "b.open", "open_criterion", "modelled", "kappa"}) EXPECT_NE(open.find(kept), std::string::npos) << kept;
}

}  // namespace
}  // namespace threatlas::publish

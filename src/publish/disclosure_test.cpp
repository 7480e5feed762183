#include <gmock/gmock.h>

#include <map>
#include <set>

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

}  // namespace
}  // namespace threatlas::publish

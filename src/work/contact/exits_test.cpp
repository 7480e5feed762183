#include "work/contact/exits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "core/random.hpp"
#include "core/text.hpp"
#include "store/test_folder.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::work::contact {
namespace {

using store::testing::Folder;
using store::testing::must;

model::Reader cleared(const std::string& organisation, const std::string& clearance = "TLP:RED H3") { return {"p-1", organisation, model::Role::contact_point, clearance, "joint_operation"}; }

store::Sight sight_of(const std::string& receiver) {
    std::vector<store::Consent> consents;
    if (receiver == "consented") consents.push_back({.id = "C-1", .originator = "rs_mup", .submission = "N-1", .to = "mk_mvr", .purpose = {}, .given_by = "x", .until = {}, .revoked = false, .handling = {}});
    const std::string organisation = receiver == "originator" ? "rs_mup" : receiver == "addressed" ? "bg_mvr" : receiver == "group" ? "regional" : "mk_mvr";
    return must(store::Sight::of(cleared(organisation), std::move(consents), "2026-05-01T00:00:00Z"));
}

TEST(Exits, LetOutWhatTheTableSays) {
    std::ifstream file(std::string(THREATLAS_SOURCE_DIR) + "/tests/rights/exits.tsv");
    ASSERT_TRUE(file);
    std::string line;
    std::size_t rows = 0, refused = 0;
    for (bool heading = true; std::getline(file, line);) {
        if (line.starts_with('#') || std::exchange(heading, false)) continue;
        const auto cells = core::split(line, '\t');
        ASSERT_EQ(cells.size(), 8U) << line;
        ++rows;
        const Marked what{"N-1", store::parse_marking(cells[0]), {"rs_mup"}, {"bg_mvr", "rs_mup"}};
        for (std::size_t i = 0; i < std::size(kExits); ++i) {
            EXPECT_EQ(word_of(may_go(kExits[i], sight_of(cells[1]), what)), cells[2 + i]) << cells[0] << " to " << cells[1] << " by " << word_of(kExits[i]);
            refused += cells[2 + i] != "whole" ? 1 : 0;
        }
    }
    EXPECT_EQ(rows, 200U);
    EXPECT_GT(refused, 600U);
}

// Whoever is not cleared for it gets nothing by any exit, addressed or not; and nothing goes further than the screen.
TEST(Exits, GiveNothingAboveTheClearance) {
    std::size_t asked = 0;
    for (int rank = store::kMildest; rank <= store::kStrictest; ++rank)
        for (std::uint8_t codes = 0; codes <= store::kAllCodes; ++codes)
            for (int clearance = store::kMildest; clearance <= store::kStrictest; ++clearance)
                for (const char* code : {"", " H3"})
                    for (const char* organisation : {"rs_mup", "bg_mvr", "regional"}) {
                        const auto sight = must(store::Sight::of(cleared(organisation, std::string(store::handling_word(clearance)) + code)));
                        const Marked what{"N-1", {rank, codes}, {"rs_mup"}, {"bg_mvr", "rs_mup"}};
                        const bool above = rank > clearance || ((codes & store::kH3) != 0 && *code == '\0');
                        for (const Exit exit : kExits) {
                            const Extent extent = may_go(exit, sight, what);
                            EXPECT_TRUE(!above || extent == Extent::nothing);
                            EXPECT_LE(extent, may_go(Exit::screen, sight, what));
                            ++asked;
                        }
                    }
    EXPECT_EQ(asked, 5U * 8 * 5 * 2 * 3 * 6);
}

TEST(Exits, WhatIsMarkedMoreStrictlyNeverGoesFurther) {
    for (const char* receiver : {"originator", "addressed", "consented", "other", "group"}) {
        const store::Sight sight = sight_of(receiver);
        for (int rank = store::kMildest; rank <= store::kStrictest; ++rank)
            for (int more = rank; more <= store::kStrictest; ++more)
                for (std::uint8_t codes = 0; codes <= store::kAllCodes; ++codes)
                    for (std::uint8_t added = 0; added <= store::kAllCodes; ++added) {
                        const Marked mild{"N-1", {rank, codes}, {"rs_mup"}, {"bg_mvr"}}, strict{"N-1", {more, static_cast<std::uint8_t>(codes | added)}, {"rs_mup"}, {"bg_mvr"}};
                        for (const Exit exit : kExits) ASSERT_LE(may_go(exit, sight, strict), may_go(exit, sight, mild)) << word_of(exit) << " " << receiver << " " << store::text(mild.marking) << " " << store::text(strict.marking);
                    }
    }
}

TEST(Exits, JoiningInputsIsASemilattice) {
    core::Random random(7, core::stream_id("exits"));
    const auto any = [&] { return store::Marking{static_cast<int>(random.below(5)), static_cast<std::uint8_t>(random.below(8))}; };
    for (int i = 0; i < 500; ++i) {
        const store::Marking a = any(), b = any();
        const std::vector<std::string> x{"rs_mup"}, y{"bg_mvr"};
        Joined one, two, twice;
        one.add(a, x), one.add(b, y);
        two.add(b, y), two.add(a, x);
        twice.add(a, x), twice.add(b, y), twice.add(a, x);
        std::sort(one.owners.begin(), one.owners.end()), std::sort(two.owners.begin(), two.owners.end()), std::sort(twice.owners.begin(), twice.owners.end());
        EXPECT_EQ(one.marking, two.marking);
        EXPECT_EQ(one.owners, two.owners);
        EXPECT_EQ(one.marking, twice.marking);
        EXPECT_EQ(one.owners, twice.owners);
        EXPECT_GE(one.marking.rank, std::max(a.rank, b.rank));
        EXPECT_EQ(one.marking.codes & (a.codes | b.codes), a.codes | b.codes);
        EXPECT_EQ(has(one.owners, "rs_mup"), a.rank > 1 || a.codes != 0);
    }
}

TEST(Exits, PassingOnAndMarkingMoreMildlyNeedTheOwnersConsent) {
    const Folder folder;
    const auto store = must(store::Store::create(folder / "s", store::testing::fixed_clock()));
    const auto give = [&](const std::string& to, const std::string& subject, const std::string& handling, const std::string& until = {}) {
        return must(store->give_consent(cleared("rs_mup"), {.id = {}, .originator = "rs_mup", .submission = subject, .to = to, .purpose = {}, .given_by = "desk", .until = until, .revoked = false, .handling = handling}));
    };
    const Marked amber{"N-1", {2, 0}, {"rs_mup"}, {"bg_mvr", "rs_mup"}}, green{"N-1", {1, 0}, {"rs_mup"}, {}}, green_h2{"N-1", {1, store::kH2}, {"rs_mup"}, {}};
    EXPECT_TRUE(may_pass_on(*store, "bg_mvr", green, "mk_mvr"));
    EXPECT_TRUE(may_pass_on(*store, "rs_mup", amber, "mk_mvr"));
    EXPECT_EQ(may_pass_on(*store, "bg_mvr", amber, "mk_mvr").error().code, core::ErrorCode::not_allowed);
    EXPECT_EQ(may_pass_on(*store, "bg_mvr", green_h2, "mk_mvr").error().code, core::ErrorCode::not_allowed);
    give("mk_mvr", "N-2", "");
    EXPECT_FALSE(may_pass_on(*store, "bg_mvr", amber, "mk_mvr")) << "a consent for another bulletin";
    give("mk_mvr", "N-1", "", "2026-02-28");
    EXPECT_FALSE(may_pass_on(*store, "bg_mvr", amber, "mk_mvr")) << "a consent that has run out";
    const auto given = give("mk_mvr", "N-1", "");
    EXPECT_TRUE(may_pass_on(*store, "bg_mvr", amber, "mk_mvr"));
    must(store->revoke_consent(cleared("rs_mup"), given.id, "a mistake"));
    EXPECT_FALSE(may_pass_on(*store, "bg_mvr", amber, "mk_mvr")) << "a consent taken back";

    const std::vector<std::string> owners{"rs_mup"};
    const store::Marking red{4, store::kH1}, milder{1, 0};
    EXPECT_TRUE(may_mark(*store, "bg_mvr", "N-1", red, red, owners));
    EXPECT_TRUE(may_mark(*store, "rs_mup", "N-1", milder, red, owners)) << "one's own";
    EXPECT_FALSE(may_mark(*store, "bg_mvr", "N-1", milder, red, owners));
    give("bg_mvr", "N-1", "");
    EXPECT_FALSE(may_mark(*store, "bg_mvr", "N-1", milder, red, owners)) << "leave to read is no leave to mark";
    give("bg_mvr", "N-1", "TLP:AMBER");
    EXPECT_FALSE(may_mark(*store, "bg_mvr", "N-1", milder, red, owners)) << "further than the consent says";
    EXPECT_TRUE(may_mark(*store, "bg_mvr", "N-1", {2, 0}, red, owners));
}

}  // namespace
}  // namespace threatlas::work::contact

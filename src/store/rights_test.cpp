// The rules against one readable table, and what any such rules must be: a clearance more never sees
// less, and joining is a semilattice that never opens what one of its parts keeps shut.
#include "store/rights.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "core/text.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::must;

constexpr std::array kWords{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"};

std::vector<Marking> every_marking() {
    std::vector<Marking> all;
    for (int rank = kMildest; rank <= kStrictest; ++rank)
        for (std::uint8_t codes = 0; codes <= kAllCodes; ++codes) all.push_back({rank, codes});
    return all;
}

model::Reader reader_of(const std::string& organisation, const std::string& clearance, model::Purpose purpose, model::Role role = model::Role::analyst) {
    return {"x", organisation, role, clearance, std::string(model::name_of(purpose)) + ": test"};
}

struct Cell {
    int lowest = kStrictest + 1;  // above every clearance: never
    bool code = false;
    bool holds(int clearance, bool has_code) const { return clearance >= lowest && (has_code || !code); }
};

Cell cell_of(std::string text) {
    if (text == "-") return {};
    Cell cell;
    if (text.ends_with("+H3")) cell.code = true, text.resize(text.size() - 3);
    cell.lowest = handling_rank("TLP:" + text);
    return cell;
}

TEST(Rights, the_rules_are_those_of_the_table) {
    std::ifstream file(std::string(THREATLAS_SOURCE_DIR) + "/tests/rights/handling.tsv");
    ASSERT_TRUE(file);
    std::string line;
    std::size_t rows = 0, questions = 0, yes = 0;
    for (bool heading = true; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        if (std::exchange(heading, false)) continue;
        const auto cells = core::split(line, '\t');
        ASSERT_EQ(cells.size(), 9u) << line;
        ++rows;
        const Marking marking = parse_marking(cells[0] == "(nothing)" ? "" : cells[0]);
        const std::vector<std::string> owner{"bg_mvr"};
        for (int clearance = kMildest; clearance <= kStrictest; ++clearance)
            for (const bool code : {false, true})
                for (const auto& [purpose, purpose_name] : model::EnumNames<model::Purpose>::names)
                    for (const auto& [role, role_name] : model::EnumNames<model::Role>::names) {
                        const bool court = purpose == model::Purpose::judicial;
                        const std::string cleared = std::string(kWords[static_cast<std::size_t>(clearance)]) + (code ? " H3" : "");
                        const auto expect = [&](const std::string& organisation, const std::vector<Consent>& consents, const std::string& sees, const std::string& passes) {
                            const Sight sight = must(Sight::of(reader_of(organisation, cleared, purpose, role), consents, "2026-05-01T00:00:00Z"));
                            const bool wanted = cell_of(sees).holds(clearance, code);
                            EXPECT_EQ(sight.sees(marking, "bg_mvr"), wanted) << cells[0] << " by " << organisation << " cleared " << cleared << " for " << purpose_name;
                            // Who may not see it may not pass it on, whatever the row says of other purposes.
                            EXPECT_EQ(bool(sight.may_disclose(marking, owner)), wanted && cell_of(passes).holds(clearance, code)) << "passing on " << cells[0] << " by " << organisation << " cleared " << cleared << " for " << purpose_name;
                            ++questions, yes += wanted ? 1 : 0;
                        };
                        const Consent leave{"C-1", "bg_mvr", "", "ro_igpr", std::string(purpose_name), "letter", "2026-12-31", false};
                        expect("bg_mvr", {}, cells[court ? 2 : 1], cells[1]);
                        expect("ro_igpr", {leave}, cells[court ? 2 : 1], cells[1]);
                        expect("regional", {}, cells[court ? 4 : 3], cells[7]);
                        expect("ro_igpr", {}, cells[court ? 6 : 5], cells[8]);
                    }
    }
    EXPECT_EQ(rows, 47u);   // five words by eight sets of codes, and seven that mean nothing
    EXPECT_GT(yes, questions / 10);
    EXPECT_LT(yes, 9 * questions / 10);
}

TEST(Rights, more_clearance_never_sees_less_and_stricter_marks_never_open) {
    for (const char* organisation : {"bg_mvr", "regional", "ro_igpr"})
        for (const auto& purpose : model::EnumNames<model::Purpose>::names)
            for (const Marking& marking : every_marking())
                for (int low = kMildest; low < kStrictest; ++low)
                    for (const std::string code : {"", " H3"}) {
                        const std::string less = kWords[static_cast<std::size_t>(low)], more = kWords[static_cast<std::size_t>(low) + 1];
                        const bool seen = may_see(reader_of(organisation, less + code, purpose.first), marking, "bg_mvr");
                        if (seen) {
                            EXPECT_TRUE(may_see(reader_of(organisation, more + code, purpose.first), marking, "bg_mvr"));
                            EXPECT_TRUE(may_see(reader_of(organisation, less + " H3", purpose.first), marking, "bg_mvr"));
                            continue;
                        }
                        for (const Marking& other : every_marking()) EXPECT_FALSE(may_see(reader_of(organisation, less + code, purpose.first), join(marking, other), "bg_mvr"));
                    }
}

TEST(Rights, joining_is_a_semilattice_with_everything_on_top) {
    const auto all = every_marking();
    for (const Marking& a : all) {
        EXPECT_EQ(join(a, a), a);
        EXPECT_EQ(join(a, kOpen), a);
        EXPECT_EQ(join(a, kAllMarks), kAllMarks);
        EXPECT_EQ(parse_marking(text(a)), a);
        for (const Marking& b : all) {
            EXPECT_EQ(join(a, b), join(b, a));
            for (const Marking& c : all) ASSERT_EQ(join(join(a, b), c), join(a, join(b, c)));
        }
    }
    EXPECT_EQ(join_handling("TLP:AMBER H1", "TLP:GREEN H3"), "TLP:AMBER H1 H3");
    EXPECT_EQ(join_handling("TLP:WHITE", "TLP:CLEAR H0"), "TLP:CLEAR");
    EXPECT_EQ(join_handling("", "TLP:CLEAR"), "TLP:RED H1 H2 H3");
}

TEST(Rights, what_is_made_of_several_belongs_to_all_whose_marks_bind) {
    Protection p;
    p.add(parse_marking("TLP:CLEAR"), "eurostat");
    p.add(parse_marking("TLP:AMBER H2"), "bg_mvr");
    EXPECT_EQ(p.handling(), "TLP:AMBER H2");
    EXPECT_EQ(p.owners(), std::vector<std::string>{"bg_mvr"});   // nobody asks leave of a public source
    const Sight bg = must(Sight::of(reader_of("bg_mvr", "TLP:RED", model::Purpose::assessment))), group = must(Sight::of(reader_of("regional", "TLP:RED", model::Purpose::assessment)));
    EXPECT_TRUE(bg.sees(p.marking, p.owners()));
    EXPECT_TRUE(bg.may_disclose(p.marking, p.owners()));
    p.add(parse_marking("TLP:AMBER+STRICT"), "ro_igpr");
    EXPECT_FALSE(bg.sees(p.marking, p.owners()));    // half of it is another's
    EXPECT_TRUE(group.sees(p.marking, p.owners()));
    const auto refused = group.may_disclose(p.marking, p.owners());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_allowed);
    EXPECT_NE(refused.error().message.find("bg_mvr, ro_igpr"), std::string::npos) << refused.error().message;
    EXPECT_FALSE(group.may_disclose(kAllMarks, {}));   // whose it is, nobody knows: nobody's to pass on
    Protection a = p, b;
    b.add(parse_marking("TLP:RED"), "mk_mvr");
    Protection ab = a, ba = b, aa = a;
    ab.add(b), ba.add(a), aa.add(a);
    EXPECT_EQ(ab, ba);
    EXPECT_EQ(aa, a);
}

TEST(Rights, a_consent_is_for_whom_for_what_and_until_when_it_says) {
    const Consent whole{"C-1", "bg_mvr", "", "ro_igpr", "", "letter", "2026-06-30", false};
    const auto sees = [&](Consent consent, model::Purpose purpose, const std::string& today, const std::string& submission = "s1") {
        return must(Sight::of(reader_of("ro_igpr", "TLP:RED", purpose), {std::move(consent)}, today)).sees(parse_marking("TLP:RED"), "bg_mvr", submission);
    };
    EXPECT_TRUE(sees(whole, model::Purpose::assessment, "2026-06-30T23:59:59Z"));
    EXPECT_FALSE(sees(whole, model::Purpose::assessment, "2026-07-01T00:00:00Z"));
    EXPECT_FALSE(sees(whole, model::Purpose::judicial, "2026-06-01"));   // a court has to be named
    auto changed = whole;
    changed.purpose = "judicial";
    EXPECT_TRUE(sees(changed, model::Purpose::judicial, "2026-06-01"));
    EXPECT_FALSE(sees(changed, model::Purpose::assessment, "2026-06-01"));
    changed = whole, changed.revoked = true;
    EXPECT_FALSE(sees(changed, model::Purpose::assessment, "2026-06-01"));
    changed = whole, changed.to = "mk_mvr";
    EXPECT_FALSE(sees(changed, model::Purpose::assessment, "2026-06-01"));
    changed = whole, changed.originator = "mk_mvr";
    EXPECT_FALSE(sees(changed, model::Purpose::assessment, "2026-06-01"));
    changed = whole, changed.submission = "s2";
    EXPECT_FALSE(sees(changed, model::Purpose::assessment, "2026-06-01"));
    EXPECT_TRUE(sees(changed, model::Purpose::assessment, "2026-06-01", "s2"));
}

TEST(Rights, a_purpose_is_a_word_of_the_list) {
    for (const std::string stated : {"assessment", "assessment: 2026-1", "judicial:"}) EXPECT_TRUE(Sight::of({"x", "regional", model::Role::analyst, "TLP:RED", stated})) << stated;
    for (const std::string stated : {"", " ", "assessments", "because: assessment", "Assessment", " assessment"}) EXPECT_FALSE(Sight::of({"x", "regional", model::Role::analyst, "TLP:RED", stated})) << stated;
    for (const std::string clearance : {"", "RED", "TLP:RED H4", "H3"}) EXPECT_FALSE(Sight::of({"x", "regional", model::Role::analyst, clearance, "assessment"})) << clearance;
}

// The store against the one function, row by row.
TEST(Rights, a_snapshot_holds_exactly_the_rows_a_reader_may_see) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s", testing::fixed_clock()));
    const std::array<std::string, 3> members{"bg_mvr", "ro_igpr", ""};
    std::vector<model::Observation> rows;
    for (const Marking& marking : every_marking())
        for (const std::string& member : members) {
            model::Observation o = testing::observation(rows.size());
            o.member = member, o.handling = text(marking);
            rows.push_back(o);
        }
    auto submission = must(store->begin(testing::analyst(), testing::info_of("frontex_detections", "all")));
    for (const auto& each : rows) must(submission->add(each));
    model::Claim claim;
    claim.organisation = "bg_mvr", claim.handling = "TLP:AMBER+STRICT";
    must(submission->add(claim));
    must(submission->commit(rows.size() + 1));
    must(store->give_consent(testing::analyst(), {.id = {}, .originator = "bg_mvr", .submission = {}, .to = "mk_mvr", .purpose = "", .given_by = "letter", .until = "2026-04-01"}));
    std::size_t different = 0, before = 0;
    for (const char* organisation : {"regional", "bg_mvr", "mk_mvr", "frontex_detections"})
        for (const char* clearance : {"TLP:GREEN", "TLP:AMBER H3", "TLP:RED", "TLP:RED H3"})
            for (const model::Purpose purpose : {model::Purpose::assessment, model::Purpose::judicial}) {
                const model::Reader reader = reader_of(organisation, clearance, purpose);
                const Sight sight = must(store->sight(reader));
                std::size_t wanted = 0;
                for (const auto& each : rows) wanted += sight.sees(parse_marking(each.handling), originator_of(each.member, each.source)) ? 1 : 0;
                const Snapshot seen = must(store->snapshot(reader, {}));
                EXPECT_EQ(seen.size(), wanted) << organisation << " " << clearance;
                for (std::size_t i = 0; i < seen.size(); ++i) {
                    const model::Observation o = seen.at(i);
                    EXPECT_TRUE(sight.sees(parse_marking(o.handling), originator_of(o.member, o.source))) << o.handling << " of " << o.member << " by " << organisation;
                }
                EXPECT_EQ(seen.claims.size(), sight.sees(parse_marking(claim.handling), "bg_mvr") ? 1u : 0u);
                different += wanted != before ? 1 : 0;
                before = wanted;
            }
    EXPECT_GT(different, 8u);
}

TEST(Rights, an_assessment_and_a_dossier_are_for_those_who_may_see_all_of_it) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s", testing::fixed_clock()));
    must(store->save_assessment(testing::analyst(), {"strict", "see", "h", core::Day{1}, "TLP:AMBER+STRICT H1", {"bg_mvr"}}, "{}"));
    must(store->save_assessment(testing::analyst(), {"coded", "see", "h", core::Day{1}, "TLP:GREEN H3"}, "{}"));
    must(store->open_dossier(testing::analyst(), {.kind = "signal", .id = "S-1", .handling = "TLP:AMBER H2", .at = {}, .json = "{}", .steps = {}, .originators = {"bg_mvr"}}));
    const auto bg = reader_of("bg_mvr", "TLP:RED", model::Purpose::assessment), ro = reader_of("ro_igpr", "TLP:RED", model::Purpose::assessment), group = testing::analyst();
    EXPECT_TRUE(store->assessment(bg, "strict"));
    EXPECT_TRUE(store->assessment(group, "strict"));
    EXPECT_EQ(store->assessment(ro, "strict").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(store->assessment(reader_of("regional", "TLP:RED H3", model::Purpose::judicial), "strict").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(store->assessment(bg, "coded").error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(store->assessment(group, "coded"));
    EXPECT_EQ(must(store->assessments(ro)).size(), 0u);
    EXPECT_EQ(must(store->assessments(bg)).size(), 1u);
    EXPECT_EQ(must(store->dossiers(ro, "signal")).size(), 0u);
    EXPECT_EQ(must(store->dossiers(bg, "signal")).size(), 1u);
    EXPECT_EQ(store->add_step(ro, "signal", "S-1", "closed", "{}").error().code, ErrorCode::not_allowed);
    const auto kept = must(store->assessments(group));
    EXPECT_EQ(kept[0].handling, "TLP:AMBER+STRICT H1");
    EXPECT_EQ(kept[0].originators, std::vector<std::string>{"bg_mvr"});
}

TEST(Rights, consents_are_given_and_taken_back_by_who_may) {
    const testing::Folder folder;
    auto store = must(Store::create(folder / "s", testing::fixed_clock()));
    const auto bg = reader_of("bg_mvr", "TLP:RED", model::Purpose::administration), ro = reader_of("ro_igpr", "TLP:RED", model::Purpose::administration);
    const Consent asked{.id = {}, .originator = "bg_mvr", .submission = {}, .to = "ro_igpr", .purpose = {}, .given_by = "letter 12", .until = {}};
    EXPECT_EQ(store->give_consent(ro, asked).error().code, ErrorCode::not_allowed);   // nobody gives himself leave
    auto nobody = asked;
    nobody.given_by.clear();
    EXPECT_EQ(store->give_consent(bg, nobody).error().code, ErrorCode::bad_input);
    EXPECT_EQ(store->open_dossier(ro, {.kind = "consent", .id = "C-1", .handling = "TLP:GREEN", .at = {}, .json = "{}", .steps = {}}).error().code, ErrorCode::bad_usage);
    const Consent given = must(store->give_consent(bg, asked));
    EXPECT_TRUE(must(store->sight(ro)).sees(parse_marking("TLP:RED"), "bg_mvr"));
    EXPECT_EQ(store->add_step(ro, "consent", given.id, "revoked", "{}").error().code, ErrorCode::bad_usage);
    EXPECT_EQ(store->revoke_consent(ro, given.id, "x").error().code, ErrorCode::not_allowed);
    must(store->revoke_consent(bg, given.id, "not needed any more"));
    EXPECT_EQ(store->revoke_consent(bg, given.id, "again").error().code, ErrorCode::conflict);
    EXPECT_FALSE(must(store->sight(ro)).sees(parse_marking("TLP:RED"), "bg_mvr"));
    EXPECT_TRUE(must(store->consents(ro)).at(0).revoked);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

}  // namespace
}  // namespace threatlas::store

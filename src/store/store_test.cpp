#include "store/store.hpp"

#include <sys/stat.h>

#include "store/rights.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::fixed_clock;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;
using testing::observation;

TEST(Store, gives_back_every_field_of_every_row) {
    const Folder folder;
    auto store = must(Store::create(folder / "s", fixed_clock()));
    const auto info = info_of("frontex_detections", "a");
    ingest(*store, info, 0, 3000);
    auto reopened = must(Store::open(folder / "s", fixed_clock()));
    const Snapshot snapshot = must(reopened->snapshot(analyst(), {}));
    ASSERT_EQ(snapshot.size(), 3000u);
    for (std::uint64_t i = 0; i < 3000; ++i) {
        testing::expect_same(snapshot.at(i), observation(i));
        ASSERT_EQ(snapshot.at(i).submission, info.id);
    }
    ASSERT_EQ(snapshot.submissions.size(), 1u);
    EXPECT_EQ(snapshot.submissions[0].accepted, 3000u);
    EXPECT_EQ(snapshot.rows_of("frontex.detections").size(), 1000u);
    EXPECT_EQ(snapshot.rows_of("frontex.detections")[2], 6u);
    EXPECT_TRUE(snapshot.rows_of("nothing").empty());
}

TEST(Store, create_refuses_a_folder_that_holds_one_and_open_one_that_holds_none) {
    const Folder folder;
    EXPECT_EQ(Store::open(folder / "s").error().code, ErrorCode::not_found);
    must(Store::create(folder / "s"));
    EXPECT_EQ(Store::create(folder / "s").error().code, ErrorCode::conflict);
}

TEST(Store, the_same_content_again_is_nothing_to_do) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    ingest(*store, info_of("frontex_detections", "a"), 0, 10);
    EXPECT_EQ(must(store->begin(analyst(), info_of("frontex_detections", "a"))), nullptr);
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 10u);
}

TEST(Store, one_writer_at_a_time_and_readers_beside_it) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    ingest(*store, info_of("frontex_detections", "a"), 0, 10);
    auto first = must(store->begin(analyst(), info_of("frontex_detections", "b")));
    must(first->add(observation(1)));
    auto other = must(Store::open(folder / "s"));
    const auto second = other->begin(analyst(), info_of("frontex_detections", "c"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_NE(second.error().message.find("another ingest is running"), std::string::npos);
    EXPECT_EQ(must(other->snapshot(analyst(), {})).size(), 10u);
    first.reset();
    EXPECT_NE(must(other->begin(analyst(), info_of("frontex_detections", "c"))), nullptr);
}

TEST(Store, a_submission_dropped_without_commit_leaves_nothing) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    {
        auto submission = must(store->begin(analyst(), info_of("frontex_detections", "a")));
        for (std::uint64_t i = 0; i < 100; ++i) must(submission->add(observation(i)));
        must(submission->reject({"a.csv", 7, "Total", "refused", "not a number", "x;y"}));
    }
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 0u);
    EXPECT_TRUE(std::filesystem::is_empty(folder / "s/segments"));
}

TEST(Store, keeps_claims_and_rejects_and_counts_them) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    const auto info = info_of("sepca_2019", "claims");
    auto submission = must(store->begin(analyst(), info));
    model::Claim claim;
    claim.id = "S01";
    claim.threat = "drugs.heroin";
    claim.kind = model::ClaimKind::grade;
    claim.value = "high";
    claim.q50 = 62.5;
    claim.text = "Heroïn — „quoted“ and\nbroken";
    claim.known_at = core::Day{18242};
    must(submission->add(claim));
    const std::string binary("a\0b\xff", 4);
    must(submission->reject({"f.csv", 12, "value", "refused", "negative count", binary}));
    must(submission->reject({"f.csv", 13, "", "duplicate", "as row 12", std::string(9000, 'x')}));
    EXPECT_FALSE(submission->reject({"f.csv", 13, "", "ignored", "", ""}));
    const SubmissionInfo done = must(submission->commit(3));
    EXPECT_EQ(done.rows, 3u);
    EXPECT_EQ(done.accepted, 1u);
    EXPECT_EQ(done.rejected, 1u);
    EXPECT_EQ(done.duplicates, 1u);
    const Snapshot snapshot = must(store->snapshot(analyst(), {}));
    ASSERT_EQ(snapshot.claims.size(), 1u);
    EXPECT_EQ(snapshot.claims[0].text, claim.text);
    EXPECT_EQ(snapshot.claims[0].q50, 62.5);
    EXPECT_EQ(snapshot.claims[0].submission, info.id);
    const auto rejects = must(store->rejects(analyst(), info.id));
    ASSERT_EQ(rejects.size(), 2u);
    EXPECT_EQ(rejects[0].row, 12u);
    EXPECT_EQ(rejects[0].original, binary);
    EXPECT_EQ(rejects[1].original.size(), 8192u);
    EXPECT_EQ(store->rejects(analyst(), "none").error().code, ErrorCode::not_found);
}

TEST(Store, saves_assessments_once_and_finds_the_latest) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    EXPECT_EQ(store->assessment(analyst(), "latest").error().code, ErrorCode::not_found);
    must(store->save_assessment(analyst(), {"see-1", "see", "h1", core::Day{20000}}, "{\"a\":1}"));
    must(store->save_assessment(analyst(), {"see-2", "see", "h2", core::Day{19000}}, "{\"a\":2}"));
    must(store->save_assessment(analyst(), {"see-1", "see", "h1", core::Day{20000}}, "{\"a\":1}"));
    EXPECT_EQ(
        store->save_assessment(analyst(), {"see-1", "see", "h3", core::Day{20000}}, "{\"a\":3}")
            .error()
            .code,
        ErrorCode::conflict);
    EXPECT_EQ(must(store->assessment(analyst(), "latest")), "{\"a\":2}");
    EXPECT_EQ(must(store->assessment(analyst(), "see-1")), "{\"a\":1}");
    const auto all = must(store->assessments(analyst()));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].as_of, core::Day{20000});
}

TEST(Store, what_it_holds_is_not_for_everybody_on_the_machine) {
    for (const ::mode_t mask : {::mode_t{0}, ::mode_t{022}, ::mode_t{077}}) {
        const ::mode_t before = ::umask(mask);
        const Folder folder;
        {
            auto store = must(Store::create(folder / "s"));
            ingest(*store, info_of("frontex_detections", "a"), 0, 10);
            const auto mode = [](const std::filesystem::path& path) {
                return static_cast<unsigned>(std::filesystem::status(path).permissions());
            };
            EXPECT_EQ(mode(folder / "s"), 0750u);
            for (const auto& each : std::filesystem::recursive_directory_iterator(folder / "s"))
                EXPECT_EQ(mode(each.path()), each.is_directory() ? 0750u : 0640u) << each.path();
        }
        ::umask(before);
    }
}

TEST(Store, an_assessment_is_for_those_who_may_see_its_rows) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    auto submission = must(store->begin(analyst(), info_of("frontex_detections", "a")));
    must(submission->add(observation(1)));
    auto restricted = observation(2);
    restricted.handling = "TLP:AMBER H1";
    must(submission->add(restricted));
    must(submission->commit(2));
    const Snapshot all = must(store->snapshot(analyst(), {}));
    EXPECT_EQ(handling_word(strictest_handling(all)), "TLP:AMBER");
    EXPECT_EQ(strictest_handling(must(store->snapshot(analyst("TLP:CLEAR"), {}))), kMildest);
    Snapshot with_claim = all;
    with_claim.claims.emplace_back().handling = "TLP:RED";
    EXPECT_EQ(handling_word(strictest_handling(with_claim)), "TLP:RED");

    must(store->save_assessment(analyst(), {"clear", "see", "h", core::Day{1}, "TLP:CLEAR"}, "1"));
    must(store->save_assessment(analyst(), {"amber", "see", "h", core::Day{1}, "TLP:AMBER"}, "2"));
    must(store->save_assessment(analyst(), {"unsaid", "see", "h", core::Day{1}}, "3"));
    EXPECT_EQ(must(store->assessment(analyst("TLP:CLEAR"), "clear")), "1");
    EXPECT_EQ(store->assessment(analyst("TLP:GREEN"), "amber").error().code,
              ErrorCode::not_allowed);
    EXPECT_EQ(must(store->assessment(analyst("TLP:AMBER"), "amber")), "2");
    EXPECT_EQ(store->assessment(analyst("TLP:AMBER"), "unsaid").error().code,
              ErrorCode::not_allowed);
    EXPECT_EQ(store->assessment(analyst("TLP:AMBER"), "latest").error().code,
              ErrorCode::not_allowed);
    EXPECT_EQ(must(store->assessment(analyst(), "latest")), "3");
    EXPECT_EQ(must(store->assessments(analyst("TLP:GREEN"))).size(), 1u);
    EXPECT_EQ(must(store->assessments(analyst())).size(), 3u);
}

}  // namespace
}  // namespace threatlas::store

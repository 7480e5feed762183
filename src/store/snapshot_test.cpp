#include "store/snapshot.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "core/parallel.hpp"
#include "store/rights.hpp"
#include "store/segment_format.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;
using testing::observation;

// Whether exactly the rows for which `wanted` holds are there, in order.
template <class Wanted>
void expect_rows(const Snapshot& snapshot, std::uint64_t rows, Wanted wanted) {
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < rows; ++i) {
        if (!wanted(observation(i))) continue;
        ASSERT_LT(at, snapshot.size());
        testing::expect_same(snapshot.at(at++), observation(i));
    }
    EXPECT_EQ(at, snapshot.size());
}

class Snapshots : public ::testing::Test {
  protected:
    static constexpr std::uint64_t kRows = 4000;
    void SetUp() override {
        store_ = must(Store::create(folder_ / "s", testing::fixed_clock()));
        ingest(*store_, info_of("frontex_detections", "a"), 0, kRows);
    }
    Folder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(Snapshots, as_of_a_day_sees_what_was_known_then) {
    const core::Day day{17500};
    const Snapshot then = must(store_->snapshot(analyst(), {day, {}, {}, {}, true}));
    expect_rows(then, kRows, [&](const auto& o) { return o.known_at <= day; });
    EXPECT_EQ(then.as_of, day);
    EXPECT_EQ(must(store_->snapshot(analyst(), {})).as_of, core::Day{17999});
    EXPECT_EQ(must(store_->snapshot(analyst(), {core::Day{16999}, {}, {}, {}, true})).size(), 0u);
}

TEST_F(Snapshots, filters_by_what_member_and_place) {
    expect_rows(must(store_->snapshot(analyst(), {std::nullopt, {"seizure.heroin"}, {}, {}, true})),
                kRows, [](const auto& o) { return o.what == "seizure.heroin"; });
    expect_rows(
        must(store_->snapshot(analyst(), {std::nullopt, {}, {"bg_mvr"}, {"XK", "AL"}, true})),
        kRows,
        [](const auto& o) { return o.member != "bg_mvr" && o.place != "XK" && o.place != "AL"; });
    EXPECT_EQ(must(store_->snapshot(analyst(), {std::nullopt, {"no.such"}, {}, {}, true})).size(),
              0u);
}

TEST_F(Snapshots, words_of_left_out_rows_do_not_reach_the_reader) {
    const Snapshot snapshot = must(
        store_->snapshot(analyst(), {std::nullopt, {"seizure.heroin"}, {"bg_mvr"}, {"XK"}, true}));
    for (const char* word : {"frontex.detections", "bg_mvr", "XK"})
        EXPECT_EQ(std::count(snapshot.dictionary.begin(), snapshot.dictionary.end(), word), 0)
            << word;
    EXPECT_EQ(std::count(snapshot.dictionary.begin(), snapshot.dictionary.end(), "seizure.heroin"),
              1);
}

TEST_F(Snapshots, a_filter_that_leaves_nothing_out_does_not_change_the_name) {
    const std::string all = must(store_->snapshot(analyst(), {})).hash;
    EXPECT_EQ(
        all,
        must(store_->snapshot(analyst(), {core::Day{17999}, {}, {"me_up"}, {"GR"}, true})).hash);
    EXPECT_NE(all,
              must(store_->snapshot(analyst(), {std::nullopt, {}, {"bg_mvr"}, {}, true})).hash);
    EXPECT_NE(must(store_->snapshot(analyst(), {std::nullopt, {}, {}, {"XK"}, true})).hash,
              must(store_->snapshot(analyst(), {std::nullopt, {}, {}, {"AL"}, true})).hash);
}

TEST_F(Snapshots, later_submissions_do_not_change_what_was_known_then) {
    const SnapshotQuery then{core::Day{17500}, {}, {}, {}, true};
    const std::string before = must(store_->snapshot(analyst(), then)).hash;
    auto submission = must(store_->begin(analyst(), info_of("eurostat_crime", "later")));
    model::Observation late = observation(1);
    late.source = "eurostat_crime";
    late.known_at = core::Day{17501};
    must(submission->add(late));
    must(submission->commit(1));
    EXPECT_EQ(before, must(store_->snapshot(analyst(), then)).hash);
    EXPECT_EQ(must(store_->snapshot(analyst(), {})).size(), kRows + 1);
}

TEST(Snapshot, does_not_depend_on_the_order_of_ingest_the_clone_or_the_threads) {
    const Folder folder;
    auto one = must(Store::create(folder / "one"));
    auto two = must(Store::create(folder / "two", testing::fixed_clock()));
    const std::uint64_t big = segment::kChunkRows + 5;
    ingest(*one, info_of("a_source", "x"), 0, big);
    ingest(*one, info_of("b_source", "y"), 50, 900);
    ingest(*one, info_of("c_source", "z"), 10, 20);
    ingest(*two, info_of("c_source", "z"), 10, 20);
    ingest(*two, info_of("b_source", "y"), 50, 900);
    ingest(*two, info_of("a_source", "x"), 0, big);
    for (const SnapshotQuery& query :
         {SnapshotQuery{}, SnapshotQuery{core::Day{17300}, {}, {"bg_mvr"}, {}, true}}) {
        core::set_threads(1);
        const Snapshot a = must(one->snapshot(analyst(), query));
        core::set_threads(3);
        const Snapshot b = must(two->snapshot(analyst(), query));
        core::set_threads(0);
        EXPECT_EQ(a.hash, b.hash);
        EXPECT_EQ(a.dictionary, b.dictionary);
        EXPECT_EQ(a.columns.what, b.columns.what);
        EXPECT_EQ(a.columns.dims, b.columns.dims);
        EXPECT_EQ(a.columns.submission, b.columns.submission);
        EXPECT_EQ(a.columns.value, b.columns.value);
        EXPECT_EQ(a.columns.row, b.columns.row);
        EXPECT_EQ(a.rows_of("seizure.heroin").size(), b.rows_of("seizure.heroin").size());
    }
}

TEST(Snapshot, shows_a_reader_what_the_clearance_allows_and_no_more) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    const std::vector<std::string> handlings{
        "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER H1", "TLP:AMBER+STRICT", "TLP:RED", "", "secret"};
    auto mixed = must(store->begin(analyst(), info_of("mixed", "mixed")));
    for (std::size_t i = 0; i < handlings.size(); ++i) {
        model::Observation o = observation(i);
        o.handling = handlings[i];
        o.place = "place of " + handlings[i];
        must(mixed->add(o));
    }
    must(mixed->commit(handlings.size()));
    auto red = must(store->begin(analyst(), info_of("red", "red")));
    model::Observation o = observation(1);
    o.handling = "TLP:RED";
    must(red->add(o));
    model::Claim claim;
    claim.handling = "TLP:AMBER+STRICT";
    must(red->add(claim));
    must(red->commit(2));

    const auto rows = [&](const std::string& clearance) {
        return must(store->snapshot(analyst(clearance), {})).size();
    };
    EXPECT_EQ(rows("TLP:CLEAR"), 1u);
    EXPECT_EQ(rows("TLP:GREEN"), 2u);
    EXPECT_EQ(rows("TLP:AMBER"), 3u);
    EXPECT_EQ(rows("TLP:AMBER+STRICT"), 4u);
    EXPECT_EQ(rows("TLP:RED"), 6u);      // what nobody marked, or with a word nobody knows, carries every code
    EXPECT_EQ(rows("TLP:RED H3"), 8u);
    const Snapshot clear = must(store->snapshot(analyst("TLP:CLEAR"), {}));
    EXPECT_EQ(std::count(clear.dictionary.begin(), clear.dictionary.end(), "place of TLP:RED"), 0);
    EXPECT_EQ(clear.submissions.size(), 1u);
    EXPECT_TRUE(clear.claims.empty());
    EXPECT_EQ(must(store->submissions(analyst("TLP:AMBER"))).size(), 1u);
    EXPECT_EQ(must(store->submissions(analyst("TLP:AMBER+STRICT"))).size(), 2u);
    EXPECT_EQ(must(store->snapshot(analyst("TLP:AMBER+STRICT"), {})).claims.size(), 1u);
    EXPECT_EQ(store->rejects(analyst("TLP:GREEN"), info_of("red", "red").id).error().code,
              ErrorCode::not_found);
}

TEST(Snapshot, no_read_without_organisation_purpose_and_clearance) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    const auto refused = [&](auto change) {
        model::Reader reader = analyst();
        change(reader);
        EXPECT_EQ(store->snapshot(reader, {}).error().code, ErrorCode::not_allowed);
        EXPECT_EQ(store->submissions(reader).error().code, ErrorCode::not_allowed);
        EXPECT_EQ(store->assessments(reader).error().code, ErrorCode::not_allowed);
        EXPECT_EQ(store->audit_entries(reader).error().code, ErrorCode::not_allowed);
        EXPECT_EQ(store->verify_audit(reader).error().code, ErrorCode::not_allowed);
        EXPECT_EQ(store->begin(reader, info_of("a", "a")).error().code, ErrorCode::not_allowed);
    };
    refused([](model::Reader& r) { r.organisation = " "; });
    refused([](model::Reader& r) { r.purpose = ""; });
    refused([](model::Reader& r) { r.clearance = "TLP:PINK"; });
    EXPECT_TRUE(store->snapshot(analyst(), {}));
}

TEST(Snapshot, without_judgements_neither_claims_nor_judged_rows) {
    const Folder folder;
    auto store = must(Store::create(folder / "s"));
    auto submission = must(store->begin(analyst(), info_of("sepca_2019", "a")));
    model::Observation judged = observation(1);
    judged.nature = model::Nature::judgement;
    must(submission->add(observation(0)));
    must(submission->add(judged));
    model::Claim claim;
    claim.organisation = "me_up";
    must(submission->add(claim));
    must(submission->commit(3));
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 2u);
    EXPECT_EQ(must(store->snapshot(analyst(), {})).claims.size(), 1u);
    const Snapshot without = must(store->snapshot(analyst(), {std::nullopt, {}, {}, {}, false}));
    EXPECT_EQ(without.size(), 1u);
    EXPECT_TRUE(without.claims.empty());
    EXPECT_TRUE(
        must(store->snapshot(analyst(), {std::nullopt, {}, {"me_up"}, {}, true})).claims.empty());
}

RC_GTEST_PROP(Dims, packed_and_unpacked_are_the_same,
              (const std::map<std::string, std::string>& dims)) {
    RC_ASSERT(unpack_dims(pack_dims(dims)) == dims);
}

TEST(Dims, escapes_its_own_signs) {
    EXPECT_EQ(pack_dims({{"b", "1;2"}, {"a=", "5%"}}), "a%3D=5%25;b=1%3B2");
}

}  // namespace
}  // namespace threatlas::store

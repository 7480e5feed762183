#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/random.hpp"
#include "core/text.hpp"
#include "store/segment_reader.hpp"
#include "store/segment_writer.hpp"
#include "store/snapshot_loader.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::Folder;
using testing::must;
using testing::observation;

std::string write_segment(const std::string& path, std::uint64_t rows) {
    auto writer = must(SegmentWriter::create(path));
    for (std::uint64_t i = 0; i < rows; ++i) must(writer->add(observation(i)));
    return must(writer->finish()).hash;
}

core::Result<Snapshot> load(const std::string& path, const std::string& hash,
                            const SnapshotQuery& query = {}) {
    SubmissionPart part;
    part.stored.info = testing::info_of("frontex_detections", "a");
    part.stored.segment = hash;
    part.path = path;
    return load_snapshot({part}, query, must(Sight::of(testing::analyst())));
}

// Makes the hashes of a changed one-chunk segment fit again, as someone who forges one would.
std::string reseal(std::string bytes) {
    const std::size_t trailer = bytes.size() - segment::kTrailerBytes;
    std::uint64_t footer_at = 0;
    std::memcpy(&footer_at, bytes.data() + trailer, 8);
    if (footer_at < 8 || footer_at > trailer) return bytes;
    const segment::Digest chunk = segment::digest(bytes.data() + 8, footer_at - 8);
    std::memcpy(bytes.data() + trailer - chunk.size(), chunk.data(), chunk.size());
    const std::string hashed = bytes.substr(0, 8) + bytes.substr(footer_at, trailer - footer_at);
    const segment::Digest footer = segment::digest(hashed.data(), hashed.size());
    std::memcpy(bytes.data() + trailer + 16, footer.data(), footer.size());
    return bytes;
}

TEST(Segment, holds_more_than_one_chunk) {
    const Folder folder;
    const std::uint64_t rows = segment::kChunkRows + 1000;
    const std::string hash = write_segment(folder / "a.seg", rows);
    const Segment read = must(Segment::open(folder / "a.seg", hash));
    EXPECT_EQ(read.chunks().size(), 2u);
    const Snapshot snapshot = must(load(folder / "a.seg", hash));
    ASSERT_EQ(snapshot.size(), rows);
    for (std::uint64_t i = 0; i < rows; i += 997)
        testing::expect_same(snapshot.at(i), observation(i));
}

TEST(Segment, same_rows_same_name_other_rows_other_name) {
    const Folder folder;
    const std::string a = write_segment(folder / "a.seg", 500);
    EXPECT_EQ(a, write_segment(folder / "b.seg", 500));
    EXPECT_NE(a, write_segment(folder / "c.seg", 501));
}

TEST(Segment, keeps_values_that_are_awkward_to_hold) {
    const Folder folder;
    const std::vector<double> values{
        0.0,    -0.0,   std::nan(""),       std::numeric_limits<double>::infinity(),
        -1e300, 5e-324, 9007199254740993.0, -9007199254740991.0,
        0.1};
    // Whole numbers only, so that the narrow form is taken, at both ends of what it may hold.
    const std::vector<double> whole{-9007199254740991.0, 9007199254740991.0, 0, 255, 256, 65536};
    for (const auto& list : {values, whole}) {
        auto writer = must(SegmentWriter::create(folder / "a.seg"));
        for (std::size_t i = 0; i < list.size(); ++i) {
            model::Observation o;
            o.what = "x";
            o.value = list[i];
            o.upper = list[list.size() - 1 - i];
            o.row = i == 0 ? std::numeric_limits<std::uint64_t>::max() : i;
            o.period = {core::Day{std::numeric_limits<std::int32_t>::min()},
                        core::Day{std::numeric_limits<std::int32_t>::max()}};
            o.known_at = core::Day{i % 2 == 0 ? std::numeric_limits<std::int32_t>::min()
                                              : std::numeric_limits<std::int32_t>::max()};
            must(writer->add(o));
        }
        const Snapshot snapshot = must(load(folder / "a.seg", must(writer->finish()).hash));
        ASSERT_EQ(snapshot.size(), list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            EXPECT_EQ(std::bit_cast<std::uint64_t>(snapshot.columns.value[i]),
                      std::bit_cast<std::uint64_t>(list[i]));
            EXPECT_EQ(std::bit_cast<std::uint64_t>(snapshot.columns.upper[i]),
                      std::bit_cast<std::uint64_t>(list[list.size() - 1 - i]));
            EXPECT_EQ(snapshot.columns.row[i],
                      i == 0 ? std::numeric_limits<std::uint64_t>::max() : i);
            EXPECT_EQ(snapshot.columns.end[i], std::numeric_limits<std::int32_t>::max());
            EXPECT_EQ(snapshot.columns.known_at[i], i % 2 == 0
                                                        ? std::numeric_limits<std::int32_t>::min()
                                                        : std::numeric_limits<std::int32_t>::max());
        }
    }
}

RC_GTEST_PROP(Segment, any_texts_and_numbers_come_back,
              (const std::vector<std::pair<std::string, std::int64_t>>& rows)) {
    RC_PRE(!rows.empty());
    const Folder folder;
    auto writer = must(SegmentWriter::create(folder / "a.seg"));
    for (const auto& [text, number] : rows) {
        model::Observation o;
        o.what = text;
        o.place = text + "'";
        o.value = o.upper = static_cast<double>(number);
        o.row = static_cast<std::uint64_t>(number);
        if (!text.empty()) o.dims = {{text, "="}, {"%3B", text}};
        must(writer->add(o));
    }
    const Snapshot snapshot = must(load(folder / "a.seg", must(writer->finish()).hash));
    RC_ASSERT(snapshot.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const model::Observation o = snapshot.at(i);
        RC_ASSERT(o.what == rows[i].first);
        RC_ASSERT(o.place == rows[i].first + "'");
        RC_ASSERT(o.value == static_cast<double>(rows[i].second));
        RC_ASSERT(o.row == static_cast<std::uint64_t>(rows[i].second));
        if (!rows[i].first.empty()) {
            RC_ASSERT(o.dims.at(rows[i].first) == (rows[i].first == "%3B" ? rows[i].first : "="));
            RC_ASSERT(o.dims.at("%3B") == rows[i].first || rows[i].first == "%3B");
        }
    }
}

// More distinct texts than a writer holds at once: the dictionary goes to the disk in between.
TEST(Segment, texts_that_never_repeat_come_back_and_memory_is_bounded) {
    const Folder folder;
    const std::string filler(5000, 'x');
    constexpr std::uint64_t kRows = 40000;  // 200 MB of texts
    const auto at = [&](std::uint64_t i) {
        auto o = observation(i);
        o.dims["case"] = std::to_string(i) + filler;
        o.handling = i == kRows - 1 ? "TLP:GREEN" : "TLP:AMBER";
        return o;
    };
    auto writer = must(SegmentWriter::create(folder / "a.seg"));
    std::size_t most = 0;
    for (std::uint64_t i = 0; i < kRows; ++i) {
        must(writer->add(at(i)));
        most = std::max(most, writer->held_bytes());
    }
    const SegmentSummary summary = must(writer->finish());
    EXPECT_LT(most, std::size_t{140} << 20);
    EXPECT_EQ(summary.mildest_handling, handling_rank("TLP:GREEN"));
    EXPECT_GT(must(Segment::open(folder / "a.seg", summary.hash)).chunks().size(), 1u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / ""), {}), 1);
    const Snapshot snapshot = must(load(folder / "a.seg", summary.hash));
    ASSERT_EQ(snapshot.size(), kRows);
    for (std::uint64_t i = 0; i < kRows; i += 499) testing::expect_same(snapshot.at(i), at(i));
    // A filter finds its rows whichever number their word got.
    SnapshotQuery query;
    query.whats = {"frontex.detections"};
    EXPECT_EQ(must(load(folder / "a.seg", summary.hash, query)).size(), (kRows + 2) / 3);
}

TEST(Segment, every_changed_byte_is_noticed) {
    const Folder folder;
    const std::string hash = write_segment(folder / "a.seg", 40);
    const std::string good = must(core::read_file(folder / "a.seg"));
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x41);
        must(core::write_file(folder / "b.seg", bad));
        const auto loaded = load(folder / "b.seg", hash);
        ASSERT_FALSE(loaded) << "byte " << at;
        ASSERT_TRUE(loaded.error().code == ErrorCode::bad_input ||
                    loaded.error().code == ErrorCode::mismatch)
            << "byte " << at;
    }
}

TEST(Segment, every_cut_is_noticed) {
    const Folder folder;
    const std::string hash = write_segment(folder / "a.seg", 40);
    const std::string good = must(core::read_file(folder / "a.seg"));
    for (std::size_t size = 0; size < good.size(); size += 3) {
        must(core::write_file(folder / "b.seg", good.substr(0, size)));
        const auto loaded = load(folder / "b.seg", hash);
        ASSERT_FALSE(loaded) << "size " << size;
        ASSERT_TRUE(loaded.error().code == ErrorCode::bad_input ||
                    loaded.error().code == ErrorCode::mismatch);
    }
    EXPECT_EQ(load(folder / "none.seg", hash).error().code, ErrorCode::not_found);
}

// Forged content with fitting hashes: it may load or be refused; it must not crash or read outside,
// which the sanitizers watch, and what loads must hold together.
TEST(Segment, forged_segments_never_crash) {
    const Folder folder;
    write_segment(folder / "a.seg", 40);
    const std::string good = must(core::read_file(folder / "a.seg"));
    ASSERT_EQ(reseal(good), good);
    core::Random random(7, core::stream_id("store/forged"));
    std::size_t refused = 0, loaded = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string bad = good;
        const std::uint64_t changes = 1 + random.below(4);
        // Half of the rounds hit the chunk's head, where sizes and kinds are.
        for (std::uint64_t i = 0; i < changes; ++i) {
            const std::size_t at =
                8 + random.below(round % 2 == 0 ? segment::kChunkHeadBytes : bad.size() - 8);
            bad[at] = static_cast<char>(random.below(4) == 0 ? 0xff : random.below(256));
        }
        if (round % 50 == 0) bad.erase(8 + random.below(bad.size() - 100), 1 + random.below(30));
        must(core::write_file(folder / "b.seg", reseal(bad)));
        const auto result =
            load(folder / "b.seg", "",
                 round % 3 == 0 ? SnapshotQuery{core::Day{17500}, {"seizure.heroin"}, {}, {}, true}
                                : SnapshotQuery{});
        if (!result) {
            ASSERT_TRUE(result.error().code == ErrorCode::bad_input ||
                        result.error().code == ErrorCode::mismatch);
            ++refused;
            continue;
        }
        ++loaded;
        for (std::size_t i = 0; i < result->size(); ++i) (void)result->at(i);
    }
    EXPECT_GT(refused, 400u);
    EXPECT_GT(loaded, 100u);
}

TEST(Segment, another_version_and_another_file_are_told_apart) {
    const Folder folder;
    write_segment(folder / "a.seg", 5);
    std::string bytes = must(core::read_file(folder / "a.seg"));
    bytes[7] = 9;
    must(core::write_file(folder / "a.seg", bytes));
    EXPECT_NE(Segment::open(folder / "a.seg", "").error().message.find("version 9"),
              std::string::npos);
    must(core::write_file(folder / "a.seg", std::string(500, 'x')));
    EXPECT_EQ(Segment::open(folder / "a.seg", "").error().message, "not a segment");
}

}  // namespace
}  // namespace threatlas::store

// For tests of this room: a folder that goes away, a reader, and observations made by number.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "core/hash.hpp"
#include "store/store.hpp"

namespace threatlas::store::testing {

class Folder {
  public:
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "threatlas_store_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

inline model::Reader analyst(const std::string& clearance = "TLP:RED H3") {
    return {"ana", "regional", model::Role::analyst, clearance, "assessment: 2026-1"};
}

inline model::Reader auditor() { return {"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}; }

inline StoreOptions fixed_clock() {
    return {[] { return std::string("2026-03-01T12:00:00Z"); }};
}

inline SubmissionInfo info_of(const std::string& source, const std::string& content) {
    SubmissionInfo info;
    info.id = core::sha256(content);
    info.source = source;
    info.file = content + ".csv";
    info.mapping = source;
    info.known_at = core::Day{19000};
    return info;
}

// Observation number i: texts repeat, values are whole numbers save every seventh.
inline model::Observation observation(std::uint64_t i) {
    static const std::array<const char*, 4> kPlaces{"AL", "BG", "RS", "XK"};
    model::Observation o;
    o.what = i % 3 == 0 ? "frontex.detections" : "seizure.heroin";
    o.member = i % 5 == 0 ? "bg_mvr" : "";
    o.place = kPlaces[i % 4];
    o.period = {core::Day{static_cast<std::int32_t>(16000 + i % 365)},
                core::Day{static_cast<std::int32_t>(16030 + i % 365)}};
    o.value = i % 7 == 0 ? static_cast<double>(i) + 0.25 : static_cast<double>(i);
    o.upper = o.value;
    if (i % 11 == 0) o.state = model::State::censored, o.upper = o.value + 4;
    o.unit = "count";
    o.nature = model::Nature::detection;
    o.dims = {{"border", i % 2 == 0 ? "land" : "sea"}, {"route", "western_balkan"}};
    o.source = "frontex_detections";
    o.known_at = core::Day{static_cast<std::int32_t>(17000 + i % 1000)};
    o.file = "detections.csv";
    o.row = i + 2;
    return o;
}

// Every field of both, as text, so that a difference shows which.
inline void expect_same(const model::Observation& a, const model::Observation& b) {
    EXPECT_EQ(a.what, b.what);
    EXPECT_EQ(a.member, b.member);
    EXPECT_EQ(a.place, b.place);
    EXPECT_EQ(a.period, b.period);
    EXPECT_EQ(a.value, b.value);
    EXPECT_EQ(a.upper, b.upper);
    EXPECT_EQ(a.state, b.state);
    EXPECT_EQ(a.unit, b.unit);
    EXPECT_EQ(a.nature, b.nature);
    EXPECT_EQ(a.statement, b.statement);
    EXPECT_EQ(a.dims, b.dims);
    EXPECT_EQ(a.flags, b.flags);
    EXPECT_EQ(a.evaluation, b.evaluation);
    EXPECT_EQ(a.handling, b.handling);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.known_at, b.known_at);
    EXPECT_EQ(a.file, b.file);
    EXPECT_EQ(a.row, b.row);
}

// The value; else the test fails with the error (GoogleTest shows what is thrown).
template <class T>
T must(core::Result<T> result) {
    if (!result) throw std::runtime_error(core::describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline void ingest(Store& store, const SubmissionInfo& info, std::uint64_t from, std::uint64_t to) {
    auto submission = must(store.begin(analyst(), info));
    ASSERT_NE(submission, nullptr);
    for (std::uint64_t i = from; i < to; ++i) {
        model::Observation o = observation(i);
        o.source = info.source;
        must(submission->add(o));
    }
    must(submission->commit(to - from));
}

}  // namespace threatlas::store::testing

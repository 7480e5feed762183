// For the tests of the sources: the shipped catalogue, a sink that keeps everything, fixtures.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"
#include "ingest/test_region.hpp"

namespace threatlas::ingest::sources::testing {

struct Aside {
    std::string verdict, column, reason, original;
    std::uint64_t row = 0;
};

class Kept final : public Sink {
  public:
    core::Result<void> accept(model::Observation o, const RowSource&) override { observations.push_back(std::move(o)); return {}; }
    core::Result<void> accept(model::Claim c, const RowSource&) override { claims.push_back(std::move(c)); return {}; }
    core::Result<void> set_aside(std::string_view verdict, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) override {
        aside.push_back({std::string(verdict), std::string(column), std::move(reason), std::string(original), row});
        return {};
    }
    void rows_read(std::uint64_t total, std::uint64_t) override { rows = total; }

    // The observation of a file's row; of a wide row the n-th.
    const model::Observation& at(std::uint64_t row, std::size_t n = 0) const {
        for (const auto& each : observations)
            if (each.row == row && n-- == 0) return each;
        ADD_FAILURE() << "row " << row << " was not accepted";
        static const model::Observation none;
        return none;
    }
    // 'verdict column: reason' of a row set aside, or nothing.
    std::string why(std::uint64_t row, std::size_t n = 0) const {
        for (const auto& each : aside)
            if (each.row == row && n-- == 0) return each.verdict + " " + each.column + ": " + each.reason;
        return {};
    }
    std::size_t verdicts(std::string_view verdict) const {
        std::size_t count = 0;
        for (const auto& each : aside) count += each.verdict == verdict;
        return count;
    }

    std::vector<model::Observation> observations;
    std::vector<model::Claim> claims;
    std::vector<Aside> aside;
    std::uint64_t rows = 0;
};

inline const model::Catalogue& catalogue() {
    static const model::Catalogue loaded = ingest::testing::must(model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see"));
    return loaded;
}

inline const Importer& importer(std::string_view source) {
    static const auto all = make_importers();
    for (const auto& each : all)
        if (each->source() == source) return *each;
    ADD_FAILURE() << "no importer " << source;
    return *all.front();
}

// 'frontex/fixtures/detections.csv'
inline std::string fixture(const std::string& name) { return std::string(THREATLAS_SOURCE_DIR "/src/ingest/sources/") + name; }
inline std::string example(const std::string& name) { return std::string(THREATLAS_SOURCE_DIR "/examples/see/data/") + name; }

inline Kept read_file(std::string_view source, const std::string& path) {
    Kept kept;
    const auto done = importer(source).read(path, catalogue(), kept);
    EXPECT_TRUE(done) << core::describe(done.error());
    return kept;
}

}  // namespace threatlas::ingest::sources::testing

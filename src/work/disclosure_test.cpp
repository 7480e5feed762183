#include "work/disclosure.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/hash.hpp"
#include "core/text.hpp"

namespace threatlas::work {
namespace {

namespace fs = std::filesystem;

class Disclosure : public ::testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        store_ = std::move(*store::Store::create((folder_ / "store").string()));
        ASSERT_TRUE(core::write_file((folder_ / "out.json").string(), "content"));
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path folder_ = fs::temp_directory_path() / ("threatlas_disclosure_test_" + std::to_string(getpid()));
    std::unique_ptr<store::Store> store_;
    model::Reader who_{"ana", "regional", model::Role::analyst, "TLP:RED H3", "assessment: test"};
};

TEST_F(Disclosure, LeavesAnEntryWithPathHashAndEdition) {
    ASSERT_TRUE(note_disclosure(*store_, who_, "assessment a, public edition", (folder_ / "out.json").string()));
    fs::create_directories(folder_ / "bundle");
    ASSERT_TRUE(core::write_file((folder_ / "bundle/manifest.json").string(), "{}"));
    ASSERT_TRUE(note_disclosure(*store_, who_, "observations of a", (folder_ / "bundle").string()));
    ASSERT_TRUE(note_disclosure(*store_, who_, "observations of a", "/dev/null"));
    const auto entries = store_->audit_entries({"aud", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"}).value();
    ASSERT_GE(entries.size(), 4U);
    EXPECT_EQ(entries[1].action, "disclose");
    EXPECT_EQ(entries[1].object, "assessment a, public edition to " + (folder_ / "out.json").string() + " SHA-256 " + core::sha256("content"));
    EXPECT_EQ(entries[2].object, "observations of a to " + (folder_ / "bundle").string() + " manifest SHA-256 " + core::sha256("{}"));
    EXPECT_EQ(entries[3].object, "observations of a to /dev/null");
}

TEST_F(Disclosure, WhatCannotBeNotedDoesNotStay) {
    fs::remove(folder_ / "store/audit.head");
    EXPECT_FALSE(note_disclosure(*store_, who_, "a", (folder_ / "out.json").string()));
    EXPECT_FALSE(fs::exists(folder_ / "out.json"));
    EXPECT_FALSE(note_disclosure(*store_, who_, "a", "/dev/null"));
    EXPECT_TRUE(fs::exists("/dev/null"));
}

}  // namespace
}  // namespace threatlas::work

#include "model/catalogue.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace threatlas::model {
namespace {

namespace fs = std::filesystem;
constexpr const char* kShipped = THREATLAS_SOURCE_DIR "/catalogue/see";

// A copy of the shipped catalogue to be spoilt.
class Spoilt : public ::testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(folder_);
        for (const auto& each : fs::directory_iterator(kShipped))
            if (each.path().extension() == ".yaml") fs::copy_file(each.path(), folder_ / each.path().filename(), fs::copy_options::overwrite_existing);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string text(const std::string& file) const {
        std::ostringstream out;
        out << std::ifstream(folder_ / file).rdbuf();
        return out.str();
    }
    void write(const std::string& file, const std::string& content) const { std::ofstream(folder_ / file) << content; }
    // Replaces the first `from` after `after`; returns the line it stands on.
    std::size_t change(const std::string& file, const std::string& from, const std::string& to, const std::string& after = "") const {
        std::string all = text(file);
        const std::size_t begin = after.empty() ? 0 : all.find(after), at = begin == std::string::npos ? begin : all.find(from, begin);
        EXPECT_NE(at, std::string::npos) << file << " has no '" << from << "'";
        if (at == std::string::npos) return 0;
        all.replace(at, from.size(), to);
        write(file, all);
        return 1 + static_cast<std::size_t>(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    }
    // All problems, as 'file:line: message' lines; empty when the catalogue loads.
    std::string problems() const {
        std::vector<CatalogueProblem> found;
        const auto loaded = load_catalogue(folder_.string(), &found);
        EXPECT_EQ(loaded.has_value(), found.empty());
        std::string out;
        for (const auto& each : found) out += each.file + ":" + std::to_string(each.line) + ": " + each.message + "\n";
        return out;
    }
    ::testing::AssertionResult says(const std::string& words) const {
        const std::string all = problems();
        return all.find(words) != std::string::npos ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << "wanted: " << words << "\ngot:\n" << all;
    }

    fs::path folder_ = fs::temp_directory_path() / ("threatlas_catalogue_test_" + std::to_string(getpid()));
};

TEST_F(Spoilt, TheShippedCatalogueHasNoProblem) {
    EXPECT_EQ(problems(), "");
    const auto loaded = load_catalogue(kShipped);
    ASSERT_TRUE(loaded) << core::describe(loaded.error());
    EXPECT_EQ(loaded->members.size(), 9U);
    EXPECT_GE(loaded->indicators.size(), 40U);
    EXPECT_EQ(loaded->recommendations.size(), 7U);
    EXPECT_EQ(loaded->hash.size(), 64U);
}

TEST_F(Spoilt, AllNamesOfACountryFindIt) {
    const auto c = *load_catalogue(kShipped);
    for (const char* name : {"XK", "XKX", "UNK", "kosovo"}) EXPECT_EQ(c.country(name) != nullptr ? c.country(name)->id : "", "XK") << name;
    for (const char* name : {"GR", "EL", "GRC", "greece"}) EXPECT_EQ(c.country(name) != nullptr ? c.country(name)->id : "", "GR") << name;
    for (const char* name : {"MK", "MKD", "North Macedonia"}) EXPECT_EQ(c.country(name) != nullptr ? c.country(name)->id : "", "MK") << name;
    EXPECT_EQ(c.country("Atlantis"), nullptr);
    EXPECT_EQ(c.country(""), nullptr);
}

TEST_F(Spoilt, AChangeOfOneByteChangesTheHash) {
    const auto before = load_catalogue(folder_.string())->hash;
    change("region.yaml", "2026.1", "2026.2");
    EXPECT_NE(load_catalogue(folder_.string())->hash, before);
}

TEST_F(Spoilt, AWeightOfNanIsRefusedWithItsLine) {
    const auto line = change("criteria.yaml", "weight: 0.14", "weight: .nan");
    EXPECT_TRUE(says("criteria.yaml:" + std::to_string(line) + ": 'weight' is not a finite number"));
}

TEST_F(Spoilt, WeightsThatDoNotSumToOne) {
    change("criteria.yaml", "weight: 0.14", "weight: 0.24");
    EXPECT_TRUE(says("the weights sum to 1.1"));
}

TEST_F(Spoilt, ACycleOfParents) {
    const auto c = *load_catalogue(kShipped);
    const std::string a = c.threats[0].id, b = c.threats[1].id;
    change("threats.yaml", "  area:", "  parent: \"" + b + "\"\n  area:", "\"" + a + "\"");
    change("threats.yaml", "  area:", "  parent: \"" + a + "\"\n  area:", "- id: \"" + b + "\"");
    EXPECT_TRUE(says("is its own parent, directly or round a circle"));
}

TEST_F(Spoilt, DuplicateIdsAndKeys) {
    write("lenses.yaml", text("lenses.yaml") + text("lenses.yaml"));
    EXPECT_TRUE(says("stands twice"));
    change("region.yaml", "id:", "title: \"again\"\nid:");
    EXPECT_TRUE(says("the key 'title' stands twice"));
}

TEST_F(Spoilt, UnknownReferences) {
    change("threats.yaml", "area: \"property\"", "area: \"proprety\"");
    change("indicators.yaml", "criterion: \"scale\"", "criterion: \"scael\"");
    change("members.yaml", "country: \"AL\"", "country: \"ZZ\"");
    change("routes.yaml", "\"TR\"", "\"Troy\"");
    change("recommendations.yaml", "threats: [\"", "threats: [\"no.such_threat\", \"");
    for (const char* words : {"there is no area 'proprety'", "there is no criterion 'scael'", "there is no country 'ZZ'", "there is no country 'Troy'", "there is no threat 'no.such_threat'"}) EXPECT_TRUE(says(words));
}

TEST_F(Spoilt, WrongTypesAndUnknownKeys) {
    const auto a = change("criteria.yaml", "weight: 0.14", "weight: heavy");
    const auto b = change("areas.yaml", "title:", "titel:");
    EXPECT_TRUE(says("criteria.yaml:" + std::to_string(a) + ": 'weight' should be a number"));
    EXPECT_TRUE(says("areas.yaml:" + std::to_string(b) + ": 'titel' is not a field"));
}

TEST_F(Spoilt, AnchorsAndRangesTheWrongWayRound) {
    change("indicators.yaml", "anchors: [", "anchors: [9999999, ");
    change("threats.yaml", "harm_days_low: 2", "harm_days_low: 99999");
    change("units.yaml", "factor_low: ", "factor_low: 9");
    change("criteria.yaml", "harm_days: [1, 10", "harm_days: [10, 1");
    for (const char* words : {"anchors: five values are wanted", "harm_days: the low end lies above", "factor: the low end lies above", "harm_days: five rising numbers"}) EXPECT_TRUE(says(words));
}

TEST_F(Spoilt, WhatAPersonIsByBirthIsNeverAnInput) {
    change("indicators.yaml", "dims: {", "dims: {\"citizenship\": \"XYZ\", ");
    EXPECT_TRUE(says("citizenship is descriptive: it is never an input of a score"));
}

TEST_F(Spoilt, MissingTruncatedAndBinaryFiles) {
    fs::remove(folder_ / "codes.yaml");
    write("lenses.yaml", "- id: \"a\n  title: [");
    write("areas.yaml", std::string("\x7f""ELF\0\1\2\3", 8));
    write("routes.yaml", "");
    const std::string all = problems();
    for (const char* file : {"codes.yaml", "lenses.yaml", "areas.yaml", "routes.yaml"}) EXPECT_NE(all.find(file), std::string::npos) << file << "\n" << all;
    EXPECT_FALSE(load_catalogue((folder_ / "none").string()));
}

}  // namespace
}  // namespace threatlas::model

#include "model/catalogue.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/json_codec.hpp"

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
            if (each.path().extension() != ".md") fs::copy_file(each.path(), folder_ / each.path().filename(), fs::copy_options::overwrite_existing);
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

// One change a row: what is spoilt, and the words that must come with the file; the line is that of the record.
TEST_F(Spoilt, EachFaultIsNamedWithFileAndLine) {
    struct Fault {
        const char *file, *from, *to, *after, *words;
    };
    const Fault faults[] = {
        {"indicators.yaml", "threat: \"", "threat: \"no.", "", "there is no threat 'no."},
        {"indicators.yaml", "lens: \"", "lens: \"no_", "", "there is no lens 'no_"},
        {"indicators.yaml", "criterion: \"", "criterion: \"no_", "", "there is no criterion 'no_"},
        {"indicators.yaml", "whats: [\"", "whats: [\"no.", "", "there is no what 'no."},
        {"indicators.yaml", "unit: \"", "unit: \"no_", "", "there is no unit 'no_"},
        {"indicators.yaml", "sources: [\"", "sources: [\"no_", "", "there is no source 'no_"},
        {"indicators.yaml", "measure: \"", "measure: \"no_", "", "there is no measure 'no_"},
        {"indicators.yaml", "scope: \"", "scope: \"no_", "", "there is no scope 'no_"},
        {"indicators.yaml", "speaks_for_high: ", "speaks_for_high: 7", "", "speaks_for: a share lies between 0 and 1"},
        {"indicators.yaml", "anchor_spread: ", "anchor_spread: 3", "", "anchor_spread should lie between 0 and 1"},
        {"indicators.yaml", "window_years: ", "window_years: -", "", "should be 1 or more"},
        {"indicators.yaml", "speaks_for_source: \"founders' assumption: the category is wider than the threat\"", "speaks_for_source: \"\"", "", "speaks_for has no source"},
        {"threats.yaml", "area: \"", "area: \"no_", "", "there is no area 'no_"},
        {"threats.yaml", "  area:", "  parent: \"no.such\"\n  area:", "", "there is no threat 'no.such'"},
        {"threats.yaml", "modi_operandi: [\"", "modi_operandi: [\"no.", "", "there is no code 'no."},
        {"threats.yaml", "harm_days_high: ", "harm_days_high: 0.0", "", "harm_days: the low end lies above the high end"},
        {"threats.yaml", "dark_figure_low: 1", "dark_figure_low: 0", "", "at least as many events as recorded ones"},
        {"threats.yaml", "dark_figure_source: \"founders' assumption\"", "dark_figure_source: \"\"", "", "dark_figure has no source"},
        {"whats.yaml", "unit: \"", "unit: \"no_", "", "there is no unit 'no_"},
        {"whats.yaml", "nature: \"", "nature: \"no_", "", "there is no nature 'no_"},
        {"units.yaml", "base: \"", "base: \"no_", "", "there is no unit 'no_"},
        {"units.yaml", "title:", "drug: \"no_such\"\n  title:", "", "there is no drug 'no_such'"},
        {"drugs.yaml", "threat: \"", "threat: \"no.", "", "there is no threat 'no."},
        {"members.yaml", "country: \"AL\"", "country: \"A1\"", "", "there is no country 'A1'"},
        {"countries.yaml", "role: \"", "role: \"no_", "", "should be one of member_country"},
        {"countries.yaml", "iso3: \"", "aliases: [\"Moldova\"]\n  iso3: \"", "", "'aliases' stands twice"},
        {"criteria.yaml", "component: \"", "component: \"no_", "", "should be one of threat, vulnerability, impact"},
        {"criteria.yaml", "anchors: [", "anchors: [\"one more\", ", "", "anchors: five words are wanted"},
        {"profiles.yaml", "rule: \"", "rule: \"no_", "", "should be one of additive"},
        {"profiles.yaml", "concentration: ", "concentration: -", "", "the concentration should be above 0"},
        {"routes.yaml", "kind: \"", "kind: \"no_", "", "should be one of migration, drugs"},
        {"yardsticks.yaml", "high: 0.05", "high: 1.05", "", "should be probabilities"},
        {"grades.yaml", "high: 33.3", "high: -1", "", "should lie between 0 and 100"},
        {"handling.yaml", "scheme: \"tlp\"", "scheme: \"tpl\"", "", "should be one of tlp, europol"},
        {"recommendations.yaml", "number: 2", "number: 1", "", "'1' stands twice"},
    };
    for (const Fault& each : faults) {
        const std::string whole = text(each.file);
        change(each.file, each.from, each.to, each.after);
        const std::string all = problems();
        write(each.file, whole);
        bool named = false;
        std::istringstream lines(all);
        for (std::string line; std::getline(lines, line);)
            named = named || (line.starts_with(std::string(each.file) + ":") && !line.starts_with(std::string(each.file) + ":0:") && line.find(each.words) != std::string::npos);
        EXPECT_TRUE(named) << each.file << ", " << each.from << " -> " << each.to << "\nwanted: " << each.words << "\ngot:\n" << all;
    }
    EXPECT_EQ(problems(), "") << "a fault was left behind";
}

TEST_F(Spoilt, TheLineIsThatOfTheField) {
    const std::size_t record = change("threats.yaml", "area: \"", "area: \"no_", "- id: \"drugs.heroin\"");
    EXPECT_EQ(problems(), "threats.yaml:" + std::to_string(record) + ": there is no area 'no_drugs'\n");
    const auto loaded = load_catalogue(folder_.string());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(core::describe(loaded.error()), "threats.yaml:" + std::to_string(record) + ": there is no area 'no_drugs'");
}

TEST_F(Spoilt, HarmIsNeverLeftOut) {
    change("threats.yaml", "  harm_days_low: 2\n  harm_days_high: 730\n", "");
    EXPECT_TRUE(says("'harm_days_low' is missing: sentence days per offence, low"));
    EXPECT_TRUE(says("'harm_days_high' is missing: sentence days per offence, high"));
}

// Each field marked as required, of each list, taken out of its first record and then emptied there.
TEST_F(Spoilt, WhatIsRequiredIsMissed) {
    std::size_t tried = 0;
    // The other lists empty.
    std::map<std::string, std::string> files{{"map.geojson", R"({"type": "FeatureCollection", "features": []})"}};
    for_each_field<Catalogue>([&](const auto& f) { files[std::string(f.name) + ".yaml"] = f.name == "region" ? text("region.yaml") : "[]"; });
    const auto told = [&] {
        std::vector<CatalogueProblem> found;
        const bool loads = read_catalogue(files, &found).has_value();
        EXPECT_EQ(loads, found.empty());
        std::string out;
        for (const auto& each : found) out += each.file + ":" + std::to_string(each.line) + ": " + each.message + "\n";
        return out;
    };
    const auto try_list = [&]<class T>(const std::string& file, const T*) {
        for_each_field<T>([&](const auto& f) {
            if (!f.required) return;
            const std::string whole = text(file), key(f.name), before = files[file];
            std::vector<std::string> lines;
            std::istringstream in(whole);
            for (std::string line; std::getline(in, line);) lines.push_back(line);
            std::size_t at = 0;
            while (at < lines.size() && !(lines[at].starts_with("- " + key + ":") || lines[at].starts_with("  " + key + ":") || lines[at].starts_with(key + ":"))) ++at;
            ASSERT_LT(at, lines.size()) << file << " " << key;
            std::size_t next = at + 1;  // a value may go over several lines
            while (next < lines.size() && lines[next].starts_with("    ")) ++next;
            std::size_t end = next;  // of the first record that has it: the others would only take time
            while (end < lines.size() && !lines[end].starts_with("- ")) ++end;
            const std::string indent = lines[at].substr(0, lines[at].find(key));
            using Value = std::remove_cvref_t<decltype(std::declval<T>().*f.member)>;
            const bool is_number = std::is_arithmetic_v<Value>, is_text = std::is_same_v<Value, std::string>, is_list = detail::is_vector<Value>;
            for (const bool empty : {false, true}) {
                if (empty && is_number) continue;
                std::string spoilt;
                for (std::size_t i = 0; i < end; ++i) {
                    if (i > at && i < next) continue;
                    if (i == at) spoilt += empty ? indent + key + ": " + (is_text ? "\" \"" : is_list ? "[]" : "{}") + "\n" : indent.starts_with("-") ? "-\n" : "";
                    else spoilt += lines[i] + "\n";
                }
                files[file] = spoilt;
                const std::string wanted = "'" + key + "' is " + (empty ? "empty" : "missing") + ": " + std::string(f.meaning), all = told();
                EXPECT_NE(all.find(wanted), std::string::npos) << file << "\nwanted: " << wanted << "\ngot:\n" << all;
                EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1) << file << " " << key << ": one fault is told once\n" << all;
                if (empty) {
                    EXPECT_TRUE(all.starts_with(file + ":" + std::to_string(at + 1) + ":")) << all;
                }
                ++tried;
            }
            files[file] = before;
        });
    };
    for_each_field<Catalogue>([&](const auto& f) {
        using Value = std::remove_cvref_t<decltype(std::declval<Catalogue>().*f.member)>;
        const std::string file = std::string(f.name) + ".yaml";
        if constexpr (detail::is_vector<Value>) try_list(file, static_cast<const typename Value::value_type*>(nullptr));
        else try_list(file, static_cast<const Value*>(nullptr));
    });
    EXPECT_GE(tried, 120U);
    EXPECT_EQ(told(), "");
}

TEST_F(Spoilt, TheMapIsPartOfTheCatalogue) {
    const std::string whole = text("map.geojson"), hash = load_catalogue(folder_.string())->hash;
    change("map.geojson", "19.467", "19.468");
    EXPECT_NE(load_catalogue(folder_.string())->hash, hash);
    write("map.geojson", whole.substr(0, whole.size() / 2));
    EXPECT_TRUE(says("map.geojson:"));
    EXPECT_TRUE(says("not valid JSON"));
    fs::remove(folder_ / "map.geojson");
    EXPECT_EQ(problems(), "map.geojson:0: the file is missing: the areas of the countries, as GeoJSON\n");
    const std::pair<std::pair<const char*, const char*>, const char*> faults[] = {
        {{"FeatureCollection", "Collection"}, "should be a GeoJSON FeatureCollection"},
        {{"\"properties\":{\"id\":\"AL\"", "\"properties\":{\"id\":\"ZZ\""}, "feature 1 ('ZZ'): there is no country 'ZZ'"},
        {{"\"properties\":{\"id\":\"AL\"", "\"properties\":{\"id\":\"AT\""}, "the country 'AL' of a member is not drawn"},
        {{"\"member\":true", "\"member\":false"}, "feature 1 ('AL'): member is not as members.yaml has it"},
        {{"\"member\":true", "\"member\":1"}, "id, name and member"},
        {{"MultiPolygon", "Polygon"}, "a MultiPolygon of longitudes and latitudes"},
        {{"[19.467,41.856]", "[19.467,141.856]"}, "a MultiPolygon of longitudes and latitudes"},
        {{"[19.467,41.856]", "[19.467]"}, "a MultiPolygon of longitudes and latitudes"}};
    for (const auto& [what, words] : faults) {
        write("map.geojson", whole);
        change("map.geojson", what.first, what.second);
        EXPECT_TRUE(says(words));
    }
}

TEST_F(Spoilt, OneFaultIsToldOnce) {
    const std::string codes = text("codes.yaml");
    write("codes.yaml", codes + "- id: \"entry.window\"\n  title: \"again\"\n  definition: \"again\"\n  group: \"entry\"\n");
    const std::string all = problems();
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1) << all;
    EXPECT_NE(all.find("codes.yaml:" + std::to_string(1 + std::count(codes.begin(), codes.end(), '\n')) + ": the id 'entry.window' stands twice"), std::string::npos) << all;
}

TEST_F(Spoilt, WholeNumbersInOneReadingOnly) {
    for (const char* number : {"010", "0x10", "3.5", "1e1", "three", "~", "[3]", "99999999999"}) {
        const std::string whole = text("indicators.yaml");
        change("indicators.yaml", "window_years: 3", std::string("window_years: ") + number);
        EXPECT_TRUE(says("'window_years' should be a whole number"));
        write("indicators.yaml", whole);
    }
    for (const char* number : {"0x1p3", "014", "~", "0,14", "1_000", "1e999"}) {
        const std::string whole = text("criteria.yaml");
        change("criteria.yaml", "weight: 0.14", std::string("weight: ") + number);
        EXPECT_TRUE(says("'weight' "));
        write("criteria.yaml", whole);
    }
    for (const char* number : {".inf", "-.inf", ".NaN"}) {
        const std::string whole = text("criteria.yaml");
        change("criteria.yaml", "weight: 0.14", std::string("weight: ") + number);
        EXPECT_TRUE(says("'weight' is not a finite number"));
        write("criteria.yaml", whole);
    }
}

TEST_F(Spoilt, ASecondDocumentIsNotDropped) {
    const std::string areas = text("areas.yaml");
    write("areas.yaml", areas + "---\n- id: \"lost\"\n  title: \"lost\"\n");
    EXPECT_TRUE(says("areas.yaml:" + std::to_string(1 + std::count(areas.begin(), areas.end(), '\n')) + ": more than one list: a second document begins here"));
}

TEST_F(Spoilt, AnotherEncodingIsNamedWithItsLine) {
    write("lenses.yaml", "- id: \"a\"\n  title: \"Ni\x9a\"\n");
    EXPECT_TRUE(says("lenses.yaml:2: the text is not UTF-8"));
}

TEST_F(Spoilt, DepthAndAliasesEndInAnError) {
    for (const std::string& bad : {std::string(100000, '['), std::string(100000, '{'), std::string("&a [*a]"), std::string("- &a {id: *a}"), std::string("? [a]\n: b"), std::string("- [a]: b"), std::string("- {? {a: b} : c}"), std::string("- *none"), std::string("- !!binary x"), std::string("- \t- x"), std::string("a , a"), std::string("[] ]"), std::string("[] , a&a [*a2]")}) {
        write("lenses.yaml", bad);
        EXPECT_TRUE(says("lenses.yaml:"));
    }
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

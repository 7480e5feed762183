// What holds for every source: the list, the clock, and hostile bytes.
#include <algorithm>
#include <cmath>
#include <set>

#include "ingest/sources/kept_test.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

const std::map<std::string, std::string> kFixtures{
    {"euda_wastewater", "euda_wastewater/fixtures/wastewater.csv"}, {"eurostat_crime", "eurostat_crime/fixtures/crim_off_cat.tsv"},
    {"frontex_detections", "frontex/fixtures/detections.csv"},      {"ransomwhere", "ransomwhere/fixtures/payments.csv.gz"},
    {"sepca_2019", "sepca_2019/fixtures/statements.csv"},           {"unodc_cts", "unodc_cts/fixtures/cts.csv"},
    {"unodc_firearms", "unodc_firearms/fixtures/iafq.csv"},         {"unodc_glotip", "unodc_glotip/fixtures/glotip.csv"},
    {"unodc_seizures", "unodc_seizures/fixtures/seizures.csv"}};

TEST(Importers, EachIsNamedByASourceOfTheCatalogueOnceAndInOrder) {
    std::vector<std::string> names;
    for (const auto& each : make_importers()) {
        names.push_back(each->source());
        EXPECT_NE(catalogue().source(names.back()), nullptr) << names.back();
        const bool published = each->published() != core::Day{}, handed_in = names.back() == "questionnaire" || names.back() == "fiu_goaml";
        EXPECT_EQ(published, !handed_in) << names.back();
        EXPECT_EQ(kFixtures.contains(names.back()), !handed_in) << names.back();
    }
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
}

TEST(Importers, NoFigureIsKnownBeforeItsPeriodEndsOrAfterItsEdition) {
    for (const auto& [source, path] : kFixtures) {
        const Kept kept = read_file(source, fixture(path));
        EXPECT_FALSE(kept.observations.empty() && kept.claims.empty()) << source;
        for (const auto& o : kept.observations) {
            EXPECT_GE(o.known_at, o.period.end) << source << " row " << o.row;
            EXPECT_LE(o.known_at, importer(source).published()) << source << " row " << o.row;
            EXPECT_NE(catalogue().what(o.what), nullptr) << o.what;
            EXPECT_TRUE(std::any_of(catalogue().units.begin(), catalogue().units.end(), [&](const auto& unit) { return unit.id == o.unit; })) << o.unit;
        }
        for (const auto& each : kept.aside) EXPECT_FALSE(each.reason.empty() || each.original.empty()) << source << " row " << each.row;
    }
}

TEST(Importers, ReadTheSameTwice) {
    for (const auto& [source, path] : kFixtures) {
        const Kept once = read_file(source, fixture(path)), again = read_file(source, fixture(path));
        ASSERT_EQ(once.observations.size(), again.observations.size());
        for (std::size_t i = 0; i < once.observations.size(); ++i) {
            EXPECT_EQ(once.observations[i].row, again.observations[i].row);
            EXPECT_EQ(once.observations[i].dims, again.observations[i].dims);
        }
    }
}

TEST(Importers, EmptyHeaderOnlyAndMissingFiles) {
    const ingest::testing::Folder folder;
    for (const auto& [source, path] : kFixtures) {
        Kept kept;
        EXPECT_FALSE(importer(source).read(folder.write("empty.csv", ""), catalogue(), kept)) << source;
        EXPECT_FALSE(importer(source).read(folder / "none.csv", catalogue(), kept)) << source;
        EXPECT_FALSE(importer(source).read(folder.write("other.csv", "a,b\n1,2\n"), catalogue(), kept)) << source;
        EXPECT_FALSE(importer(source).read(folder.write("binary.csv", std::string_view("\x7f" "ELF\0\1\n", 7)), catalogue(), kept)) << source;
        if (path.ends_with(".gz")) continue;
        const std::string text = ingest::testing::slurp(fixture(path));
        EXPECT_TRUE(importer(source).read(folder.write("header.csv", text.substr(0, text.find('\n') + 1)), catalogue(), kept)) << source;
        EXPECT_TRUE(kept.observations.empty() && kept.claims.empty() && kept.aside.empty()) << source;
    }
}

// Deterministic damage: bytes overwritten, cut out, doubled, ends torn off. Each ends in rows, refusals or an
// error that has a message; sanitizers watch. What is accepted still keeps the promises of an observation.
TEST(Importers, SurviveDamagedFiles) {
    const ingest::testing::Folder folder;
    std::uint32_t state = 20240229;
    const auto draw = [&](std::size_t below) { return (state = state * 1664525U + 1013904223U, (state >> 8) % below); };
    using std::string_view_literals::operator""sv;
    const std::string_view hostile = "\0\xff\"',;\t\n\r:<-+.e0123456789\xc2\xa0"sv;
    for (const auto& [source, path] : kFixtures) {
        const std::string whole = ingest::testing::slurp(fixture(path));
        std::size_t kept_rows = 0;
        for (int round = 0; round < 350; ++round) {
            std::string text = whole;
            for (std::size_t change = 0, changes = 1 + draw(4); change < changes && !text.empty(); ++change) {
                const std::size_t at = draw(text.size());
                switch (draw(5)) {
                    case 0: text[at] = hostile[draw(hostile.size())]; break;
                    case 1: text.erase(at, 1 + draw(20)); break;
                    case 2: text.insert(at, text.substr(draw(text.size()), draw(40))); break;
                    case 3: text.resize(std::max(at, text.size() / 2)); break;
                    default: text[at] = static_cast<char>(draw(256)); break;
                }
            }
            Kept kept;
            const auto done = importer(source).read(folder.write("damaged" + std::filesystem::path(path).extension().string(), text), catalogue(), kept);
            EXPECT_TRUE(done || !done.error().message.empty());
            for (const auto& o : kept.observations) {
                ASSERT_TRUE(std::isfinite(o.value) && o.value >= 0 && o.upper >= o.value) << source;
                ASSERT_LT(o.period.begin, o.period.end) << source;
            }
            kept_rows += kept.observations.size() + kept.claims.size();
        }
        EXPECT_GT(kept_rows, 0U) << source;  // the damage does not stop at the heading
    }
}

TEST(Rows, SlugAndThousands) {
    EXPECT_EQ(slug("  Kapitan Andreevo (BCP) "), "kapitan_andreevo_bcp");
    EXPECT_EQ(slug("ČĆ"), "");
    double value = 0, upper = 0;
    model::State state{};
    for (const auto& [text, wanted] : {std::pair{"1,780", 1780.0}, {"12,345,678", 12345678.0}, {"0", 0.0}, {"1,234.5", 1234.5}, {"67824.9", 67824.9}}) {
        EXPECT_TRUE(parse_count(text, value, upper, state)) << text;
        EXPECT_EQ(value, wanted) << text;
    }
    for (const char* text : {"", ",", "1,", ",780", "1,78", "1,7800", "1780,000", "1,78,", "1,,780", "1.780,5", "1,780.5.1", "< 5", "<", "-1", "nan", "1e999", "5 "}) EXPECT_FALSE(parse_count(text, value, upper, state)) << text;
}

TEST(Rows, KnownAtIsCappedByTheEdition) {
    const core::Day end = edition_day(2020, 1, 1);
    EXPECT_EQ(core::iso(known_at(end, 45, edition_day(2025, 1, 1))), "2020-02-15");
    EXPECT_EQ(core::iso(known_at(end, 45, edition_day(2020, 1, 10))), "2020-01-10");
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing

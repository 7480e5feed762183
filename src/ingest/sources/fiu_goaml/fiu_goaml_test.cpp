#include "ingest/sources/fiu_goaml/fiu_goaml.hpp"

#include <gtest/gtest.h>

#include <map>

#include "store/snapshot.hpp"

namespace threatlas::ingest::sources {
namespace {

const model::Catalogue& shipped() {
    static const model::Catalogue catalogue = *model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
    return catalogue;
}

struct Kept final : Sink {
    std::vector<model::Observation> rows;
    std::vector<std::string> refused;
    std::uint64_t read = 0;
    std::string text;   // everything that came, to look for what must not
    core::Result<void> accept(model::Observation o, const RowSource& row) override {
        for (const auto& [key, value] : o.dims) text += key + value;
        text += row.original();
        rows.push_back(std::move(o));
        return {};
    }
    core::Result<void> accept(model::Claim, const RowSource&) override { return {}; }
    core::Result<void> set_aside(std::string_view, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) override {
        refused.push_back(std::to_string(row) + " " + std::string(column) + ": " + reason);
        text += original;
        return {};
    }
    void rows_read(std::uint64_t rows_seen, std::uint64_t) override { read = rows_seen; }
    double sum(const std::string& what, const std::map<std::string, std::string>& dims = {}) const {
        double out = 0;
        for (const auto& each : rows) {
            bool fits = each.what == what;
            for (const auto& [key, value] : dims) fits = fits && each.dims.contains(key) && each.dims.at(key) == value;
            if (fits) out += each.value;
        }
        return out;
    }
};

std::string report(const std::string& inner) { return "<report><report_code>STR</report_code><submission_date>2026-03-02T10:00:00</submission_date><location><country_code>RS</country_code></location>" + inner + "</report>"; }

TEST(FiuGoaml, CountsReportsIndicatorsAndTransactions) {
    Kept kept;
    const auto done = count_goaml("<r>" + report("<report_indicators><indicator>A</indicator><indicator>B</indicator><indicator>A</indicator></report_indicators><transaction><t_from><from_country>DE</from_country><from_person><first_name>Secret</first_name></from_person></t_from><t_to><to_country>TR</to_country></t_to></transaction>") +
                                      report("<report_indicators><indicator>A</indicator></report_indicators><transaction/><reason>Secret story</reason>") + "</r>", shipped(), kept);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(kept.read, 2u);
    EXPECT_EQ(kept.sum("fiu.reports", {{"report_code", "STR"}}), 2);
    EXPECT_EQ(kept.sum("fiu.reports.indicator", {{"indicator", "A"}}), 2);
    EXPECT_EQ(kept.sum("fiu.reports.indicator", {{"indicator", "B"}}), 1);
    EXPECT_EQ(kept.sum("fiu.reports.transaction"), 2);
    EXPECT_EQ(kept.sum("fiu.reports.transaction", {{"from_country", "DE"}, {"to_country", "TR"}}), 1);
    EXPECT_EQ(kept.rows[0].place, "RS");
    EXPECT_EQ(core::iso(kept.rows[0].period), "2026-03");
    EXPECT_EQ(kept.text.find("Secret"), std::string::npos);
}

TEST(FiuGoaml, AReportThatSaysTooLittleIsRefusedAloneWithoutItsContent) {
    Kept kept;
    ASSERT_TRUE(count_goaml("<r><report><report_code>STR</report_code><reason>Secret</reason></report><report><submission_date>2026-03-02</submission_date></report>" + report("<report_indicators><indicator>a b</indicator></report_indicators>") + report("") + "</r>", shipped(), kept));
    EXPECT_EQ(kept.refused.size(), 3u);
    EXPECT_EQ(kept.sum("fiu.reports"), 1);
    EXPECT_EQ(kept.text.find("Secret"), std::string::npos);
}

TEST(FiuGoaml, HostileXmlIsRefused) {
    Kept kept;
    const auto refused = [&](const std::string& xml) { return !count_goaml(xml, shipped(), kept).has_value(); };
    EXPECT_TRUE(refused(""));
    EXPECT_TRUE(refused("<a/>"));
    EXPECT_TRUE(refused("<report>"));
    EXPECT_TRUE(refused("<!DOCTYPE r [<!ENTITY a 'aaaa'>]><report>&a;</report>"));
    EXPECT_TRUE(refused("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><report/>"));
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    EXPECT_TRUE(refused(deep));
    EXPECT_TRUE(refused("<report><report_code>" + std::string(5000, 'x') + "</report_code></report>"));
    EXPECT_TRUE(kept.rows.empty());
}

TEST(FiuGoaml, AReportInAReportIsNone) {
    Kept kept;
    ASSERT_TRUE(count_goaml(report("<other><report><report_code>SAR</report_code></report></other>"), shipped(), kept));
    EXPECT_EQ(kept.read, 1u);
    EXPECT_EQ(kept.sum("fiu.reports", {{"report_code", "STR"}}), 1);
}

TEST(FiuGoaml, TheExampleIsRead) {
    Kept kept;
    ASSERT_TRUE(make_fiu_goaml()->read(THREATLAS_SOURCE_DIR "/examples/goaml/reports.xml", shipped(), kept));
    EXPECT_EQ(kept.read, 42u);
    EXPECT_EQ(kept.sum("fiu.reports"), 42);
    EXPECT_GT(kept.sum("fiu.reports.transaction"), 42);
    EXPECT_TRUE(kept.refused.empty());
    for (const char* word : {"Invented", "Clerk", "000-", "Novigrad"}) EXPECT_EQ(kept.text.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace threatlas::ingest::sources

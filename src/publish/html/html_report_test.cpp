#include <gtest/gtest.h>

#include "model/catalogue.hpp"
#include "publish/publish.hpp"

namespace threatlas::publish {
namespace {

// A page is too long to be printed when a test fails.
bool has(const std::string& page, const std::string& text) { return page.find(text) != std::string::npos; }

const model::Catalogue& shipped() {
    static const model::Catalogue loaded = [] {
        auto out = model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
        EXPECT_TRUE(out) << core::describe(out.error());
        return *out;
    }();
    return loaded;
}

// Every threat of the catalogue, one judged figure on the first; no measurement at all.
assess::Assessment small_assessment(const std::string& statement) {
    assess::Assessment a;
    a.id = "A-0123456789", a.manifest.created_for = "Test region";
    assess::Figure f;
    f.id = "F-0123456789", f.basis = "judged", f.title = statement, f.handling = "TLP:CLEAR";
    assess::EvidenceRow row;
    row.file = "claims.csv", row.row = 7, row.text = statement;
    f.rows = {row};
    int rank = 0;
    for (const auto& threat : shipped().threats) {
        assess::ThreatResult t;
        t.threat = threat.id, t.area = threat.area, t.title = threat.title, t.rank = ++rank, t.band = 1, t.imputed = 1;
        t.acceptability.assign(shipped().threats.size(), 1.0 / static_cast<double>(shipped().threats.size()));
        for (const auto& lens : shipped().lenses) t.lenses.push_back({lens.id, false, {}, lens.question});
        for (const auto& criterion : shipped().criteria) t.criteria.push_back({criterion.id, {50, 20, 15, 35, 50, 65, 85}, 0, 0, 1, 0, {}});
        if (rank == 1) t.lenses.front() = {shipped().lenses.front().id, true, {f.id}, ""};
        a.ranking.push_back(std::move(t));
    }
    f.threat = a.ranking.front().threat;
    a.figures = {f};
    return a;
}

std::string page(const std::string& statement = "borders are crossed on foot", ReportOptions options = {}) { return html_report(small_assessment(statement), shipped(), options); }

TEST(HtmlReport, HoldsEveryThreatAndEverySection) {
    const std::string html = page();
    for (const auto& threat : shipped().threats) EXPECT_TRUE(has(html, "id=\"" + threat.id + "\"")) << threat.id;
    for (const char* section : {"purpose", "ranking", "changes", "routes", "recommendations", "gaps", "members", "profiles", "assumptions", "sources", "annex"})
        EXPECT_TRUE(has(html, "<h1 id=\"" + std::string(section))) << section;
    for (const auto& each : shipped().recommendations) EXPECT_TRUE(has(html, std::to_string(each.number) + ". ")) << each.title;
}

TEST(HtmlReport, StatementsCarryTheirEvidence) {
    const std::string html = page();
    EXPECT_TRUE(has(html, "borders are crossed on foot <a class=\"ev\" href=\"#F-0123456789\""));
    EXPECT_TRUE(has(html, "claims.csv:7"));
    EXPECT_TRUE(has(html, "Not assessed"));
}

TEST(HtmlReport, SameAssessmentSameBytes) { EXPECT_TRUE(page() == page()); }

TEST(HtmlReport, HostileTextStaysText) {
    const std::string html = page("</script><script>alert(1)</script><img src=x onerror=\"y\">");
    EXPECT_FALSE(has(html, "<script>alert"));
    EXPECT_FALSE(has(html, "<img"));
    EXPECT_TRUE(has(html, "&lt;img src=x onerror=&quot;"));
}

TEST(HtmlReport, NothingIsFetched) {
    const std::string html = page();
    for (const char* mark : {"src=\"http", "href=\"http", "@import", "url(http", "<link"}) EXPECT_FALSE(has(html, mark)) << mark;
}

TEST(HtmlReport, PublicEditionSaysSoAndLeavesMembersOut) {
    ReportOptions options;
    options.edition = Edition::public_edition, options.withheld = 3;
    const std::string html = page("x", options);
    EXPECT_TRUE(has(html, "Public edition"));
    EXPECT_TRUE(has(html, "3 figures are withheld"));
    EXPECT_FALSE(has(html, "id=\"members\""));
}

}  // namespace
}  // namespace threatlas::publish

// The page being written: marks of HTML, and what every section needs at hand.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"
#include "publish/publish.hpp"

namespace threatlas::publish::html {

class Page {
  public:
    Page(const assess::Assessment& assessment, const model::Catalogue& catalogue, const ReportOptions& options);

    const assess::Assessment& assessment() const { return assessment_; }
    const model::Catalogue& catalogue() const { return catalogue_; }
    const ReportOptions& options() const { return options_; }
    const assess::Figure* figure(const std::string& id) const;   // nullptr: withheld or unknown
    std::vector<const assess::ThreatResult*> threats_of(const std::string& area) const;  // by rank
    std::string threat_title(const std::string& id) const;

    void put(std::string_view html) { out_ += html; }
    void paragraph(std::string_view words, const char* css = nullptr);
    // Level 1 goes into the contents; `flow`: does not begin a new sheet of paper.
    void heading(int level, const std::string& id, std::string_view words, bool flow = false);
    void drawing(std::string_view svg) { out_ += "<figure>" + std::string(svg) + "</figure>\n"; }
    // id: what to ask 'explain' for.
    void card(std::string_view name, std::string_view value, std::string_view id = "");
    // Cells are HTML: escape what is text.
    void begin_table(std::initializer_list<std::string> headings, const char* css = nullptr);
    void row(std::initializer_list<std::string> cells, const char* tag = "td");
    void end_table() { out_ += "</tbody></table>\n"; }

    std::string finish();   // puts the contents where place_contents() was called
    void place_contents();

  private:
    struct Entry {
        std::string id, title;
    };
    const assess::Assessment& assessment_;
    const model::Catalogue& catalogue_;
    const ReportOptions& options_;
    std::map<std::string, const assess::Figure*> figures_;
    std::vector<Entry> contents_;
    std::size_t contents_at_ = 0;
    std::string out_;
};

std::string threat_link(const std::string& id, const std::string& title);
std::string evidence_link(const std::string& id);   // empty for an empty id

// The sections, in the order of the source report.
void front(Page& page);         // cover, contents, purpose and methodology, ranking, changes
void forecasts_done(Page& page);                                // how earlier forecasts did
void arising(Page& page);       // signals
void outlook(Page& page, const assess::Outlook& outlook);       // the forecast of one threat
void areas(Page& page);         // per area: judgement, map, lenses, modi operandi, threats
void back(Page& page);          // routes, recommendations, gaps, members, profiles, assumptions, sources
void annex(Page& page);         // every figure, and what a click opens

}  // namespace threatlas::publish::html

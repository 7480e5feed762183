#include "publish/html/page.hpp"

#include <utility>

#include "core/hash.hpp"
#include "publish/format.hpp"
#include "publish/html/style.hpp"

namespace threatlas::publish::html {

Page::Page(const assess::Assessment& assessment, const model::Catalogue& catalogue, const ReportOptions& options) : assessment_(assessment), catalogue_(catalogue), options_(options) {
    for (const auto& figure : assessment.figures) figures_[figure.id] = &figure;
    put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    put(escape(assessment.manifest.created_for));
    put("</title><style>@page { size: A4 ");
    put(options.landscape ? "landscape" : "portrait");
    put("; }\n");
    put(kStyle);
    put("</style></head><body class=\"");
    put(options.landscape ? "landscape" : "portrait");
    put("\"><main>\n");
}

const assess::Figure* Page::figure(const std::string& id) const {
    const auto found = figures_.find(id);
    return found == figures_.end() ? nullptr : found->second;
}

std::vector<const assess::ThreatResult*> Page::threats_of(const std::string& area) const {
    std::vector<const assess::ThreatResult*> out;
    for (const auto& t : assessment_.ranking)
        if (t.area == area) out.push_back(&t);
    return out;
}

std::string Page::threat_title(const std::string& id) const {
    const auto* threat = catalogue_.threat(id);
    return threat != nullptr ? threat->title : id;
}

void Page::paragraph(std::string_view words, const char* css) {
    out_ += css != nullptr ? "<p class=\"" + std::string(css) + "\">" : std::string("<p>");
    out_ += escape(words) + "</p>\n";
}

void Page::heading(int level, const std::string& id, std::string_view words, bool flow) {
    const std::string tag = "h" + std::to_string(level);
    out_ += "<" + tag + " id=\"" + escape(id) + "\"" + (flow ? " class=\"flow\"" : "") + ">" + escape(words) + "</" + tag + ">\n";
    if (level == 1) contents_.push_back({id, std::string(words)});
}

void Page::card(std::string_view name, std::string_view value, std::string_view id) {
    out_ += "<div class=\"card\"><span>" + escape(name) + "</span><b>" + escape(value) + "</b>" + (id.empty() ? "" : " <i>" + escape(id) + "</i>") + "</div>";
}

void Page::begin_table(std::initializer_list<std::string> headings, const char* css) {
    out_ += css != nullptr ? "<table class=\"" + std::string(css) + "\"><thead>" : std::string("<table><thead>");
    row(headings, "th");
    out_ += "</thead><tbody>\n";
}

void Page::row(std::initializer_list<std::string> cells, const char* tag) {
    out_ += "<tr>";
    for (const auto& cell : cells) out_ += "<" + std::string(tag) + ">" + cell + "</" + tag + ">";
    out_ += "</tr>\n";
}

void Page::place_contents() { contents_at_ = out_.size(); }

std::string Page::finish() {
    std::string list = "<ol>";
    for (const auto& entry : contents_) list += "<li><a href=\"#" + escape(entry.id) + "\">" + escape(entry.title) + "</a></li>";
    out_.insert(contents_at_, list + "</ol>");
    out_ += "</main></body></html>\n";
    // Its own fingerprint: the PDF carries it on, and is not printed again for the same page.
    const std::string mark = "<meta charset=\"utf-8\">";
    out_.insert(out_.find(mark) + mark.size(), "<meta name=\"keywords\" content=\"page-" + core::sha256(out_) + "\">");
    return std::move(out_);
}

std::string threat_link(const std::string& id, const std::string& title) { return "<a href=\"#" + escape(id) + "\">" + escape(title) + "</a>"; }

std::string evidence_link(const std::string& id) { return id.empty() ? "" : "<a class=\"ev\" href=\"#" + escape(id) + "\" data-ev=\"" + escape(id) + "\">" + escape(id) + "</a>"; }

}  // namespace threatlas::publish::html

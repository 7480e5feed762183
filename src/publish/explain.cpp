#include "publish/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "publish/format.hpp"

namespace threatlas::publish {
namespace {

std::string line(const assess::Summary& s, const std::string& unit) {
    return fmt::format("{} {} (90 %: {} to {}; mean {}, standard deviation {})", number(s.q50), unit, number(s.q05), number(s.q95), number(s.mean), number(s.sd));
}

// A grade as the ranking reads it: less its organisation's grading habit.
std::string corrected(const assess::Assessment& assessment, const assess::Figure& figure) {
    if (figure.basis != "judged" || figure.score.q95 <= figure.score.q05) return "";
    for (const auto& m : assessment.members) {
        if (m.severity_sd <= 0 || std::find(figure.contributors.begin(), figure.contributors.end(), m.member) == figure.contributors.end()) continue;
        return fmt::format("{} told, {} as read: the grades of {} lie {} points {} the others' (standard deviation {})", fixed(figure.score.q50, 1), fixed(std::clamp(figure.score.q50 - m.severity, 0.0, 100.0), 1),
                           m.member, fixed(std::abs(m.severity), 1), m.severity < 0 ? "below" : "above", fixed(m.severity_sd, 1));
    }
    return "";
}

}  // namespace

std::string row_value(const assess::EvidenceRow& row) {
    if (row.state == "censored") return number(row.value) + " to " + number(row.upper);
    return row.state == "measured" ? number(row.value) : row.state;
}

std::string explain_text(const assess::Assessment& assessment, const assess::Figure& figure, const model::Catalogue& catalogue, std::size_t most_rows) {
    const model::Threat* threat = catalogue.threat(figure.threat);
    const model::Criterion* criterion = catalogue.criterion(figure.criterion);
    std::string out = figure.id + "  " + figure.title + '\n';
    const auto say = [&](const char* what, const std::string& text) {
        if (!text.empty()) out += fmt::format("  {:<13} {}\n", what, text);
    };
    say("Threat", threat != nullptr ? threat->title : figure.threat);
    say("Where", figure.place.empty() ? "the region" : figure.place + (figure.member.empty() ? "" : " (" + figure.member + ")"));
    say("Criterion", criterion != nullptr ? criterion->title : figure.criterion);
    say("Basis", figure.basis + (figure.nature.empty() ? "" : ", " + figure.nature));
    say("Value", line(figure.value, figure.unit));
    say("Score", line(figure.score, "of 100"));
    if (const std::string words = corrected(assessment, figure); !words.empty()) say("Corrected", words);
    say("Formula", figure.formula);
    say("Indicator", figure.indicator);
    if (const model::Indicator* indicator = catalogue.indicator(figure.indicator); indicator != nullptr) {
        std::string anchors;
        for (const double a : indicator->anchors) anchors += (anchors.empty() ? "" : ", ") + number(a);
        say("Anchors", anchors + " score 0, 25, 50, 75, 100 (" + indicator->anchor_source + ")");
    }
    say("Citation", figure.citation);
    say("Mind", figure.note);
    say("Completeness", percent(figure.completeness));
    for (const std::string& id : figure.sources) {
        const model::Source* source = catalogue.source(id);
        say("Source", source != nullptr ? source->publisher + ": " + source->title : id);
    }
    say("Handling", figure.handling);
    if (!figure.series.empty()) {
        std::string series;
        for (const auto& point : figure.series) series += point.period + ": " + number(point.value) + "  ";
        say("Series", series);
    }
    out += fmt::format("  Rows          {}\n", figure.rows.size());
    for (std::size_t i = 0; i < figure.rows.size() && i < most_rows; ++i) {
        const auto& row = figure.rows[i];
        out += fmt::format("    {}:{}  {} {} {} {}", row.file, row.row, row.what, row.place, row.period, row_value(row));
        out += " " + row.unit + (row.dims.empty() ? "" : "  " + row.dims) + (row.flags.empty() ? "" : "  flag " + row.flags) + (row.text.empty() ? "" : "  \"" + row.text + "\"") + "  [" +
               row.submission.substr(0, 12) + "]\n";
    }
    if (figure.rows.size() > most_rows) out += fmt::format("    ... and {} more; --rows prints more, --json all\n", figure.rows.size() - most_rows);
    return out;
}

}  // namespace threatlas::publish

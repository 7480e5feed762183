// Charts of the ranking: the signature chart, rank probabilities, criteria, and where evidence stands.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "publish/format.hpp"
#include "publish/svg/canvas.hpp"
#include "publish/svg/charts.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::svg {
namespace {

namespace en = text::english;

constexpr std::string_view kHatch =
    "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"#eef0f4\"/>"
    "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" stroke=\"#b4bbc6\" stroke-width=\"1.4\"/></pattern></defs>";
constexpr std::string_view kJudgedFill = "#deaf7c";

std::string with_hatch(std::string svg) { return svg.insert(svg.find("</desc>") + 7, kHatch); }

void trend_sign(Canvas& c, double x, double y, const std::string& word) {
    const std::string at = fixed(x, 1), l = fixed(x - 5, 1), r = fixed(x + 5, 1), up = fixed(y - 4.5, 1), down = fixed(y + 4.5, 1);
    if (word == "rising") c.path("M" + l + " " + down + "L" + at + " " + up + "L" + r + " " + down + "Z", colour::rising, "none");
    else if (word == "falling") c.path("M" + l + " " + up + "L" + at + " " + down + "L" + r + " " + up + "Z", colour::measured, "none");
    else if (word == "stable") c.rect(x - 5, y - 1.5, 10, 3.5, colour::muted);
    else c.text(x, y + 4, "–", {12, colour::muted, "middle"});
}

// Columns of the signature chart.
constexpr double kWidth = 780, kRow = 25, kScore = 274, kScoreWidth = 204, kTop5 = 516, kRests = 622, kTrend = 752;
double score_at(double score) { return kScore + kScoreWidth * score / 100; }

void heads(Canvas& c, double y) {
    for (const auto& [x, head] : {std::pair{40.0, en::kThreat}, {kScore, en::kScoreScale}, {kTop5, en::kTopFive}, {kRests, en::kRestsOn}}) c.text(x, y, head, {11, colour::muted});
    c.text(kTrend, y, en::kTrend, {11, colour::muted, "middle"});
}

void threat_row(Canvas& c, double y, const assess::ThreatResult& t, bool with_band) {
    c.text(24, y + 4, std::to_string(t.rank), {11.5, colour::muted, "end"});
    // The tie band by its letter: a band need not be one run of the list.
    if (with_band) c.text(32, y + 4, std::string(1, static_cast<char>('A' + (t.band - 1) % 26)), {10, colour::accent, "middle", true});
    c.text(42, y + 4, fit(t.title, 12, kScore - 46), {12, colour::ink, "start", true});
    c.rect(score_at(t.score.q05), y - 5, score_at(t.score.q95) - score_at(t.score.q05), 10, colour::band, 5);
    c.circle(score_at(t.score.q50), y, 5, colour::accent);
    c.text(score_at(t.score.q95) + 7, y + 4, fixed(t.score.q50, 0), {11.5, colour::ink, "start", true});
    c.rect(kTop5, y - 4.5, 60, 9, "#e7eaf1", 3);
    c.rect(kTop5, y - 4.5, 60 * t.p_top5, 9, colour::dark, 3);
    c.text(kTop5 + 66, y + 4, percent(t.p_top5), {11});
    constexpr double kWide = 96;
    c.rect(kRests, y - 4.5, kWide, 9, "url(#hatch)");
    c.rect(kRests, y - 4.5, kWide * t.measured, 9, colour::measured);
    c.rect(kRests + kWide * t.measured, y - 4.5, kWide * t.judged, 9, kJudgedFill);
    trend_sign(c, kTrend, y, t.trend.word);
}

// A word under a column, set over up to three lines.
void column_head(Canvas& c, double x, double bottom, const std::string& words, double size, double width) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t space = std::min(words.find(' ', at), words.size());
        const std::string word = words.substr(at, space - at);
        if (!lines.empty() && text_width(lines.back() + " " + word, size) <= width) lines.back() += " " + word;
        else lines.push_back(word);
        at = space + 1;
    }
    double y = bottom - (size + 2) * static_cast<double>(lines.size() - 1);
    for (const auto& line : lines) c.text(x, y, fit(line, size, width), {size, colour::muted, "middle"}), y += size + 2;
}

}  // namespace

std::string ranking(const assess::Assessment& a) {
    constexpr double kTop = 86;
    const double rows = kRow * static_cast<double>(a.ranking.size()), height = kTop + rows + 50;
    const std::string title = text::ranking_finding(a);
    Canvas c(kWidth, height, title, en::kRankingAbout);
    c.text(10, 24, title, {19, colour::ink, "start", true});
    c.text(10, 44, en::kRankingCaption, {11, colour::muted});
    heads(c, kTop - 12);
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= a.ranking.size(); ++i)
        if (i == a.ranking.size() || a.ranking[i].band != a.ranking[begin].band) {
            c.rect(2, kTop + kRow * static_cast<double>(begin) + 1.5, kWidth - 4, kRow * static_cast<double>(i - begin) - 3, colour::ground, 6);
            begin = i;
        }
    for (int tick = 0; tick <= 100; tick += 25) {
        c.line(score_at(tick), kTop, score_at(tick), kTop + rows, colour::rule);
        c.text(score_at(tick), kTop + rows + 14, std::to_string(tick), {10, colour::muted, "middle"});
    }
    for (std::size_t i = 0; i < a.ranking.size(); ++i) threat_row(c, kTop + kRow * (static_cast<double>(i) + 0.5), a.ranking[i], true);
    const double foot = height - 8;
    c.text(10, foot, fmt::format(en::kRankingFoot, a.id, number(a.manifest.draws)), {10.5, colour::muted});
    double x = 470;
    for (const auto& [fill, word] : {std::pair<std::string_view, const char*>{colour::measured, en::kMeasured}, {kJudgedFill, en::kJudged}, {"url(#hatch)", en::kBorrowed}}) {
        c.rect(x, foot - 9, 11, 11, fill);
        c.text(x + 16, foot, word, {10.5, colour::muted});
        x += text_width(word, 10.5) + 34;
    }
    return with_hatch(c.finish());
}

std::string ranking_of(const std::vector<const assess::ThreatResult*>& threats) {
    constexpr double kTop = 24;
    const double rows = kRow * static_cast<double>(threats.size());
    Canvas c(kWidth, kTop + rows + 18, en::kAreaRanking, en::kAreaAbout);
    heads(c, 12);
    c.rect(2, kTop, kWidth - 4, rows, colour::ground, 6);
    for (int tick = 0; tick <= 100; tick += 25) {
        c.line(score_at(tick), kTop, score_at(tick), kTop + rows, colour::rule);
        c.text(score_at(tick), kTop + rows + 13, std::to_string(tick), {10, colour::muted, "middle"});
    }
    for (std::size_t i = 0; i < threats.size(); ++i) threat_row(c, kTop + kRow * (static_cast<double>(i) + 0.5), *threats[i], false);
    return with_hatch(c.finish());
}

std::string acceptability(const assess::Assessment& a) {
    constexpr double kLeft = 236, kTop = 26, kHigh = 17;
    const std::size_t n = a.ranking.size();
    const double wide = (kWidth - kLeft - 4) / static_cast<double>(n);
    Canvas c(kWidth, kTop + kHigh * static_cast<double>(n) + 30, en::kRankProbability, en::kProbabilityAbout);
    static constexpr std::string_view kShades[] = {"#f5f7fa", "#dbe5f6", "#a9c2ec", "#6d97db", "#2f66bd", "#123f87"};
    static constexpr double kBreaks[] = {0.01, 0.05, 0.1, 0.2, 0.4};
    for (std::size_t r = 0; r < n; ++r) c.text(kLeft + wide * (static_cast<double>(r) + 0.5), kTop - 8, std::to_string(r + 1), {10, colour::muted, "middle"});
    for (std::size_t i = 0; i < n; ++i) {
        const double y = kTop + kHigh * static_cast<double>(i);
        c.text(4, y + 12.5, fit(a.ranking[i].title, 11.5, kLeft - 12), {11.5});
        for (std::size_t r = 0; r < a.ranking[i].acceptability.size() && r < n; ++r) {
            const double p = a.ranking[i].acceptability[r];
            const auto shade = static_cast<std::size_t>(std::upper_bound(std::begin(kBreaks), std::end(kBreaks), p) - std::begin(kBreaks));
            c.rect(kLeft + wide * static_cast<double>(r) + 0.5, y + 0.5, wide - 1, kHigh - 1, kShades[shade], 1.5);
        }
    }
    const double foot = kTop + kHigh * static_cast<double>(n) + 20;
    double x = kLeft;
    for (std::size_t k = 0; k < 6; ++k) {
        c.rect(x, foot - 9, 11, 11, kShades[k], 1.5, k == 0 ? "stroke=\"#d4d9e1\"" : "");
        c.text(x + 15, foot, en::kProbabilityShades[k], {10, colour::muted});
        x += text_width(en::kProbabilityShades[k], 10) + 30;
    }
    return c.finish();
}

std::string evidence_map(const assess::Assessment& a, const model::Catalogue& catalogue) {
    constexpr double kHigh = 19, kLeft = 214, kTop = 62;
    const double wide = (kWidth - kLeft) / static_cast<double>(catalogue.criteria.size());
    Canvas c(kWidth, kTop + kHigh * static_cast<double>(a.ranking.size()) + 30, en::kEvidenceTitle, en::kEvidenceAbout);
    for (std::size_t k = 0; k < catalogue.criteria.size(); ++k) column_head(c, kLeft + wide * (static_cast<double>(k) + 0.5), kTop - 8, catalogue.criteria[k].title, 9, wide - 2);
    for (std::size_t i = 0; i < a.ranking.size(); ++i) {
        const double y = kTop + kHigh * static_cast<double>(i);
        c.text(4, y + 13.5, fit(a.ranking[i].title, 11.5, kLeft - 12), {11.5});
        for (const auto& r : a.ranking[i].criteria) {
            const auto found = std::find_if(catalogue.criteria.begin(), catalogue.criteria.end(), [&](const auto& x) { return x.id == r.criterion; });
            const double x = kLeft + wide * static_cast<double>(found - catalogue.criteria.begin()) + 1.5, w = wide - 3;
            c.rect(x, y + 1.5, w, kHigh - 3, "url(#hatch)");
            c.rect(x, y + 1.5, w * r.measured, kHigh - 3, colour::measured);
            c.rect(x + w * r.measured, y + 1.5, w * r.judged, kHigh - 3, kJudgedFill);
        }
    }
    c.text(4, kTop + kHigh * static_cast<double>(a.ranking.size()) + 20, en::kEvidenceFoot, {10.5, colour::muted});
    return with_hatch(c.finish());
}

std::string lens_map(const std::vector<const assess::ThreatResult*>& threats, const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue) {
    constexpr double kHigh = 19, kLeft = 214, kTop = 30;
    std::map<std::string, bool> measured;
    for (const auto* f : figures) measured[f->id] = f->basis == "measured";
    const double wide = (kWidth - kLeft) / static_cast<double>(catalogue.lenses.size());
    Canvas c(kWidth, kTop + kHigh * static_cast<double>(threats.size()) + 4, en::kAreaLenses, en::kLensAbout);
    for (std::size_t k = 0; k < catalogue.lenses.size(); ++k) column_head(c, kLeft + wide * (static_cast<double>(k) + 0.5), kTop - 8, catalogue.lenses[k].title, 10.5, wide - 4);
    for (std::size_t i = 0; i < threats.size(); ++i) {
        const double y = kTop + kHigh * static_cast<double>(i);
        c.text(4, y + 13.5, fit(threats[i]->title, 11.5, kLeft - 12), {11.5});
        for (const auto& lens : threats[i]->lenses) {
            const auto at = std::find_if(catalogue.lenses.begin(), catalogue.lenses.end(), [&](const auto& x) { return x.id == lens.lens; });
            const double x = kLeft + wide * static_cast<double>(at - catalogue.lenses.begin()) + 2, w = wide - 4;
            const bool any = std::any_of(lens.figures.begin(), lens.figures.end(), [&](const auto& id) { return measured.contains(id) && measured[id]; });
            if (any) c.rect(x, y + 2, w, kHigh - 4, "#d5eadf", 3), c.text(x + w / 2, y + 13.5, en::kMeasured, {10, "#075c39", "middle"});
            else if (!lens.figures.empty()) c.rect(x, y + 2, w, kHigh - 4, "#f6e5d1", 3), c.text(x + w / 2, y + 13.5, en::kJudged, {10, "#7d470a", "middle"});
            else c.rect(x + 0.5, y + 2.5, w - 1, kHigh - 5, "none", 3, "stroke=\"#c9cfd8\" stroke-dasharray=\"3 3\""), c.text(x + w / 2, y + 13.5, en::kNotAssessed, {10, colour::muted, "middle"});
        }
    }
    return c.finish();
}

std::string criteria(const assess::ThreatResult& threat, const model::Catalogue& catalogue, double width, std::size_t columns) {
    constexpr double kBetween = 22;
    const double high = columns == 1 ? 14.5 : 13;
    const std::size_t each = (threat.criteria.size() + columns - 1) / columns;
    const double rows = high * static_cast<double>(each), wide = (width - kBetween * static_cast<double>(columns - 1)) / static_cast<double>(columns);
    const double label = columns == 1 ? 196 : 164, told = columns == 1 ? 124 : 88;
    Canvas c(width, rows + 20, fmt::format(en::kCriteriaTitle, threat.title), en::kCriteriaAbout);
    for (std::size_t column = 0; column < columns; ++column) {
        const double from = (wide + kBetween) * static_cast<double>(column), left = from + label, right = from + wide - told;
        const auto x = [&](double v) { return left + (right - left) * v / 100; };
        for (int tick = 0; tick <= 100; tick += columns == 1 ? 25 : 50) {
            c.line(x(tick), 2, x(tick), rows + 3, colour::rule);
            c.text(x(tick), rows + 15, std::to_string(tick), {9.5, colour::muted, "middle"});
        }
        for (std::size_t i = column * each; i < std::min(threat.criteria.size(), (column + 1) * each); ++i) {
            const auto& r = threat.criteria[i];
            const double y = 2 + high * (static_cast<double>(i - column * each) + 0.5);
            const model::Criterion* criterion = catalogue.criterion(r.criterion);
            const bool known = r.measured + r.judged > 0.01, measured = r.measured >= r.judged;
            c.text(from, y + 4, fit(criterion != nullptr ? criterion->title : r.criterion, 11, label - 8), {11, known ? colour::ink : colour::muted});
            c.rect(x(r.score.q05), y - 4, x(r.score.q95) - x(r.score.q05), 8, known ? colour::band : std::string_view("#e7eaf1"), 4);
            c.circle(x(r.score.q50), y, 3.8, known ? colour::accent : std::string_view("#9aa3b2"));
            c.text(right + 8, y + 4, known ? (measured ? en::kMeasured : en::kJudged) : en::kUnknown, {10, known ? (measured ? colour::measured : std::string_view("#a85c0c")) : colour::muted});
            c.text(from + wide, y + 4, (r.attribution >= 0 ? "+" : "−") + fixed(std::abs(r.attribution), 1), {10, colour::muted, "end"});
        }
    }
    return c.finish();
}

}  // namespace threatlas::publish::svg

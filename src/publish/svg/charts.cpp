#include "publish/svg/charts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "publish/format.hpp"
#include "publish/svg/canvas.hpp"

namespace threatlas::publish::svg {
namespace {

constexpr std::string_view kHatch =
    "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"#eef0f4\"/>"
    "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" stroke=\"#a9b1bd\" stroke-width=\"1.6\"/></pattern></defs>";

void trend_sign(Canvas& c, double x, double y, const std::string& word) {
    const std::string at = fixed(x, 1), l = fixed(x - 6, 1), r = fixed(x + 6, 1), up = fixed(y - 5, 1), down = fixed(y + 5, 1);
    if (word == "rising") c.path("M" + l + " " + down + "L" + at + " " + up + "L" + r + " " + down + "Z", colour::rising, "none");
    else if (word == "falling") c.path("M" + l + " " + up + "L" + at + " " + down + "L" + r + " " + up + "Z", colour::measured, "none");
    else if (word == "stable") c.rect(x - 6, y - 2, 12, 4, colour::muted);
    else c.text(x, y + 4, "·", {14, colour::muted, "middle"});
}

double nice_top(double value) {
    if (!(value > 0)) return 1;
    const double unit = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0})
        if (value <= step * unit) return step * unit;
    return 10 * unit;
}

std::string finding(const assess::Assessment& a) {
    const auto in_band = [&](int band) { return std::count_if(a.ranking.begin(), a.ranking.end(), [&](const auto& t) { return t.band == band; }); };
    static constexpr const char* kWords[] = {"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"};
    const auto first = in_band(1), second = in_band(2);
    const auto word = [&](long n) { return n < 10 ? std::string(kWords[n]) : std::to_string(n); };
    if (first == 1) return a.ranking.front().title + " leads; the next " + (second < 10 ? word(second) : std::to_string(second)) + (second == 1 ? " follows" : " cannot be told apart");
    return word(first) + " threats cannot be told apart at the top" + (second > 0 ? "; " + std::to_string(second) + " follow" : "");
}

}  // namespace

std::string ranking(const assess::Assessment& a) {
    constexpr double kRow = 26, kTop = 92, kLeft = 300, kScale = 360;
    const double height = kTop + kRow * static_cast<double>(a.ranking.size()) + 64;
    const std::string title = finding(a);
    Canvas c(1100, height, title, "Threats by rank with score, 90 % interval and tie bands");
    c.text(20, 30, title, {21, colour::ink, "start", true});
    c.text(20, 52, "Overall threat to the region, 0 to 100: median and 90 % interval. Shaded groups are tie bands: their leader is not ahead of the others with P ≥ 0.80.", {12, colour::muted});
    for (const auto& [x, head] : {std::pair{20.0, "Threat"}, {kLeft, "Score"}, {735.0, "In the top five"}, {890.0, "Rests on"}, {1040.0, "Trend"}}) c.text(x, 80, head, {11.5, colour::muted});
    const auto at = [&](double score) { return kLeft + kScale * score / 100; };
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= a.ranking.size(); ++i)
        if (i == a.ranking.size() || a.ranking[i].band != a.ranking[begin].band) {
            c.rect(12, kTop + kRow * static_cast<double>(begin) + 1.5, 1076, kRow * static_cast<double>(i - begin) - 3, colour::ground, 6);
            begin = i;
        }
    for (int tick = 0; tick <= 100; tick += 20) {
        c.line(at(tick), kTop, at(tick), height - 60, colour::rule);
        c.text(at(tick), height - 44, std::to_string(tick), {11, colour::muted, "middle"});
    }
    for (std::size_t i = 0; i < a.ranking.size(); ++i) {
        const auto& t = a.ranking[i];
        const double y = kTop + kRow * (static_cast<double>(i) + 0.5);
        c.text(40, y + 4, std::to_string(t.rank), {12, colour::muted, "end"});
        c.text(54, y + 4, fit(t.title, 13, 236), {13, colour::ink, "start", true});
        c.rect(at(t.score.q05), y - 5, at(t.score.q95) - at(t.score.q05), 10, colour::band, 5);
        c.circle(at(t.score.q50), y, 5.5, colour::accent);
        c.text(at(t.score.q95) + 8, y + 4, fixed(t.score.q50, 0), {12, colour::ink, "start", true});
        c.rect(735, y - 5, 100, 10, "#e7eaf1", 3);
        c.rect(735, y - 5, 100 * t.p_top5, 10, colour::dark, 3);
        c.text(843, y + 4, percent(t.p_top5), {11.5});
        c.rect(890, y - 5, 110, 10, "url(#hatch)");
        c.rect(890, y - 5, 110 * t.measured, 10, colour::measured);
        c.rect(890 + 110 * t.measured, y - 5, 110 * t.judged, 10, "#deaf7c");
        trend_sign(c, 1055, y, t.trend.word);
    }
    c.text(20, height - 14, "Assessment " + a.id + ", " + std::to_string(a.manifest.draws) + " draws. Every figure opens to its rows.", {11, colour::muted});
    double x = 735;
    for (const auto& [fill, word] : {std::pair<std::string_view, const char*>{colour::measured, "measured"}, {"#deaf7c", "judged"}, {"url(#hatch)", "borrowed by the model"}}) {
        c.rect(x, height - 24, 12, 12, fill);
        c.text(x + 17, height - 14, word, {11, colour::muted});
        x += text_width(word, 11) + 36;
    }
    std::string out = c.finish();
    return out.insert(out.find("</desc>") + 7, kHatch);
}

std::string series(const assess::Figure& f, double width, double height) {
    Canvas c(width, height, f.title, "Over time");
    const double left = 46, right = width - 10, top = 10, bottom = height - 22;
    double most = 0;
    for (const auto& p : f.series)
        if (std::isfinite(p.value)) most = std::max({most, p.value, std::isfinite(p.high) ? p.high : 0});
    most = nice_top(most);
    const auto x = [&](std::size_t i) { return f.series.size() < 2 ? (left + right) / 2 : left + (right - left) * static_cast<double>(i) / static_cast<double>(f.series.size() - 1); };
    const auto y = [&](double v) { return bottom - (bottom - top) * v / most; };
    for (const double share : {0.0, 0.5, 1.0}) {
        c.line(left, y(share * most), right, y(share * most), colour::rule);
        c.text(left - 6, y(share * most) + 4, number(share * most), {10, colour::muted, "end"});
    }
    std::string path;
    bool pen = false;
    for (std::size_t i = 0; i < f.series.size(); ++i) {
        const auto& p = f.series[i];
        if (!std::isfinite(p.value)) {
            pen = false;  // a missing period is a gap in the line, never a zero
            continue;
        }
        if (std::isfinite(p.low) && std::isfinite(p.high) && p.high > p.low) c.line(x(i), y(p.low), x(i), y(p.high), colour::band, 4);
        path += (pen ? "L" : "M") + fixed(x(i), 1) + " " + fixed(y(p.value), 1);
        pen = true;
    }
    c.path(path, "none", colour::accent, 1.8);
    if (f.series.size() <= 30)
        for (std::size_t i = 0; i < f.series.size(); ++i)
            if (std::isfinite(f.series[i].value)) c.circle(x(i), y(f.series[i].value), 2.2, colour::accent);
    const std::size_t step = std::max<std::size_t>(1, (f.series.size() + 4) / 5);
    for (std::size_t i = 0; i < f.series.size(); i += step) c.text(x(i), height - 6, f.series[i].period.substr(0, 7), {10, colour::muted, "middle"});
    return c.finish();
}

std::string places(const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue, double width) {
    constexpr double kRow = 19;
    Canvas c(width, kRow * static_cast<double>(figures.size()) + 8, figures.empty() ? "" : figures.front()->title, "Countries with 90 % intervals");
    const double left = 118, right = width - 52;
    double most = 0;
    for (const auto* f : figures) most = std::max(most, f->value.q50 * 1.35);
    most = nice_top(most);
    const auto x = [&](double v) { return left + (right - left) * std::clamp(v / most, 0.0, 1.0); };
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const auto& f = *figures[i];
        const double y = 4 + kRow * (static_cast<double>(i) + 0.5);
        const model::Country* country = catalogue.country(f.place);
        c.open_link(f.id);
        c.text(0, y + 4, fit(country != nullptr ? country->name : f.place, 11.5, 112), {11.5});
        c.rect(left, y - 5, x(f.value.q50) - left, 10, "#4c80cf", 2);
        c.line(x(f.value.q05), y, x(f.value.q95), y, colour::ink, 1.4);
        c.text(right + 48, y + 4, number(f.value.q50), {11, colour::ink, "end"});
        c.close_link();
    }
    return c.finish();
}

std::string parts(const assess::Figure& f, double width) {
    constexpr double kRow = 19;
    const std::size_t count = std::min<std::size_t>(f.parts.size(), 6);
    std::vector<assess::Part> shown(f.parts);
    std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
    Canvas c(width, kRow * static_cast<double>(count) + 8, f.title, "Parts with 90 % intervals");
    const double left = 118, right = width - 46;
    double most = 0.01;
    for (std::size_t i = 0; i < count; ++i) most = std::max({most, shown[i].value, shown[i].high});
    const auto x = [&](double v) { return left + (right - left) * std::clamp(v / most, 0.0, 1.0); };
    for (std::size_t i = 0; i < count; ++i) {
        const double y = 4 + kRow * (static_cast<double>(i) + 0.5);
        c.text(0, y + 4, fit(shown[i].title.empty() ? shown[i].id : shown[i].title, 11.5, 112), {11.5});
        c.rect(left, y - 5, x(shown[i].value) - left, 10, "#4c80cf", 2);
        if (shown[i].high > shown[i].low) c.line(x(shown[i].low), y, x(shown[i].high), y, colour::ink, 1.4);
        c.text(width, y + 4, most <= 1.0001 ? percent(shown[i].value) : number(shown[i].value), {11, colour::ink, "end"});
    }
    return c.finish();
}

std::string not_assessed(const std::string& would_help, double width, double height) {
    Canvas c(width, height, "Not assessed", would_help);
    c.rect(1, 1, width - 2, height - 2, "none", 8, "stroke=\"#d9a066\" stroke-dasharray=\"4 4\"");
    c.text(width / 2, height / 2 - 6, "Not assessed", {14, colour::judged, "middle", true});
    c.text(width / 2, height / 2 + 16, fit(would_help, 11, width - 20), {11, colour::muted, "middle"});
    return c.finish();
}

std::string evidence_map(const assess::Assessment& a, const model::Catalogue& catalogue) {
    constexpr double kRow = 22, kCell = 62, kLeft = 270, kTop = 118;
    Canvas c(kLeft + kCell * static_cast<double>(catalogue.criteria.size()) + 10, kTop + kRow * static_cast<double>(a.ranking.size()) + 34, "Where evidence is missing", "Threats by criteria: measured, judged, borrowed");
    for (std::size_t k = 0; k < catalogue.criteria.size(); ++k) {
        const double x = kLeft + kCell * (static_cast<double>(k) + 0.5);
        std::string words = catalogue.criteria[k].title;
        double y = kTop - 12;
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < words.size();) {
            const std::size_t space = words.find(' ', at);
            lines.push_back(words.substr(at, space == std::string::npos ? space : space - at));
            at = space == std::string::npos ? words.size() : space + 1;
        }
        y -= 12 * static_cast<double>(lines.size() - 1);
        for (const auto& line : lines) {
            c.text(x, y, fit(line, 9.5, kCell - 2), {9.5, colour::muted, "middle"});
            y += 12;
        }
    }
    for (std::size_t i = 0; i < a.ranking.size(); ++i) {
        const double y = kTop + kRow * static_cast<double>(i);
        c.text(4, y + 15, fit(a.ranking[i].title, 12, kLeft - 12), {12});
        for (const auto& r : a.ranking[i].criteria) {
            const auto found = std::find_if(catalogue.criteria.begin(), catalogue.criteria.end(), [&](const auto& x) { return x.id == r.criterion; });
            const double x = kLeft + kCell * static_cast<double>(found - catalogue.criteria.begin()) + 2;
            c.rect(x, y + 2, kCell - 4, kRow - 4, "url(#hatch)");
            c.rect(x, y + 2, (kCell - 4) * r.measured, kRow - 4, colour::measured);
            c.rect(x + (kCell - 4) * r.measured, y + 2, (kCell - 4) * r.judged, kRow - 4, "#deaf7c");
        }
    }
    const double foot = kTop + kRow * static_cast<double>(a.ranking.size()) + 24;
    c.text(4, foot, "Green: measured. Orange: judged. Hatched: borrowed by the model, that is, unknown.", {11, colour::muted});
    std::string out = c.finish();
    return out.insert(out.find("</desc>") + 7, kHatch);
}

std::string criteria(const assess::ThreatResult& threat, const model::Catalogue& catalogue, double width) {
    constexpr double kRow = 20;
    Canvas c(width, kRow * static_cast<double>(threat.criteria.size()) + 24, threat.title + ": criteria", "Score of each criterion, 0 to 100");
    const double left = 190, right = width - 120;
    const auto x = [&](double v) { return left + (right - left) * v / 100; };
    for (int tick = 0; tick <= 100; tick += 25) {
        c.line(x(tick), 2, x(tick), kRow * static_cast<double>(threat.criteria.size()) + 4, colour::rule);
        c.text(x(tick), kRow * static_cast<double>(threat.criteria.size()) + 18, std::to_string(tick), {10, colour::muted, "middle"});
    }
    for (std::size_t i = 0; i < threat.criteria.size(); ++i) {
        const auto& r = threat.criteria[i];
        const double y = 2 + kRow * (static_cast<double>(i) + 0.5);
        const model::Criterion* criterion = catalogue.criterion(r.criterion);
        const bool known = r.measured + r.judged > 0.01;
        c.text(0, y + 4, fit(criterion != nullptr ? criterion->title : r.criterion, 11.5, left - 8), {11.5, known ? colour::ink : colour::muted});
        c.rect(x(r.score.q05), y - 4, x(r.score.q95) - x(r.score.q05), 8, known ? colour::band : std::string_view("#e7eaf1"), 4);
        c.circle(x(r.score.q50), y, 4, known ? colour::accent : std::string_view("#9aa3b2"));
        c.text(right + 10, y + 4, known ? (r.measured >= r.judged ? "measured" : "judged") : "unknown", {10.5, known ? (r.measured >= r.judged ? colour::measured : colour::judged) : colour::muted});
        c.text(width, y + 4, (r.attribution >= 0 ? "+" : "−") + fixed(std::abs(r.attribution), 1), {10.5, colour::muted, "end"});
    }
    return c.finish();
}

}  // namespace threatlas::publish::svg

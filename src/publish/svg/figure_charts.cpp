// Charts of single figures: over time, by country, by part.
#include <algorithm>
#include <cmath>

#include "publish/format.hpp"
#include "publish/svg/canvas.hpp"
#include "publish/svg/charts.hpp"
#include "publish/svg/scale.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::svg {
namespace {

namespace en = text::english;
constexpr double kRow = 13.5, kLabel = 112;
constexpr std::string_view kBar = "#4c80cf";

std::vector<std::string> wrap(const std::string& words, double size, double width) {
    std::vector<std::string> lines(1);
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t space = std::min(words.find(' ', at), words.size());
        const std::string word = words.substr(at, space - at);
        const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
        if (lines.back().empty() || text_width(longer, size) <= width) lines.back() = longer;
        else lines.push_back(word);
        at = space + 1;
    }
    return lines;
}

}  // namespace

std::optional<double> recorded_rate(const assess::Figure& f) {
    // Where only a share of what is counted belongs to the threat, the recorded rate is of something wider.
    if (f.measure != "rate" || f.formula.find("per recorded event") == std::string::npos || f.formula.find("share of the counted") != std::string::npos) return std::nullopt;
    const auto last = std::find_if(f.series.rbegin(), f.series.rend(), [](const auto& p) { return std::isfinite(p.value); });
    return last == f.series.rend() ? std::nullopt : std::optional(last->value);
}

std::string series(const assess::Figure& f, double width, double height) {
    Canvas c(width, height, f.title, en::kOverTime);
    const double right = width - 12, top = 8, bottom = height - 20;
    double most = 0;
    for (const auto& p : f.series)
        if (std::isfinite(p.value)) most = std::max({most, p.value, std::isfinite(p.high) ? p.high : 0});
    most = nice_top(most);
    double left = 44;   // as wide as the widest number beside the axis
    for (const double share : {0.5, 1.0}) left = std::max(left, text_width(number(share * most), 9.5) + 10);
    const auto x = [&](std::size_t i) { return f.series.size() < 2 ? (left + right) / 2 : left + (right - left) * static_cast<double>(i) / static_cast<double>(f.series.size() - 1); };
    const auto y = [&](double v) { return bottom - (bottom - top) * v / most; };
    c.open_link(f.id);
    // What the value rests on has a ground of its own, when it is a part of what is shown.
    const auto at = [&](const std::string& period) { return std::find_if(f.series.begin(), f.series.end(), [&](const auto& p) { return p.period == period; }) - f.series.begin(); };
    if (const auto from = static_cast<std::size_t>(at(f.from)), to = static_cast<std::size_t>(at(f.to)); from < to && to < f.series.size() && from > 0)
        c.rect(x(from) - 4, top - 4, x(to) - x(from) + 8, bottom - top + 4, colour::ground, 3);
    for (const double share : {0.0, 0.5, 1.0}) {
        c.line(left, y(share * most), right, y(share * most), colour::rule);
        c.text(left - 6, y(share * most) + 3.5, number(share * most), {9.5, colour::muted, "end"});
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
    for (std::size_t i = 0; i < f.series.size(); i += step) c.text(x(i), height - 5, f.series[i].period.substr(0, 7), {9.5, colour::muted, "middle"});
    c.close_link();
    return c.finish();
}

std::string places(const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue, double width, std::size_t most_rows) {
    const std::size_t rows = std::min(figures.size(), most_rows);
    Canvas c(width, kRow * static_cast<double>(rows) + 6, figures.empty() ? "" : figures.front()->title, en::kByCountry);
    const double left = kLabel, right = width - 50;
    double low = 0, high = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& v = figures[i]->value;
        // One wide interval must not flatten the rest: the scale ends at twice the values, and the line runs on.
        high = std::max(high, std::min(v.q95, std::max(2 * v.q50, 0.0)));
        low = std::min(low, std::max(v.q05, std::min(2 * v.q50, 0.0)));
    }
    if (high <= low) high = low + 1;
    high = high > 0 ? nice_top(high) : 0;
    low = low < 0 ? -nice_top(-low) : 0;
    const auto x = [&](double v) { return left + (right - left) * std::clamp((v - low) / (high - low), 0.0, 1.0); };
    c.line(x(0), 0, x(0), kRow * static_cast<double>(rows) + 4, low < 0 ? colour::muted : colour::rule);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& f = *figures[i];
        const double y = 3 + kRow * (static_cast<double>(i) + 0.5);
        const model::Country* country = catalogue.country(f.place);
        c.open_link(f.id);
        const bool own = text::in_region(f.place, catalogue);   // others are for comparison, and quiet
        const std::string_view ink = own ? colour::ink : colour::muted;
        c.text(0, y + 4, fit(country != nullptr ? country->name : f.place, 11, kLabel - 6), {11, ink});
        c.rect(x(f.value.q05), y - 4, std::max(2.0, x(f.value.q95) - x(f.value.q05)), 8, own ? colour::band : std::string_view("#e1e5ec"), 4);
        if (const auto recorded = recorded_rate(f)) c.line(x(*recorded), y - 5, x(*recorded), y + 5, ink, 1.4);
        c.circle(x(f.value.q50), y, 3.8, own ? colour::accent : std::string_view("#9aa3b2"));
        c.text(width, y + 4, number(f.value.q50), {11, ink, "end"});
        c.close_link();
    }
    return c.finish();
}

std::string parts(const assess::Figure& f, const model::Catalogue& catalogue, double width) {
    constexpr std::size_t kMost = 5;
    const std::size_t count = std::min<std::size_t>(f.parts.size(), kMost);
    std::vector<assess::Part> shown(f.parts);
    std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.value > b.value; });
    Canvas c(width, kRow * static_cast<double>(count) + 6, f.title, en::kByPart);
    const double left = kLabel + 38, right = width - 44;
    double most = 0.01;
    for (std::size_t i = 0; i < count; ++i) most = std::max({most, shown[i].value, shown[i].high});
    const auto x = [&](double v) { return left + (right - left) * std::clamp(v / most, 0.0, 1.0); };
    c.open_link(f.id);
    for (std::size_t i = 0; i < count; ++i) {
        const double y = 3 + kRow * (static_cast<double>(i) + 0.5);
        c.text(0, y + 4, fit(part_name(shown[i].title.empty() ? shown[i].id : shown[i].title, catalogue), 11, left - 6), {11});
        c.rect(left, y - 5, std::max(1.0, x(shown[i].value) - left), 10, kBar, 2);
        if (shown[i].high > shown[i].low) c.line(x(shown[i].low), y, x(shown[i].high), y, colour::ink, 1.3);
        c.text(width, y + 4, most <= 1.0001 ? percent(shown[i].value) : number(shown[i].value), {11, colour::ink, "end"});
    }
    c.close_link();
    return c.finish();
}

std::string not_assessed(const std::string& would_help, double width, double height) {
    Canvas c(width, height, en::kNotAssessedTitle, would_help);
    c.rect(1, 1, width - 2, height - 2, "none", 8, "stroke=\"#d9a066\" stroke-dasharray=\"4 4\"");
    const auto lines = wrap(would_help, 11, width - 36);
    double y = height / 2 - 8 * static_cast<double>(lines.size()) + 4;
    c.text(width / 2, y, en::kNotAssessedTitle, {13, colour::judged, "middle", true});
    for (const auto& line : lines) c.text(width / 2, y += 16, line, {11, colour::muted, "middle"});
    return c.finish();
}

}  // namespace threatlas::publish::svg

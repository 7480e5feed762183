// Charts of what is to come: fans of forecasts, small multiples of signals.
#include <algorithm>
#include <cmath>

#include "publish/format.hpp"
#include "publish/svg/canvas.hpp"
#include "publish/svg/charts.hpp"
#include "publish/svg/scale.hpp"
#include "publish/text/english.hpp"

namespace threatlas::publish::svg {
namespace {

namespace en = text::english;
constexpr std::string_view kOuter = "#dfe8f7", kMiddle = "#b9caea", kInner = "#8fb0e0", kExpected = "#e9edf3";
constexpr std::size_t kPast = 36;

struct Frame {
    double left = 44, right = 0, top = 8, bottom = 0, most = 1;
    std::size_t n = 1;
    double x(std::size_t i) const { return n < 2 ? (left + right) / 2 : left + (right - left) * static_cast<double>(i) / static_cast<double>(n - 1); }
    double y(double v) const { return bottom - (bottom - top) * std::clamp(v / most, 0.0, 1.0); }
};

void axis(Canvas& c, Frame& f, double size) {
    for (const double share : {0.5, 1.0}) f.left = std::max(f.left, text_width(number(share * f.most), size) + 8);
    for (const double share : {0.0, 0.5, 1.0}) {
        c.line(f.left, f.y(share * f.most), f.right, f.y(share * f.most), colour::rule);
        c.text(f.left - 5, f.y(share * f.most) + 3.5, number(share * f.most), {size, colour::muted, "end"});
    }
}

void band(Canvas& c, const Frame& f, const std::vector<assess::FanPoint>& fan, std::size_t from, double low, double high, double joined, std::string_view fill) {
    std::string d = "M" + fixed(f.x(from - 1), 1) + " " + fixed(f.y(joined), 1);
    for (std::size_t k = 0; k < fan.size(); ++k) d += "L" + fixed(f.x(from + k), 1) + " " + fixed(f.y(fan[k].at(high)), 1);
    for (std::size_t k = fan.size(); k-- > 0;) d += "L" + fixed(f.x(from + k), 1) + " " + fixed(f.y(fan[k].at(low)), 1);
    c.path(d + "Z", fill, "none");
}

}  // namespace

std::string fan(const assess::Outlook& o, double width, double height) {
    Canvas c(width, height, o.title, en::kOutlookAbout);
    const std::size_t skip = o.history.size() > kPast ? o.history.size() - kPast : 0, past = o.history.size() - skip;
    if (past == 0 || o.fan.empty()) return c.finish();
    Frame f;
    f.right = width - 10, f.bottom = height - 20, f.n = past + o.fan.size();
    double most = 0, seen = 0;
    for (std::size_t i = skip; i < o.history.size(); ++i)
        if (std::isfinite(o.history[i].value)) seen = std::max(seen, o.history[i].value);
    for (const auto& p : o.fan) most = std::max(most, std::min(p.at(0.975), 2.5 * std::max(seen, p.at(0.5))));   // a far end must not flatten the rest
    f.most = nice_top(std::max(most, seen));
    axis(c, f, 9.5);
    double last = o.fan.front().at(0.5);
    std::string line;
    bool pen = false;
    for (std::size_t i = 0; i < past; ++i) {
        const double v = o.history[skip + i].value;
        if (!std::isfinite(v)) {
            pen = false;
            continue;
        }
        line += (pen ? "L" : "M") + fixed(f.x(i), 1) + " " + fixed(f.y(v), 1);
        pen = true;
        last = v;
    }
    band(c, f, o.fan, past, 0.025, 0.975, last, kOuter);
    band(c, f, o.fan, past, 0.10, 0.90, last, kMiddle);
    band(c, f, o.fan, past, 0.25, 0.75, last, kInner);
    std::string middle = "M" + fixed(f.x(past - 1), 1) + " " + fixed(f.y(last), 1);
    for (std::size_t k = 0; k < o.fan.size(); ++k) middle += "L" + fixed(f.x(past + k), 1) + " " + fixed(f.y(o.fan[k].at(0.5)), 1);
    c.path(middle, "none", colour::accent, 1.6, "stroke-dasharray=\"4 3\"");
    c.path(line, "none", colour::accent, 1.8);
    c.line(f.x(past - 1), f.top - 4, f.x(past - 1), f.bottom, colour::muted, 0.8, "stroke-dasharray=\"2 2\"");
    const auto label = [&](std::size_t i, const std::string& words, std::string_view anchor) { c.text(f.x(i), height - 5, words.substr(0, 7), {9.5, colour::muted, anchor}); };
    label(0, o.history[skip].period, "middle");
    if (past > 2) label(past - 1, o.history.back().period, "middle");
    label(f.n - 1, o.fan.back().period, "end");
    return c.finish();
}

std::string signal(const analyse::early_warning::Signal& s, double width, double height) {
    Canvas c(width, height, s.title, en::kSignalAbout);
    const std::size_t skip = s.points.size() > kPast ? s.points.size() - kPast : 0, n = s.points.size() - skip;
    if (n == 0) return c.finish();
    Frame f;
    f.left = 30, f.right = width - 8, f.bottom = height - 16, f.n = n;
    double most = 0;
    for (std::size_t i = skip; i < s.points.size(); ++i) most = std::max({most, s.points[i].value, s.points[i].high});
    double seen = 0;
    for (std::size_t i = skip; i < s.points.size(); ++i) seen = std::max(seen, s.points[i].value);
    f.most = nice_top(std::min(most, 1.6 * std::max(seen, 1.0)));
    axis(c, f, 9);
    const double step = n > 1 ? f.x(1) - f.x(0) : 10;
    for (std::size_t i = 0; i < n; ++i)
        if (const auto& p = s.points[skip + i]; p.high > 0) c.rect(f.x(i) - step / 2, f.y(p.high), step, f.bottom - f.y(p.high), kExpected);
    std::string line;
    bool pen = false;
    for (std::size_t i = 0; i < n; ++i) {
        const auto& p = s.points[skip + i];
        if (p.known) line += (pen ? "L" : "M") + fixed(f.x(i), 1) + " " + fixed(f.y(p.value), 1);
        pen = p.known;
    }
    c.path(line, "none", colour::accent, 1.6);
    c.circle(f.x(n - 1), f.y(s.points.back().value), 3.6, colour::rising);
    c.text(f.x(0), height - 4, s.points[skip].period, {9, colour::muted, "start"});
    c.text(f.right, height - 4, s.points.back().period, {9, colour::muted, "end"});
    return c.finish();
}

}  // namespace threatlas::publish::svg

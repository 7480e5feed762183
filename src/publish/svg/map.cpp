#include "publish/svg/map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "core/json.hpp"
#include "core/text.hpp"
#include "publish/format.hpp"
#include "publish/svg/canvas.hpp"

namespace threatlas::publish::svg {
namespace {

using Point = std::pair<double, double>;
using Ring = std::vector<Point>;
namespace json = core::json;

constexpr std::array<std::string_view, 5> kShades{"#e3ecfa", "#b3caef", "#7ba3e0", "#3f74c4", "#1a4488"};
constexpr double kWest = 12.8, kEast = 30.2, kSouth = 37.0, kNorth = 49.0;   // what the frame is filled with
constexpr double kLegend = 168;                                              // room for it, right of the map

core::Result<std::vector<Shape>> shapes_of(const json::value& all) {
    const auto bad = [] { return core::fail(core::ErrorCode::bad_input, "not a map: a FeatureCollection of MultiPolygons with id, name and member is wanted"); };
    std::vector<Shape> out;
    if (!all.is_object() || !all.get_object().contains("features") || !all.get_object().at("features").is_array()) return bad();
    try {   // Boost.JSON's checked access throws at the first thing that is not as described
        for (const json::value& feature : all.get_object().at("features").get_array()) {
            const json::object& properties = feature.as_object().at("properties").as_object();
            Shape shape{std::string(properties.at("id").as_string()), std::string(properties.at("name").as_string()), properties.at("member").as_bool(), {}};
            for (const json::value& polygon : feature.as_object().at("geometry").as_object().at("coordinates").as_array())
                for (const json::value& ring : polygon.as_array()) {
                    Ring& points = shape.rings.emplace_back();
                    for (const json::value& point : ring.as_array()) points.emplace_back(point.as_array().at(0).to_number<double>(), point.as_array().at(1).to_number<double>());
                }
            out.push_back(std::move(shape));
        }
    } catch (const std::exception&) {
        return bad();
    }
    return out;
}

double area(const Ring& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const auto& [x, y] = ring[i];
        const auto& [u, v] = ring[(i + 1) % ring.size()];
        sum += x * v - u * y;
    }
    return std::abs(sum) / 2;
}

bool inside(const Ring& ring, double x, double y) {
    bool in = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
        if ((ring[i].second > y) != (ring[j].second > y) && x < (ring[j].first - ring[i].first) * (y - ring[i].second) / (ring[j].second - ring[i].second) + ring[i].first) in = !in;
    return in;
}

// Distance to the border, weighing sideways room more: labels are wider than high.
double room(const Ring& ring, double x, double y) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const double ax = ring[j].first, ay = ring[j].second, bx = ring[i].first, by = ring[i].second;
        const double dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
        const double t = length > 0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / length, 0.0, 1.0) : 0;
        least = std::min(least, std::hypot((x - ax - t * dx) / 1.3, y - ay - t * dy));
    }
    return least;
}

// The place with most room within the largest ring and the frame, on a grid of 40 x 40.
Point label_place(const Ring& ring, double width, double height) {
    double west = width, east = 0, north = height, south = 0;
    for (const auto& [x, y] : ring) west = std::min(west, x), east = std::max(east, x), north = std::min(north, y), south = std::max(south, y);
    west = std::max(west, 12.0), east = std::min(east, width - 12), north = std::max(north, 12.0), south = std::min(south, height - 12);
    Point best{-1, -1};
    double most = 0;
    for (int i = 0; i <= 40; ++i)
        for (int j = 0; j <= 40; ++j) {
            const double x = west + (east - west) * i / 40, y = north + (south - north) * j / 40;
            if (!inside(ring, x, y)) continue;
            if (const double here = room(ring, x, y); here > most) most = here, best = {x, y};
        }
    return best;
}

// Four breaks for five classes of about the same size, at numbers people read: two digits.
std::vector<double> class_breaks(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::vector<double> out;
    for (std::size_t k = 1; k < kShades.size(); ++k) {
        const double at = values[std::min(values.size() - 1, k * values.size() / kShades.size())];
        const double unit = at > 0 ? std::pow(10, std::floor(std::log10(at)) - 1) : 1;
        const double rounded = std::round(at / unit) * unit;
        if (out.empty() || rounded > out.back()) out.push_back(rounded);
    }
    return out;
}

}  // namespace

core::Result<std::vector<Shape>> read_map(const std::string& path) {
    THREATLAS_TRY(const std::string text, core::read_file(path));
    THREATLAS_TRY(const json::value all, core::parse_json(text, path));
    auto out = shapes_of(all);
    if (!out) return core::fail(out.error().code, out.error().message, {path, 0, ""});
    return out;
}

Point lambert(double longitude, double latitude) {
    constexpr double kDegree = std::numbers::pi / 180, kFirst = 38 * kDegree, kSecond = 48 * kDegree, kMiddle = 42 * kDegree;
    const auto stretch = [](double phi) { return std::tan(std::numbers::pi / 4 + phi / 2); };
    static const double n = std::log(std::cos(kFirst) / std::cos(kSecond)) / std::log(stretch(kSecond) / stretch(kFirst));
    static const double f = std::cos(kFirst) * std::pow(stretch(kFirst), n) / n;
    const double rho = f / std::pow(stretch(latitude * kDegree), n), origin = f / std::pow(stretch(kMiddle), n), theta = n * (longitude - 22) * kDegree;
    return {rho * std::sin(theta), origin - rho * std::cos(theta)};
}

std::string map(const std::vector<Shape>& shapes, const std::vector<const assess::Figure*>& figures, double full, double height) {
    const double width = full - kLegend;
    std::map<std::string, const assess::Figure*> by_place;
    std::vector<double> values;
    for (const auto* f : figures) by_place[f->place] = f, values.push_back(f->value.q50);
    const std::vector<double> breaks = values.empty() ? std::vector<double>{} : class_breaks(values);
    const auto shade = [&](double v) { return static_cast<std::size_t>(std::upper_bound(breaks.begin(), breaks.end(), v) - breaks.begin()); };

    double west = 9, east = -9, south = 9, north = -9;
    for (const auto& [lon, lat] : {Point{kWest, kSouth}, {kEast, kSouth}, {kWest, kNorth}, {kEast, kNorth}, {22, kSouth}, {22, kNorth}}) {
        const auto [x, y] = lambert(lon, lat);
        west = std::min(west, x), east = std::max(east, x), south = std::min(south, y), north = std::max(north, y);
    }
    const double scale = std::max(width / (east - west), height / (north - south));
    const auto project = [&](const Point& p) {
        const auto [x, y] = lambert(p.first, p.second);
        return Point{width / 2 + (x - (west + east) / 2) * scale, height / 2 - (y - (south + north) / 2) * scale};
    };

    const std::string title = figures.empty() ? "Map" : figures.front()->title;
    Canvas c(full, height, title, "Countries by class of the figure");
    c.rect(0, 0, width, height, "#dfe7f2");
    struct Label {
        Point at;
        double size = 0;
        std::string id, value;
        bool light = false, far = false;
    };
    std::vector<Label> labels;
    for (const Shape& shape : shapes) {
        std::string path;
        Ring largest;
        bool seen = false;
        for (const Ring& ring : shape.rings) {
            Ring flat;
            for (const Point& p : ring) flat.push_back(project(p));
            for (std::size_t i = 0; i < flat.size(); ++i) {
                path += (i == 0 ? "M" : "L") + fixed(flat[i].first, 1) + " " + fixed(flat[i].second, 1);
                seen = seen || (flat[i].first > 0 && flat[i].first < width && flat[i].second > 0 && flat[i].second < height);
            }
            path += "Z";
            if (area(flat) > area(largest)) largest = std::move(flat);
        }
        if (!seen) continue;
        const auto found = by_place.find(shape.id);
        const bool known = found != by_place.end();
        const std::size_t k = known ? shade(found->second->value.q50) : 0;
        if (known) c.open_link(found->second->id);
        c.path(path, known ? kShades[k] : shape.member ? std::string_view("url(#none)") : std::string_view("#f3f5f8"), "#ffffff", 1, "stroke-linejoin=\"round\"");
        if (known) c.close_link();
        if (!known && !shape.member) continue;
        const Point at = label_place(largest, width, height);
        if (at.first > 0) labels.push_back({at, area(largest), shape.id == "XK" ? "XK*" : shape.id, known ? number(found->second->value.q50) : "no data", k >= 3, false});
    }
    std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.size > b.size; });
    std::vector<Label> set;
    for (const Label& label : labels) {
        const bool small = label.size < 1600;
        const double half = small ? 9 : 13, wide = std::max(text_width(label.value, small ? 8.5 : 10.5), text_width(label.id, small ? 9 : 11.5)) / 2;
        const bool clash = std::any_of(set.begin(), set.end(), [&](const Label& other) { return std::abs(other.at.first - label.at.first) < wide + 12 && std::abs(other.at.second - label.at.second) < 2 * half; });
        if (clash) continue;
        set.push_back(label);
        const std::string_view ink = label.light ? std::string_view("#ffffff") : colour::ink;
        c.text(label.at.first, label.at.second - 1, label.id, {small ? 9 : 11.5, ink, "middle", true});
        c.text(label.at.first, label.at.second + (small ? 8 : 11), label.value, {small ? 8.5 : 10.5, ink, "middle"});
    }

    // What lies beyond the frame is cut by white: SVG clips at its own edge only.
    c.rect(width, 0, kLegend, height, "#ffffff");
    double y = 6;
    const double x = width + 16;
    const auto entry = [&](std::string_view fill, const std::string& words, std::string_view extra = "") {
        c.rect(x, y, 22, 13, fill, 2, extra);
        c.text(x + 30, y + 10.5, words, {10.5, colour::muted});
        y += 19;
    };
    for (std::size_t k = 0; k <= breaks.size() && !values.empty(); ++k)
        entry(kShades[k], k == 0 ? "below " + number(breaks.empty() ? values.front() : breaks[0]) : k == breaks.size() ? number(breaks[k - 1]) + " and more" : number(breaks[k - 1]) + " to " + number(breaks[k]));
    y += 8;
    entry("url(#none)", "member, no data");
    entry("#f3f5f8", "not a member, no data", "stroke=\"#d4d9e1\"");
    y += 4;
    c.text(x, y + 10, "* see the boundary note", {9.5, colour::muted});
    std::string out = c.finish();
    static constexpr std::string_view kNone =
        "<defs><pattern id=\"none\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#f3f5f8\"/>"
        "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#c3cad4\" stroke-width=\"1.6\"/></pattern></defs>";
    return out.insert(out.find("</desc>") + 7, kNone);
}

}  // namespace threatlas::publish::svg

#include "serve/geography.hpp"

#include <cmath>

namespace threatlas::serve {
namespace {

namespace json = core::json;

struct Middle {
    double area = 0, x = 0, y = 0;
};

// Of a ring, by the shoelace formula: degrees are near enough to plane for a label's place.
Middle middle_of(const json::array& ring) {
    Middle out;
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
        const auto &a = ring[i].as_array(), &b = ring[i + 1].as_array();
        const double ax = a.at(0).to_number<double>(), ay = a.at(1).to_number<double>(), bx = b.at(0).to_number<double>(), by = b.at(1).to_number<double>();
        const double cross = ax * by - bx * ay;
        out.area += cross, out.x += (ax + bx) * cross, out.y += (ay + by) * cross;
    }
    if (out.area == 0) return out;
    return {std::abs(out.area / 2), out.x / (3 * out.area), out.y / (3 * out.area)};
}

}  // namespace

core::Result<Geography> Geography::read(std::string_view geojson) {
    THREATLAS_TRY(const json::value whole, core::parse_json(geojson, "map.geojson"));
    Geography out;
    try {
        for (const auto& feature : whole.as_object().at("features").as_array()) {
            const auto& geometry = feature.as_object().at("geometry").as_object();
            Middle best;
            const auto polygon = [&](const json::array& rings) {
                if (rings.empty()) return;
                if (const Middle one = middle_of(rings[0].as_array()); one.area > best.area) best = one;
            };
            if (geometry.at("type").as_string() == "Polygon") polygon(geometry.at("coordinates").as_array());
            else if (geometry.at("type").as_string() == "MultiPolygon")
                for (const auto& each : geometry.at("coordinates").as_array()) polygon(each.as_array());
            if (best.area > 0) out.centres_[std::string(feature.as_object().at("id").as_string())] = {best.x, best.y};
        }
    } catch (const boost::system::system_error&) {   // Boost.JSON says by an exception what is not of the kind asked for
        return core::fail(core::ErrorCode::bad_input, "this is no map of shapes with ids", {"map.geojson", 0, ""});
    }
    return out;
}

json::value Geography::centre(const std::string& place) const {
    const auto found = centres_.find(place);
    if (found == centres_.end()) return nullptr;
    const auto rounded = [](double degrees) { return std::round(degrees * 1000) / 1000; };
    return json::object{{"type", "Point"}, {"coordinates", json::array{rounded(found->second.first), rounded(found->second.second)}}};
}

}  // namespace threatlas::serve

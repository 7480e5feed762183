// The map of a catalogue: whether it can be drawn and shows every member's country.
#include <cmath>
#include <set>

#include "core/json.hpp"
#include "model/catalogue_check.hpp"

namespace threatlas::model {
namespace {

namespace json = core::json;

bool is_point(const json::value& point) {
    const auto* pair = point.if_array();
    if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) return false;
    return std::abs((*pair)[0].to_number<double>()) <= 180 && std::abs((*pair)[1].to_number<double>()) <= 90;
}

// Arrays of arrays of arrays of points; a ring has four of them at least.
bool is_multi_polygon(const json::value& coordinates) {
    const auto* polygons = coordinates.if_array();
    if (polygons == nullptr || polygons->empty()) return false;
    for (const json::value& polygon : *polygons) {
        const auto* rings = polygon.if_array();
        if (rings == nullptr || rings->empty()) return false;
        for (const json::value& ring : *rings) {
            const auto* points = ring.if_array();
            if (points == nullptr || points->size() < 4) return false;
            for (const json::value& point : *points)
                if (!is_point(point)) return false;
        }
    }
    return true;
}

const json::value* part(const json::value* of, std::string_view key) {
    const auto* object = of != nullptr ? of->if_object() : nullptr;
    return object != nullptr ? object->if_contains(key) : nullptr;
}

std::string word(const json::value* value) { return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string(); }

}  // namespace

void check_map(const Catalogue& c, const std::string& text, std::vector<CatalogueProblem>& problems) {
    const auto say = [&](std::uint64_t line, std::string message) { problems.push_back({kMapFile, line, std::move(message)}); };
    const auto map = core::parse_json(text, kMapFile);
    if (!map) return say(map.error().where.row, map.error().message);
    const json::value* features = part(&*map, "features");
    if (word(part(&*map, "type")) != "FeatureCollection" || features == nullptr || !features->is_array()) return say(1, "should be a GeoJSON FeatureCollection");
    std::set<std::string> members, drawn;
    for (const Member& member : c.members)
        if (const Country* country = c.country(member.country)) members.insert(country->id);
    std::size_t number = 0;
    for (const json::value& feature : features->get_array()) {
        ++number;
        const json::value *properties = part(&feature, "properties"), *geometry = part(&feature, "geometry"), *member = part(properties, "member"), *coordinates = part(geometry, "coordinates");
        const std::string id = word(part(properties, "id")), which = "feature " + std::to_string(number) + (id.empty() ? "" : " ('" + id + "')");
        if (id.empty() || word(part(properties, "name")).empty() || member == nullptr || !member->is_bool()) say(1, which + ": id, name and member (true or false) are wanted");
        else if (const Country* country = c.country(id); country == nullptr || country->id != id) say(1, which + ": there is no country '" + id + "'");
        else if (!drawn.insert(id).second) say(1, which + ": the country stands twice");
        else if (member->get_bool() != members.contains(id)) say(1, which + ": member is not as members.yaml has it");
        if (word(part(geometry, "type")) != "MultiPolygon" || coordinates == nullptr || !is_multi_polygon(*coordinates)) say(1, which + ": a MultiPolygon of longitudes and latitudes is wanted");
    }
    for (const std::string& id : members)
        if (!drawn.contains(id)) say(1, "the country '" + id + "' of a member is not drawn");
}

}  // namespace threatlas::model

// The region as a map: one colour per class of a figure, names and values at the places.
// Lambert conformal conic with standard parallels 38 and 48 degrees (Snyder 1987, Map Projections: A
// Working Manual, USGS professional paper 1395, pages 107-108, sphere).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "assess/assessment.hpp"
#include "core/result.hpp"

namespace threatlas::publish::svg {

struct Shape {
    std::string id, name;
    bool member = false;
    std::vector<std::vector<std::pair<double, double>>> rings;  // longitude and latitude, degrees
};
// The catalogue's map.geojson: MultiPolygon features with id, name and member. An error names the file.
core::Result<std::vector<Shape>> read_map(const std::string& path);

// Easting and northing in Earth radii, origin at 22 degrees east, 42 degrees north.
std::pair<double, double> lambert(double longitude, double latitude);

// One figure a country, of one indicator. Countries without one: members hatched ('no data'), others plain.
std::string map(const std::vector<Shape>& shapes, const std::vector<const assess::Figure*>& figures, double width = 676, double height = 318);

}  // namespace threatlas::publish::svg

// Consistency of a loaded catalogue: references, cycles, weights, anchors, sources of parameters.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/catalogue.hpp"

namespace threatlas::model {

// Where a record begins, and where each of its fields stands; from 1.
struct FieldLines {
    std::uint64_t line = 0;
    std::map<std::string, std::uint64_t> fields;
};
// Of the i-th record of each file ('threats.yaml').
using RecordLines = std::map<std::string, std::vector<FieldLines>>;

inline constexpr const char* kMapFile = "map.geojson";

// The map: GeoJSON whose areas are countries of the catalogue, each once, and every member's among them.
void check_map(const Catalogue& catalogue, const std::string& text, std::vector<CatalogueProblem>& problems);

void check_catalogue(const Catalogue& catalogue, const RecordLines& lines, std::vector<CatalogueProblem>& problems);

}  // namespace threatlas::model

// Consistency of a loaded catalogue: references, cycles, weights, anchors, sources of parameters.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/catalogue.hpp"

namespace threatlas::model {

// Line of the i-th record of each file ('threats.yaml'), from 1.
using RecordLines = std::map<std::string, std::vector<std::uint64_t>>;

void check_catalogue(const Catalogue& catalogue, const RecordLines& lines, std::vector<CatalogueProblem>& problems);

}  // namespace threatlas::model

// Where the catalogue's places lie.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/json.hpp"
#include "core/result.hpp"

namespace threatlas::serve {

class Geography {
  public:
    // The features of a map.geojson, by id. bad_input for a text that is no such map.
    static core::Result<Geography> read(std::string_view geojson);
    // A GeoJSON point in the middle of the place's largest part; null for a place that is on no map.
    core::json::value centre(const std::string& place) const;

  private:
    std::map<std::string, std::pair<double, double>> centres_;   // longitude, latitude
};

}  // namespace threatlas::serve

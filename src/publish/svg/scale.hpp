// What charts share: the end of an axis, and names of parts as people read them.
#pragma once

#include <string>

#include "model/catalogue.hpp"

namespace threatlas::publish::svg {

// The least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below `value`; 1 when value <= 0.
double nice_top(double value);
// 'eastern_mediterranean' -> its route's title, 'TR' -> 'Türkiye', 'car_parts' -> 'Car parts'.
std::string part_name(const std::string& id, const model::Catalogue& catalogue);

}  // namespace threatlas::publish::svg

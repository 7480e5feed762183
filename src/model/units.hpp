// Unit conversions as ranges: a tablet is not a known number of grams.
#pragma once

#include <optional>
#include <string>

#include "model/catalogue.hpp"

namespace threatlas::model {

struct Factor {
    double low = 1, high = 1;   // target units in one unit
    std::string source;         // of every step, joined
};

// Shortest chain of catalogue conversions, each usable in both directions; a conversion that names a
// drug is used for that drug only and preferred over a general one. Nothing when there is none.
std::optional<Factor> conversion(const Catalogue& catalogue, const std::string& from, const std::string& to, const std::string& drug);

}  // namespace threatlas::model

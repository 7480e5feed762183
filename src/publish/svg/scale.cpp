#include "publish/svg/scale.hpp"

#include <cmath>

namespace threatlas::publish::svg {

double nice_top(double value) {
    if (!(value > 0)) return 1;
    const double unit = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0})
        if (value <= step * unit * (1 + 1e-9)) return step * unit;
    return 10 * unit;
}

std::string part_name(const std::string& id, const model::Catalogue& catalogue) {
    for (const auto& route : catalogue.routes)
        if (route.id == id) return route.title;
    if (id.size() == 2)
        if (const auto* country = catalogue.country(id); country != nullptr) return country->name;
    std::string out = id;
    for (char& c : out)
        if (c == '_') c = ' ';
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
    return out;
}

}  // namespace threatlas::publish::svg

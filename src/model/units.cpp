#include "model/units.hpp"

#include <deque>
#include <map>

namespace threatlas::model {

std::optional<Factor> conversion(const Catalogue& catalogue, const std::string& from, const std::string& to, const std::string& drug) {
    std::map<std::string, Factor> reached{{from, {}}};
    std::deque<std::string> next{from};
    const auto plain = [&](const Unit& unit) {   // 'tablet.mdma' and 'tablet_mdma' name a drug's tablet
        std::string id = unit.id;
        if (!unit.drug.empty() && id.size() > unit.drug.size() + 1 && id.ends_with(unit.drug)) {
            const char before = id[id.size() - unit.drug.size() - 1];
            if (before == '.' || before == '_') id.resize(id.size() - unit.drug.size() - 1);
        }
        return id;
    };
    while (!next.empty()) {
        const std::string unit = next.front();
        next.pop_front();
        if (unit == to) return reached[unit];
        for (const bool specific : {true, false})
            for (const Unit& each : catalogue.units) {
                if (each.base.empty() || each.base == each.id || !(each.factor_low > 0)) continue;
                if (specific != (!each.drug.empty()) || (specific && each.drug != drug)) continue;
                const Factor& so_far = reached[unit];
                const auto step = [&](const std::string& onto, double low, double high) {
                    if (reached.contains(onto)) return;
                    reached.emplace(onto, Factor{so_far.low * low, so_far.high * high, so_far.source + (so_far.source.empty() ? "" : "; ") + each.source});
                    next.push_back(onto);
                };
                if (plain(each) == unit || each.id == unit) step(each.base, each.factor_low, each.factor_high);
                else if (each.base == unit) step(each.id, 1 / each.factor_high, 1 / each.factor_low);
            }
    }
    return std::nullopt;
}

}  // namespace threatlas::model

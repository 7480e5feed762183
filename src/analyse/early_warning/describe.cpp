// What a series is, in words.
#include <algorithm>

#include "analyse/early_warning/watch.hpp"
#include "core/text.hpp"

namespace threatlas::analyse::early_warning {
namespace {

std::string operandi_title(const std::string& code, const model::Catalogue& catalogue) {
    if (const model::Code* found = catalogue.code(code); found != nullptr) return found->title;
    if (code.ends_with(".*")) return "any of group '" + code.substr(0, code.size() - 2) + "'";
    return code;
}

std::string dimension_title(const std::string& name, const std::string& value, const model::Catalogue& catalogue) {
    for (const model::Route& route : catalogue.routes)
        if (name == "route" && route.id == value) return route.title;
    const model::Country* country = catalogue.country(value);
    std::string words = name + " " + (country != nullptr && value.size() <= 3 ? country->name : value);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string crime_title(const series::Key& key, const model::Catalogue& catalogue) {
    if (const model::What* what = catalogue.what(key.what); what != nullptr) return what->title;
    if (const model::Threat* threat = catalogue.threat(key.threat); threat != nullptr) return threat->title;
    for (const model::Area& area : catalogue.areas)
        if (area.id == key.area) return area.title + ", all codes";
    return key.what.empty() ? "All codes" : key.what;
}

}  // namespace

std::vector<std::string> threats_of(const series::Key& key, const model::Catalogue& catalogue) {
    if (!key.threat.empty()) return {key.threat};
    if (const model::What* what = catalogue.what(key.what); what != nullptr) return what->threats;
    std::vector<std::string> out;
    for (const model::Threat& threat : catalogue.threats)
        if (!key.area.empty() && threat.area == key.area) out.push_back(threat.id);
    return out;
}

std::string title_of(const series::Key& key, const model::Catalogue& catalogue) {
    std::vector<std::string> parts;
    if (!key.what.empty() || !key.threat.empty() || !key.area.empty()) parts.push_back(crime_title(key, catalogue));
    if (!key.modus_operandi.empty()) {
        std::vector<std::string> codes;
        for (const auto& code : core::split(key.modus_operandi, '&')) codes.push_back(operandi_title(code, catalogue));
        parts.push_back(core::join(codes, " with "));
    }
    for (const auto& [name, value] : key.dims) parts.push_back(dimension_title(name, value, catalogue));
    if (!key.place.empty()) {
        const model::Country* country = catalogue.country(key.place);
        parts.push_back(country != nullptr ? country->name : key.place);
    }
    if (!key.member.empty()) {
        const model::Member* member = catalogue.member(key.member);
        parts.push_back("reported by " + (member != nullptr ? member->name : key.member));
    }
    return core::join(parts, ", ");
}

}  // namespace threatlas::analyse::early_warning

// Lookups over a loaded catalogue.
#include "model/catalogue.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "core/text.hpp"

namespace threatlas::model {
namespace {

template <class T>
const T* by_id(const std::vector<T>& list, std::string_view id) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const T& each) { return each.id == id; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Threat* Catalogue::threat(std::string_view id) const { return by_id(threats, id); }
const Member* Catalogue::member(std::string_view id) const { return by_id(members, id); }
const What* Catalogue::what(std::string_view id) const { return by_id(whats, id); }
const Indicator* Catalogue::indicator(std::string_view id) const { return by_id(indicators, id); }
const Criterion* Catalogue::criterion(std::string_view id) const {
    for (const Criterion& each : criteria)
        if (each.id == id || std::find(each.aliases.begin(), each.aliases.end(), id) != each.aliases.end()) return &each;
    return nullptr;
}
const Source* Catalogue::source(std::string_view id) const { return by_id(sources, id); }
const Code* Catalogue::code(std::string_view id) const { return by_id(codes, id); }

const Country* Catalogue::country(std::string_view id_or_alias) const {
    const std::string wanted = core::lower_ascii(core::trim(id_or_alias));
    if (wanted.empty()) return nullptr;
    const auto same = [&](const std::string& text) { return core::lower_ascii(text) == wanted; };
    for (const Country& each : countries)
        if (same(each.id)) return &each;
    for (const Country& each : countries)
        if (same(each.iso3) || same(each.name) || std::any_of(each.aliases.begin(), each.aliases.end(), same)) return &each;
    return nullptr;
}

double Catalogue::population(std::string_view id, int year) const {
    const Country* found = country(id);
    if (found == nullptr) return 0;
    double best = 0;
    int distance = 1 << 20;
    for (const auto& [text, count] : found->population) {
        int given = 0;
        std::from_chars(text.data(), text.data() + text.size(), given);
        const int away = std::abs(given - year);
        if (away < distance) distance = away, best = count;
    }
    return best;
}

}  // namespace threatlas::model

#include <algorithm>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"
#include "exchange/identifiers/nations.hpp"

namespace threatlas::exchange::identifiers {
namespace {

// ICAO 9303-3, 4.9: weights 7 3 1, letters from 10, filler 0.
char check_digit(std::string_view text) {
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int worth = c == '<' ? 0 : c >= '0' && c <= '9' ? c - '0' : c - 'A' + 10;
        sum += worth * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
    }
    return static_cast<char>('0' + sum % 10);
}

bool machine_read(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '<' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

// Country and number. Also the second line of the machine-readable zone, or both (the first names the country), or
// the number field with its check digit.
Read passport(const std::string& value, Identifier& out) {
    std::string zone;
    for (const char c : value)
        if (!std::isspace(static_cast<unsigned char>(c))) zone += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (zone.size() == 88 && machine_read(zone) && zone[0] == 'P') {
        const Nation* issuer = nation_of_document(std::string_view(zone).substr(2, 3));
        if (issuer == nullptr && out.country.empty()) return wrong("the issuing state of this passport is not known here: name the country", "country");
        if (issuer != nullptr && !out.country.empty() && out.country != issuer->id) return wrong("the machine-readable zone names another country", "country");
        if (issuer != nullptr) out.country = issuer->id;
        zone.erase(0, 44);
    }
    if (out.country.empty()) return wrong("a passport needs the country that issued it", "country");
    std::string field;
    if (zone.size() == 44 && machine_read(zone)) field = zone.substr(0, 10);
    else if (zone.size() == 10 && machine_read(zone) && zone[9] >= '0' && zone[9] <= '9') field = zone;
    if (!field.empty()) {
        if (check_digit(std::string_view(field).substr(0, 9)) != field[9]) return wrong("the check digit of this passport number is wrong: look at it again");
        zone = field.substr(0, 9);
        while (zone.ends_with('<')) zone.pop_back();
    }
    const auto coded = code(field.empty() ? value : zone);
    if (!coded || coded->size() < 5 || coded->size() > 9) return wrong("a passport number has 5 to 9 letters and digits");
    if (std::none_of(coded->begin(), coded->end(), [](char c) { return c >= '0' && c <= '9'; })) return wrong("a passport number has digits");
    out.value = *coded;
    return {};
}

}  // namespace threatlas::exchange::identifiers

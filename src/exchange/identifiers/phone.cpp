#include <algorithm>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"
#include "exchange/identifiers/nations.hpp"

namespace threatlas::exchange::identifiers {
namespace {

// Without separators; '(0)' within an international number is the trunk zero, said for callers at home.
std::string dialled(const std::string& value, bool& sign) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '+' && out.empty() && !sign) sign = true;
        else if (value.compare(i, 3, "(0)") == 0 && !out.empty()) i += 2;
        else if (c != '(' && c != ')') out += c;
    }
    return out;
}

}  // namespace

// E.164 with its plus sign.
Read phone(const std::string& value, Identifier& out) {
    bool international = false;
    std::string plain = value;
    for (const std::string_view scheme : {"tel:", "TEL:", "Tel:"})
        if (plain.starts_with(scheme)) plain.erase(0, scheme.size());
    const auto coded = code(dialled(plain, international));
    if (!coded || !digits(*coded)) return wrong("a telephone number has digits, and a plus sign before its country code; an extension is left out");
    std::string number = *coded;
    const Nation* home = nation(out.country);
    if (!international && number.starts_with("00")) international = true, number.erase(0, 2);
    if (!international) {
        if (out.country.empty()) return wrong("a number within a country needs its country, or write it as +381...", "country");
        if (home == nullptr) return wrong("the numbers of this country are not known here: write it as +...", "country");
        if (!home->trunk.empty() && number.starts_with(home->trunk)) number.erase(0, home->trunk.size());
        else if (number.starts_with(home->calling) && static_cast<int>(number.size() - home->calling.size()) >= home->shortest && static_cast<int>(number.size()) > home->longest) number.erase(0, home->calling.size());
        number.insert(0, home->calling);
    }
    if (number.starts_with('0')) return wrong("no country code begins with 0");
    const Nation* there = nation_called(number);
    if (there != nullptr) {
        std::string national = number.substr(there->calling.size());
        if (there->trunk.starts_with('0') && national.starts_with('0')) national.erase(0, there->trunk == "06" || there->trunk == "80" ? 0 : 1);
        if (national.starts_with('0') && there->id != "IT") return wrong("a national number does not begin with 0 after its country code");
        const int size = static_cast<int>(national.size());
        // North America shares one code, Russia hers with Kazakhstan: alike in length.
        if (size < there->shortest || size > there->longest) return wrong("a number of " + std::string(there->id) + " has " + std::to_string(there->shortest) + (there->longest > there->shortest ? " to " + std::to_string(there->longest) : "") + " digits after its country code, this one has " + std::to_string(size));
        number = std::string(there->calling) + national;
    } else if (number.size() < 8 || number.size() > 15) {
        return wrong("an international number has 8 to 15 digits, this one has " + std::to_string(number.size()));
    }
    if (number.size() > 15) return wrong("an international number has at most 15 digits");
    out.value = "+" + number, out.country.clear();
    if (std::all_of(number.end() - 6, number.end(), [&](char c) { return c == number.back(); })) out.warnings.emplace_back("its last six digits are one digit");
    return {};
}

}  // namespace threatlas::exchange::identifiers

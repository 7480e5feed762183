#include <algorithm>
#include <array>
#include <cctype>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"

namespace threatlas::exchange::identifiers {
namespace {

// L a letter, D a digit, anything else itself. Ordinary plates now and the series before; what fits none is taken with
// a warning, for there are wishes, diplomats and trailers.
struct Forms {
    std::string_view country;
    std::array<std::string_view, 8> shapes;
};
constexpr std::array kForms{
    Forms{"AL", {"LLDDDLL", "LLDDDDL", "LLDDDD"}},
    Forms{"BA", {"LDDLDDD", "DDDLDDD", "TADDDDDD"}},
    Forms{"BG", {"LDDDDLL", "LLDDDDLL", "LDDDDL", "LLDDDDL"}},
    Forms{"MD", {"LLLDDD", "LLDDD", "LLLLDDD", "LLLDD", "LLLLDD"}},
    Forms{"ME", {"LLLLDDD", "LLLDDD"}},
    Forms{"MK", {"LLDDDDLL", "LLDDDLL", "LLDDDDL"}},
    Forms{"RO", {"LLDDLLL", "LDDLLL", "LDDDLLL", "LLDDDDDD", "LDDDDDD"}},
    Forms{"RS", {"LLDDDLL", "LLDDDDLL", "LLDDDDD", "LLLDDD"}},
    Forms{"XK", {"DDDDDLL", "DDDLLDDD"}},
    Forms{"HR", {"LLDDDL", "LLDDDLL", "LLDDDDL", "LLDDDDLL"}},
    Forms{"GR", {"LLLDDDD", "LLLDDD", "LLLDD"}},
    Forms{"HU", {"LLLDDD", "LLLLDDD"}},
    Forms{"IT", {"LLDDDLL", "LLDDDDD"}},
    Forms{"SI", {"LLDDDLL", "LLLDDDD", "LLLLDDD", "LLLDDDD", "LLDDLLL", "LLLLDDD", "LLDDLDD", "LLLDDDL"}},
    Forms{"TR", {"DDLDDDD", "DDLDDDDD", "DDLLDDD", "DDLLDDDD", "DDLLLDD", "DDLLLDDD"}},
    Forms{"UA", {"LLDDDDLL"}}};

bool fits(std::string_view plate, std::string_view shape) {
    if (plate.size() != shape.size()) return false;
    for (std::size_t i = 0; i < plate.size(); ++i) {
        const bool digit = plate[i] >= '0' && plate[i] <= '9';
        if (shape[i] == 'D' ? !digit : shape[i] == 'L' ? digit : plate[i] != shape[i]) return false;
    }
    return true;
}

}  // namespace

// Capitals and digits without separators. The letters of Bulgaria, Ukraine and Greece are those that look Latin, and so
// they are read; where plates are Latin (Serbia, Montenegro, North Macedonia), a plate written all in Cyrillic was transcribed.
Read plate(const std::string& value, Identifier& out) {
    if (out.country.empty()) return wrong("a plate needs its country", "country");
    const bool transcribed = (out.country == "RS" || out.country == "ME" || out.country == "MK") && all_cyrillic(value);
    std::string text = transcribed ? transliterated("Upper; Serbian-Latin/BGN; Upper", value) : value;
    const auto coded = code(text);
    if (!coded) return wrong("a plate has letters and digits; one of its signs is neither");
    if (coded->size() < 3 || coded->size() > 10) return wrong("a plate has 3 to 10 letters and digits, this one has " + std::to_string(coded->size()));
    out.value = *coded;
    if (std::none_of(coded->begin(), coded->end(), [](char c) { return c >= '0' && c <= '9'; })) out.warnings.emplace_back("a plate without a digit");
    for (const Forms& each : kForms)
        if (each.country == out.country && std::none_of(each.shapes.begin(), each.shapes.end(), [&](std::string_view shape) { return !shape.empty() && fits(out.value, shape); }))
            out.warnings.emplace_back("it has none of the forms of " + out.country + ": look again at letters and digits");
    return {};
}

}  // namespace threatlas::exchange::identifiers

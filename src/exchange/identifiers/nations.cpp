#include "exchange/identifiers/nations.hpp"

#include <array>
#include <utility>

namespace threatlas::exchange::identifiers {
namespace {

// ITU-T E.164 national numbering plans (lengths without trunk prefix); Kosovo* by its code of 2016.
constexpr std::array kNations{
    Nation{"AL", "ALB", "355", "0", 8, 9}, Nation{"BA", "BIH", "387", "0", 8, 9}, Nation{"BG", "BGR", "359", "0", 7, 9}, Nation{"MD", "MDA", "373", "0", 8, 8},
    Nation{"ME", "MNE", "382", "0", 8, 9}, Nation{"MK", "MKD", "389", "0", 8, 8}, Nation{"RO", "ROU", "40", "0", 9, 9}, Nation{"RS", "SRB", "381", "0", 8, 10},
    Nation{"XK", "RKS", "383", "0", 8, 9}, Nation{"AT", "AUT", "43", "0", 4, 13}, Nation{"GR", "GRC", "30", "", 10, 10}, Nation{"HR", "HRV", "385", "0", 8, 9},
    Nation{"HU", "HUN", "36", "06", 8, 9}, Nation{"IT", "ITA", "39", "", 6, 11}, Nation{"SI", "SVN", "386", "0", 8, 8}, Nation{"TR", "TUR", "90", "0", 10, 10},
    Nation{"UA", "UKR", "380", "0", 9, 9}, Nation{"CY", "CYP", "357", "", 8, 8}, Nation{"CZ", "CZE", "420", "", 9, 9}, Nation{"SK", "SVK", "421", "0", 9, 9},
    Nation{"PL", "POL", "48", "", 9, 9}, Nation{"DE", "D", "49", "0", 5, 13}, Nation{"CH", "CHE", "41", "0", 9, 9}, Nation{"FR", "FRA", "33", "0", 9, 9},
    Nation{"NL", "NLD", "31", "0", 9, 9}, Nation{"BE", "BEL", "32", "0", 8, 9}, Nation{"ES", "ESP", "34", "", 9, 9}, Nation{"PT", "PRT", "351", "", 9, 9},
    Nation{"GB", "GBR", "44", "0", 9, 10}, Nation{"IE", "IRL", "353", "0", 7, 9}, Nation{"SE", "SWE", "46", "0", 7, 10}, Nation{"DK", "DNK", "45", "", 8, 8},
    Nation{"NO", "NOR", "47", "", 8, 8}, Nation{"LT", "LTU", "370", "0", 8, 8}, Nation{"LV", "LVA", "371", "", 8, 8}, Nation{"EE", "EST", "372", "", 7, 8},
    Nation{"RU", "RUS", "7", "8", 10, 10}, Nation{"BY", "BLR", "375", "80", 9, 9}, Nation{"GE", "GEO", "995", "0", 9, 9}, Nation{"AM", "ARM", "374", "0", 8, 8},
    Nation{"US", "USA", "1", "1", 10, 10}, Nation{"MT", "MLT", "356", "", 8, 8}, Nation{"LU", "LUX", "352", "", 4, 11}, Nation{"AE", "ARE", "971", "0", 8, 9},
    Nation{"IL", "ISR", "972", "0", 8, 9}, Nation{"SY", "SYR", "963", "0", 8, 9}, Nation{"IR", "IRN", "98", "0", 10, 10}, Nation{"AF", "AFG", "93", "0", 9, 9},
    Nation{"PK", "PAK", "92", "0", 9, 10}, Nation{"IQ", "IRQ", "964", "0", 8, 10}, Nation{"MA", "MAR", "212", "0", 9, 9}, Nation{"FI", "FIN", "358", "0", 5, 12}};

// The IBAN registry: length by country.
constexpr std::array<std::pair<std::string_view, int>, 82> kIban{{
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
    {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22},
    {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30},
    {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20}, {"MR", 27},
    {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33},
    {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"TR", 26}, {"UA", 29}, {"VG", 24}, {"XK", 20}}};

}  // namespace

const Nation* nation(std::string_view id) {
    for (const Nation& each : kNations)
        if (each.id == id) return &each;
    return nullptr;
}

const Nation* nation_of_document(std::string_view alpha3) {
    while (alpha3.ends_with('<')) alpha3.remove_suffix(1);
    for (const Nation& each : kNations)
        if (each.alpha3 == alpha3) return &each;
    return nullptr;
}

const Nation* nation_called(std::string_view international) {
    const Nation* best = nullptr;
    for (const Nation& each : kNations)
        if (international.starts_with(each.calling) && (best == nullptr || each.calling.size() > best->calling.size())) best = &each;
    return best;
}

int iban_length(std::string_view country) {
    for (const auto& [id, length] : kIban)
        if (id == country) return length;
    return 0;
}

}  // namespace threatlas::exchange::identifiers

#include <algorithm>
#include <array>
#include <cctype>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"

namespace threatlas::exchange::identifiers {
namespace {

int weighed(std::string_view number, std::initializer_list<int> weights) {
    int sum = 0;
    std::size_t at = 0;
    for (const int each : weights) sum += each * (number[at++] - '0');
    return sum;
}

// ISO 7064 MOD 11,10: the last digit fits.
bool mod_11_10(std::string_view number) {
    int rest = 10;
    for (std::size_t i = 0; i + 1 < number.size(); ++i) {
        rest = (rest + number[i] - '0') % 10;
        rest = (rest == 0 ? 10 : rest) * 2 % 11;
    }
    return (11 - rest) % 10 == number.back() - '0';
}

bool bulgarian(std::string_view number) {
    int rest = weighed(number, {1, 2, 3, 4, 5, 6, 7, 8}) % 11;
    if (rest == 10) rest = weighed(number, {3, 4, 5, 6, 7, 8, 9, 10}) % 11 % 10;
    return rest == number[8] - '0';
}

bool romanian(std::string_view number) {
    const std::string padded = std::string(10 - number.size(), '0') + std::string(number);
    return weighed(padded, {7, 5, 3, 2, 1, 7, 5, 3, 2}) * 10 % 11 % 10 == padded[9] - '0';
}

bool greek(std::string_view number) { return weighed(number, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == number[8] - '0'; }

bool moldovan(std::string_view number) { return weighed(number, {7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1}) % 10 == number[12] - '0'; }

bool slovene(std::string_view number) {
    const int digit = 11 - weighed(number, {8, 7, 6, 5, 4, 3, 2}) % 11;
    return (digit == 10 ? 0 : digit) == number[7] - '0';
}

// Numbers by country and length; the check is asked where there is one.
struct Form {
    std::string_view country;
    std::size_t shortest, longest;
    bool (*checks)(std::string_view) = nullptr;
};
constexpr std::array kForms{Form{"RS", 8, 8}, Form{"RS", 9, 9, mod_11_10}, Form{"BA", 12, 13}, Form{"ME", 8, 8}, Form{"MK", 7, 7}, Form{"MK", 13, 13}, Form{"XK", 8, 9}, Form{"BG", 9, 9, bulgarian}, Form{"BG", 13, 13}, Form{"RO", 2, 10, romanian},
                            Form{"MD", 13, 13, moldovan}, Form{"HR", 8, 9}, Form{"HR", 11, 11, mod_11_10}, Form{"SI", 7, 7}, Form{"SI", 10, 10}, Form{"SI", 8, 8, slovene}, Form{"GR", 9, 9, greek}, Form{"GR", 12, 12}, Form{"HU", 8, 8}, Form{"HU", 10, 11}, Form{"TR", 10, 10}, Form{"TR", 16, 16}};

}  // namespace

// Register or tax number, which differ in length. The letters of the country before a tax number (RO, SI, EL ...) go.
Read company(const std::string& value, Identifier& out) {
    if (out.country.empty()) return wrong("a company number needs its country", "country");
    const auto coded = code(value);
    if (!coded) return wrong("a company number has letters and digits; one of its signs is neither");
    std::string number = *coded;
    const std::string before = out.country == "GR" ? "EL" : out.country;
    for (const std::string& each : {before, out.country})
        if (number.starts_with(each) && digits(std::string_view(number).substr(each.size()))) number.erase(0, each.size());
    if (number.size() < 2 || number.size() > 20) return wrong("a company number has 2 to 20 letters and digits");
    if (std::none_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; })) return wrong("a company number has digits; a company's name alone is not matched");
    if (out.country == "AL") {   // NUIS: K12345678A
        const bool fits = number.size() == 10 && !digits(number.substr(0, 1)) && digits(std::string_view(number).substr(1, 8)) && !digits(number.substr(9));
        if (!fits) return wrong("a company number of AL is a letter, eight digits and a letter");
    } else if (out.country == "RO" && number[0] == 'J') {
        if (!digits(std::string_view(number).substr(1))) return wrong("a register number of RO is J and digits");
    } else if (std::any_of(kForms.begin(), kForms.end(), [&](const Form& each) { return each.country == out.country; })) {
        const auto form = std::find_if(kForms.begin(), kForms.end(), [&](const Form& each) { return each.country == out.country && number.size() >= each.shortest && number.size() <= each.longest; });
        if (!digits(number) || form == kForms.end()) return wrong("no company number of " + out.country + " has this form");
        if (form->checks != nullptr && !form->checks(number)) return wrong("the check digit of this company number is wrong: look at it again");
    }
    out.value = number;
    return {};
}

}  // namespace threatlas::exchange::identifiers

#include <algorithm>
#include <array>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"

namespace threatlas::exchange::identifiers {
namespace {

int worth(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    constexpr std::string_view letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
    constexpr std::array<int, 23> values{1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9};
    return values[letters.find(c)];
}

bool luhn(std::string_view number) {
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int digit = number[number.size() - 1 - i] - '0';
        if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

}  // namespace

// ISO 3779. The check digit is North America's and China's custom: elsewhere nothing follows from it, so it is a warning.
Read vin(const std::string& value, Identifier& out) {
    auto coded = code(value);
    if (!coded) return wrong("a VIN has letters and digits; one of its signs is neither");
    std::string number = *coded;
    if (number.starts_with("VIN") && number.size() == 20) number.erase(0, 3);
    if (number.size() != 17) return wrong("a VIN has 17 letters and digits, this one has " + std::to_string(number.size()));
    bool mistaken = false;
    for (char& c : number) {
        const char read = c == 'I' ? '1' : c == 'O' || c == 'Q' ? '0' : c;
        mistaken |= read != c, c = read;
    }
    if (mistaken) out.warnings.emplace_back("a VIN has no I, O or Q: read as 1 and 0");
    if (!digits(std::string_view(number).substr(13))) out.warnings.emplace_back("the last four signs of a VIN are digits as a rule");
    constexpr std::array<int, 17> weights{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) sum += weights[i] * worth(number[i]);
    if (number[8] != (sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11))) out.warnings.emplace_back("the check digit does not fit: usual for a European vehicle, else look again");
    out.value = number, out.country.clear();
    return {};
}

// The 14 digits that name the device: a check digit follows from them, a software version changes.
Read imei(const std::string& value, Identifier& out) {
    const auto coded = code(value);
    std::string number = coded.value_or("");
    if (number.starts_with("IMEI")) number.erase(0, 4);
    if (!digits(number) || number.size() < 14 || number.size() > 16) return wrong("an IMEI has 15 digits; 14 without its check digit, 16 with a software version");
    if (number.size() == 15 && !luhn(number)) return wrong("the check digit of this IMEI is wrong: look at it again");
    number.resize(14);
    if (std::all_of(number.begin(), number.end(), [&](char c) { return c == number.front(); })) return wrong("an IMEI of one digit names no device");
    out.value = number, out.country.clear();
    return {};
}

}  // namespace threatlas::exchange::identifiers

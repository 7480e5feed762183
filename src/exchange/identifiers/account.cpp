#include <algorithm>

#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"
#include "exchange/identifiers/nations.hpp"

namespace threatlas::exchange::identifiers {
namespace {

bool letter(char c) { return c >= 'A' && c <= 'Z'; }

int modulo97(std::string_view text) {
    int rest = 0;
    for (const char c : text) rest = letter(c) ? (rest * 100 + c - 'A' + 10) % 97 : (rest * 10 + c - '0') % 97;
    return rest;
}

}  // namespace

// ISO 13616: length by country, remainder 1 of 97.
Read iban(const std::string& value, Identifier& out) {
    const auto coded = code(value);
    if (!coded) return wrong("an IBAN has letters and digits; one of its signs is neither");
    std::string account = *coded;
    if (account.starts_with("IBAN")) account.erase(0, 4);
    if (account.size() < 5 || !letter(account[0]) || !letter(account[1]) || !digits(std::string_view(account).substr(2, 2))) return wrong("an IBAN begins with the two letters of its country and two digits");
    const int length = iban_length(account.substr(0, 2));
    if (length == 0) return wrong("no country with IBANs begins so");
    if (static_cast<int>(account.size()) != length) return wrong("an IBAN of " + account.substr(0, 2) + " has " + std::to_string(length) + " signs, this one has " + std::to_string(account.size()));
    if (modulo97(account.substr(4) + account.substr(0, 4)) != 1) return wrong("the check digits of this IBAN are wrong: look at it again");
    out.value = account, out.country.clear();
    return {};
}

}  // namespace threatlas::exchange::identifiers

// What codes of a country look like: telephone plan, passports, IBAN. The region, its neighbours and who is met most beside.
#pragma once

#include <string_view>

namespace threatlas::exchange::identifiers {

struct Nation {
    std::string_view id, alpha3;        // alpha3 as travel documents have it
    std::string_view calling, trunk;    // country code; what stands before a number within the country, empty: nothing
    int shortest = 0, longest = 0;      // digits of a national number
};

const Nation* nation(std::string_view id);                   // null: not known here
const Nation* nation_of_document(std::string_view alpha3);
const Nation* nation_called(std::string_view international); // by the longest country code the digits begin with
int iban_length(std::string_view country);                   // 0: it has none

}  // namespace threatlas::exchange::identifiers

// Identifiers in one spelling: what two members write differently and mean alike becomes the same text, before it is
// matched. Nothing here quotes a value in an error or a warning: they end in logs.
//
// A phone, plate, passport or company number belongs to a country (ISO 3166 alpha-2, XK for Kosovo*). A name is matched
// only with a birth date, as up to 8 spellings; whoever matches counts each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"

namespace threatlas::exchange::identifiers {

enum class Kind : std::uint8_t { phone, plate, vin, iban, passport, imei, wallet, company, person };

// As somebody wrote it down.
struct Given {
    std::string kind, value;
    std::string country;   // of a national phone number, plate, passport, company number; of a name: whose spelling it is
    std::string born;      // of a person: YYYY-MM-DD or DD.MM.YYYY
    static constexpr auto fields() {
        using T = Given;
        using model::field;
        return std::make_tuple(field("kind", &T::kind, "phone, plate, vin, iban, passport, imei, wallet, company or person"), field("value", &T::value, "as it is written"),
            field("country", &T::country, "ISO 3166 alpha-2, where the value does not say it"), field("born", &T::born, "birth date of a person"));
    }
};

struct Identifier {
    Kind kind = Kind::phone;
    std::string value, country, born;     // canonical; given again they give the same
    std::vector<std::string> spellings;   // what is matched, 1 to kMostSpellings, the canonical one first
    std::vector<std::string> warnings;    // what is odd about it, without quoting it
};

constexpr std::size_t kMostSpellings = 8;
constexpr std::size_t kLongest = 200;     // bytes of a value

// bad_input, with column 'value', 'kind', 'country' or 'born' and the source and row of `where`. not_allowed for a name
// alone. Cost: microseconds; a person some tens.
core::Result<Identifier> canonical(const Given& given, core::Location where = {});

// The same in reverse: what to give to get it again.
Given given(const Identifier& identifier);

// How one evaluation of a spelling is named: 'plate RS BG123AB'. No spelling of one kind is one of another.
std::string text_of(Kind kind, std::string_view country, std::string_view value);

}  // namespace threatlas::exchange::identifiers

namespace threatlas::model {
template <>
struct EnumNames<exchange::identifiers::Kind> {
    using K = exchange::identifiers::Kind;
    static constexpr std::array<std::pair<K, std::string_view>, 9> names{{{K::phone, "phone"}, {K::plate, "plate"}, {K::vin, "vin"}, {K::iban, "iban"}, {K::passport, "passport"}, {K::imei, "imei"}, {K::wallet, "wallet"}, {K::company, "company"}, {K::person, "person"}}};
};
}  // namespace threatlas::model

#include "exchange/identifiers/identifier.hpp"

#include <algorithm>

#include "core/calendar.hpp"
#include "core/text.hpp"
#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"
#include "exchange/identifiers/nations.hpp"

namespace threatlas::exchange::identifiers {
namespace {

using core::ErrorCode;
using core::Result;

Result<std::string> country_of(const std::string& given) {
    std::string out;
    for (const char c : core::trim(given)) out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    if (out.size() == 3)
        if (const Nation* found = nation_of_document(out)) out = found->id;
    if (out == "EL") out = "GR";
    if (out == "UK") out = "GB";
    if (out.empty() || (out.size() == 2 && out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'A' && out[1] <= 'Z')) return out;
    return wrong("a country is written with the two letters of ISO 3166", "country");
}

Result<std::string> birth_date(const std::string& given) {
    std::string text(core::trim(given));
    if (text.size() > 20) return wrong("a birth date is written YYYY-MM-DD", "born");
    if (const auto parts = core::split(text, '.'); parts.size() >= 3 && digits(core::trim(parts[0])) && digits(core::trim(parts[1])) && digits(core::trim(parts[2]))) {
        const auto two = [](std::string_view part) { return (part.size() == 1 ? "0" : "") + std::string(part); };
        text = std::string(core::trim(parts[2])) + "-" + two(core::trim(parts[1])) + "-" + two(core::trim(parts[0]));
    }
    const auto day = core::parse_day(text);
    if (!day || core::split(*day).year < 1880 || core::split(*day).year > 2100) return wrong("a birth date is written YYYY-MM-DD and names a day; a year alone fits too many", "born");
    return core::iso(*day);
}

Result<Identifier> read(const Given& given) {
    Identifier out;
    const std::string kind = core::lower_ascii(core::trim(given.kind));
    if (kind == "name") return core::fail(ErrorCode::not_allowed, "names alone are not matched: too many people share one. Give kind 'person' with a birth date", {"", 0, "kind"});
    if (!model::from_name(kind, out.kind)) return wrong("the kind is one of phone, plate, vin, iban, passport, imei, wallet, company, person", "kind");
    if (given.value.size() > kLongest) return wrong("the value is longer than " + std::to_string(kLongest) + " bytes");
    const std::string value(core::trim(normal(given.value)));
    if (value.empty()) return wrong("there is no value, or it is no UTF-8");
    THREATLAS_TRY(out.country, country_of(given.country));
    if (out.kind == Kind::person) {
        if (core::trim(given.born).empty()) return core::fail(ErrorCode::not_allowed, "names alone are not matched: too many people share one. Give the birth date", {"", 0, "born"});
        THREATLAS_TRY(out.born, birth_date(given.born));
    } else if (!core::trim(given.born).empty()) {
        return wrong("only a person has a birth date", "born");
    }
    using Reads = Read (*)(const std::string&, Identifier&);
    constexpr std::array<Reads, 9> by_kind{phone, plate, vin, iban, passport, imei, wallet, company, person};
    THREATLAS_CHECK(by_kind[static_cast<std::size_t>(out.kind)](value, out));
    if (out.spellings.empty()) out.spellings.push_back(out.value);
    for (auto& each : out.spellings) each = text_of(out.kind, out.country, each);
    return out;
}

}  // namespace

Result<Identifier> canonical(const Given& given, core::Location where) {
    auto out = read(given);
    if (out) return out;
    core::Error error = out.error();
    where.column = error.where.column, error.where = std::move(where);
    Kind known{};
    if (model::from_name(core::lower_ascii(core::trim(given.kind)), known)) error.message = std::string(model::name_of(known)) + ": " + error.message;
    return tl::unexpected(std::move(error));
}

Given given(const Identifier& identifier) { return {std::string(model::name_of(identifier.kind)), identifier.value, identifier.country, identifier.born}; }

std::string text_of(Kind kind, std::string_view country, std::string_view value) {
    return std::string(model::name_of(kind)) + ' ' + (country.empty() ? "" : std::string(country) + ' ') + std::string(value);
}

}  // namespace threatlas::exchange::identifiers

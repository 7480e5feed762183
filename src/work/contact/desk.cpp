#include "work/contact/desk.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "core/text.hpp"
#include "store/rights.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

std::int64_t system_seconds() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

bool speaks(const model::Reader& who) { return who.role == Role::contact_point || who.role == Role::analyst || who.role == Role::director; }

Result<void> may_speak(const model::Reader& who, const std::string& what) {
    if (speaks(who)) return {};
    return fail(ErrorCode::not_allowed, what + " is for contact points, analysts and directors");
}

model::Reader desk_of(const std::string& organisation, const std::string& what) { return {"contact desk", organisation, Role::contact_point, "TLP:RED H3", "joint_operation: " + what}; }

Result<void> fit(const std::string& text, const char* what, std::size_t most, bool needed) {
    const auto bad = [&](const std::string& why) { return fail(ErrorCode::bad_input, std::string("'") + what + "' " + why); };
    if (needed && core::trim(text).empty()) return bad("is missing");
    if (text.size() > most) return bad("is longer than " + std::to_string(most) + " bytes");
    if (!core::is_utf8(text)) return bad("is not UTF-8");
    if (std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\t') || c == 127; })) return bad("holds a control character");
    return {};
}

Result<void> fit_line(const std::string& text, const char* what, std::size_t most, bool needed) {
    THREATLAS_CHECK(fit(text, what, most, needed));
    if (text.find_first_of("\n\t") != std::string::npos) return fail(ErrorCode::bad_input, std::string("'") + what + "' is one line");
    return {};
}

Result<void> known_organisations(const model::Catalogue& catalogue, const std::vector<std::string>& all) {
    for (const auto& each : all)
        if (each != store::kRegional && catalogue.member(each) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + each + "'");
    return {};
}

Result<void> fit_topics(const model::Catalogue& catalogue, const std::vector<std::string>& areas, const std::vector<std::string>& threats, const std::vector<std::string>& mos, const std::vector<std::string>& places) {
    const auto named = [](const auto& list, const std::string& id) { return std::any_of(list.begin(), list.end(), [&](const auto& each) { return each.id == id; }); };
    const auto check = [&](const std::vector<std::string>& wanted, const auto& list, const char* what) -> Result<void> {
        if (wanted.size() > 50) return fail(ErrorCode::bad_input, std::string("more than 50 of: ") + what);
        for (const auto& each : wanted)
            if (!named(list, each)) return fail(ErrorCode::bad_input, std::string("the catalogue has no ") + what + " '" + each + "'");
        return {};
    };
    THREATLAS_CHECK(check(areas, catalogue.areas, "area"));
    THREATLAS_CHECK(check(threats, catalogue.threats, "threat"));
    THREATLAS_CHECK(check(mos, catalogue.codes, "modus operandi code"));
    return check(places, catalogue.countries, "country");
}

Result<void> fit_language(const std::string& language) {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    if (language.size() == 2 && letter(language[0]) && letter(language[1])) return {};
    return fail(ErrorCode::bad_input, "a language is two small letters, such as 'en', not '" + language.substr(0, 20) + "'");
}

std::string iso_time(std::int64_t seconds) {
    const std::time_t now = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string new_id(std::string_view letter, std::string_view organisation) {
    std::array<unsigned char, 5> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string out(letter);
    if (!organisation.empty()) out += "-" + std::string(organisation);
    out += '-';
    for (const unsigned char each : bytes) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

bool has(const std::vector<std::string>& list, std::string_view value) { return std::find(list.begin(), list.end(), value) != list.end(); }

void add_to(std::vector<std::string>& list, const std::string& value) {
    if (!has(list, value)) list.push_back(value);
}

}  // namespace threatlas::work::contact

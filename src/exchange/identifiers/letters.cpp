#include "exchange/identifiers/letters.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "core/text.hpp"

namespace threatlas::exchange::identifiers {
namespace {

icu::UnicodeString from(std::string_view utf8) { return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))); }

std::string to(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

UScriptCode script_of(UChar32 letter) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(letter, &status);
}

// The Latin capital it looks like; 0: none.
char lookalike(UChar32 c) {
    static const std::map<UChar32, char> all = [] {
        std::map<UChar32, char> out;
        const icu::UnicodeString theirs = icu::UnicodeString::fromUTF8("АВЕЗКМНОРСТУХІЈЅԚԜҮҺΑΒΕΖΗΙΚΜΝΟΡΤΥΧ");
        const char* ours = "ABE3KMHOPCTYXIJSQWYHABEZHIKMNOPTYX";
        for (std::int32_t i = 0; i < theirs.length(); ++i) out[theirs.charAt(i)] = ours[i];
        return out;
    }();
    const auto found = all.find(c);
    return found == all.end() ? '\0' : found->second;
}

bool separates(UChar32 c) {
    return u_isUWhiteSpace(c) || u_charType(c) == U_DASH_PUNCTUATION || u_charType(c) == U_FORMAT_CHAR || c == '.' || c == '/' || c == ':' || c == '_' || c == 0xB7 || c == 0x2022 || c == 0x2212 || c == ',';
}

}  // namespace

std::string normal(std::string_view utf8) {
    if (!core::is_utf8(utf8)) return {};
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfkc = icu::Normalizer2::getNFKCInstance(status);
    if (U_FAILURE(status)) return {};
    const icu::UnicodeString text = nfkc->normalize(from(utf8), status);
    return U_FAILURE(status) ? std::string() : to(text);
}

std::optional<std::string> code(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfkd = icu::Normalizer2::getNFKDInstance(status);
    if (U_FAILURE(status)) return std::nullopt;
    const icu::UnicodeString text = nfkd->normalize(from(utf8).toUpper(icu::Locale::getRoot()), status);
    std::string out;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (u_charType(c) == U_NON_SPACING_MARK || separates(c)) continue;
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += static_cast<char>(c);
        else if (const int digit = u_charDigitValue(c); digit >= 0) out += static_cast<char>('0' + digit);
        else if (c == 0x110) out += 'D';
        else if (const char other = lookalike(c); other != '\0') out += other;
        else return std::nullopt;
    }
    return out;
}

bool all_cyrillic(std::string_view utf8) {
    const icu::UnicodeString text = from(utf8);
    bool any = false;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (!u_isalpha(c)) continue;
        if (script_of(c) != USCRIPT_CYRILLIC) return false;
        any = true;
    }
    return any;
}

std::string transliterated(const char* rules, std::string_view utf8) {
    // Making one costs milliseconds, and one may not be shared between threads.
    thread_local std::map<std::string, std::unique_ptr<icu::Transliterator>, std::less<>> made;
    auto found = made.find(std::string_view(rules));
    if (found == made.end()) {
        UErrorCode status = U_ZERO_ERROR;
        found = made.emplace(rules, std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance(rules, UTRANS_FORWARD, status))).first;
    }
    icu::UnicodeString text = from(utf8);
    if (found->second) found->second->transliterate(text);
    return to(text);
}

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace threatlas::exchange::identifiers

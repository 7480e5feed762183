#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"
#include "exchange/identifiers/kinds.hpp"
#include "exchange/identifiers/letters.hpp"

namespace threatlas::exchange::identifiers {
namespace {

using Table = std::vector<std::pair<std::string_view, std::string_view>>;

std::string replaced(std::string text, const Table& table) {
    for (const auto& [from, to] : table)
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
}

bool any_of(std::string_view text, std::initializer_list<std::string_view> letters) {
    return std::any_of(letters.begin(), letters.end(), [&](std::string_view each) { return text.find(each) != std::string_view::npos; });
}

enum class Script { latin, greek, serbian, macedonian, bulgarian, russian, ukrainian };

bool within(std::string_view text, unsigned lead_from, unsigned lead_to) {
    return std::any_of(text.begin(), text.end(), [&](char c) { return static_cast<unsigned char>(c) >= lead_from && static_cast<unsigned char>(c) <= lead_to; });
}

// By the letters only one alphabet has; where nothing tells, by whose spelling it is said to be, else the Serbian.
Script script_of(std::string_view small, std::string_view country) {
    if (within(small, 0xCE, 0xCF)) return Script::greek;
    if (!within(small, 0xD0, 0xD3)) return Script::latin;
    if (any_of(small, {"ѓ", "ќ", "ѕ"})) return Script::macedonian;
    if (any_of(small, {"ђ", "ћ"})) return Script::serbian;
    if (any_of(small, {"і", "ї", "є", "ґ"})) return Script::ukrainian;
    if (any_of(small, {"ы", "э", "ё"})) return Script::russian;
    if (any_of(small, {"ј", "љ", "њ", "џ"})) return country == "MK" ? Script::macedonian : Script::serbian;
    if (country == "RU" || country == "BY" || country == "MD") return Script::russian;
    if (country == "UA") return Script::ukrainian;
    if (country == "MK") return Script::macedonian;
    if (country == "BG" || any_of(small, {"щ", "ъ", "ь", "ю", "я", "й"})) return Script::bulgarian;
    return Script::serbian;
}

const char* bgn_of(Script script) {
    switch (script) {
        case Script::greek: return "Greek-Latin/UNGEGN";
        case Script::serbian: return "Serbian-Latin/BGN";
        case Script::macedonian: return "Macedonian-Latin/BGN";
        case Script::bulgarian: return "Bulgarian-Latin/BGN";
        case Script::russian: return "Russian-Latin/BGN";
        case Script::ukrainian: return "Ukrainian-Latin/BGN";
        default: return "Any-Latin";
    }
}

// As the state itself writes it in Latin letters. small, NFC.
std::string national(std::string_view small, Script script) {
    const std::string text(small);
    switch (script) {
        case Script::bulgarian:   // law of transliteration, 2009
            return replaced(text, {{"ия ", "ia "}, {"а", "a"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"д", "d"}, {"е", "e"}, {"ж", "zh"}, {"з", "z"}, {"и", "i"}, {"й", "y"}, {"к", "k"}, {"л", "l"}, {"м", "m"}, {"н", "n"}, {"о", "o"}, {"п", "p"}, {"р", "r"}, {"с", "s"},
                                   {"т", "t"}, {"у", "u"}, {"ф", "f"}, {"х", "h"}, {"ц", "ts"}, {"ч", "ch"}, {"ш", "sh"}, {"щ", "sht"}, {"ъ", "a"}, {"ь", "y"}, {"ю", "yu"}, {"я", "ya"}});
        case Script::greek:   // ELOT 743, without its rules of position
            return replaced(text, {{"ου", "ou"}, {"ού", "ou"}, {"α", "a"}, {"ά", "a"}, {"β", "v"}, {"γγ", "ng"}, {"γ", "g"}, {"δ", "d"}, {"ε", "e"}, {"έ", "e"}, {"ζ", "z"}, {"η", "i"}, {"ή", "i"}, {"θ", "th"}, {"ι", "i"}, {"ί", "i"}, {"ϊ", "i"}, {"ΐ", "i"}, {"κ", "k"}, {"λ", "l"}, {"μ", "m"}, {"ν", "n"}, {"ξ", "x"},
                                   {"ο", "o"}, {"ό", "o"}, {"π", "p"}, {"ρ", "r"}, {"σ", "s"}, {"ς", "s"}, {"τ", "t"}, {"υ", "y"}, {"ύ", "y"}, {"ϋ", "y"}, {"φ", "f"}, {"χ", "ch"}, {"ψ", "ps"}, {"ω", "o"}, {"ώ", "o"}});
        case Script::latin: return text;
        case Script::macedonian: return transliterated("Macedonian-Latin/BGN; NFC", replaced(text, {{"ѓ", "gj"}, {"ќ", "kj"}}));
        default: return transliterated((std::string(bgn_of(script)) + "; NFC").c_str(), small);
    }
}

// ICAO 9303-3, section 6: what stands in the machine-readable zone of a passport.
std::string passport_form(std::string_view small, Script script) {
    const std::string text(small);
    switch (script) {
        case Script::serbian: return replaced(text, {{"ђ", "d"}, {"џ", "dz"}, {"ћ", "c"}, {"ч", "c"}, {"ш", "s"}, {"ж", "z"}});
        case Script::macedonian: return replaced(text, {{"ѓ", "gj"}, {"ќ", "kj"}, {"џ", "dj"}, {"ѕ", "dz"}, {"ч", "ch"}, {"ш", "sh"}, {"ж", "zh"}, {"ц", "c"}, {"х", "h"}});
        case Script::russian:
        case Script::ukrainian: return replaced(text, {{"щ", "shch"}, {"ъ", "ie"}, {"ь", ""}, {"ю", "iu"}, {"я", "ia"}, {"й", "i"}, {"є", "ie"}, {"ї", "i"}, {"х", "kh"}, {"ц", "ts"}, {"ж", "zh"}, {"ч", "ch"}, {"ш", "sh"}, {"ё", "e"}, {"ы", "y"}, {"э", "e"}});
        case Script::latin: return replaced(text, {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"å", "aa"}, {"ø", "oe"}, {"æ", "ae"}, {"ß", "ss"}, {"þ", "th"}});
        default: return national(small, script);
    }
}

// As English papers write what has a mark of its own.
std::string with_digraphs(std::string text) {
    return replaced(std::move(text), {{"dž", "dzh"}, {"đ", "dj"}, {"š", "sh"}, {"ș", "sh"}, {"ş", "sh"}, {"č", "ch"}, {"ć", "ch"}, {"ž", "zh"}, {"ț", "ts"}, {"ţ", "ts"}, {"ç", "ch"}, {"x̌", "dzh"}});
}

// Accents off, words of a-z in alphabetical order: family or given name first is all one.
std::string plain(const std::string& text) {
    std::string ascii = core::lower_ascii(transliterated("Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII", replaced(text, {{"đ", "d"}, {"Đ", "d"}, {"ð", "d"}})));
    std::vector<std::string> words;
    std::string word;
    for (const char c : ascii + ' ') {
        if (c >= 'a' && c <= 'z') word += c;
        else if (c != '\'' && c != '`' && c != '"' && !word.empty()) words.push_back(std::exchange(word, {}));
    }
    std::sort(words.begin(), words.end());
    return core::join(words, " ");
}

// One spelling for what the languages of the region write differently: a class of sounds a letter.
std::string sounds(const std::string& text) {
    std::string out = ' ' + with_digraphs(text) + ' ';
    for (const auto& [from, to] : std::array<std::pair<std::string_view, std::string_view>, 3>{{{" mp", " b"}, {" nt", " d"}, {" gk", " g"}}})   // Greek, at the beginning of a word
        out = replaced(std::move(out), {{from, to}});
    out = core::lower_ascii(transliterated("Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII", out));
    out = replaced(std::move(out), {{"dzh", "d"}, {"dz", "d"}, {"xh", "d"}, {"gj", "d"}, {"dj", "d"}, {"shch", "s"}, {"sht", "s"}, {"sch", "s"}, {"sh", "s"}, {"tch", "c"}, {"ch", "c"}, {"kj", "c"}, {"q", "c"}, {"tz", "c"}, {"ts", "c"}, {"zh", "z"}, {"kh", "h"}, {"ph", "f"},
                                    {"ou", "u"}, {"w", "v"}, {"x", "h"}, {"ks", "h"}, {"y", "i"}, {"j", "i"}, {"'", ""}});
    std::string once;
    for (const char c : out)
        if (once.empty() || once.back() != c) once += c;
    return once;
}

std::string first_and_last(const std::string& text) {
    std::string tidy(core::trim(text));
    std::replace(tidy.begin(), tidy.end(), '-', ' ');
    std::vector<std::string> words;
    for (auto& each : core::split(tidy, ' '))
        if (!core::trim(each).empty()) words.emplace_back(core::trim(each));
    return words.size() < 3 ? std::string() : words.front() + ' ' + words.back();
}

}  // namespace

// Spellings in the order of use: as the state writes it, as the passport's zone does, by sound, by sound without middle
// names, BGN/PCGN, with English digraphs, ISO 9. Two members' spellings of one name meet in one of them as a rule.
Read person(const std::string& value, Identifier& out) {
    const std::string small = transliterated("NFC; Lower; NFC", value);
    const Script script = script_of(small, out.country);
    const std::string own = national(small + ' ', script);
    std::vector<std::string> all{plain(own), plain(passport_form(small, script)), plain(sounds(own))};
    if (const std::string two = first_and_last(own); !two.empty()) all.push_back(plain(sounds(two)));
    if (script != Script::latin) all.push_back(plain(transliterated(bgn_of(script), small)));
    all.push_back(plain(with_digraphs(own)));
    if (script != Script::latin && script != Script::greek) {
        // ISO 9:1995 letter by letter, its accents off: what databases that follow it hold.
        all.push_back(plain(replaced(small, {{"щ", "s"}, {"ш", "s"}, {"ч", "c"}, {"ж", "z"}, {"ц", "c"}, {"х", "h"}, {"ю", "u"}, {"я", "a"}, {"й", "j"}, {"ъ", ""}, {"ь", ""}, {"ђ", "d"}, {"ћ", "c"}, {"џ", "d"}, {"љ", "l"}, {"њ", "n"}, {"ѓ", "g"}, {"ќ", "k"}, {"ѕ", "z"}, {"ј", "j"}})));
    }
    for (auto& each : all) {
        const auto words = std::count(each.begin(), each.end(), ' ') + 1;
        if (each.size() < 4 || words < 2) {
            if (&each == &all.front()) return wrong("a person is matched by given and family name; here is one word, or none");
            continue;
        }
        each += ' ' + out.born;
        if (std::find(out.spellings.begin(), out.spellings.end(), each) == out.spellings.end()) out.spellings.push_back(each);
    }
    if (out.spellings.size() > kMostSpellings) out.spellings.resize(kMostSpellings);
    out.value = all.front().substr(0, all.front().size() - out.born.size() - 1);
    out.country.clear();
    return {};
}

}  // namespace threatlas::exchange::identifiers

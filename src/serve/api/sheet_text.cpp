#include "serve/api/sheet_text.hpp"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "ingest/table.hpp"

namespace threatlas::serve::api {
namespace {

constexpr std::array<char, 16> kHex{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

bool hexadecimal(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
bool looks_escaped(std::string_view at) { return at.size() >= 7 && at[1] == 'x' && at[6] == '_' && std::all_of(at.begin() + 2, at.begin() + 6, hexadecimal); }

void append_escape(std::string& out, UChar32 unit) {
    out += "_x";
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[static_cast<std::size_t>(unit >> shift) & 15U];
    out += '_';
}

// Where the text ends when it may hold so many UTF-16 units, never inside a character.
std::size_t end_of(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();   // no character has more units than bytes
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t units = 0, at = 0;
    while (at < text.size()) {
        const std::size_t begin = at;
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(bytes, at, text.size(), c);
        units += c > 0xFFFF ? 2 : 1;
        if (units > most) return begin;
    }
    return at;
}

void append_part(std::string& out, std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const auto byte = static_cast<std::uint8_t>(c);
        if (byte < 0x80) {
            if (c == '&') out += "&amp;";
            else if (c == '<') out += "&lt;";
            else if (c == '>') out += "&gt;";
            else if (byte < 0x20 && c != '\t' && c != '\n') append_escape(out, byte);
            else if (c == '_' && looks_escaped(text.substr(at))) append_escape(out, '_');
            else out += c;
            ++at;
            continue;
        }
        const std::size_t begin = at;
        UChar32 point = 0;
        U8_NEXT_OR_FFFD(bytes, at, text.size(), point);
        if (point == 0xFFFE || point == 0xFFFF) append_escape(out, point);
        else if (point == 0xFFFD) out += "\xEF\xBF\xBD";
        else out.append(text, begin, at - begin);
    }
}

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

void append_head(std::string& out, std::string_view reference) {
    out += "<c r=\"";
    out += reference;
    out += '"';
}

}  // namespace

std::string column_letters(std::size_t column) {
    std::string out;
    for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (rest - 1) % 26));
    return out;
}

void append_xml(std::string& out, std::string_view text) {
    const std::size_t whole = end_of(text, kCellCharacters);
    if (whole == text.size()) return append_part(out, text);
    append_part(out, text.substr(0, end_of(text, kCellCharacters - ingest::kCut.size())));
    append_part(out, ingest::kCut);
}

void append_cell(std::string& out, std::string_view reference, std::string_view text, int style) {
    if (text.empty()) return;
    append_head(out, reference);
    if (style != 0) out += " s=\"1\"";
    const bool kept = blank(text.front()) || blank(text.back()) || text.find('\n') != std::string_view::npos || text.find('\t') != std::string_view::npos || text.find("  ") != std::string_view::npos;
    out += kept ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">" : " t=\"inlineStr\"><is><t>";
    append_xml(out, text);
    out += "</t></is></c>";
}

void append_cell(std::string& out, std::string_view reference, double number) {
    if (!std::isfinite(number)) return;
    append_head(out, reference);
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out += "><v>";
    out.append(digits.data(), end);
    out += "</v></c>";
}

}  // namespace threatlas::serve::api

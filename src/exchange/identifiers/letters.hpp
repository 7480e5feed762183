// Letters and digits of codes: capitals without spaces, and the letters of other scripts that look like Latin ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace threatlas::exchange::identifiers {

std::string normal(std::string_view utf8);              // NFKC; empty when it is no UTF-8
// Capitals, accents off (Š is S), Cyrillic and Greek lookalikes folded, separators (space - . / : · _ and the like) left out.
// Nothing when a letter or sign remains that is neither A-Z nor 0-9.
std::optional<std::string> code(std::string_view utf8);
bool all_cyrillic(std::string_view utf8);               // every letter is, and there is one
std::string transliterated(const char* rules, std::string_view utf8);   // by an ICU transliterator; may be called from any thread
bool digits(std::string_view text);                     // and not empty

}  // namespace threatlas::exchange::identifiers

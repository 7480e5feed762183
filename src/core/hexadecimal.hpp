// Bytes as digits of base 16, two a byte, and back (libsodium: no branch or address depends on the bytes, for they may be keys).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace threatlas::core {

std::string hexadecimal(std::span<const unsigned char> bytes);   // in lower case
// Digits of either case, as many as fill it; else false, and what it holds means nothing.
bool from_hexadecimal(std::string_view text, std::span<unsigned char> out);

}  // namespace threatlas::core

// Keccak-256 as Ethereum has it: the padding before SHA-3 was standardised, so no library here gives it.
#pragma once

#include <array>
#include <string_view>

namespace threatlas::exchange::identifiers {

std::array<unsigned char, 32> keccak256(std::string_view bytes);   // for short texts

}  // namespace threatlas::exchange::identifiers

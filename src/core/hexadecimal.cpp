#include "core/hexadecimal.hpp"

#include <sodium.h>

namespace threatlas::core {

std::string hexadecimal(std::span<const unsigned char> bytes) {
    std::string out(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), bytes.data(), bytes.size());
    out.pop_back();
    return out;
}

bool from_hexadecimal(std::string_view text, std::span<unsigned char> out) {
    std::size_t size = 0;
    return text.size() == 2 * out.size() && sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, nullptr) == 0 && size == out.size();
}

}  // namespace threatlas::core

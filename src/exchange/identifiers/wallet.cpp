#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/text.hpp"
#include "exchange/identifiers/keccak.hpp"
#include "exchange/identifiers/kinds.hpp"

namespace threatlas::exchange::identifiers {
namespace {

// The payload with its version byte; nothing when a letter or the checksum is wrong.
std::optional<std::vector<unsigned char>> base58check(std::string_view text) {
    constexpr std::string_view alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::array<unsigned char, 25> bytes{};   // every address here is a version, 20 bytes and a checksum of 4
    for (const char c : text) {
        auto carry = alphabet.find(c);
        if (carry == std::string_view::npos) return std::nullopt;
        for (std::size_t i = bytes.size(); i-- > 0;) carry += 58 * std::size_t{bytes[i]}, bytes[i] = static_cast<unsigned char>(carry), carry >>= 8;
        if (carry != 0) return std::nullopt;
    }
    std::size_t ones = 0, zeros = 0;
    while (ones < text.size() && text[ones] == '1') ++ones;
    while (zeros < bytes.size() && bytes[zeros] == 0) ++zeros;
    if (ones != zeros) return std::nullopt;
    std::array<unsigned char, 32> once{}, twice{};
    crypto_hash_sha256(once.data(), bytes.data(), 21);
    crypto_hash_sha256(twice.data(), once.data(), once.size());
    if (!std::equal(twice.begin(), twice.begin() + 4, bytes.begin() + 21)) return std::nullopt;
    return std::vector<unsigned char>(bytes.begin(), bytes.begin() + 21);
}

std::uint32_t polymod(std::uint32_t sum, unsigned value) {
    constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = sum >> 25U;
    sum = ((sum & 0x1ffffffU) << 5U) ^ value;
    for (unsigned i = 0; i < 5; ++i)
        if ((top >> i & 1U) != 0) sum ^= generator[i];
    return sum;
}

// BIP 173 and 350, human-readable part 'bc': version 0 by bech32, later ones by bech32m. text is in small letters.
bool segwit(std::string_view text) {
    constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    if (text.size() < 14 || text.size() > 74) return false;
    std::uint32_t sum = 1;
    for (const unsigned each : {3U, 3U, 0U, 2U, 3U}) sum = polymod(sum, each);
    std::vector<unsigned> values;
    for (const char c : text.substr(3)) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return false;
        values.push_back(static_cast<unsigned>(value)), sum = polymod(sum, static_cast<unsigned>(value));
    }
    const unsigned version = values[0];
    if (version > 16 || sum != (version == 0 ? 1U : 0x2bc830a3U)) return false;
    const std::size_t groups = values.size() - 7, bytes = groups * 5 / 8, rest = groups * 5 % 8;
    if (rest >= 5 || (rest != 0 && (values[groups] & ((1U << rest) - 1)) != 0)) return false;
    return version == 0 ? bytes == 20 || bytes == 32 : bytes >= 2 && bytes <= 40;
}

bool hexadecimal(std::string_view text) { return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos; }

// EIP-55: capitals say a checksum; small letters alone say none.
bool mixed_case_fits(std::string_view digits) {
    const std::string small = core::lower_ascii(digits);
    const auto hash = keccak256(small);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4U : hash[i / 2] & 15U;
        const char wanted = small[i] >= 'a' && nibble >= 8 ? static_cast<char>(small[i] - 32) : small[i];
        if (digits[i] != wanted) return false;
    }
    return true;
}

bool one_case(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; }) || std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

// 'btc:...', 'eth:0x...' in small letters, 'trx:...'. One address serves several chains of the same make; so be it.
Read wallet(const std::string& value, Identifier& out) {
    std::string address;
    for (const char c : value)
        if (c != ' ') address += c;
    const std::string small = core::lower_ascii(address);
    for (const std::string_view scheme : {"bitcoin:", "ethereum:", "tron:", "btc:", "eth:", "trx:"})
        if (small.starts_with(scheme)) {
            address.erase(0, scheme.size());
            break;
        }
    const std::string lower = core::lower_ascii(address);
    out.country.clear();
    if (lower.starts_with("0x")) {
        const std::string_view digits = std::string_view(address).substr(2);
        if (digits.size() != 40 || !hexadecimal(digits)) return wrong("an Ethereum address is 0x and 40 hexadecimal digits");
        if (one_case(digits)) out.warnings.emplace_back("the address carries no checksum: compare it once more with its source");
        else if (!mixed_case_fits(digits)) return wrong("the checksum of this Ethereum address is wrong: look at its letters again");
        out.value = "eth:" + lower;
        return {};
    }
    if (lower.starts_with("bc1")) {
        if (!one_case(address) || !segwit(lower)) return wrong("the checksum of this Bitcoin address is wrong: look at it again");
        out.value = "btc:" + lower;
        return {};
    }
    if (address.size() < 25 || address.size() > 35) return wrong("a wallet address is one of Bitcoin (1..., 3..., bc1...), Ethereum (0x...) or Tron (T...)");
    const auto payload = base58check(address);
    if (!payload) return wrong("the checksum of this wallet address is wrong: look at it again, capitals count");
    if (payload->front() == 0x00 || payload->front() == 0x05) out.value = "btc:" + address;
    else if (payload->front() == 0x41) out.value = "trx:" + address;
    else return wrong("an address of a chain that is not known here");
    return {};
}

}  // namespace threatlas::exchange::identifiers

#include "serve/access/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <cctype>

namespace threatlas::serve::access {
namespace {

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string escaped(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte < 0x80 && (std::isalnum(byte) != 0 || each == '-' || each == '.' || each == '_' || each == '~')) out += each;
        else out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
    }
    return out;
}

}  // namespace

std::string totp_code(std::string_view key, std::int64_t step, int digits, const char* hash) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < 8; ++i) counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    if (HMAC(EVP_get_digestbyname(hash), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(), &size) == nullptr || size < 20) return {};
    const std::size_t at = mac[size - 1] & 15U;
    std::uint64_t number = ((mac[at] & 127U) << 24U) | (static_cast<unsigned>(mac[at + 1]) << 16U) | (static_cast<unsigned>(mac[at + 2]) << 8U) | mac[at + 3];
    std::string code;
    for (int i = 0; i < digits; ++i, number /= 10) code.insert(code.begin(), static_cast<char>('0' + number % 10));
    return code;
}

std::string base32(std::string_view bytes) {
    std::string out;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char each : bytes) {
        held = held << 8U | static_cast<unsigned char>(each);
        for (bits += 8; bits >= 5; bits -= 5) out += kBase32[(held >> (bits - 5)) & 31U];
    }
    if (bits > 0) out += kBase32[(held << (5 - bits)) & 31U];
    return out;
}

std::optional<std::string> base32_bytes(std::string_view text) {
    std::string out;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char each : text) {
        if (each == ' ' || each == '=') continue;
        const auto value = kBase32.find(static_cast<char>(std::toupper(static_cast<unsigned char>(each))));
        if (value == std::string_view::npos) return std::nullopt;
        held = held << 5U | static_cast<std::uint32_t>(value);
        bits += 5;
        if (bits >= 8) out += static_cast<char>((held >> (bits - 8)) & 255U), bits -= 8;
    }
    return out;
}

std::string new_totp_secret() {
    std::array<char, 20> random{};
    randombytes_buf(random.data(), random.size());
    return base32({random.data(), random.size()});
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, std::int64_t now, std::int64_t used) {
    const auto key = base32_bytes(secret);
    if (!key || key->empty() || code.size() != 6) return std::nullopt;
    std::optional<std::int64_t> found;
    for (const std::int64_t step : {now / kTotpStep - 1, now / kTotpStep, now / kTotpStep + 1}) {
        const std::string right = totp_code(*key, step);
        if (right.size() == code.size() && sodium_memcmp(right.data(), code.data(), code.size()) == 0 && step > used) found = step;
    }
    return found;
}

std::string totp_uri(std::string_view secret, std::string_view name) {
    return "otpauth://totp/Threatlas:" + escaped(name) + "?secret=" + std::string(secret) + "&issuer=Threatlas&algorithm=SHA1&digits=6&period=30";
}

std::vector<std::string> new_recovery_codes() {
    static constexpr std::string_view kLetters = "23456789abcdefghjkmnpqrstuvwxyz";   // none that look alike
    std::vector<std::string> codes(10);
    for (std::string& code : codes)
        for (int i = 0; i < 12; ++i) {
            if (i == 4 || i == 8) code += '-';
            code += kLetters[randombytes_uniform(kLetters.size())];
        }
    return codes;
}

std::string plain_recovery_code(std::string_view typed) {
    std::string plain;
    for (const char each : typed)
        if (each != '-' && each != ' ') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    return plain;
}

}  // namespace threatlas::serve::access

#include "exchange/webhook/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>
#include <cstdlib>

#include "core/hexadecimal.hpp"

namespace threatlas::exchange::webhook {

std::string hmac_sha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
    return core::hexadecimal({bytes.data(), size});
}

std::string signature(std::string_view secret, std::string_view id, std::int64_t time, std::string_view body) {
    return "v1=" + hmac_sha256(secret, std::string(id) + "." + std::to_string(time) + "." + std::string(body));
}

bool verified(std::string_view secret, std::string_view id, std::int64_t time, std::string_view body, std::string_view given, std::int64_t now, std::int64_t tolerance) {
    const std::string wanted = signature(secret, id, time, body);
    return std::llabs(now - time) <= tolerance && given.size() == wanted.size() && sodium_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

}  // namespace threatlas::exchange::webhook

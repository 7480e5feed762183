#include "exchange/nodes/node_key.hpp"

#include <sodium.h>

#include "core/hash.hpp"
#include "core/hexadecimal.hpp"
#include "core/text.hpp"

namespace threatlas::exchange::nodes {
namespace {

using core::ErrorCode;
using core::fail;
using core::hexadecimal;

// In lower case alone, so that one key or signature has one text.
template <std::size_t N>
bool read(std::string_view text, unsigned char (&out)[N]) {
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos && core::from_hexadecimal(text, out);
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

core::Result<NodeKey> NodeKey::fresh() {
    if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
    NodeKey key;
    unsigned char open[crypto_sign_PUBLICKEYBYTES];
    crypto_sign_keypair(open, key.secret_.data());
    return key;
}

core::Result<NodeKey> NodeKey::of_seed(std::string_view text) {
    if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
    unsigned char seed[crypto_sign_SEEDBYTES], open[crypto_sign_PUBLICKEYBYTES];
    if (!read(core::trim(text), seed)) return fail(ErrorCode::bad_input, "the key file holds no key of 64 hexadecimal digits; put back the one this node was made with");
    NodeKey key;
    crypto_sign_seed_keypair(open, key.secret_.data(), seed);
    sodium_memzero(seed, sizeof seed);
    return key;
}

NodeKey::~NodeKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::string NodeKey::seed() const {
    unsigned char seed[crypto_sign_SEEDBYTES];
    crypto_sign_ed25519_sk_to_seed(seed, secret_.data());
    std::string out = hexadecimal(seed);
    sodium_memzero(seed, sizeof seed);
    return out;
}

std::string NodeKey::open() const {
    unsigned char open[crypto_sign_PUBLICKEYBYTES];
    crypto_sign_ed25519_sk_to_pk(open, secret_.data());
    return hexadecimal(open);
}

std::string NodeKey::sign(std::string_view text) const {
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, nullptr, bytes(text), text.size(), secret_.data());
    return hexadecimal(signature);
}

bool is_signed(std::string_view text, std::string_view signature, std::string_view public_key) {
    unsigned char key[crypto_sign_PUBLICKEYBYTES], sign[crypto_sign_BYTES];
    if (sodium_init() < 0 || !read(public_key, key) || !read(signature, sign)) return false;
    return crypto_sign_verify_detached(sign, bytes(text), text.size(), key) == 0;
}

bool is_public_key(std::string_view text) {
    unsigned char key[crypto_sign_PUBLICKEYBYTES];
    return sodium_init() >= 0 && read(text, key) && crypto_core_ed25519_is_valid_point(key) == 1;
}

std::string fingerprint(std::string_view public_key) {
    const std::string digits = core::sha256(public_key).substr(0, 32);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); i += 4) out += (i == 0 ? "" : " ") + digits.substr(i, 4);
    return out;
}

}  // namespace threatlas::exchange::nodes

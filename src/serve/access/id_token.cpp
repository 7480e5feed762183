#include "serve/access/id_token.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* each) const { Free(each); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

constexpr std::int64_t kLeeway = 60;

tl::unexpected<core::Error> refused(const std::string& why) { return fail(ErrorCode::not_allowed, "the provider's token is refused: " + why); }

std::optional<std::string> bytes_of(std::string_view text) {
    std::string out(text.size() + 1, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) return std::nullopt;
    out.resize(size);
    return out;
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> time_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    const double number = value->is_int64() ? static_cast<double>(value->get_int64()) : value->is_uint64() ? static_cast<double>(value->get_uint64()) : value->is_double() ? value->get_double() : -1;
    if (!(number > 0 && number < 1e11)) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

Result<json::object> object_of(std::string_view part) {
    const auto text = bytes_of(part);
    if (!text || !core::is_utf8(*text)) return refused("a part of it cannot be decoded");
    const auto value = core::parse_json(*text, "token");
    if (!value || !value->is_object()) return refused("a part of it is not a JSON object");
    return value->get_object();
}

Key from_parameters(const char* type, OSSL_PARAM_BLD* build) {
    EVP_PKEY* key = nullptr;
    const std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(build));
    const std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) static_cast<void>(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()));
    return Key(key);
}

// Null when it is none that fits the algorithm.
Key key_of(const json::object& jwk, std::string_view algorithm) {
    if (const std::string use = text_of(jwk, "use"); !use.empty() && use != "sig") return nullptr;
    if (const std::string alg = text_of(jwk, "alg"); !alg.empty() && alg != algorithm) return nullptr;
    const std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
    if (!build) return nullptr;
    if (algorithm == "RS256" && text_of(jwk, "kty") == "RSA") {
        const auto n = bytes_of(text_of(jwk, "n")), e = bytes_of(text_of(jwk, "e"));
        if (!n || !e || n->size() < 256 || n->size() > 1024 || e->empty() || e->size() > 8) return nullptr;   // below 2048 bits: too weak
        const Number modulus(BN_bin2bn(reinterpret_cast<const unsigned char*>(n->data()), static_cast<int>(n->size()), nullptr)), exponent(BN_bin2bn(reinterpret_cast<const unsigned char*>(e->data()), static_cast<int>(e->size()), nullptr));
        if (!modulus || !exponent || BN_num_bits(modulus.get()) < 2048) return nullptr;
        if (OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 || OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) return nullptr;
        return from_parameters("RSA", build.get());
    }
    if (algorithm == "ES256" && text_of(jwk, "kty") == "EC" && text_of(jwk, "crv") == "P-256") {
        const auto x = bytes_of(text_of(jwk, "x")), y = bytes_of(text_of(jwk, "y"));
        if (!x || !y || x->size() != 32 || y->size() != 32) return nullptr;
        const std::string point = '\x04' + *x + *y;
        if (OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 || OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) return nullptr;
        return from_parameters("EC", build.get());
    }
    return nullptr;
}

// A JSON signature has r and s one after the other; OpenSSL wants them in DER.
std::optional<std::string> der_of(const std::string& raw) {
    if (raw.size() != 64) return std::nullopt;
    const std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    Number r(BN_bin2bn(bytes, 32, nullptr)), s(BN_bin2bn(bytes + 32, 32, nullptr));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return std::nullopt;
    static_cast<void>(r.release()), static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
    if (size <= 0) return std::nullopt;
    std::string out(static_cast<std::size_t>(size), '\0');
    auto* into = reinterpret_cast<unsigned char*>(out.data());
    i2d_ECDSA_SIG(pair.get(), &into);
    return out;
}

bool signed_by(EVP_PKEY* key, std::string_view text, const std::string& signature) {
    const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

bool for_us(const json::object& claims, const std::string& us) {
    const json::value* audience = claims.if_contains("aud");
    if (audience == nullptr) return false;
    if (audience->is_string()) return std::string_view(audience->get_string()) == us;
    if (!audience->is_array()) return false;
    const auto& all = audience->get_array();
    const bool named = std::any_of(all.begin(), all.end(), [&](const json::value& each) { return each.is_string() && std::string_view(each.get_string()) == us; });
    return named && (all.size() == 1 || text_of(claims, "azp") == us);
}

}  // namespace

Result<IdClaims> verify_id_token(std::string_view token, std::string_view jwks, const Expected& expected) {
    if (token.size() > 16 * 1024 || jwks.size() > 1024 * 1024) return refused("it is far too long");
    const auto parts = core::split(token, '.');
    if (parts.size() != 3) return refused("it has not three parts");
    THREATLAS_TRY(const json::object header, object_of(parts[0]));
    const std::string algorithm = text_of(header, "alg"), id = text_of(header, "kid");
    if (algorithm != "RS256" && algorithm != "ES256") return refused("it is not signed with RS256 or ES256");
    if (header.contains("crit")) return refused("it asks for an extension that is not known here");
    const auto raw = bytes_of(parts[2]);
    if (!raw) return refused("its signature cannot be decoded");
    const auto signature = algorithm == "ES256" ? der_of(*raw) : raw;
    if (!signature) return refused("its signature has not the right size");

    THREATLAS_TRY(const json::value keys, core::parse_json(jwks, "keys of the provider"));
    const json::value* list = keys.is_object() ? keys.get_object().if_contains("keys") : nullptr;
    if (list == nullptr || !list->is_array()) return fail(ErrorCode::bad_input, "the provider's keys are not a list of keys");
    const std::string_view text = token.substr(0, parts[0].size() + 1 + parts[1].size());
    bool proved = false;
    std::size_t tried = 0;
    for (const json::value& each : list->get_array()) {
        if (!each.is_object() || (!id.empty() && text_of(each.get_object(), "kid") != id)) continue;
        const Key key = key_of(each.get_object(), algorithm);
        if (!key || ++tried > 10) continue;
        proved = proved || signed_by(key.get(), text, *signature);
    }
    if (!proved) return refused("none of the provider's keys has signed it");

    THREATLAS_TRY(const json::object claims, object_of(parts[1]));
    if (text_of(claims, "iss") != expected.issuer) return refused("another provider made it");
    if (!for_us(claims, expected.audience)) return refused("it is for another program");
    const auto expires = time_of(claims, "exp"), made = time_of(claims, "iat"), from = time_of(claims, "nbf");
    if (!expires || *expires + kLeeway <= expected.now) return refused("it has run out");
    if (!made || *made - kLeeway > expected.now) return refused("it is of the future");
    if (claims.contains("nbf") && (!from || *from - kLeeway > expected.now)) return refused("it is not good yet");
    if (expected.nonce.empty() || text_of(claims, "nonce") != expected.nonce) return refused("it answers another request");
    IdClaims out{text_of(claims, "iss"), text_of(claims, "sub"), text_of(claims, "email"), text_of(claims, "name")};
    if (out.subject.empty() || out.subject.size() > 255) return refused("it names nobody");
    const json::value* verified = claims.if_contains("email_verified");
    if (verified == nullptr || !verified->is_bool() || !verified->get_bool()) out.email.clear();
    return out;
}

}  // namespace threatlas::serve::access

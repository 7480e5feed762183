#include "serve/access/id_token.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <memory>

#include "core/json.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
namespace json = core::json;
using Pair = std::shared_ptr<EVP_PKEY>;

std::string base64(const std::string& bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(out.find('\0'));
    return out;
}

Pair rsa(int bits = 2048) { return {EVP_RSA_gen(static_cast<unsigned>(bits)), EVP_PKEY_free}; }
Pair ec() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

std::string number(const Pair& key, const char* name, int size = 0) {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key.get(), name, &value);
    std::string bytes(static_cast<std::size_t>(size == 0 ? BN_num_bytes(value) : size), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(value);
    return bytes;
}

json::object jwk(const Pair& key, const std::string& id) {
    if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return {{"kty", "RSA"}, {"kid", id}, {"use", "sig"}, {"n", base64(number(key, OSSL_PKEY_PARAM_RSA_N))}, {"e", base64(number(key, OSSL_PKEY_PARAM_RSA_E))}};
    return {{"kty", "EC"}, {"kid", id}, {"crv", "P-256"}, {"x", base64(number(key, OSSL_PKEY_PARAM_EC_PUB_X, 32))}, {"y", base64(number(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32))}};
}

std::string keys(std::initializer_list<json::object> all) {
    json::array list;
    for (const auto& each : all) list.push_back(each);
    return core::write_json(json::object{{"keys", list}});
}

std::string signature(const Pair& key, const std::string& text) {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::string out(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    out.resize(size);
    if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return out;
    const auto* at = reinterpret_cast<const unsigned char*>(out.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(out.size()));
    std::string raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
}

constexpr std::int64_t kNow = 1'800'000'000;
const Expected kExpected{"https://id.example", "threatlas", "nonce-1", kNow};

json::object claims() {
    return {{"iss", "https://id.example"}, {"aud", "threatlas"}, {"sub", "77"}, {"exp", kNow + 300}, {"iat", kNow}, {"nonce", "nonce-1"}, {"email", "ana@example.org"}, {"email_verified", true}};
}

std::string token(const Pair& key, json::object header, const json::object& body) {
    const std::string text = base64(core::write_json(header)) + "." + base64(core::write_json(body));
    return text + "." + base64(signature(key, text));
}

TEST(IdToken, of_both_algorithms_is_taken) {
    const Pair r = rsa(), e = ec();
    const std::string both = keys({jwk(r, "r"), jwk(e, "e")});
    for (const auto& made : {token(r, {{"alg", "RS256"}, {"kid", "r"}}, claims()), token(e, {{"alg", "ES256"}, {"kid", "e"}}, claims()), token(e, {{"alg", "ES256"}}, claims())}) {
        const auto got = verify_id_token(made, both, kExpected);
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(got->subject, "77");
        EXPECT_EQ(got->email, "ana@example.org");
    }
}

TEST(IdToken, what_does_not_fit_is_refused) {
    const Pair key = ec(), other = ec();
    const std::string known = keys({jwk(key, "k")});
    const json::object header{{"alg", "ES256"}, {"kid", "k"}};
    const auto refused = [&](const std::string& made, const std::string& why) {
        const auto got = verify_id_token(made, known, kExpected);
        EXPECT_FALSE(got) << why;
        EXPECT_TRUE(got || got.error().message.find(why) != std::string::npos) << (got ? "" : got.error().message);
    };
    const auto with = [&](const char* claim, json::value value) {
        json::object changed = claims();
        changed[claim] = std::move(value);
        return token(key, header, changed);
    };
    const auto without = [&](const char* claim) {
        json::object changed = claims();
        changed.erase(claim);
        return token(key, header, changed);
    };
    refused(token(other, header, claims()), "none of the provider's keys");
    refused(token(key, {{"alg", "ES256"}, {"kid", "another"}}, claims()), "none of the provider's keys");
    refused(with("iss", "https://evil.example"), "another provider");
    refused(with("aud", "another"), "another program");
    refused(with("aud", json::array{"threatlas", "another"}), "another program");
    refused(without("aud"), "another program");
    refused(with("exp", kNow - 60), "run out");
    refused(without("exp"), "run out");
    refused(with("exp", "never"), "run out");
    refused(with("iat", kNow + 120), "future");
    refused(with("nbf", kNow + 120), "not good yet");
    refused(with("nonce", "nonce-2"), "another request");
    refused(without("nonce"), "another request");
    refused(with("sub", ""), "nobody");
    refused(token(key, {{"alg", "ES256"}, {"kid", "k"}, {"crit", json::array{"x"}}}, claims()), "extension");
    // Without a signature, or with one of a public text for a secret.
    for (const char* algorithm : {"none", "None", "HS256", "RS512", ""}) {
        const std::string text = base64(core::write_json(json::object{{"alg", algorithm}})) + "." + base64(core::write_json(claims()));
        refused(text + ".", "RS256 or ES256");
        refused(text + "." + base64(signature(key, text)), "RS256 or ES256");
    }
    std::string made = token(key, header, claims());
    const auto dot = made.find('.');
    made[dot + 5] = made[dot + 5] == 'A' ? 'B' : 'A';
    refused(made, "none of the provider's keys");
    refused("a.b", "three parts");
    refused("..", "not a JSON object");
    refused(std::string(20'000, 'a'), "too long");
    EXPECT_TRUE(verify_id_token(token(key, header, claims()), known, kExpected)) << "the refusals above are for their reasons";
    Expected none = kExpected;
    none.nonce.clear();
    EXPECT_FALSE(verify_id_token(with("nonce", ""), known, none)) << "a request without a nonce takes no answer";
}

TEST(IdToken, weak_and_wrong_keys_are_none) {
    const Pair weak = rsa(1024), good = rsa();
    EXPECT_FALSE(verify_id_token(token(weak, {{"alg", "RS256"}}, claims()), keys({jwk(weak, "w")}), kExpected));
    json::object encrypting = jwk(good, "g");
    encrypting["use"] = "enc";
    EXPECT_FALSE(verify_id_token(token(good, {{"alg", "RS256"}}, claims()), keys({encrypting}), kExpected));
    EXPECT_EQ(verify_id_token(token(good, {{"alg", "RS256"}}, claims()), "[]", kExpected).error().code, ErrorCode::bad_input);
    EXPECT_FALSE(verify_id_token(token(good, {{"alg", "RS256"}}, claims()), R"({"keys":[7,null,{},{"kty":"RSA"},{"kty":"RSA","n":"","e":""}]})", kExpected));
}

TEST(IdToken, an_address_counts_only_when_verified) {
    const Pair key = ec();
    for (const json::value& not_verified : {json::value(false), json::value("true"), json::value(nullptr)}) {
        json::object changed = claims();
        changed["email_verified"] = not_verified;
        const auto got = verify_id_token(token(key, {{"alg", "ES256"}}, changed), keys({jwk(key, "k")}), kExpected);
        ASSERT_TRUE(got);
        EXPECT_EQ(got->email, "");
    }
}

}  // namespace
}  // namespace threatlas::serve::access
